/* routes.c - /api/v1/scans. On the control socket alone: a target names files of this machine, and what it can reach. */
#include "service.h"

#include <stella/auto.h>

static stella_status answer_job(const stella_http_request *request, stella_http_response *response, const job *j,
                                stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(64u << 10);
    const stella_sink sink = stella_buf_sink(&buf);
    const stella_status status = job_write(j, &sink, err);
    if (status != STELLA_OK)
        return status;
    response->body = stella_arena_dup(request->arena, stella_buf_sv(&buf));
    return response->body.ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the answer");
}

static stella_status post_scan(void *context, const stella_http_request *request, stella_http_response *response,
                               stella_error *err) {
    scanner_service *s = context;
    job_request asked;
    int was_created = 0;
    stella_status status = job_request_parse(request->body, request->arena, &asked, err);
    if (status != STELLA_OK)
        return status;
    if (queue_is_full(s))
        return stella_error_set(err, STELLA_E_BUSY, NULL, "as many scans wait as jobs.waiting_max allows: try later");
    status = store_accept(s, &asked, &was_created, err);
    if (status == STELLA_OK && was_created) {
        s->metrics->add(s->accepted, 1);
        status = queue_add(s, asked.job.id);
    }
    if (status != STELLA_OK)
        return status;
    response->status = 202;
    response->location = stella_arena_printf(request->arena, "/api/v1/scans/%s", asked.job.id).ptr;
    response->body = stella_arena_printf(
        request->arena, "{\"scanId\":\"%s\",\"status\":\"%s\",\"location\":\"/api/v1/scans/%s\",\"created\":%s}\n",
        asked.job.id, job_status_name(asked.job.status), asked.job.id, was_created ? "true" : "false");
    return STELLA_OK;
}

static stella_status find_job(scanner_service *s, const stella_http_request *request, job *out, stella_error *err) {
    const stella_sv id = stella_http_param(request, "id");
    if (!job_id_is_valid(id))
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "an id has 32 lower-case hex digits");
    return store_load(s, id, request->arena, out, err);
}

static stella_status get_scan(void *context, const stella_http_request *request, stella_http_response *response,
                              stella_error *err) {
    job j;
    const stella_status status = find_job(context, request, &j, err);
    return status == STELLA_OK ? answer_job(request, response, &j, err) : status;
}

/* Of a result in a format, with or without version. The service sees no emitter: they live in another process. */
static const char *media_type(stella_sv format) {
    static const struct {
        stella_sv format;
        const char *type;
    } known[] = {
        {STELLA_SV_INIT("table"), "text/plain; charset=utf-8"},
        {STELLA_SV_INIT("purls"), "text/plain; charset=utf-8"},
        {STELLA_SV_INIT("cyclonedx-json"), "application/vnd.cyclonedx+json"},
        {STELLA_SV_INIT("cyclonedx-xml"), "application/vnd.cyclonedx+xml"},
        {STELLA_SV_INIT("cyclonedx-protobuf"), "application/x.vnd.cyclonedx+protobuf"},
        {STELLA_SV_INIT("spdx-json"), "application/spdx+json"},
        {STELLA_SV_INIT("spdx-tag-value"), "text/spdx; charset=utf-8"},
        {STELLA_SV_INIT("spdx3-json"), "application/spdx+json"},
        {STELLA_SV_INIT("json"), "application/json"},
    };
    const stella_sv name = stella_sv_first(format, stella_sv_find(format, '@'));
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (stella_sv_eq(name, known[i].format))
            return known[i].type;
    return "application/octet-stream";
}

static stella_status get_result(void *context, const stella_http_request *request, stella_http_response *response,
                                stella_error *err) {
    job j;
    const stella_status status = find_job(context, request, &j, err);
    if (status != STELLA_OK)
        return status;
    stella_sv format = stella_http_query(request, "format");
    if (!format.ptr)
        format = stella_sv_cstr(j.formats[0]);
    if (!job_has_format(&j, format))
        return stella_error_at(err, STELLA_E_NOTFOUND, format, "the scan was not asked for this format");
    if (j.status != JOB_SUCCEEDED)
        return stella_error_set(err, STELLA_E_CONFLICT, NULL, "the scan is %s: there is no result",
                                job_status_name(j.status));
    response->type = media_type(format);
    return results_read(context, &j, stella_arena_cstr(request->arena, format), &response->body_fd, err);
}

stella_status routes_add(scanner_service *s, stella_error *err) {
    const stella_http *http = s->http;
    stella_status status = http->route(http->self, "POST", "/api/v1/scans", STELLA_HTTP_LOCAL, post_scan, s, err);
    if (status == STELLA_OK)
        status = http->route(http->self, "GET", "/api/v1/scans/{id}", STELLA_HTTP_LOCAL, get_scan, s, err);
    if (status == STELLA_OK)
        status = http->route(http->self, "GET", "/api/v1/scans/{id}/result", STELLA_HTTP_LOCAL, get_result, s, err);
    return status;
}
