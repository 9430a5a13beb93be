/* diversions.h - var/lib/dpkg/diversions: where dpkg-divert makes other packages' files go. */
#ifndef DPKG_DIVERSIONS_H
#define DPKG_DIVERSIONS_H

#include <stella/analyzer.h>

typedef struct diversion {
    stella_sv from, to; /* without leading slash */
    stella_sv by;       /* the package whose own file stays at from; ":" when it holds for all packages */
} diversion;

typedef struct diversions {
    diversion *items; /* by from; each once, the last in the file holds */
    uint32_t count;
} diversions;

/* Reads the file of this job; without one there are none. A cut entry at the end is noted.
 * out  set on success; lives in the job's arena, borrows from the file
 * Returns STELLA_E_NOMEM. */
stella_status diversions_load(stella_analysis *job, diversions *out, stella_error *err);

/* Where a path of that package's list lies in the tree. */
stella_sv diversions_apply(const diversions *d, stella_sv package, stella_sv path);

#endif
