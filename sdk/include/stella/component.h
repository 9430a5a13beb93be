/* stella/component.h - what an analyzer says of a component it found.
 *
 * A component's identity is its package URL, which the host builds from type, namespace, name, version and qualifiers
 * by the rules of the purl specification (ECMA-427); the same purl met twice is one component with more evidence.
 * Functions return nothing: once the call's budget (512 MiB of what it states) is spent, or an argument is refused, the
 * analyzer contributes nothing, and the result says why. Texts longer than 64 KiB are cut, with a note. Arguments are
 * borrowed until the function returns. */
#ifndef STELLA_COMPONENT_H
#define STELLA_COMPONENT_H

#include <stella/file.h>

STELLA_BEGIN_DECLS

/* Single-valued text fields. Setting one again replaces it. */
#define STELLA_FIELD_NAMESPACE      1 /* purl namespace, "debian" */
#define STELLA_FIELD_SUBPATH        2 /* purl subpath */
#define STELLA_FIELD_KIND           3 /* CycloneDX component type; "library" when never set */
#define STELLA_FIELD_SOURCE_NAME    4 /* the source package it was built from */
#define STELLA_FIELD_SOURCE_VERSION 5
#define STELLA_FIELD_MAINTAINER     6 /* "Name <address>" as the metadata has it */
#define STELLA_FIELD_VENDOR         7 /* who distributes it */
#define STELLA_FIELD_DESCRIPTION    8
#define STELLA_FIELD_HOMEPAGE       9
#define STELLA_FIELD_CPE            10 /* a CPE 2.3 candidate */
#define STELLA_FIELD_ARCHITECTURE   11
#define STELLA_FIELD_INSTALLED_SIZE 12 /* bytes on disk as the package states them, decimal digits */

/* Names of properties that mean the same for every analyzer; each may be given several times. */
#define STELLA_PROPERTY_CVE "changelog:cve" /* "CVE-2023-1234", named in the package's changelog: a hint, no verdict */
#define STELLA_PROPERTY_CPE "cpe:candidate" /* CPE 2.3 names beside that of STELLA_FIELD_CPE */

/* Bits of flags at component_add. */
#define STELLA_COMPONENT_DECLARED 1u /* named by a lock file only; not proven to be installed */
#define STELLA_COMPONENT_DEV      2u /* only for development */
#define STELLA_COMPONENT_NO_PURL                                                                                       \
    4u /* has no package URL: identity is type, name and version (an operating system, an ELF file) */

#define STELLA_COMPONENT_OPTIONAL 8u /* what needs it can do without it */
#define STELLA_COMPONENT_VENDOR                                                                                        \
    16u /* a package of the distribution's own vendor: its security notices speak for what the package holds */
#define STELLA_COMPONENT_MANAGED                                                                                       \
    32u /* set by the host: all of its files belong to packages of the distribution's own vendor */

/* How a license was named. */
#define STELLA_LICENSE_EXPRESSION 1 /* SPDX license expression, LicenseRef- allowed */
#define STELLA_LICENSE_NAME       2 /* free text that maps to no SPDX id */

#define STELLA_OWNED_CONFIG 1u /* configuration: may be changed without harm */
#define STELLA_OWNED_GHOST  2u /* listed, but not shipped by the package */

/* A file that belongs to a component. Plain value, grows at the end with struct_size. */
typedef struct stella_owned {
    uint32_t struct_size;
    uint32_t flags;       /* STELLA_OWNED_* */
    stella_sv path;       /* relative to the root, as the package spells it; no leading slash */
    stella_sv digest_alg; /* "md5", "sha256", or empty */
    stella_sv digest;     /* lower-case hex */
} stella_owned;

typedef struct stella_component stella_component;

typedef struct stella_component_ops {
    stella_abi_head head;
    void (*set)(stella_component *c, uint32_t field, stella_sv value);
    void (*qualifier)(stella_component *c, stella_sv key, stella_sv value);
    void (*license)(stella_component *c, uint32_t how, stella_sv text);
    void (*evidence)(stella_component *c, const stella_file *file, uint32_t line, stella_sv method);
    void (*owns)(stella_component *c, const stella_owned *file);
    void (*property)(stella_component *c, stella_sv name, stella_sv value);
    void (*introduced)(stella_component *c, uint32_t layer);
    void (*layers)(stella_component *c, const uint32_t *layers, uint32_t count);
} stella_component_ops;

/* A handle of the host's; valid until analyze returns. [the thread analyze runs in] */
struct stella_component {
    stella_abi_head head;
    const stella_component_ops *ops;
};

/* field  STELLA_FIELD_*; an empty value unsets it */
static inline void stella_component_set(stella_component *c, uint32_t field, stella_sv value) {
    c->ops->set(c, field, value);
}

/* A purl qualifier; an empty value is left out. The order of calls does not matter. */
static inline void stella_component_qualifier(stella_component *c, stella_sv key, stella_sv value) {
    c->ops->qualifier(c, key, value);
}

/* Adds a license; several are one set (each holds for some part), repeated ones count once.
 * how  STELLA_LICENSE_* */
static inline void stella_component_license(stella_component *c, uint32_t how, stella_sv text) {
    c->ops->license(c, how, text);
}

/* What proves the component: the file, the line in it (0 when none) and the method, a short word such as
 * "package-database", "lockfile", "metadata", "binary". Every component needs at least one. What lies in an archive has a
 * path that goes on behind the archive's own: "app.jar!/lib/a.jar". */
static inline void stella_component_evidence(stella_component *c, const stella_file *file, uint32_t line,
                                             stella_sv method) {
    c->ops->evidence(c, file, line, method);
}

/* A file that belongs to the component. */
static inline void stella_component_owns(stella_component *c, const stella_owned *file) {
    c->ops->owns(c, file);
}

/* Anything else; name is "<plugin's ecosystem>:<name>", e.g. "dpkg:section". */
static inline void stella_component_property(stella_component *c, stella_sv name, stella_sv value) {
    c->ops->property(c, name, value);
}

/* The layer that introduced it; without it, the earliest layer of its evidence. What is proven by a record says
 * stella_component_from_record instead. */
static inline void stella_component_introduced(stella_component *c, uint32_t layer) {
    c->ops->introduced(c, layer);
}

/* The layers that introduce or keep it: at least one, ascending, no two alike. Called again, the layers are joined. The
 * first of all is the one that introduced it. */
static inline void stella_component_layers(stella_component *c, const uint32_t *layers, uint32_t count) {
    c->ops->layers(c, layers, count);
}

STELLA_END_DECLS

#endif
