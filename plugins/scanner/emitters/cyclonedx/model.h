/* model.h - a result in the terms of CycloneDX: what is said where, and what a version has no place for. The three
 * emitters write it down, each in its syntax (docs/formats/cyclonedx.md).
 *
 * Texts are as the result has them: a writer makes them fit its syntax. */
#ifndef EMITTER_CYCLONEDX_MODEL_H
#define EMITTER_CYCLONEDX_MODEL_H

#include "words.h"

#include <stella/emitter.h>

#define CDX_ROOT        "stella:subject" /* bom-ref of the subject */
#define CDX_SERIAL_SIZE 46               /* "urn:uuid:" and a UUID, NUL */

#define CDX_LICENSE_ID         1
#define CDX_LICENSE_NAME       2
#define CDX_LICENSE_EXPRESSION 3

typedef struct cdx_license {
    uint32_t how; /* CDX_LICENSE_* */
    stella_sv text;
} cdx_license;

typedef struct cdx_method {
    const cdx_word *technique;
    stella_sv value; /* its confidence is 1: likelihoods are not invented */
} cdx_method;

typedef struct cdx_occurrence {
    stella_sv location;
    uint32_t line;     /* 0: none, or the version has no place for it */
    stella_sv context; /* the layer's digest; the same */
} cdx_occurrence;

/* Empty texts, counts of 0 and NULL: not there. */
typedef struct cdx_component {
    const cdx_word *type;
    stella_sv ref, supplier, publisher, group, name, version, description;
    const cdx_word *scope;
    stella_sv cpe, purl, website;
    const cdx_word *identity_field;
    stella_sv identity_value; /* not in 1.5 */
    const cdx_license *licenses;
    const stella_bom_pair *properties;
    const cdx_method *methods;
    const cdx_occurrence *occurrences;
    uint32_t license_count, property_count, method_count, occurrence_count;
} cdx_component;

typedef struct cdx_document {
    const stella_bom *bom;
    cdx_version version;
    stella_sv version_text;       /* "1.7" */
    char serial[CDX_SERIAL_SIZE]; /* the same in every syntax and version */
    int64_t created_s;            /* since 1970, -1: not known */
    char timestamp[32];           /* the same in RFC 3339; empty: not known */
    cdx_component root;
    const stella_bom_pair *properties; /* of the metadata: errors and notes */
    uint32_t property_count;
    const cdx_word *aggregate; /* of the root's assembly */
    stella_arena *scratch;     /* of the component at hand */
} cdx_document;

extern const char *const cdx_versions[]; /* of a stella_emitter */

/* out  its arena and version are used; everything lives as long as the arena. End with cdx_document_fini.
 * Returns STELLA_E_NOMEM, STELLA_E_INVALID for another version. */
stella_status cdx_document_init(cdx_document *d, const stella_bom *bom, const stella_emission *out, stella_error *err);
void cdx_document_fini(cdx_document *d);

/* The programs that made the result: the tool, then the analyzers. */
uint32_t cdx_tool_count(const cdx_document *d);
void cdx_tool(const cdx_document *d, uint32_t index, cdx_component *out);

/* A component of the result; valid until the next call. Returns STELLA_E_NOMEM. */
stella_status cdx_component_at(cdx_document *d, uint32_t index, cdx_component *out, stella_error *err);

/* The bom-ref of a component, or of STELLA_BOM_ROOT. */
stella_sv cdx_ref(const cdx_document *d, uint32_t index);

/* A walk over the edges, to be asked for component 0, 1, ... and then STELLA_BOM_ROOT, each until it answers 0. Contains
 * and dependsOn between two components are one edge in CycloneDX. */
typedef struct cdx_edges {
    uint32_t at;
} cdx_edges;
int cdx_edge_next(const cdx_document *d, cdx_edges *edges, uint32_t from, stella_sv *to);

#endif
