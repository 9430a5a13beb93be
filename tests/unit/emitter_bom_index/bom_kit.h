/* bom_kit.h - results that the emitter of indexes is given. */
#ifndef TESTS_EMITTER_BOM_INDEX_KIT_H
#define TESTS_EMITTER_BOM_INDEX_KIT_H

#include "unit/emitter_run.h"

#include "bom_index/bom_index.h"

#define FIXTURES    STELLA_SOURCE_DIR "/docs/artifacts/bom-index/fixtures/"
#define LIST(array) ((stella_list){.items = (array), .count = STELLA_COUNT(array), .stride = sizeof((array)[0])})

/* What the worked vector of docs/artifacts/bom-index is the index of. */
static inline void vector_bom(stella_bom *out, stella_bom_component components[3]) {
    static const stella_bom_layer layers[] = {{.digest = STELLA_SV_INIT("sha256:layer1")},
                                              {.digest = STELLA_SV_INIT("sha256:layer2")}};
    static const stella_bom_entrypoint entrypoints[] = {{.launcher = STELLA_SV_INIT("/app/init.sh")},
                                                        {.launcher = STELLA_SV_INIT("/app/start.sh")}};
    static const uint32_t zero[] = {0}, one[] = {1}, both[] = {0, 1};
    components[0] = (stella_bom_component){.ref = STELLA_SV("pkg:npm/a"), .purl = STELLA_SV("pkg:npm/a")};
    components[1] = (stella_bom_component){.ref = STELLA_SV("pkg:npm/b"), .purl = STELLA_SV("pkg:npm/b")};
    components[2] = (stella_bom_component){.ref = STELLA_SV("pkg:npm/c"), .purl = STELLA_SV("pkg:npm/c")};
    components[0].layers = LIST(zero);
    components[0].entrypoints = LIST(one);
    components[1].layers = LIST(both);
    components[1].entrypoints = LIST(both);
    components[2].layers = LIST(one);
    *out = (stella_bom){.head = STELLA_HEAD(stella_bom),
                        .subject_digest = STELLA_SV("sha256:image"),
                        .created_ms = 1700000000000,
                        .layers = LIST(layers),
                        .components = {.items = components, .count = 3, .stride = sizeof *components},
                        .entrypoints = LIST(entrypoints)};
}

/* What was emitted, opened: it borrows from text, which the caller frees. */
static inline bom_index index_of(const stella_bom *bom, stella_buf *text) {
    bom_index index = {0};
    stella_error err = {0};
    *text = emit_bom(bom, 0, 0);
    if (bom_index_open(stella_buf_sv(text), &index, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return index;
}

static inline bom_index_row row_of(const bom_index *index, const char *identity) {
    bom_index_row row;
    for (bom_index_rows rows = bom_index_begin(index); bom_index_row_next(&rows, &row);)
        if (stella_sv_eq(row.identity, stella_sv_cstr(identity)))
            return row;
    fail_msg("%s is not in the index", identity);
    return (bom_index_row){.layers = {.count = 0}};
}

#endif
