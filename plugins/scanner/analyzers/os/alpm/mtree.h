/* mtree.h - lines of an mtree(5) file as makepkg writes it: "./path keyword=value...", defaults by "/set". */
#ifndef ALPM_MTREE_H
#define ALPM_MTREE_H

#include "files.h"

typedef struct mtree {
    int default_is_dir; /* by the last "/set type=" */
} mtree;

/* Views borrow from the line, but for the path. */
typedef struct mtree_entry {
    stella_sv path; /* without "./"; not empty */
    stella_sv sha256;
    int is_dir;
} mtree_entry;

/* Reads a line.
 * path  room for the path, whose octal escapes are taken off
 * Returns 1 for an entry; 0, leaving *out alone, for a comment, a "/set", and what is no entry. */
int mtree_read(mtree *reader, stella_sv line, char path[FILES_PATH_MAX], mtree_entry *out);

#endif
