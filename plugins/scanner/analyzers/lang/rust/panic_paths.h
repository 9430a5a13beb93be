/* panic_paths.h - crates by the names of their source files, which a Rust program holds for its messages of panics:
 * ".../registry/src/index.crates.io-6f17d22bba15001f/serde-1.0.1/src/lib.rs". Weak evidence: of a crate that cannot panic
 * there is none. */
#ifndef RUST_PANIC_PATHS_H
#define RUST_PANIC_PATHS_H

#include "common/binary/binary.h"

#define PANIC_PATHS_MAX 65536 /* places that are looked at in a program */

typedef struct panic_crate {
    stella_sv name, version; /* views into the file */
} panic_crate;

/* Looks through the constants of the program.
 * crates  set on success: sorted by name and version, no two alike; in the arena
 * Returns STELLA_E_NOMEM. */
stella_status panic_paths_find(const binary *b, stella_arena *arena, const panic_crate **crates, uint32_t *count,
                               stella_error *err);

#endif
