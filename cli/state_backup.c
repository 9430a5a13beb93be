/* state_backup.c - `stella state backup FILE`: a compact copy of the state store, also while the daemon works. */
#include "cli/client.h"
#include "cli/verbs.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <limits.h>
#include <unistd.h>

/* The daemon has a working directory of its own. */
static const char *absolute(cli_context *cli, const char *path) {
    char here[PATH_MAX];
    if (path[0] == '/' || !getcwd(here, sizeof here))
        return path;
    return stella_arena_printf(cli->arena, "%s/%s", here, path).ptr;
}

static const char *request_for(cli_context *cli, const char *path) {
    STELLA_AUTO(stella_buf_fini) stella_buf body = stella_buf_of(2 * PATH_MAX + 64);
    const stella_sink sink = stella_buf_sink(&body);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "path", stella_sv_cstr(path));
    stella_json_end_object(&w);
    return stella_json_finish(&w, NULL) == STELLA_OK ? stella_arena_cstr(cli->arena, stella_buf_sv(&body)) : NULL;
}

static int run(cli_context *cli, const cli_args *args) {
    const char *path = absolute(cli, args->words[0]), *body = path ? request_for(cli, path) : NULL;
    stella_sv answer;
    stella_error err = {.code = STELLA_E_NOMEM, .message = "the path is too long"};
    if (!body)
        return cli_fail(cli, CLI_FAILED, &err);
    const stella_status status = client_call(cli, args, "POST", "/control/v1/state/backup", body, &answer, &err);
    if (status == STELLA_E_NOTFOUND && !cli_value(args, "socket"))
        return client_exec_daemon(cli, args, "--backup-state", path);
    return status == STELLA_OK ? CLI_DONE : cli_fail(cli, CLI_FAILED, &err);
}

static const cli_option options[] = {
    CLIENT_OPTION_SOCKET,
    CLIENT_OPTION_CONFIG,
    {0},
};

static const cli_example examples[] = {
    {"stella state backup /var/backups/stella-$(date +%F).mdb", "A copy under today's date."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "FILE holds the store as it was at one moment"},
    {CLI_FAILED, "it could not be written, or is there already"},
    {0},
};

const cli_verb cli_verb_state_backup = {
    .name = "state backup",
    .summary = "write a copy of the state store",
    .arguments = "FILE",
    .words_min = 1,
    .words_max = 1,
    .description = "The copy is written by the daemon, with its rights, while it goes on working; when none runs, the "
                   "lock of the state directory is taken instead. FILE must not exist; it appears whole or not at "
                   "all.\nTo restore: stop the daemon, put FILE in the state directory as state.mdb, start it.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
