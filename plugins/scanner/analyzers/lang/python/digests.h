/* digests.h - SHA-256 of the code that RECORD files may vouch for: computed while a layer streams by, looked up by path.
 */
#ifndef PYTHON_DIGESTS_H
#define PYTHON_DIGESTS_H

#include <stella/analyzer.h>
#include <stella/digest.h>

#define DIGESTS_RECORD "python.sha256" /* one a file; its bytes are the digest */

/* Hashes the probe's file. Returns what the probe's calls return, or STELLA_E_NOMEM. */
stella_status digests_probe(stella_probe *probe, stella_error *err);

typedef struct digests_item {
    stella_sv path;
    const unsigned char *sha256;
} digests_item;

/* All that a job has, ascending by path. */
typedef struct digests {
    digests_item *items;
    uint32_t count;
    uint32_t last; /* where the last look-up ended: the next one is mostly close behind */
} digests;

/* out  set on success; in the job's arena. Returns STELLA_E_NOMEM. */
stella_status digests_load(stella_analysis *job, digests *out, stella_error *err);

/* NULL when the file was not hashed or is gone. */
const unsigned char *digests_find(digests *d, stella_sv path);

#endif
