/* needs.h - what the package that a main file belongs to says that it needs (npm docs, "package.json", dependencies). */
#ifndef ENTRYTRACE_NODE_NEEDS_H
#define ENTRYTRACE_NODE_NEEDS_H

#include "entrytrace/common/hop.h"

/* States that the program loads its own package, and the packages that this one names, where require would find them.
 * What those need is known from their own metadata.
 * main  relative to the root
 * Returns what must be passed on. A package.json that is none says nothing: the analyzer of Node tells. */
stella_status needs_use(stella_hop *hop, stella_sv main, stella_error *err);

#endif
