/* bom_index_bench.c - an index of 5,000 components in twelve layers, a third of which one of three entrypoints reaches:
 * how long it takes to write and to check, and what the sets take. */
#include "bench.h"

#include "bom_index/bom_index.h"

#include <stella/auto.h>
#include <stella/testing.h>

#define COMPONENTS  5000
#define LAYERS      12
#define ENTRYPOINTS 3
#define ROUNDS      15

static const uint32_t numbers[LAYERS] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};

/* As images are: most is in the base and stays; the rest comes with some layer and stays. */
static stella_list kept_from(uint32_t layer) {
    return (stella_list){.items = numbers + layer, .count = LAYERS - layer, .stride = sizeof numbers[0]};
}

static const stella_bom *make_bom(stella_arena *arena) {
    static const stella_bom_entrypoint entrypoints[ENTRYPOINTS] = {{.launcher = STELLA_SV_INIT("/app/server.js")},
                                                                   {.launcher = STELLA_SV_INIT("/app/worker.js")},
                                                                   {.launcher = STELLA_SV_INIT("/usr/sbin/nginx")}};
    static stella_bom_layer layers[LAYERS];
    const stella_bom *made = arena ? stella_testing_bom(arena, COMPONENTS) : NULL;
    stella_bom *bom = made ? stella_arena_alloc(arena, 1, sizeof *bom) : NULL;
    stella_bom_component *components = bom ? stella_arena_alloc(arena, COMPONENTS, sizeof *components) : NULL;
    if (!components)
        return NULL;
    for (uint32_t i = 0; i < LAYERS; i++)
        layers[i].digest = stella_arena_printf(arena, "sha256:%064u", i);
    for (uint32_t i = 0; i < COMPONENTS; i++) {
        components[i] = *STELLA_AT(made->components, stella_bom_component, i);
        components[i].layers = kept_from(i % 3 ? 0 : i / 3 % LAYERS);
        components[i].entrypoints =
            (stella_list){.items = numbers + i % ENTRYPOINTS, .count = i % 3 == 1 ? 1 : 0, .stride = sizeof numbers[0]};
    }
    *bom = *made;
    bom->components = (stella_list){.items = components, .count = COMPONENTS, .stride = sizeof *components};
    bom->layers = (stella_list){.items = layers, .count = LAYERS, .stride = sizeof layers[0]};
    bom->entrypoints = (stella_list){.items = entrypoints, .count = ENTRYPOINTS, .stride = sizeof entrypoints[0]};
    return bom;
}

static double write_once(const stella_bom *bom, stella_buf *out) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 28);
    const stella_emitter *emitter = stella_plugin.get_interface(STELLA_EMITTER_INTERFACE);
    const stella_sink sink = stella_buf_sink(out);
    const stella_emission emission = {
        .head = STELLA_HEAD(stella_emission), .sink = &sink, .arena = arena, .version = STELLA_SV("1")};
    stella_error err = {0};
    out->len = 0;
    const double start = bench_now_s();
    if (!arena || emitter->emit(NULL, bom, &emission, &err) != STELLA_OK) {
        fprintf(stderr, "%s: %s\n", err.path, err.message);
        exit(1);
    }
    return (bench_now_s() - start) * 1e3;
}

static double open_once(stella_sv bytes, bom_index *out) {
    const double start = bench_now_s();
    stella_error err = {0};
    if (bom_index_open(bytes, out, &err) != STELLA_OK) {
        fprintf(stderr, "%s: %s\n", err.path, err.message);
        exit(1);
    }
    return (bench_now_s() - start) * 1e3;
}

static void tell_sets(const bom_index *index) {
    static double bytes[COMPONENTS];
    bom_index_row row;
    int count = 0;
    for (bom_index_rows rows = bom_index_begin(index); count < COMPONENTS && bom_index_row_next(&rows, &row);)
        bytes[count++] = (double)(row.layers.bytes.len + row.entrypoints.bytes.len);
    bench_result("bom_index.bitmap_bytes_median", bench_median(bytes, count), "bytes", "<= 32");
}

int main(void) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 30);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(64u << 20);
    const stella_bom *bom = make_bom(arena);
    bom_index index = {0};
    double wrote_ms[ROUNDS], opened_ms[ROUNDS];
    if (!bom)
        return 1;
    for (int i = 0; i < ROUNDS; i++) {
        wrote_ms[i] = write_once(bom, &bytes);
        opened_ms[i] = open_once(stella_buf_sv(&bytes), &index);
    }
    bench_result("bom_index.write.5000_components", bench_median(wrote_ms, ROUNDS), "ms", "<= 20");
    bench_result("bom_index.check.5000_components", bench_median(opened_ms, ROUNDS), "ms", "-");
    bench_result("bom_index.bytes.5000_components", (double)bytes.len / 1e3, "kB", "-");
    tell_sets(&index);
    return 0;
}
