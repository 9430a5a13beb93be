/* The analyzer of Erlang's and Elixir's packages (README.md). */
#include "app.h"
#include "lock.h"

#define APP_BYTES_MAX  (4u << 20)
#define LOCK_BYTES_MAX (32u << 20)

enum { APP, MIX_LOCK, REBAR_LOCK };

static const stella_interest interests[] = {
    [APP] = {.mode = STELLA_KEEP, .parent = "ebin", .suffix = ".app", .max_bytes = APP_BYTES_MAX},
    [MIX_LOCK] = {.mode = STELLA_KEEP, .name = "mix.lock", .max_bytes = LOCK_BYTES_MAX},
    [REBAR_LOCK] = {.mode = STELLA_KEEP, .name = "rebar.lock", .max_bytes = LOCK_BYTES_MAX},
};

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    beam b = {.base = graph_of(job), .hex = {.arena = job->arena}};
    stella_status status = walk_locks(&b.base, MIX_LOCK, lock_read_mix, err);
    if (status == STELLA_OK)
        status = walk_locks(&b.base, REBAR_LOCK, lock_read_rebar, err);
    providers_sort(&b.hex);
    if (status == STELLA_OK)
        status = walk_files(&b.base, APP, app_read, err);
    if (status == STELLA_OK)
        graph_relate(&b.base);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.beam", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
