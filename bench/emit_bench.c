/* emit_bench.c - how long an emitter takes for 5,000 components. One program for each: it is linked with the emitter.
 */
#include "bench.h"

#include <stella/auto.h>
#include <stella/testing.h>

#define COMPONENTS 5000
#define ROUNDS     15

/* The bytes go nowhere: what is measured is the emitter, not a disk. */
static stella_status count_bytes(void *self, stella_sv bytes, stella_error *err) {
    (void)err;
    *(uint64_t *)self += bytes.len;
    return STELLA_OK;
}

static double emit_once(const stella_emitter *emitter, const stella_bom *bom, uint64_t *bytes) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .self = bytes, .write = count_bytes};
    const stella_sv version = emitter->versions ? stella_sv_cstr(emitter->versions[0]) : STELLA_SV("");
    const stella_emission emission = {
        .head = STELLA_HEAD(stella_emission), .sink = &sink, .arena = arena, .version = version};
    stella_error err = {0};
    *bytes = 0;
    const double start = bench_now_s();
    if (!arena || emitter->emit(NULL, bom, &emission, &err) != STELLA_OK) {
        fprintf(stderr, "%s: %s\n", emitter->format, err.message);
        exit(1);
    }
    return (bench_now_s() - start) * 1e3;
}

int main(void) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    const stella_bom *bom = arena ? stella_testing_bom(arena, COMPONENTS) : NULL;
    const stella_emitter *emitter = stella_plugin.get_interface(STELLA_EMITTER_INTERFACE);
    double took_ms[ROUNDS];
    uint64_t bytes = 0;
    char name[96];
    if (!bom || !emitter)
        return 1;
    for (int i = 0; i < ROUNDS; i++)
        took_ms[i] = emit_once(emitter, bom, &bytes);
    snprintf(name, sizeof name, "emit.%s.5000_components", emitter->format);
    bench_result(name, bench_median(took_ms, ROUNDS), "ms", "< 50");
    snprintf(name, sizeof name, "emit.%s.5000_components_size", emitter->format);
    bench_result(name, (double)bytes / 1e6, "MB", "-");
    return 0;
}
