/* index_kit.h - the worked vector of docs/artifacts/bom-index, as content and as bytes. */
#ifndef TESTS_BOM_INDEX_KIT_H
#define TESTS_BOM_INDEX_KIT_H

#include "check.h"

#include "bom_index/bom_index.h"

#include <stella/auto.h>
#include <stella/testing.h>

#define FIXTURES STELLA_SOURCE_DIR "/docs/artifacts/bom-index/fixtures/"

static const stella_sv vector_layers[] = {STELLA_SV_INIT("sha256:layer1"), STELLA_SV_INIT("sha256:layer2")};
static const stella_sv vector_entrypoints[] = {STELLA_SV_INIT("/app/init.sh"), STELLA_SV_INIT("/app/start.sh")};
static const uint32_t vector_both[] = {0, 1};
static const bom_index_component vector_components[] = {
    {.identity = STELLA_SV_INIT("pkg:npm/a"),
     .layers = &vector_both[0],
     .layer_count = 1,
     .entrypoints = &vector_both[1],
     .entrypoint_count = 1},
    {.identity = STELLA_SV_INIT("pkg:npm/b"),
     .layers = vector_both,
     .layer_count = 2,
     .entrypoints = vector_both,
     .entrypoint_count = 2},
    {.identity = STELLA_SV_INIT("pkg:npm/c"), .layers = &vector_both[1], .layer_count = 1},
};
static const bom_index_content vector = {
    .image_digest = STELLA_SV_INIT("sha256:image"),
    .generated_us = INT64_C(1700000000000000),
    .layers = vector_layers,
    .layer_count = 2,
    .entrypoints = vector_entrypoints,
    .entrypoint_count = 2,
    .components = vector_components,
    .component_count = 3,
};

static inline stella_status index_try(const bom_index_content *content, stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    return bom_index_write(content, &sink, err);
}

/* The caller frees it. */
static inline stella_buf index_bytes(const bom_index_content *content) {
    stella_buf out = stella_buf_of(64u << 20);
    stella_error err = {0};
    if (index_try(content, &out, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return out;
}

#endif
