#include "diff.h"

#include "run.h"

#include <stella/auto.h>

#define REQUEST_BYTES 65536u
#define MEMORY_BYTES  (2ull << 30)
#define FILE_BYTES    (1ull << 30) /* the largest output */

static stella_status write_request(const scan_options *options, const scan_diff_request *request,
                                   const scan_output *outputs, uint32_t output_count, stella_buf *out,
                                   stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "view", request->is_usage ? STELLA_SV("usage") : STELLA_SV("inventory"));
    stella_json_member_bool(&w, "byLayer", request->is_by_layer);
    stella_json_member_bool(&w, "managed", request->with_managed);
    stella_json_key(&w, STELLA_SV("epochMs"));
    stella_json_write_i64(&w, options->epoch_ms);
    stella_json_member_array(&w, "outputs");
    for (uint32_t i = 0; i < output_count; i++) {
        stella_json_begin_object(&w);
        stella_json_member_str(&w, "format", stella_sv_cstr(outputs[i].format));
        stella_json_member_u64(&w, "fd", 2 + i);
        stella_json_member_bool(&w, "color", outputs[i].has_color);
        stella_json_member_u64(&w, "width", outputs[i].width);
        stella_json_end_object(&w);
    }
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static stella_status read_reply(stella_sv reply, stella_arena *arena, scan_diff_report *out, stella_error *err) {
    const stella_json *root = NULL;
    scan_diff_report report = {0};
    const stella_sv kept = stella_arena_dup(arena, reply);
    if (!kept.ptr || stella_json_parse(kept, arena, &root, NULL) != STELLA_OK ||
        !stella_json_u64(stella_json_get(root, "changes"), &report.changes))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "the reply of image.diff breaks the protocol");
    report.is_partial = stella_json_is(stella_json_get(root, "partial"), STELLA_JSON_TRUE);
    *out = report;
    return STELLA_OK;
}

static stella_status compare(scan *s, const scan_diff_request *request, const scan_output *outputs,
                             uint32_t output_count, scan_diff_report *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES);
    STELLA_AUTO(run_end) run child = {0};
    stella_job_result result;
    int32_t fds[2 + SCAN_OUTPUTS_MAX] = {request->old_fd, request->new_fd};
    for (uint32_t i = 0; i < output_count; i++)
        fds[2 + i] = outputs[i].fd;
    stella_status status = write_request(&s->options, request, outputs, output_count, &text, err);
    if (status != STELLA_OK)
        return status;
    const stella_job_request job = {.kind = "image.diff",
                                    .request = stella_buf_sv(&text),
                                    .fds = fds,
                                    .fd_count = 2 + output_count,
                                    .dir_fd = -1,
                                    .memory_bytes = MEMORY_BYTES,
                                    .file_bytes = FILE_BYTES,
                                    .label = STELLA_SV("diff")};
    status = run_start(s, &job, NULL, &child, err);
    if (status == STELLA_OK)
        status = run_wait(&child, &result, err);
    if (status == STELLA_OK)
        status = run_error(s, &result, "image.diff", err);
    return status == STELLA_OK ? read_reply(result.reply, s->arena, out, err) : status;
}

static scan_outcome outcome_of(const scan *s, stella_status status) {
    switch (status) {
    case STELLA_OK:
        return SCAN_DONE;
    case STELLA_E_INVALID:
        return SCAN_USAGE;
    case STELLA_E_FORMAT:
    case STELLA_E_LIMIT:
        return SCAN_TARGET;
    default:
        return s->is_unusable ? SCAN_USAGE : SCAN_FAILED;
    }
}

scan_outcome scan_diff(const scan_options *options, const scan_diff_request *request, const scan_output *outputs,
                       uint32_t output_count, scan_diff_report *out, stella_error *err) {
    STELLA_AUTO(scan_destroyp) scan *s = NULL;
    stella_error ignored = {0};
    err = err ? err : &ignored;
    if (output_count > SCAN_OUTPUTS_MAX) {
        stella_error_set(err, STELLA_E_INVALID, NULL, "%u outputs, at most %d", output_count, SCAN_OUTPUTS_MAX);
        return SCAN_USAGE;
    }
    if (scan_create(options, &s, err) != STELLA_OK)
        return SCAN_FAILED;
    return outcome_of(s, compare(s, request, outputs, output_count, out, err));
}
