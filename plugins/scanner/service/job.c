#include "job.h"

#include <stella/auto.h>
#include <stella/encoding.h>
#include <stella/json.h>

#include <stdio.h>
#include <time.h>

static const char *const status_names[] = {
    [JOB_QUEUED] = "queued", [JOB_RUNNING] = "running", [JOB_SUCCEEDED] = "succeeded", [JOB_FAILED] = "failed"};

const char *job_status_name(job_status status) {
    return status_names[status];
}

void job_time(int64_t wall_ms, char out[32]) {
    const time_t seconds = (time_t)(wall_ms / 1000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    const size_t used = strftime(out, 24, "%Y-%m-%dT%H:%M:%S", &tm);
    snprintf(out + used, 32 - used, ".%03dZ", (int)(wall_ms % 1000));
}

int job_id_is_valid(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return 0;
    return text.len == JOB_ID_SIZE - 1;
}

int job_has_format(const job *j, stella_sv format) {
    for (uint32_t i = 0; i < j->format_count; i++)
        if (stella_sv_eq(stella_sv_cstr(j->formats[i]), format))
            return 1;
    return 0;
}

/* "cyclonedx-json" or "cyclonedx-json@1.6". It becomes part of a file's name: no slash, and no dot at its front. */
static int is_format(stella_sv text) {
    const size_t at = stella_sv_find(text, '@');
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        const int is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || (c == '-' && i > 0);
        if (!is_word && !(i == at && i > 0) && !(c == '.' && i > at + 1))
            return 0;
    }
    return text.len > 0 && text.len <= JOB_FORMAT_MAX && at + 1 != text.len;
}

static void copy_text(char *out, stella_sv text) {
    memcpy(out, text.ptr, text.len);
    out[text.len] = '\0';
}

static stella_status read_formats(const stella_json *list, job *out, stella_error *err) {
    if (!stella_json_is(list, STELLA_JSON_ARRAY) || list->count == 0 || list->count > JOB_FORMATS_MAX)
        return stella_error_set(err, STELLA_E_INVALID, "/formats", "expected 1 to %d names", JOB_FORMATS_MAX);
    for (uint32_t i = 0; i < list->count; i++) {
        const stella_sv format = stella_json_str(stella_json_at(list, i));
        if (!is_format(format) || job_has_format(out, format))
            return stella_error_set(err, STELLA_E_INVALID, "/formats",
                                    "expected different names FORMAT or FORMAT@VERSION of [a-z0-9.-], at most %d bytes",
                                    JOB_FORMAT_MAX);
        copy_text(out->formats[out->format_count++], format);
    }
    return STELLA_OK;
}

static stella_status read_target(const stella_json *value, job *out, stella_error *err) {
    const stella_sv target = stella_json_str(value);
    if (target.len == 0 || target.len > JOB_TARGET_MAX || stella_sv_find(target, '\0') != target.len)
        return stella_error_set(err, STELLA_E_INVALID, "/target", "expected a text of 1 to %d bytes", JOB_TARGET_MAX);
    copy_text(out->target, target);
    return STELLA_OK;
}

/* Every part is followed by a NUL, which none can hold: no two requests run together. */
static void make_id(job *j, stella_sv client_id) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(JOB_TARGET_MAX + 1024);
    unsigned char hash[STELLA_SHA256_SIZE];
    stella_buf_add(&text, stella_sv_of(j->target, strlen(j->target) + 1));
    for (uint32_t i = 0; i < j->format_count; i++)
        stella_buf_add(&text, stella_sv_of(j->formats[i], strlen(j->formats[i]) + 1));
    stella_buf_u8(&text, 0);
    stella_buf_add(&text, client_id);
    if (memcmp(&j->choice, &(job_choice){0}, sizeof j->choice) != 0) {
        const stella_sink sink = stella_buf_sink(&text);
        stella_json_writer w;
        stella_buf_u8(&text, 0);
        stella_json_writer_init(&w, &sink, 0);
        stella_json_begin_object(&w);
        job_choice_write(&j->choice, &w);
        stella_json_end_object(&w);
        (void)stella_json_finish(&w, NULL);
    }
    stella_sha256_of(stella_buf_sv(&text), hash);
    stella_hex(hash, (JOB_ID_SIZE - 1) / 2, j->id);
}

static int is_known_member(stella_sv key) {
    static const char *const known[] = {"target", "formats", "clientRequestId", "force"};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (stella_sv_eq(key, stella_sv_cstr(known[i])))
            return 1;
    return job_choice_is_member(key);
}

