/* locked.h - what a lock file of Bundler names, as declared components. */
#ifndef RUBY_LOCKED_H
#define RUBY_LOCKED_H

#include "common/walk.h"

/* A walk_read. A lock file within an installed gem says nothing of this tree, and is stepped over. */
stella_status locked_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
