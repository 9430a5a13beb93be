/* The job "layer.toc": which parts of a blob are needed? protocol.h has the request and the reply. */
#include "analyzers.h"
#include "engine.h"
#include "toc_request.h"

#include <stella/auto.h>
#include <stella/json.h>

enum { FD_TOC, FD_SCRATCH, FD_COUNT };

static stella_status job_write(void *self, stella_sv bytes, stella_error *err) {
    return stella_job_reply(self, bytes, err);
}

static stella_status reply(stella_job *job, const toc_range *ranges, uint32_t count, stella_error *err) {
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .self = job, .write = job_write};
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_array(&w, "ranges");
    for (uint32_t i = 0; i < count; i++) {
        stella_json_begin_array(&w);
        stella_json_write_u64(&w, ranges[i].offset);
        stella_json_write_u64(&w, ranges[i].size);
        stella_json_end_array(&w);
    }
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

stella_status engine_toc_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf json = stella_buf_of(TOC_JSON_MAX);
    STELLA_AUTO(toc_fini) toc t = {.arena = NULL};
    STELLA_AUTO(analyzers_fini) analyzers known = {.job = NULL};
    const stella_json *root = NULL;
    toc_request request;
    uint32_t count = 0;
    if (job->fd_count < FD_COUNT)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a layer.toc job takes %d descriptors", FD_COUNT);
    scratch spill = {.fd = job->fds[FD_SCRATCH]};
    const analyzers_choice all = {.is_none = 0};
    toc_range *ranges = stella_arena_alloc(job->arena, TOC_RANGES_MAX, sizeof *ranges);
    if (!ranges)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the plan of a layer");
    stella_status status = stella_json_parse(job->request, job->arena, &root, err);
    if (status == STELLA_OK)
        status = toc_request_read(stella_json_get(root, "toc"), &request, err);
    if (status == STELLA_OK)
        status = toc_request_load(&request, job->fds[FD_TOC], &json, &t, err);
    if (status == STELLA_OK)
        status = analyzers_init(&known, job, &all, &spill, err);
    if (status == STELLA_OK)
        status = toc_plan(&t, known.matcher, ranges, &count, err);
    return status == STELLA_OK ? reply(job, ranges, count, err) : status;
}
