/* cache_prune.c - `stella cache prune`: evicts what is old, or too much. */
#include "cli/scan_cache.h"
#include "cli/verbs.h"

#include <stella/auto.h>

/* What the user said; the rest is what the cache would do by itself. */
static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(cache_closep) cache *c = NULL;
    uint64_t bytes = 0, age_s = 0;
    stella_error err = {0};
    cache_sums sums;
    if (cli_cache_bytes(args, "max-bytes", &bytes, &err) != STELLA_OK ||
        cli_cache_age(args, "older-than", &age_s, &err) != STELLA_OK)
        return cli_usage(cli, &cli_verb_cache_prune, "%s", cli_safe(cli, err.message));
    const int status = cli_cache_open(cli, args, &c);
    if (status != CLI_DONE)
        return status;
    cache_bounds bounds = cache_bounds_of(c, 0);
    if (cli_given(args, "older-than"))
        bounds.layer_age_s = bounds.file_age_s = age_s;
    if (cli_given(args, "max-bytes"))
        bounds.above_bytes = bounds.down_to_bytes = bytes;
    if (cache_prune(c, &bounds, &sums, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    fprintf(cli->out, "evicted %llu entries, %.1f MB; kept %llu layers and %llu files, %.1f MB\n",
            (unsigned long long)sums.evicted, (double)sums.evicted_bytes / 1e6, (unsigned long long)sums.layers,
            (unsigned long long)sums.files, (double)(sums.layer_bytes + sums.file_bytes) / 1e6);
    return CLI_DONE;
}

static const cli_option options[] = {
    CLI_CACHE_OPTIONS,
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
