/* maven_tree.h - the pom.xml files of a tree, and how they hang together. */
#ifndef JAVA_MAVEN_TREE_H
#define JAVA_MAVEN_TREE_H

#include "pom.h"

#include "common/providers.h"

#include <stella/analyzer.h>

typedef struct maven_tree {
    stella_analysis *job;
    pom *poms; /* by path */
    stella_file *files;
    uint32_t count;
    providers names; /* "GROUP:NAME" as written, with the version */
    uint64_t steps;  /* as pom_chain.steps, in all */
} maven_tree;

/* Reads all of them; one that cannot be read is noted. Lives in the job's arena. Returns STELLA_E_NOMEM. */
stella_status maven_tree_load(stella_analysis *job, maven_tree *out, stella_error *err);

/* The project and its ancestors, as far as they are in the tree. */
pom_chain maven_tree_chain(const maven_tree *tree, const pom *of);

/* The project of that group, name and version; NULL when the tree has none. */
const pom *maven_tree_find(const maven_tree *tree, stella_sv group, stella_sv name, stella_sv version);

#endif
