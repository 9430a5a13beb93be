/* pom.h - what a pom.xml says (Maven's POM Reference, model 4.0.0), on its own or together with its parents. */
#ifndef JAVA_POM_H
#define JAVA_POM_H

#include "common/xml/xml.h"

#define POM_BYTES_MAX   (8u << 20)
#define POM_PARENTS_MAX 32                    /* ancestors that are looked through */
#define POM_EXPAND_MAX  4096                  /* bytes of an expanded text */
#define POM_ROUNDS_MAX  32                    /* properties that name each other */
#define POM_STEPS_MAX   ((uint64_t)300000000) /* properties that are compared; then nothing more is resolved */

/* Views borrow from the tree; texts as written, "${...}" and all. */
typedef struct pom {
    const xml_node *root;
    stella_sv group, name, version, packaging; /* empty when absent: group and version are then the parent's */
    stella_sv parent_group, parent_name, parent_version;
    stella_sv parent_path; /* relativePath; "../pom.xml" when it is not said, empty when it is said to be */
    stella_sv path;        /* for the caller's own use */
    uint32_t line;         /* of its artifactId */
} pom;

/* Lives in the arena. A byte order mark and characters of HTML that nothing declares are put up with.
 * Returns STELLA_E_FORMAT when it is no XML, or no project; what xml_parse_lenient returns. */
stella_status pom_parse(stella_sv text, stella_arena *arena, pom *out, stella_error *err);

/* A project and its ancestors, nearest first. */
typedef struct pom_chain {
    const pom *items[POM_PARENTS_MAX];
    uint32_t count; /* at least 1 */
    uint64_t steps; /* properties that were compared so far */
} pom_chain;

/* The text with the properties of the chain put in: project.groupId and its kin, project.parent.*, and the nearest
 * <properties>.
 * out  set on success; lives in the arena; empty when something stays unresolved or grows beyond the limits
 * Returns STELLA_E_NOMEM. */
stella_status pom_expand(pom_chain *chain, stella_sv text, stella_arena *arena, stella_sv *out);

/* Group and version of the project: its own, or its parent's. As written. */
stella_sv pom_group(const pom *p);
stella_sv pom_version(const pom *p);

/* The first <dependency> below <dependencies>, or NULL; the others are its xml_again. */
const xml_node *pom_dependencies(const xml_node *of);

#endif
