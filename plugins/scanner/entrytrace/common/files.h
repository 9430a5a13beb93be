/* files.h - the entries of directories, and paths with '*' in them. */
#ifndef ENTRYTRACE_FILES_H
#define ENTRYTRACE_FILES_H

#include "hop.h"

/* How many paths one pattern may stand for. */
#define FILES_MAX 1024

/* Paths of the tree, in byte order of their names. */
typedef struct files {
    const stella_sv *paths; /* relative to the root */
    uint32_t count;
} files;

/* The files and links of the directory whose name the pattern describes (text_matches). A directory that is not there
 * holds none.
 * directory  relative to the root
 * out        set on success
 * Returns STELLA_E_NOMEM; STELLA_E_LIMIT for more than FILES_MAX. */
stella_status files_matching(stella_hop *hop, stella_sv directory, stella_sv pattern, files *out, stella_error *err);

/* directory and name joined by a slash; ptr NULL when the budget is spent. */
stella_sv files_join(stella_arena *arena, stella_sv directory, stella_sv name);

#endif
