/* plugin_remove.c - `stella plugin remove`. */
#include "cli/plugins.h"
#include "cli/verbs.h"
#include "plugin/package.h"

static int run(cli_context *cli, const cli_args *args) {
    const char *dir = plugins_target_dir(cli, args);
    stella_error err = {0};
    if (!dir[0])
        return cli_usage(cli, &cli_verb_plugin_remove, "you have no home directory; give --plugin-dir or --system");
    for (uint32_t i = 0; i < args->word_count; i++) {
        const stella_status status = package_remove(dir, args->words[i], cli->arena, &err);
        if (status != STELLA_OK)
            return cli_fail(cli, status == STELLA_E_NOTFOUND ? CLI_USAGE : CLI_FAILED, &err);
    }
    return CLI_DONE;
}

static const cli_option options[] = {
    PLUGINS_OPTION_SYSTEM,
    {.name = "plugin-dir", .value = "DIR", .help = "Remove from this plugin directory"},
    {0},
};

static const cli_example examples[] = {
    {"stella plugin remove org.example.analyzer.dart", "Remove a plugin that you installed for yourself."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "removed"},
    {CLI_USAGE, "there is no such plugin"},
    {CLI_FAILED, "it cannot be removed"},
    {0},
};

const cli_verb cli_verb_plugin_remove = {
    .name = "plugin remove",
    .summary = "remove an installed plugin",
    .arguments = "ID...",
    .words_min = 1,
    .words_max = CLI_ANY,
    .description = "Removes the plugin's folder. What runs keeps it until 'stella plugin reload'.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
