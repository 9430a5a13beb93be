/* renv.h - renv.lock: the packages that renv has recorded for a project. */
#ifndef R_RENV_H
#define R_RENV_H

#include "common/walk.h"

/* A walk_read: declared components. A lock file within an installed package is stepped over. */
stella_status renv_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
