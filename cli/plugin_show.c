/* plugin_show.c - `stella plugin show`: one plugin's manifest, and who signed it. */
#include "cli/plugins.h"
#include "cli/suggest.h"
#include "cli/verbs.h"

#include <stella/auto.h>

#define SUGGESTIONS_MAX 1024

static int refuse_unknown(cli_context *cli, const catalogue *c, const char *id) {
    const char *ids[SUGGESTIONS_MAX + 1] = {NULL};
    for (uint32_t i = 0; i < catalogue_count(c) && i < SUGGESTIONS_MAX; i++)
        ids[i] = catalogue_at(c, i)->manifest->id;
    const char *near = suggest(id, ids);
    plugins_print_refusals(cli, c);
    return cli_usage(cli, &cli_verb_plugin_show, "no plugin %s is loaded%s%s%s", cli_safe(cli, id),
                     near ? "; did you mean " : "", near ? near : "", near ? "?" : "");
}

static int print(cli_context *cli, const catalogue_plugin *p) {
    const stella_sink sink = cli_out_sink(cli);
    stella_error err = {0};
    fprintf(cli->err, "folder: %s\nbinary: %s\nsigned by: %s\n", cli_safe(cli, p->dir), p->digest, p->key_id);
    if (stella_sink_write(&sink, p->manifest->json, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    return CLI_DONE;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(catalogue_destroyp) catalogue *c = NULL;
    stella_error err = {0};
    if (plugins_load(cli, args, &c, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    for (uint32_t i = 0; i < catalogue_count(c); i++)
        if (strcmp(catalogue_at(c, i)->manifest->id, args->words[0]) == 0)
            return print(cli, catalogue_at(c, i));
    return refuse_unknown(cli, c, args->words[0]);
}

static const cli_option options[] = {PLUGINS_OPTION_PLUGIN_DIR, PLUGINS_OPTION_TRUST_DIR, {0}};

static const cli_example examples[] = {
    {"stella plugin show org.stella-ops.analyzer.dpkg", "Where the plugin is, who signed it, and its manifest."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "shown"},
    {CLI_USAGE, "no such plugin is loaded; refusals are listed"},
    {CLI_FAILED, "the manifest cannot be written"},
    {0},
};

const cli_verb cli_verb_plugin_show = {
    .name = "plugin show",
    .summary = "show a plugin's manifest and who signed it",
    .arguments = "ID",
    .words_min = 1,
    .words_max = 1,
    .description =
        "Prints the signed manifest on standard output; folder, digest and key on standard error. No plugin's code is "
        "run.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
