/* snapshot.h - cpanfile.snapshot, the lock file of Carton.
 *
 *     DISTRIBUTIONS
 *       Try-Tiny-0.31
 *         pathname: E/ET/ETHER/Try-Tiny-0.31.tar.gz
 *         provides:
 *           Try::Tiny 0.31
 *         requirements:
 *           Carp 0 */
#ifndef PERL_SNAPSHOT_H
#define PERL_SNAPSHOT_H

#include "common/walk.h"

/* A walk_read: declared components. */
stella_status snapshot_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err);

#endif
