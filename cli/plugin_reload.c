/* plugin_reload.c - `stella plugin reload`: the daemon reads plugins and configuration anew. */
#include "cli/client.h"
#include "cli/verbs.h"

static int run(cli_context *cli, const cli_args *args) {
    stella_sv answer;
    stella_error err = {0};
    if (client_call(cli, args, "POST", "/control/v1/reload", NULL, &answer, &err) != STELLA_OK)
        return cli_fail(cli, err.code == STELLA_E_NOTFOUND ? CLI_FAILED : CLI_USAGE, &err);
    fprintf(cli->out, "%.*s", STELLA_SV_FMT(answer));
    return CLI_DONE;
}

static const cli_option options[] = {
    CLIENT_OPTION_SOCKET,
    CLIENT_OPTION_CONFIG,
    {0},
};

static const cli_example examples[] = {
    {"stella plugin reload", "After plugins were installed, changed or removed."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "the daemon works with the new plugins"},
    {CLI_USAGE, "it refused them, and works with the old ones"},
    {CLI_FAILED, "no daemon answers"},
    {0},
};

const cli_verb cli_verb_plugin_reload = {
    .name = "plugin reload",
    .summary = "have the daemon read plugins and configuration anew",
    .description = "New host processes are started beside the old ones; when each plugin loads, new jobs go there and "
                   "the old processes leave once their jobs are done. Otherwise everything stays as it was. Plugins of "
                   "the role kernel change at the next start of the daemon.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
