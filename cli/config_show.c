/* config_show.c - `stella config show`: the effective configuration and where each value comes from. */
#include "cli/client.h"
#include "cli/verbs.h"
#include "config/presets.h"

#include <stella/auto.h>

static void print_problem(void *context, const stella_error *error) {
    cli_fail(context, CLI_USAGE, error);
}

static int print_values(cli_context *cli, const conf *c) {
    const stella_sink sink = cli_out_sink(cli);
    stella_error err;
    for (int key = 0; key < CONF_KEY_COUNT; key++) {
        fprintf(cli->out, "%s = ", conf_table[key].path);
        fflush(cli->out); /* the sink may not share the stream's buffer */
        if (conf_show_value(c, (conf_key)key, &sink, &err) != STELLA_OK)
            return cli_fail(cli, CLI_FAILED, &err);
        fprintf(cli->out, ";  # %s\n", cli_safe(cli, conf_origin(c, (conf_key)key)));
    }
    return CLI_DONE;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    conf_presets presets;
    stella_error err = {0};
    conf_presets_of(&cli->paths, cli_value(args, "config"), NULL, conf_runtime_dir(), &presets);
    conf_source source = conf_presets_source(&presets, cli_value(args, "config") != NULL);
    source.problem = print_problem;
    source.context = cli;
    const stella_status status = conf_load(&source, &c, &err);
    if (status == STELLA_E_FORMAT) /* every problem has been told */
        return CLI_USAGE;
    return status == STELLA_OK ? print_values(cli, c) : cli_fail(cli, CLI_USAGE, &err);
}

static const cli_option options[] = {
    CLIENT_OPTION_CONFIG,
    {0},
};

static const cli_example examples[] = {
    {"stella config show", "What a daemon started now would use."},
    {"stella config show --config ./stella.conf", "The same with another file."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "the configuration is good"},
    {CLI_USAGE, "it is not: each problem is told with file, line, key and what was expected"},
    {0},
};

const cli_verb cli_verb_config_show = {
    .name = "config show",
    .summary = "show the effective configuration and where each value comes from",
    .description = "Reads the files as stellad does. A running daemon has what it read at its start or last reload.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
