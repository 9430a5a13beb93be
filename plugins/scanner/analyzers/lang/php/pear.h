/* pear.h - packages and extensions that PEAR and PECL have installed: .registry/NAME.reg and
 * .registry/.channel.HOST/NAME.reg, each a serialized array with name, channel, version, dependencies and the files. */
#ifndef PHP_PEAR_H
#define PHP_PEAR_H

#include "common/walk.h"

/* A walk_read. */
stella_status pear_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
