/* The scan engine as a plugin: its kinds of job. */
#include "engine.h"

static stella_status run(void *self, stella_job *job, stella_error *err) {
    (void)self;
    if (stella_sv_eq(job->kind, STELLA_SV(ENGINE_JOB_OPEN)))
        return engine_open_job(job, err);
    if (stella_sv_eq(job->kind, STELLA_SV(ENGINE_JOB_FORMATS)))
        return engine_formats_job(job, err);
    if (stella_sv_eq(job->kind, STELLA_SV(ENGINE_JOB_LAYER)))
        return engine_layer_job(job, err);
    if (stella_sv_eq(job->kind, STELLA_SV(ENGINE_JOB_TOC)))
        return engine_toc_job(job, err);
    if (stella_sv_eq(job->kind, STELLA_SV(ENGINE_JOB_ANALYZE)))
        return engine_analyze_job(job, err);
    if (stella_sv_eq(job->kind, STELLA_SV(ENGINE_JOB_DIFF)))
        return engine_diff_job(job, err);
    if (stella_sv_eq(job->kind, STELLA_SV(ENGINE_JOB_CHECK)))
        return engine_check_job(job, err);
    return stella_error_at(err, STELLA_E_UNSUPPORTED, job->kind, "the scan engine has no such job");
}

static const char *const kinds[] = {ENGINE_JOB_OPEN,    ENGINE_JOB_FORMATS, ENGINE_JOB_LAYER, ENGINE_JOB_TOC,
                                    ENGINE_JOB_ANALYZE, ENGINE_JOB_DIFF,    ENGINE_JOB_CHECK, NULL};
static const stella_job_runner runner = {.head = STELLA_HEAD(stella_job_runner), .kinds = kinds, .run = run};

STELLA_PLUGIN(ENGINE_ID, ENGINE_VERSION, STELLA_JOB_INTERFACE, runner, .create = NULL);
