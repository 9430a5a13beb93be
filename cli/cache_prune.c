/* cache_prune.c - `stella cache prune`: evicts what is old, or too much. */
#include "cli/scan_cache.h"
#include "cli/verbs.h"

#include <stella/auto.h>

/* Without options: what the cache would do by itself. */
static stella_status read_bounds(const cli_args *args, cache_bounds *out, stella_error *err) {
    const cache_options defaults = CACHE_OPTIONS_DEFAULT;
    uint64_t bytes = 0, age_s = 0;
    stella_status status = cli_cache_bytes(args, "max-bytes", &bytes, err);
    if (status == STELLA_OK)
        status = cli_cache_age(args, "older-than", &age_s, err);
    if (status != STELLA_OK)
        return status;
    *out = (cache_bounds){.layer_age_s = defaults.layer_ttl_s,
                          .file_age_s = defaults.file_ttl_s,
                          .above_bytes = defaults.cold_bytes,
                          .down_to_bytes = defaults.warm_bytes};
    if (cli_given(args, "older-than"))
        out->layer_age_s = out->file_age_s = age_s;
    if (cli_given(args, "max-bytes"))
        out->above_bytes = out->down_to_bytes = bytes;
    return STELLA_OK;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(cache_closep) cache *c = NULL;
    stella_error err = {0};
    cache_bounds bounds;
    cache_sums sums;
    if (read_bounds(args, &bounds, &err) != STELLA_OK)
        return cli_usage(cli, &cli_verb_cache_prune, "%s", cli_safe(cli, err.message));
    if (cli_cache_open(cli, args, &c, &err) != STELLA_OK || cache_prune(c, &bounds, &sums, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    fprintf(cli->out, "evicted %llu entries, %.1f MB; kept %llu layers and %llu files, %.1f MB\n",
            (unsigned long long)sums.evicted, (double)sums.evicted_bytes / 1e6, (unsigned long long)sums.layers,
            (unsigned long long)sums.files, (double)(sums.layer_bytes + sums.file_bytes) / 1e6);
    return CLI_DONE;
}

static const cli_option options[] = {
    CLI_CACHE_OPTION_DIR,
    {.name = "max-bytes",
     .value = "SIZE",
     .help = "Evict the least recently used until no more is kept: 500M, 2G, bytes"},
    {.name = "older-than", .value = "AGE", .help = "Evict what was not used for so long: 90m, 12h, 7d, seconds"},
    {0},
};

static const cli_example examples[] = {
    {"stella cache prune", "What is done after a scan every 15 minutes."},
    {"stella cache prune --max-bytes 1G --older-than 7d", "One gigabyte at most, and nothing unused for a week."},
    {0},
};

static const cli_exit exits[] = {{CLI_DONE, "done"}, {CLI_USAGE, "a wrong size or age"}, CLI_CACHE_EXIT_FAILED, {0}};

const cli_verb cli_verb_cache_prune = {
    .name = "cache prune",
    .summary = "evict what is old, or too much",
    .description = "Files that a killed scan left behind go too, when they are an hour old. Scans that run are not "
                   "disturbed: what they have open stays theirs.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
