/* path.h - names as archives and directories give them, made into paths relative to the root. [any thread] */
#ifndef SCANNER_ENGINE_PATH_H
#define SCANNER_ENGINE_PATH_H

#include <stella/sv.h>

/* What path_clean found. */
#define PATH_OK       0
#define PATH_ROOT     1 /* the root itself: "./", "/", "" */
#define PATH_DOTDOT   2 /* has a ".." component: refused, for it may leave the root */
#define PATH_NUL      3 /* has a NUL byte: refused */
#define PATH_TOO_LONG 4 /* cleaned, longer than room */

/* Cleans a name: leading slashes and "./", empty and "." components and trailing slashes go; nothing else changes. A
 * name that needs no change is returned as it is, without copying.
 * buf, room     where a changed name is put; also the longest path that is accepted
 * out           set on PATH_OK: borrows from name or buf
 * was_absolute  may be NULL; set on PATH_OK: the name began with a slash
 * Returns PATH_*. */
int path_clean(stella_sv name, char *buf, size_t room, stella_sv *out, int *was_absolute);

/* Tree order: byte order, except that '/' comes before every other byte, so a directory is followed by what is in it.
 */
int path_cmp(stella_sv a, stella_sv b);

/* How many bytes they begin with alike. */
size_t path_common(stella_sv a, stella_sv b);

/* Splits a clean path at its last slash; dir is empty for a path in the root. */
void path_split(stella_sv path, stella_sv *dir, stella_sv *name);

/* Whether path is below dir; everything is below the root, dir "". */
int path_below(stella_sv path, stella_sv dir);

#endif
