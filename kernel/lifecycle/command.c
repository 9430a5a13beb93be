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
    enum { CONFIG = 256, STATE_DIR, CHECK, DOC, VERSION, HELP };
    static const struct option options[] = {
        {"config", required_argument, NULL, CONFIG},
        {"state-dir", required_argument, NULL, STATE_DIR},
        {"check-config", no_argument, NULL, CHECK},
        {"print-config-doc", no_argument, NULL, DOC},
        {"version", no_argument, NULL, VERSION},
        {"help", no_argument, NULL, HELP},
        {NULL, 0, NULL, 0},
    };
    *out = (command){.config = NULL};
    for (int letter; (letter = getopt_long(argc, argv, "h", options, NULL)) != -1;) {
        switch (letter) {
        case CONFIG:
            out->config = optarg;
            break;
        case STATE_DIR:
            out->state_dir = optarg;
            break;
        case CHECK:
            out->check_config = 1;
            break;
        case DOC:
            out->print_config_doc = 1;
            break;
        case VERSION:
            out->version = 1;
            break;
        case HELP:
        case 'h':
            out->help = 1;
            break;
        default:
            fputs("Try 'stellad --help'.\n", stderr);
            return 0;
        }
    }
    if (optind < argc) {
        fprintf(stderr, "stellad: it takes no arguments, but was given '%s'\nTry 'stellad --help'.\n", argv[optind]);
        return 0;
    }
    return 1;
}
