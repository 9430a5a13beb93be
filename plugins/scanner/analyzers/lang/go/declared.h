/* declared.h - modules that sources name: go.mod with go.sum beside it, and vendor/modules.txt. */
#ifndef GO_DECLARED_H
#define GO_DECLARED_H

#include "common/walk.h"

#define DECLARED_ENTRIES_MAX 200000 /* lines of a file */

/* Both are for walk_files. */
stella_status declared_read_mod(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);
stella_status declared_read_vendored(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
