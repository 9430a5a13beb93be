/* cache_transfer.c - `stella cache export` and `stella cache import`: what an Offline Kit carries. */
#include "cli/scan_cache.h"
#include "cli/verbs.h"

#include <stella/auto.h>

typedef stella_status (*transfer)(cache *c, const char *dir, uint64_t *entries, stella_error *err);

static int carry(cli_context *cli, const cli_args *args, transfer how, const char *what) {
    STELLA_AUTO(cache_closep) cache *c = NULL;
    uint64_t entries = 0;
    stella_error err = {0};
    const int status = cli_cache_open(cli, args, &c);
    if (status != CLI_DONE)
        return status;
    if (how(c, args->words[0], &entries, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    fprintf(cli->out, "%s %llu entries\n", what, (unsigned long long)entries);
    return CLI_DONE;
}

static int run_export(cli_context *cli, const cli_args *args) {
    return carry(cli, args, cache_export, "exported");
}

static int run_import(cli_context *cli, const cli_args *args) {
    return carry(cli, args, cache_import, "imported");
}

static const cli_option options[] = {CLI_CACHE_OPTIONS, {0}};
static const cli_exit exits[] = {{CLI_DONE, "done"}, CLI_CACHE_EXIT_FAILED, {0}};

static const cli_example export_examples[] = {
    {"stella cache export kit", "Everything that is known, into the directory kit."}, {0}};

const cli_verb cli_verb_cache_export = {
    .name = "cache export",
    .summary = "copy layers and results into a directory",
    .arguments = "DIR",
    .words_min = 1,
    .words_max = 1,
    .description =
        "DIR must be empty, or not there. Its list cache.json has the digest of every file. What archives lie "
        "on this machine is not carried along.",
    .options = options,
    .examples = export_examples,
    .exits = exits,
    .run = run_export,
};

static const cli_example import_examples[] = {
    {"stella cache import kit", "What another machine knows; what is known here stays."}, {0}};

const cli_verb cli_verb_cache_import = {
    .name = "cache import",
    .summary = "take over what an export wrote",
    .arguments = "DIR",
    .words_min = 1,
    .words_max = 1,
    .description =
        "All of it or nothing: a digest that is not as listed, a symbolic link, a file that is not listed or is "
        "missing, an owner or mode that cannot be trusted are refused. The digests tell damage, not origin: "
        "import only what you have from somebody you would let scan for you.",
    .options = options,
    .examples = import_examples,
    .exits = exits,
    .run = run_import,
};
