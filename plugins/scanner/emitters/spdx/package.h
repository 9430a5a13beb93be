/* package.h - a component, or the subject, as a package of an SPDX document; and the relationships between them. */
#ifndef EMITTER_SPDX_PACKAGE_H
#define EMITTER_SPDX_PACKAGE_H

#include "spdx/document.h"

typedef enum spdx_purpose {
    SPDX_PURPOSE_APPLICATION,
    SPDX_PURPOSE_FRAMEWORK,
    SPDX_PURPOSE_LIBRARY,
    SPDX_PURPOSE_CONTAINER,
    SPDX_PURPOSE_OPERATING_SYSTEM,
    SPDX_PURPOSE_DEVICE,
    SPDX_PURPOSE_FIRMWARE,
    SPDX_PURPOSE_FILE,
    SPDX_PURPOSE_OTHER,
    SPDX_PURPOSES
} spdx_purpose;

/* A person or an organisation; none when the name is empty. */
typedef struct spdx_actor {
    stella_sv name;
    stella_sv address; /* e-mail; may be empty */
    int is_person;
} spdx_actor;

/* Empty texts are not stated. */
typedef struct spdx_package {
    stella_sv id; /* "SPDXRef-Package-deb-openssl-0123...": unique in the document */
    stella_sv name, version, description, homepage;
    stella_sv purl;
    stella_sv declared;    /* license expression */
    stella_sv source_info; /* "built package from: openssl 3.0.15-1" */
    stella_sv comment;     /* lines "stella:NAME=VALUE" */
    stella_sv sha256;      /* hex digits */
    spdx_actor supplier, originator;
    spdx_purpose purpose;
    const stella_bom_component *component; /* NULL for the subject */
} spdx_package;

/* The package of a component, or of the subject (STELLA_BOM_ROOT).
 * out  set on success; its texts are valid until the next call
 * Returns STELLA_E_NOMEM. */
stella_status spdx_package_of(spdx_document *d, uint32_t index, spdx_package *out, stella_error *err);

/* The id alone, in the scratch arena; ptr NULL when it is spent. */
stella_sv spdx_package_id(spdx_document *d, uint32_t index);

/* The package's CPE names, one after the other; at counts from 0. Returns 0 behind the last. */
int spdx_package_cpe(const spdx_package *package, uint32_t *at, stella_sv *out);

/* An edge with what SPDX calls it. */
typedef struct spdx_relation {
    uint32_t from, to; /* turned round where the type's name ends in "_OF" */
    stella_sv type;    /* of SPDX 2.3 */
    stella_sv comment; /* the flags that the type does not tell: "inferred, dev" */
} spdx_relation;

spdx_relation spdx_relation_of(const stella_bom_relation *relation);

#endif
