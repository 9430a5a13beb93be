#include "lifecycle/command.h"

#include <getopt.h>

void command_help(FILE *out) {
    fputs("stellad - the StellaOps kernel: state, jobs, plugins and HTTP of one node\n"
          "\n"
          "Usage: stellad [OPTION]...\n"
          "\n"
          "Runs in the foreground on built-in defaults; no configuration file is needed.\n"
          "\n"
          "  --config FILE       read FILE, and conf.d beside it, instead of the installation's\n"
          "  --state-dir DIR     keep the state here, whatever the configuration says\n"
          "  --check-config      check the configuration, say what is wrong with it, and exit\n"
          "  --check-state       check the state store while no daemon uses it, and exit\n"
          "  --backup-state FILE copy the state store while no daemon uses it, and exit\n"
          "  --print-config-doc  print docs/configuration.md and exit\n"
          "  --version           print the version and exit\n"
          "  --help              print this and exit\n"
          "\n"
          "Signals: SIGHUP reloads configuration and plugins; SIGTERM or SIGINT ends running jobs and\n"
          "exits, a second one exits at once.\n"
          "\n"
          "Exit status: 0 ended as asked; 1 forced by a second signal; 2 usage or configuration;\n"
          "5 it could not start or run.\n"
          "\n"
          "Examples:\n"
          "  stellad --state-dir /tmp/stella\n"
          "  stellad --config ./stella.conf --check-config\n",
          out);
}

int command_parse(int argc, char **argv, command *out) {
    enum { CONFIG = 256, STATE_DIR, BACKUP };
    command given = {.config = NULL};
    const struct option options[] = {
        {"config", required_argument, NULL, CONFIG},
        {"state-dir", required_argument, NULL, STATE_DIR},
        {"backup-state", required_argument, NULL, BACKUP},
        {"check-config", no_argument, &given.check_config, 1},
        {"check-state", no_argument, &given.check_state, 1},
        {"print-config-doc", no_argument, &given.print_config_doc, 1},
        {"version", no_argument, &given.version, 1},
        {"help", no_argument, &given.help, 1},
        {NULL, 0, NULL, 0},
    };
    for (int letter; (letter = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        if (letter == '?') {
            fputs("Try 'stellad --help'.\n", stderr);
            return 0;
        }
        given.config = letter == CONFIG ? optarg : given.config;
        given.state_dir = letter == STATE_DIR ? optarg : given.state_dir;
        given.backup_state = letter == BACKUP ? optarg : given.backup_state;
        given.help |= letter == 'h';
    }
    if (optind < argc) {
        fprintf(stderr, "stellad: it takes no arguments, but was given '%s'\nTry 'stellad --help'.\n", argv[optind]);
        return 0;
    }
    *out = given;
    return 1;
}
