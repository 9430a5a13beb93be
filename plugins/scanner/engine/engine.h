/* engine.h - the jobs of the engine, as plugin.c dispatches them. protocol.h says what each reads and answers. */
#ifndef SCANNER_ENGINE_ENGINE_H
#define SCANNER_ENGINE_ENGINE_H

#include "protocol.h"

#include <stella/job.h>

/* Each runs once in a throw-away process, on its main thread; an error is carried to whoever started the job. */
stella_status engine_open_job(stella_job *job, stella_error *err);
stella_status engine_formats_job(stella_job *job, stella_error *err);
stella_status engine_layer_job(stella_job *job, stella_error *err);
stella_status engine_toc_job(stella_job *job, stella_error *err);
stella_status engine_analyze_job(stella_job *job, stella_error *err);
stella_status engine_diff_job(stella_job *job, stella_error *err);
stella_status engine_check_job(stella_job *job, stella_error *err);

#endif
