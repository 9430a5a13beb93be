/* walk.h - the entries of a layer, from a tar stream or a directory, given to the collector. [one thread] */
#ifndef SCANNER_ENGINE_WALK_H
#define SCANNER_ENGINE_WALK_H

#include "collect.h"
#include "input.h"
#include "toc.h"

/* Whiteout markers become flags; names that could leave the root are left out with a note. Stops at the archive's end;
 * returns what tar_next returns. */
stella_status walk_tar(collector *c, input *in, stella_error *err);

/* The one file of the tree: size bytes of that name, made a clean path. Read where it is, not from its start to its end.
 * fd  of the file itself, borrowed
 * Returns STELLA_E_FORMAT when it is shorter than that. */
stella_status walk_file(collector *c, int fd, stella_sv name, uint64_t size, stella_error *err);

/* The entries of a table of contents, and the content of those that toc_plan found wanted.
 * blob_fd  the blob's parts at their places, the rest may be anything; borrowed
 * bytes    set on success: of all regular files
 * Returns STELLA_E_FORMAT naming the entry whose digest, place or size is wrong. */
stella_status walk_toc(collector *c, const toc *t, int blob_fd, uint64_t *bytes, stella_error *err);

/* A directory, in the order of its sorted names, never following a link and never leaving it. Pseudo file systems are
 * left out; so are other file systems unless asked for.
 * dir_fd  borrowed. With job->names_served the supervisor is asked for names and files instead
 * bytes   set on success: of the regular files seen */
stella_status walk_dir(collector *c, int dir_fd, int other_file_systems, uint64_t *bytes, stella_error *err);

#endif
