/* linked.h - a package database that only a symbolic link leads to: interests match literal paths, so no probe saw it.
 */
#ifndef DPKG_LINKED_H
#define DPKG_LINKED_H

#include <stella/analyzer.h>

/* Reads var/lib/dpkg/status through the links on its path when they end at a file that no record of this job came from.
 * A database that is there and cannot be read is noted.
 * out    as status_probe emits them, of the layer that carries the file; NULL and 0 when there is nothing to read, or
 *        when the content comes with the next call of analyze. Set on success; in the job's arena
 * Returns STELLA_E_NOMEM. */
stella_status linked_read(stella_analysis *job, stella_record **out, uint32_t *count, stella_error *err);

#endif
