/* bom_index.h - bom-index@1: which layers hold each component of an image and which entrypoints reach it, small enough to
 * be asked across a fleet. The layout byte by byte: docs/artifacts/bom-index/README.md. One content has one spelling.
 *
 * Texts are UTF-8 of at most 65,535 bytes. Tables but the layers' are in byte order, no text twice. */
#ifndef SCANNER_BOM_INDEX_H
#define SCANNER_BOM_INDEX_H

#include "bom_index/roaring.h"

#define BOM_INDEX_VERSION         1u
#define BOM_INDEX_FLAG_USAGE      1u
#define BOM_INDEX_TEXT_MAX        65535u
#define BOM_INDEX_BYTES_MAX       (256u << 20)
#define BOM_INDEX_LAYERS_MAX      4096u
#define BOM_INDEX_ENTRYPOINTS_MAX 4096u /* entrypoints */
#define BOM_INDEX_COMPONENTS_MAX  (4u << 20)

/* ---- writing */

typedef struct bom_index_component {
    stella_sv identity;          /* package URL, else canonical key */
    const uint32_t *layers;      /* indices, ascending, none twice */
    const uint32_t *entrypoints; /* the same */
    uint32_t layer_count, entrypoint_count;
} bom_index_component;

typedef struct bom_index_content {
    stella_sv image_digest; /* may be empty */
    int64_t generated_us;   /* since 1970; 0 when not known */
    const stella_sv *layers;
    const stella_sv *entrypoints;
    const bom_index_component *components;
    uint32_t layer_count, entrypoint_count, component_count;
} bom_index_content;

/* Writes an index; with usage when there are entrypoints.
 * Returns STELLA_E_INVALID for tables or sets that are not in order, indices of what is not there or a text that is no
 * UTF-8; STELLA_E_LIMIT for what exceeds a limit above; STELLA_E_NOMEM; else what the sink does. [one thread] */
stella_status bom_index_write(const bom_index_content *content, const stella_sink *sink, stella_error *err);

/* ---- reading. [any thread] No allocation: all borrow the bytes. */

typedef struct bom_index {
    stella_sv image_digest;
    int64_t generated_us;
    uint32_t layer_count, entrypoint_count, component_count;
    int has_usage;
    /* Where the sections are; the last two are empty without usage. */
    stella_sv layers, identities, layer_sets, entrypoints, entrypoint_sets;
} bom_index;

/* Checks all of an index, every byte: what it opens, bom_index_write would write again just so.
 * out  set on success
 * err  path: which section and entry, "components/7"
 * Returns STELLA_E_FORMAT; STELLA_E_UNSUPPORTED for a version or flags of later makers; STELLA_E_LIMIT. */
stella_status bom_index_open(stella_sv bytes, bom_index *out, stella_error *err);

/* A table's texts in turn. */
typedef struct bom_index_texts {
    stella_cursor at;
} bom_index_texts;

bom_index_texts bom_index_layers(const bom_index *index);
bom_index_texts bom_index_entrypoints(const bom_index *index);
int bom_index_text_next(bom_index_texts *texts, stella_sv *out); /* 0: that was the last */

typedef struct bom_index_row {
    stella_sv identity;
    roaring layers;
    roaring entrypoints; /* count 0: none reaches it, or the index has no usage */
} bom_index_row;

/* The components in turn. */
typedef struct bom_index_rows {
    const bom_index *index;
    stella_cursor identities, layer_sets, entrypoint_sets;
} bom_index_rows;

bom_index_rows bom_index_begin(const bom_index *index);
int bom_index_row_next(bom_index_rows *rows, bom_index_row *out); /* 0: that was the last */

#endif
