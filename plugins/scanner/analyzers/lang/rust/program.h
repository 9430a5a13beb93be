/* program.h - Rust programs: the crates they were built from. */
#ifndef RUST_PROGRAM_H
#define RUST_PROGRAM_H

#include <stella/analyzer.h>

#define PROGRAM_PACKAGES_MAX 100000

/* Emits a record for each architecture that holds a list of crates; with STELLA_OPTION_HEURISTICS, for others, one of the
 * crates whose source files are named in it. */
stella_status program_probe(stella_probe *probe, stella_error *err);

/* Adds the components of all those records. */
stella_status program_add_all(stella_analysis *job, stella_error *err);

#endif
