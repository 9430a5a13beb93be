/* oci.h - the JSON documents of an OCI image (image-spec 1.1), and Docker's twins of them: index, manifest,
 * configuration.
 *
 * Every function here reads one document into an arena and checks what it states: types, digests, counts. Texts borrow
 * from the document or live in the arena. [any thread, one arena each] */
#ifndef SCANNER_SOURCES_OCI_H
#define SCANNER_SOURCES_OCI_H

#include <stella/arena.h>
#include <stella/error.h>

#define OCI_DOCUMENT_BYTES_MAX (4u << 20) /* index, manifest, configuration: the specification recommends this much */
#define OCI_MANIFESTS_MAX      4096       /* descriptors in one index */
#define OCI_LAYERS_MAX         1024
#define OCI_HISTORY_MAX        8192

/* Whether it is that of an index (Docker: manifest list), or of an image's manifest. */
int oci_is_index_type(stella_sv media_type);
int oci_is_manifest_type(stella_sv media_type);

/* A reference to a blob. */
typedef struct oci_descriptor {
    stella_sv media_type;
    stella_sv digest; /* "sha256:<hex>", checked */
    uint64_t size;
    stella_sv ref_name;                  /* the name an index gives it; may be empty */
    stella_sv os, architecture, variant; /* may be empty */
    uint32_t toc_kind;                   /* STELLA_TOC_*, and what stella_layer says of a table of contents */
    stella_sv toc_digest;                /* checked; empty without a table */
    uint64_t toc_offset, toc_size;
    int is_index, is_manifest; /* by media type */
    int is_attachment;         /* an attestation or another artifact that goes with an image, but is none */
    int is_foreign;            /* a layer that is not distributed with the image */
} oci_descriptor;

typedef struct oci_index {
    uint32_t count;
    const oci_descriptor *manifests; /* in document order */
} oci_index;

typedef struct oci_manifest {
    oci_descriptor config;
    uint32_t layer_count;
    const oci_descriptor *layers; /* base first */
} oci_manifest;

typedef struct oci_config {
    stella_sv os, architecture, variant;
    int64_t created_ms; /* since 1970, -1 when absent or not a date */
    uint32_t layer_count;
    const stella_sv *diff_ids;   /* "sha256:<hex>", checked, base first */
    const stella_sv *created_by; /* one a layer; empty when the history does not fit the layers */
} oci_config;

/* out is set on success. STELLA_E_FORMAT with the JSON pointer in err->path, STELLA_E_LIMIT when there are more
 * elements than a maximum above allows, STELLA_E_UNSUPPORTED for digests other than SHA-256, STELLA_E_NOMEM. */
stella_status oci_index_parse(stella_sv json, stella_arena *arena, oci_index *out, stella_error *err);
stella_status oci_manifest_parse(stella_sv json, stella_arena *arena, oci_manifest *out, stella_error *err);
stella_status oci_config_parse(stella_sv json, stella_arena *arena, oci_config *out, stella_error *err);

/* Milliseconds since 1970 of an RFC 3339 date and time, or -1. */
int64_t oci_time_ms(stella_sv text);

#endif
