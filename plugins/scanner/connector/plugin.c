/* The connector as a plugin: two kinds of job. */
#include "connector.h"

static stella_status run(void *self, stella_job *job, stella_error *err) {
    (void)self;
    if (stella_sv_eq(job->kind, STELLA_SV(CONNECTOR_JOB_OPEN)))
        return connector_open_job(job, err);
    if (stella_sv_eq(job->kind, STELLA_SV(CONNECTOR_JOB_FETCH)))
        return connector_fetch_job(job, err);
    return stella_error_at(err, STELLA_E_UNSUPPORTED, job->kind, "the connector has no such job");
}

static const char *const kinds[] = {CONNECTOR_JOB_OPEN, CONNECTOR_JOB_FETCH, NULL};
static const stella_job_runner runner = {.head = STELLA_HEAD(stella_job_runner), .kinds = kinds, .run = run};

STELLA_PLUGIN(CONNECTOR_ID, CONNECTOR_VERSION, STELLA_JOB_INTERFACE, runner, .create = NULL);
