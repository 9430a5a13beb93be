#include "words.h"

#include <stella/analyzer.h>
#include <stella/spdx.h>

const cdx_word cdx_scope_excluded = {STELLA_SV_INIT("excluded"), 3};
const cdx_word cdx_scope_optional = {STELLA_SV_INIT("optional"), 2};
const cdx_word cdx_reference_website = {STELLA_SV_INIT("website"), 3};
const cdx_word cdx_field_purl = {STELLA_SV_INIT("purl"), 4};
const cdx_word cdx_field_name = {STELLA_SV_INIT("name"), 2};
const cdx_word cdx_aggregate_incomplete = {STELLA_SV_INIT("incomplete"), 2};
const cdx_word cdx_aggregate_unknown = {STELLA_SV_INIT("unknown"), 5};

typedef struct type_word {
    cdx_word word;
    cdx_version since;
} type_word;

static const type_word types[] = {
    {{STELLA_SV_INIT("library"), 3}, CDX_1_5},
    {{STELLA_SV_INIT("application"), 1}, CDX_1_5},
    {{STELLA_SV_INIT("framework"), 2}, CDX_1_5},
    {{STELLA_SV_INIT("operating-system"), 4}, CDX_1_5},
    {{STELLA_SV_INIT("device"), 5}, CDX_1_5},
    {{STELLA_SV_INIT("file"), 6}, CDX_1_5},
    {{STELLA_SV_INIT("container"), 7}, CDX_1_5},
    {{STELLA_SV_INIT("firmware"), 8}, CDX_1_5},
    {{STELLA_SV_INIT("device-driver"), 9}, CDX_1_5},
    {{STELLA_SV_INIT("platform"), 10}, CDX_1_5},
    {{STELLA_SV_INIT("machine-learning-model"), 11}, CDX_1_5},
    {{STELLA_SV_INIT("data"), 12}, CDX_1_5},
    {{STELLA_SV_INIT("cryptographic-asset"), 13}, CDX_1_6},
};

const cdx_word *cdx_type_of(stella_sv kind, cdx_version version) {
    for (uint32_t i = 0; i < STELLA_COUNT(types); i++)
        if (types[i].since <= version && stella_sv_eq(kind, types[i].word.text))
            return &types[i].word;
    return &types[0].word;
}

const cdx_word *cdx_technique_of(stella_sv method) {
    static const cdx_word binary = {STELLA_SV_INIT("binary-analysis"), 1};
    static const cdx_word manifest = {STELLA_SV_INIT("manifest-analysis"), 2};
    static const cdx_word other = {STELLA_SV_INIT("other"), 9};
    if (stella_sv_eq(method, STELLA_SV("binary")))
        return &binary;
    if (stella_sv_eq(method, STELLA_SV("package-database")) || stella_sv_eq(method, STELLA_SV("lockfile")) ||
        stella_sv_eq(method, STELLA_SV("metadata")))
        return &manifest;
    return &other;
}

stella_sv cdx_license_id(stella_sv text) {
    static const stella_sv newer[] = {
        STELLA_SV_INIT("Brian-Gladman-3-Clause-no-conversion"),
        STELLA_SV_INIT("Bugroff"),
        STELLA_SV_INIT("CC-BY-NC-3.0-IGO"),
        STELLA_SV_INIT("Google-Patent-WebM"),
        STELLA_SV_INIT("Informatica"),
        STELLA_SV_INIT("MVT-1.1"),
        STELLA_SV_INIT("atc-game"),
    };
    const stella_sv id = stella_spdx_license(text);
    for (uint32_t i = 0; id.ptr && i < STELLA_COUNT(newer); i++)
        if (stella_sv_eq(id, newer[i]))
            return (stella_sv){0};
    return id;
}
