/* relations.h - what packages require, resolved to the packages that provide it: by provided name and version, or by an
 * owned file where a path is required. */
#ifndef RPM_RELATIONS_H
#define RPM_RELATIONS_H

#include "inventory.h"

#define RELATIONS_CANDIDATES_MAX 1024 /* entries looked at for one requirement */

typedef struct relations relations;

/* Indexes what the packages (of one root) provide, and the paths that they require.
 * out  set on success; lives in the job's arena
 * Returns STELLA_E_NOMEM. */
stella_status relations_open(stella_analysis *job, const package *packages, uint32_t count, relations **out,
                             stella_error *err);

/* Takes note of an owned file: the signature is files_seen of files.h. */
void relations_file(void *self, stella_sv path, const package *owner);

/* Relates the packages' components. rpmlib() features, rich dependencies and edges to oneself are left out. */
void relations_link(relations *r);

#endif
