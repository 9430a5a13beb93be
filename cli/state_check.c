/* state_check.c - `stella state check`: reads the whole state store and checks every invariant. */
#include "cli/client.h"
#include "cli/verbs.h"

static int run(cli_context *cli, const cli_args *args) {
    stella_sv answer;
    stella_error err = {0};
    const stella_status status = client_call(cli, args, "POST", "/control/v1/state/check", NULL, &answer, &err);
    if (status == STELLA_E_NOTFOUND && !cli_value(args, "socket"))
        return client_exec_daemon(cli, args, "--check-state", NULL);
    if (status != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    fprintf(cli->out, "%.*s", STELLA_SV_FMT(answer));
    return CLI_DONE;
}

static const cli_option options[] = {
    CLIENT_OPTION_SOCKET,
    CLIENT_OPTION_CONFIG,
    {0},
};

static const cli_example examples[] = {
    {"stella state check", "Through the daemon when one runs, else on the store itself."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "every invariant holds"},
    {CLI_FAILED, "one does not, or the store cannot be read"},
    {0},
};

const cli_verb cli_verb_state_check = {
    .name = "state check",
    .summary = "read the whole state store and check every invariant",
    .description =
        "Asks the daemon; when none runs, takes the lock of the state directory and checks the store itself. "
        "Prints schema, items and size as JSON.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
