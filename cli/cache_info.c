/* cache_info.c - `stella cache info`: how much is kept of layers and results, and how old it is. */
#include "cli/scan_cache.h"
#include "cli/verbs.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <time.h>

static const char *date(int64_t seconds, char out[32]) {
    const time_t when = (time_t)seconds;
    struct tm utc;
    out[0] = 0;
    if (seconds && gmtime_r(&when, &utc))
        strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &utc);
    return out;
}

static int print_json(cli_context *cli, const cache *c, const cache_sums *sums) {
    const stella_sink sink = cli_out_sink(cli);
    char text[32];
    stella_error err = {0};
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 2);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "root", stella_sv_cstr(cache_root(c)));
    stella_json_member_u64(&w, "layers", sums->layers);
    stella_json_member_u64(&w, "layerBytes", sums->layer_bytes);
    stella_json_member_u64(&w, "supplements", sums->supplements);
    stella_json_member_u64(&w, "files", sums->files);
    stella_json_member_u64(&w, "fileBytes", sums->file_bytes);
    stella_json_member_str(&w, "oldestUse", stella_sv_cstr(date(sums->oldest_s, text)));
    stella_json_member_str(&w, "newestUse", stella_sv_cstr(date(sums->newest_s, text)));
    stella_json_member_u64(&w, "leftBehind", sums->stale);
    stella_json_end_object(&w);
    if (stella_json_finish(&w, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    fputc('\n', cli->out);
    return CLI_DONE;
}

static int print_text(cli_context *cli, const cache *c, const cache_sums *sums) {
    char text[32];
    fprintf(cli->out, "%s\n", cli_safe(cli, cache_root(c)));
    fprintf(cli->out, "  layers:      %llu, %.1f MB, with %llu supplements\n", (unsigned long long)sums->layers,
            (double)sums->layer_bytes / 1e6, (unsigned long long)sums->supplements);
    fprintf(cli->out, "  files:       %llu, %.1f MB\n", (unsigned long long)sums->files,
            (double)sums->file_bytes / 1e6);
    if (sums->oldest_s)
        fprintf(cli->out, "  oldest use:  %s\n", date(sums->oldest_s, text));
    if (sums->newest_s)
        fprintf(cli->out, "  newest use:  %s\n", date(sums->newest_s, text));
    return CLI_DONE;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(cache_closep) cache *c = NULL;
    stella_error err = {0};
    cache_sums sums = {0};
    const int status = cli_cache_open(cli, args, &c);
    if (status != CLI_DONE)
        return status;
    if (cache_measure(c, &sums, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    return cli_given(args, "json") ? print_json(cli, c, &sums) : print_text(cli, c, &sums);
}

static const cli_option options[] = {
    CLI_CACHE_OPTIONS,
    {.name = "json", .help = "As JSON"},
    {0},
};

static const cli_example examples[] = {
    {"stella cache info", "What your scans keep."},
    {"stella cache info --cache-dir /var/lib/stella/cache/scanner --json", "What those of the daemon keep, as JSON."},
    {0},
};

static const cli_exit exits[] = {{CLI_DONE, "told"}, CLI_CACHE_EXIT_FAILED, {0}};

const cli_verb cli_verb_cache_info = {
    .name = "cache info",
    .summary = "tell how much is kept of layers and results",
    .description = "The time of a use is written once a day at most.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
