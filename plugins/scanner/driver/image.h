/* image.h - what a child said an image consists of, checked. Private to the driver. */
#ifndef SCANNER_DRIVER_IMAGE_H
#define SCANNER_DRIVER_IMAGE_H

#include <stella/arena.h>
#include <stella/error.h>

typedef enum layer_kind { LAYER_BLOB, LAYER_DIRECTORY, LAYER_FOREIGN, LAYER_FILE, LAYER_ARCHIVE } layer_kind;

typedef struct layer_info {
    layer_kind kind;
    stella_sv path; /* below a directory target; empty in a file */
    uint64_t offset, size;
    stella_sv digest;  /* claimed; "sha256:<hex>" or empty */
    stella_sv diff_id; /* claimed; "sha256:<hex>" or empty */
    stella_sv media_type, created_by;
    uint32_t toc_kind;             /* STELLA_TOC_* */
    stella_sv toc_digest;          /* valid unless toc_kind is NONE */
    uint64_t toc_offset, toc_size; /* inside the blob; size 0: the blob's end tells */
} layer_info;

typedef struct image_info {
    stella_sv scheme;
    int is_spooled;
    stella_sv kind, name, digest, config_digest, os, architecture, variant, config;
    int64_t created_ms;
    uint32_t layer_count;
    const layer_info *layers; /* base first */
    uint32_t file_count;      /* of a directory: what the description was read from; 0: that is not known */
    const stella_sv *files;
} image_info;

/* Reads the reply of image.open.
 * out  set on success; texts live in the arena
 * Returns STELLA_E_INTERNAL when the reply breaks the protocol, STELLA_E_LIMIT for more layers than SCAN_LAYERS_MAX. */
stella_status image_parse(stella_sv reply, stella_arena *arena, image_info *out, stella_error *err);

#endif
