/* main.c - stellad. */
#include "lifecycle/command.h"
#include "lifecycle/offline.h"
#include "lifecycle/stellad.h"
#include "paths/streams.h"

#include <signal.h>
#include <stdio.h>

#define EXIT_DONE   0
#define EXIT_USAGE  2 /* usage, configuration or plugins */
#define EXIT_FAILED 5

/* Blocked before any thread is started: all inherit it, and the loop reads the signals from a descriptor. */
static void block_signals(void) {
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGHUP);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGINT);
    pthread_sigmask(SIG_BLOCK, &signals, NULL);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN); /* a file at its limit is an error of the write, as a full disk is */
}

static void print_problem(void *context, const stella_error *error) {
    (void)context;
    fprintf(stderr, "stellad: %s: %s\n", error->path, error->message);
}

static int print_error(const stella_error *err, int status) {
    fprintf(stderr, "stellad: %s%s%s\n", err->path, err->path[0] ? ": " : "", err->message);
    return status;
}

static int print_doc(void) {
    const int fd = fileno(stdout);
    const stella_sink sink = stella_fd_sink(&fd);
    stella_error err;
    return conf_write_doc(&sink, &err) == STELLA_OK ? EXIT_DONE : print_error(&err, EXIT_FAILED);
}

static int run(const conf_presets *presets, int config_required, conf **c) {
    static stellad d;
    stella_error err = {0};
    block_signals();
    stella_status status = stellad_start(&d, presets, config_required, c, &err);
    if (status != STELLA_OK) /* logged already, unless there was no log yet */
        return status == STELLA_E_NOMEM ? print_error(&err, EXIT_FAILED) : EXIT_FAILED;
    status = stellad_run(&d, &err);
    return status == STELLA_OK ? EXIT_DONE : print_error(&err, EXIT_FAILED);
}

static int run_offline(const command *given, const conf *c) {
    stella_error err = {0};
    stella_status status = STELLA_OK;
    if (given->check_config)
        printf("the configuration is good\n");
    if (given->check_state)
        status = offline_check(c, &err);
    if (status == STELLA_OK && given->backup_state)
        status = offline_backup(c, given->backup_state, &err);
    return status == STELLA_OK ? EXIT_DONE : print_error(&err, EXIT_FAILED);
}

static int configure_and_run(const command *given) {
    stella_error err = {0};
    paths installed;
    conf_presets presets;
    conf *c = NULL;
    if (paths_find(&installed, &err) != STELLA_OK)
        return print_error(&err, EXIT_FAILED);
    conf_presets_of(&installed, given->config, given->state_dir, conf_runtime_dir(), &presets);
    conf_source source = conf_presets_source(&presets, given->config != NULL);
    source.problem = print_problem;
    const stella_status status = conf_load(&source, &c, &err);
    if (status != STELLA_OK)
        return status == STELLA_E_FORMAT ? EXIT_USAGE : print_error(&err, EXIT_USAGE);
    if (!given->check_config && !given->check_state && !given->backup_state)
        return run(&presets, given->config != NULL, &c);
    const int exit_status = run_offline(given, c);
    conf_destroy(c);
    return exit_status;
}

int main(int argc, char **argv) {
    streams_hold();
    supervisor_host_main(argc, argv);
    command given;
    if (!command_parse(argc, argv, &given))
        return EXIT_USAGE;
    if (given.help) {
        command_help(stdout);
        return EXIT_DONE;
    }
    if (given.version) {
        printf("stellad %s\n", STELLA_VERSION);
        return EXIT_DONE;
    }
    return given.print_config_doc ? print_doc() : configure_and_run(&given);
}
