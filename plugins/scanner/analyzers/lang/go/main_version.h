/* main_version.h - the version of a Go program's own module, which the toolchain did not state before Go 1.24. */
#ifndef GO_MAIN_VERSION_H
#define GO_MAIN_VERSION_H

#include "modinfo.h"

/* In this order: the version of the line "mod"; one that was set with -ldflags="-X package.version=v1.2.3" (of package
 * main first, then of the module's own packages, then of one named version; when two of a rank differ, neither); the
 * pseudo-version of the revision it was built from, as "go" itself makes it.
 * out  empty when there is none; borrowed, or in the arena
 * Returns STELLA_E_NOMEM. */
stella_status main_version(const modinfo *info, stella_arena *arena, stella_sv *out, stella_error *err);

#endif
