/* diff.h - two results compared: what each side is, which component of one is which of the other, what changed.
 *
 * The way through the job "image.diff" (diff_job.c): diff_read takes in the two results, diff_pair pairs their
 * components, diff_layers finds the layers that both images have, diff_changes lists what differs, and the diff_write_*
 * tell it. */
#ifndef SCANNER_ENGINE_DIFF_H
#define SCANNER_ENGINE_DIFF_H

#include <stella/arena.h>
#include <stella/error.h>

#define DIFF_LAYERS_MAX     1024u
#define DIFF_COMPONENTS_MAX 2000000u
#define DIFF_NONE           0xffffffffu /* no layer, no component */

typedef enum diff_view { DIFF_INVENTORY, DIFF_USAGE } diff_view;

/* What is compared besides the version, in the order in which it is told. All are texts: a flag is "true" or empty, a
 * list is joined by ", ". */
typedef enum diff_field {
    DIFF_FIELD_ARCHITECTURE,
    DIFF_FIELD_DECLARED,
    DIFF_FIELD_DEV,
    DIFF_FIELD_ENTRYPOINTS,
    DIFF_FIELD_KIND,
    DIFF_FIELD_LICENSES,
    DIFF_FIELD_LOCATIONS, /* files that prove it */
    DIFF_FIELD_MAINTAINER,
    DIFF_FIELD_MANAGED,
    DIFF_FIELD_OPTIONAL,
    DIFF_FIELD_SOURCE, /* name of the source package */
    DIFF_FIELD_USED,   /* by an entrypoint */
    DIFF_FIELD_VENDOR,
    DIFF_FIELDS
} diff_field;

const char *diff_field_name(uint32_t field);

typedef struct diff_layer {
    stella_sv digest, diff_id, created_by;
} diff_layer;

typedef struct diff_component {
    stella_sv ref, purl, type, namespace_, name, version;
    stella_sv epoch; /* of an rpm's purl; part of the version */
    stella_sv fields[DIFF_FIELDS];
    const stella_sv *locations;
    uint32_t location_count;
    uint32_t layer; /* that introduced it, or DIFF_NONE */
    uint32_t last;  /* the last one that has evidence of it */
    uint32_t pair;  /* of the other side, or DIFF_NONE; set by diff_pair */
} diff_component;

/* One of the two results. Texts borrow from its document or live in the arena. */
typedef struct diff_side {
    stella_sv kind, name, digest, config_digest, os, architecture;
    stella_sv distro_id, distro_version, distro_name;
    int64_t created_ms; /* -1: not known */
    diff_layer *layers;
    uint32_t layer_count; /* 0 also for a directory */
    diff_component *components;
    uint32_t component_count;
    uint32_t lost;   /* plugins whose contribution is missing */
    int is_tree;     /* an image or a directory: not an SBOM */
    int knows_usage; /* it says what the entrypoint reaches */
} diff_side;

/* Whether an entrypoint reaches it. */
static inline int diff_is_used(const diff_component *c) {
    return c && c->fields[DIFF_FIELD_USED].len > 0;
}

/* The order of versions where no ecosystem's own rule is at hand: numbers by value, "~" before everything, even the
 * end; else by bytes. Total: 0 for equal bytes alone. */
int diff_version_cmp(stella_sv a, stella_sv b);

/* Reads a result as the emitter "json" writes it (docs/reference/result.md). Members that are not known are skipped.
 * document  borrowed by out
 * out       set on success
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT or STELLA_E_NOMEM, with the place in the document. [one thread] */
stella_status diff_read(stella_sv document, stella_arena *arena, diff_side *out, stella_error *err);

/* Leaves only what an entrypoint reaches; or leaves out what belongs to packages of the distribution. */
void diff_keep_used(diff_side *side);
void diff_drop_managed(diff_side *side);

/* Pairs the components of both sides (sets their pair), and orders each side by type, namespace, name, version, ref.
 * By package: type, namespace and name are equal. Of one package's several, in this order: the same identity; the same
 * version and architecture; the same place, when nothing else of the package is at it; then the highest versions with
 * each other, and so on down, first within an architecture. What is left and has no purl is paired by type and place.
 * Pairing b with a gives the same pairs. Returns STELLA_E_NOMEM. */
stella_status diff_pair(diff_side *a, diff_side *b, stella_arena *arena, stella_error *err);

#endif
