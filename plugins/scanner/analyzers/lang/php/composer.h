/* composer.h - what Composer has installed (vendor/composer/installed.json, of Composer 1 and 2) and what its lock file
 * names (composer.lock). Both are walk_read. Source: Composer's documentation, "composer.lock" and its schema. */
#ifndef PHP_COMPOSER_H
#define PHP_COMPOSER_H

#include "common/walk.h"

stella_status composer_installed(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

/* A lock file within an installed package says nothing of this tree, and is stepped over. */
stella_status composer_locked(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
