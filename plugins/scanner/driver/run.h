/* run.h - one job of the scan in a child. Private to the driver. */
#ifndef SCANNER_DRIVER_RUN_H
#define SCANNER_DRIVER_RUN_H

#include "state.h"

#define RUN_CONNECT "connect"

typedef struct run {
    scan *owner;
    stella_job_handle *handle;
} run;

/* Starts a job; the list of excluded plugins (the scan's and, unless NULL, more) and, unless the request has a sooner
 * one, the deadline are filled in here. role: RUN_CONNECT, or NULL for the scan host's.
 * out  set on success; the caller ends it
 * [any thread] */
stella_status run_start(scan *s, const stella_job_request *request, const exclusions *more, run *out,
                        stella_error *err);

/* Waits for its end. result: views are valid until run_end. [the thread that started it] */
stella_status run_wait(run *r, stella_job_result *result, stella_error *err);
void run_end(run *r); /* for STELLA_AUTO */

/* The error that the end of a job is, STELLA_OK for STELLA_END_DONE. what: the work, for the message. */
stella_status run_error(const scan *s, const stella_job_result *result, const char *what, stella_error *err);

/* Whether the job is worth another try without the plugin that ended it; then that plugin is in *excluded, and the loss
 * is noted. One that overran its time or memory is not used again in the whole scan; a crash counts for this job only,
 * so that every layer finds out for itself and the result does not depend on which was read first. [any thread] */
int run_learn(scan *s, const stella_job_result *result, int32_t layer, exclusions *excluded);

#endif
