/* tree.h - the packages of a tree by the folders they lie in, and how node finds one from another. */
#ifndef NODE_TREE_H
#define NODE_TREE_H

#include "lookup.h"
#include "package_json.h"
#include "place.h"

#include "common/license_text/texts.h"

#include <stella/analyzer.h>

/* Folders above each other that are looked into; one deeper down is resolved as if it were there. */
#define TREE_LEVELS_MAX 256
/* Questions to the tree of files in one call: what is then still to be found through links stays unfound, with a note.
 * A hundred thousand packages with five needs each ask a tenth of it. */
#define TREE_LINKS_MAX 5000000

typedef struct module {
    package_view package;
    stella_record record;
    stella_sv folder;
    place_kind place;
    int32_t is_linked;           /* a project that something of node_modules leads to: a workspace */
    stella_component *component; /* NULL: none is stated */
} module;

/* A folder above the package at hand, and whether it has a node_modules. */
typedef struct tree_level {
    stella_sv folder;
    int32_t has_modules;
    uint32_t reserved;
} tree_level;

/* In the caller's storage; all it points to lives in the job's arena. */
typedef struct tree {
    stella_analysis *job;
    module *modules; /* in the order of their files' paths */
    uint32_t count;
    uint32_t level_count;
    uint32_t links_left; /* of TREE_LINKS_MAX */
    uint32_t reserved;
    lookup by_folder;
    lookup holders; /* folders named node_modules that hold packages */
    license_texts licenses;
    tree_level levels[TREE_LEVELS_MAX];
} tree;

/* Reads all records. Returns STELLA_E_NOMEM or what the records' readers return. */
stella_status tree_load(stella_analysis *job, tree *out, stella_error *err);

/* Makes that folder the one tree_resolve starts from. Cheap for folders in path order. */
void tree_enter(tree *t, stella_sv folder);

/* The module that node loads when code in the folder asks for that name: in node_modules of the folder, of the one
 * above, ..., through symbolic links. NULL when it finds none. */
module *tree_resolve(tree *t, stella_sv name);

#endif
