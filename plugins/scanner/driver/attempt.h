/* attempt.h - one try to read one layer in one child. Private to the driver. */
#ifndef SCANNER_DRIVER_ATTEMPT_H
#define SCANNER_DRIVER_ATTEMPT_H

#include "request.h"

#define ATTEMPT_FILE_BYTES (8ull << 30) /* the largest file a child may write: pack or scratch */

/* What came of it. */
typedef struct attempt {
    run child;
    stella_job_result result;             /* views are valid until attempt_fini */
    int pack_fd, links_fd;                /* what the child wrote */
    char digest[STELLA_DIGEST_TEXT_SIZE]; /* of the bytes that were fed; empty for a directory */
} attempt;

/* Starts a child, feeds it and waits. That the child ended badly is no error here: see out->result.
 * out  to be ended with attempt_fini whatever is returned */
stella_status attempt_run(scan *s, const layer_task *task, const exclusions *excluded, attempt *out, stella_error *err);
void attempt_fini(attempt *a); /* for STELLA_AUTO */

#endif
