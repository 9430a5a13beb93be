/* words.h - the closed vocabularies of CycloneDX, as the schemas spell and protobuf numbers them. */
#ifndef EMITTER_CYCLONEDX_WORDS_H
#define EMITTER_CYCLONEDX_WORDS_H

#include <stella/sv.h>

typedef enum cdx_version { CDX_1_5, CDX_1_6, CDX_1_7 } cdx_version;

typedef struct cdx_word {
    stella_sv text;
    uint32_t number; /* of the protobuf enumeration */
} cdx_word;

extern const cdx_word cdx_scope_excluded, cdx_scope_optional, cdx_reference_website, cdx_field_purl, cdx_field_name;
extern const cdx_word cdx_aggregate_incomplete, cdx_aggregate_unknown;

/* The type of a component; a library for a kind that the version does not know. */
const cdx_word *cdx_type_of(stella_sv kind, cdx_version version);

/* What the schema calls an analyzer's method. */
const cdx_word *cdx_technique_of(stella_sv method);

/* The license id as the schemas take it, ptr NULL when it is none of theirs: their list is closed, licenses that SPDX
 * has added since are expressions there. */
stella_sv cdx_license_id(stella_sv text);

#endif
