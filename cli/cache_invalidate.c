/* cache_invalidate.c - `stella cache invalidate`: forgets layers, so that the next scan reads them again. */
#include "cli/scan_cache.h"
#include "cli/verbs.h"

#include <stella/auto.h>

/* Older than: an eviction by age. */
static stella_status forget_old(cache *c, uint64_t age_s, uint64_t *layers, stella_error *err) {
    const cache_bounds bounds = {.layer_age_s = age_s, .file_age_s = age_s, .above_bytes = UINT64_MAX};
    cache_sums sums;
    const stella_status status = cache_prune(c, &bounds, &sums, err);
    if (status == STELLA_OK)
        *layers = sums.evicted;
    return status;
}

static stella_status forget(cache *c, const cli_args *args, uint64_t age_s, uint64_t *count, stella_error *err) {
    if (cli_given(args, "older-than"))
        return forget_old(c, age_s, count, err);
    return cache_invalidate(c, cli_value(args, "layer"), cli_value(args, "plugin"), count, err);
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(cache_closep) cache *c = NULL;
    static const char *const ways[] = {"layer", "plugin", "older-than", "all"};
    uint64_t age_s = 0, count = 0;
    stella_error err = {0};
    uint32_t given = 0;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        given += cli_given(args, ways[i]) > 0;
    if (given != 1)
        return cli_usage(cli, &cli_verb_cache_invalidate, "say what: one of --layer, --plugin, --older-than, --all");
    if (cli_cache_age(args, "older-than", &age_s, &err) != STELLA_OK)
        return cli_usage(cli, &cli_verb_cache_invalidate, "%s", cli_safe(cli, err.message));
    const int opened = cli_cache_open(cli, args, &c);
    if (opened != CLI_DONE)
        return opened;
    const stella_status status = forget(c, args, age_s, &count, &err);
    if (status != STELLA_OK)
        return cli_fail(cli, status == STELLA_E_INVALID ? CLI_USAGE : CLI_FAILED, &err);
    fprintf(cli->out, "forgot %llu %s\n", (unsigned long long)count,
            cli_given(args, "older-than") ? "entries" : "layers, and all results");
    return CLI_DONE;
}

static const cli_option options[] = {
    CLI_CACHE_OPTIONS,
    {.name = "layer", .value = "DIGEST", .help = "The layer whose stored bytes have this digest, sha256:..."},
    {.name = "plugin", .value = "ID", .help = "All layers of which this plugin has learnt something"},
    {.name = "older-than", .value = "AGE", .help = "What was not used for so long: 90m, 12h, 7d, seconds"},
    {.name = "all", .help = "Everything"},
    {0},
};

static const cli_example examples[] = {
    {"stella cache invalidate --all", "Begin anew."},
    {"stella cache invalidate --plugin org.example.analyzer", "What this plugin learnt is to be learnt again."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "forgotten"}, {CLI_USAGE, "not one of the ways, or no digest"}, CLI_CACHE_EXIT_FAILED, {0}};

const cli_verb cli_verb_cache_invalidate = {
    .name = "cache invalidate",
    .summary = "forget layers, so that the next scan reads them again",
    .description = "A plugin that was changed needs none of this: its binary's digest is part of what its results are "
                   "found by. With a layer or a plugin all results go, for they cannot be told apart.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
