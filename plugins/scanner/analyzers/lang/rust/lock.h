/* lock.h - Cargo.lock, versions 1 to 4. */
#ifndef RUST_LOCK_H
#define RUST_LOCK_H

#include "common/walk.h"

#define LOCK_PACKAGES_MAX 100000 /* of one file */
#define LOCK_NEEDS_MAX    500000 /* dependencies; the rest is left out with a note */

/* States the crates of one lock file and what they depend on; for walk_files. */
stella_status lock_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