static stella_status check_members(const stella_json *body, stella_error *err) {
    if (!stella_json_is(body, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "expected {\"target\": ..., \"formats\": [...]}");
    for (uint32_t i = 0; i < body->count; i++)
        if (!is_known_member(body->members[i].key))
            return stella_error_at(err, STELLA_E_INVALID, body->members[i].key,
                                   "a scan has target, formats, clientRequestId, force and the options of stella scan");
    const stella_sv client_id = stella_json_str(stella_json_get(body, "clientRequestId"));
    return client_id.len <= JOB_REQUEST_MAX ? STELLA_OK
                                            : stella_error_set(err, STELLA_E_INVALID, "/clientRequestId",
                                                               "expected at most %d bytes", JOB_REQUEST_MAX);
}

stella_status job_request_parse(stella_sv body, stella_arena *arena, job_request *out, stella_error *err) {
    const stella_json *root;
    job_request made = {.force = 0};
    stella_status status = stella_json_parse(body, arena, &root, err);
    if (status == STELLA_OK)
        status = check_members(root, err);
    if (status == STELLA_OK)
        status = read_target(stella_json_get(root, "target"), &made.job, err);
    const stella_json *formats = status == STELLA_OK ? stella_json_get(root, "formats") : NULL;
    if (formats) {
        status = read_formats(formats, &made.job, err);
    } else {
        copy_text(made.job.formats[0], STELLA_SV("json"));
        made.job.format_count = 1;
    }
    if (status == STELLA_OK)
        status = job_choice_read(root, &made.job.choice, err);
    if (status != STELLA_OK)
        return status;
    make_id(&made.job, stella_json_str(stella_json_get(root, "clientRequestId")));
    made.force = stella_json_is(stella_json_get(root, "force"), STELLA_JSON_TRUE);
    *out = made;
    return STELLA_OK;
}

static void write_failure(const job *j, stella_json_writer *w) {
    stella_json_key(w, STELLA_SV("failure"));
    if (j->status != JOB_FAILED) {
        stella_json_write_null(w);
        return;
    }
    stella_json_begin_object(w);
    stella_json_member_u64(w, "number", (uint64_t)j->failure.code);
    stella_json_member_str(w, "code", stella_sv_cstr(stella_status_name(j->failure.code)));
    stella_json_member_str(w, "message", stella_sv_cstr(j->failure.message));
    stella_json_member_opt(w, "at", stella_sv_cstr(j->failure.path));
    stella_json_end_object(w);
}

stella_status job_write(const job *j, const stella_sink *sink, stella_error *err) {
    stella_json_writer w;
    stella_json_writer_init(&w, sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "id", stella_sv_cstr(j->id));
    stella_json_member_str(&w, "status", stella_sv_cstr(status_names[j->status]));
    stella_json_member_str(&w, "imageReference", stella_sv_cstr(j->target));
    stella_json_member_array(&w, "formats");
    for (uint32_t i = 0; i < j->format_count; i++)
        stella_json_write_str(&w, stella_sv_cstr(j->formats[i]));
    stella_json_end_array(&w);
    job_choice_write(&j->choice, &w);
    stella_json_member_str(&w, "createdAt", stella_sv_cstr(j->created_at));
    stella_json_member_str(&w, "updatedAt", stella_sv_cstr(j->updated_at));
    stella_json_member_u64(&w, "queuedMs", j->queued_ms);
    stella_json_member_u64(&w, "attempts", j->attempts);
    stella_json_member_u64(&w, "sequence", j->sequence);
    stella_json_member_bool(&w, "partial", j->is_partial);
    write_failure(j, &w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static int read_status(stella_sv text, job_status *out) {
    for (uint32_t i = 0; i < sizeof status_names / sizeof status_names[0]; i++)
        if (stella_sv_eq(text, stella_sv_cstr(status_names[i]))) {
            *out = (job_status)i;
            return 1;
        }
    return 0;
}

static int read_number(const stella_json *root, const char *key, uint64_t max, uint64_t *out) {
    return stella_json_u64(stella_json_get(root, key), out) && *out <= max;
}

static int read_time(const stella_json *root, const char *key, char out[32]) {
    const stella_sv text = stella_json_str(stella_json_get(root, key));
    if (text.len == 0 || text.len >= 32)
        return 0;
    copy_text(out, text);
    return 1;
}

stella_status job_read(stella_sv document, stella_arena *arena, job *out, stella_error *err) {
    const stella_json *root;
    job made = {.status = JOB_QUEUED};
    uint64_t attempts = 0, sequence = 0, number = 0;
    stella_status status = stella_json_parse(document, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv id = stella_json_str(stella_json_get(root, "id"));
    if (!job_id_is_valid(id) || !read_status(stella_json_str(stella_json_get(root, "status")), &made.status) ||
        !read_number(root, "queuedMs", UINT64_MAX, &made.queued_ms) ||
        !read_number(root, "attempts", UINT32_MAX, &attempts) ||
        !read_number(root, "sequence", UINT32_MAX, &sequence) || !read_time(root, "createdAt", made.created_at) ||
        !read_time(root, "updatedAt", made.updated_at) ||
        read_target(stella_json_get(root, "imageReference"), &made, err) != STELLA_OK ||
        read_formats(stella_json_get(root, "formats"), &made, err) != STELLA_OK ||
        job_choice_read(root, &made.choice, err) != STELLA_OK)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the stored job is not a job document");
    copy_text(made.id, id);
    made.attempts = (uint32_t)attempts;
    made.sequence = (uint32_t)sequence;
    made.is_partial = stella_json_is(stella_json_get(root, "partial"), STELLA_JSON_TRUE);
    const stella_json *failure = stella_json_get(root, "failure");
    if (read_number(failure, "number", INT32_MAX, &number))
        stella_error_at(&made.failure, (stella_status)number, stella_json_str(stella_json_get(failure, "at")), "%.*s",
                        STELLA_SV_FMT(stella_json_str(stella_json_get(failure, "message"))));
    *out = made;
    return STELLA_OK;
}
