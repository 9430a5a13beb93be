/* The job "image.diff": two results in, their comparison out. */
#include "diff_write.h"
#include "emit_buffer.h"
#include "engine.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <errno.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/stat.h>

#define REQUEST_BYTES (16u << 20)
#define RESULT_BYTES  (1ull << 30)

typedef struct mapped {
    void *bytes;
    size_t size;
} mapped;

static void mapped_fini(mapped *m) {
    if (m->bytes)
        (void)munmap(m->bytes, m->size);
}

static stella_status map_document(int fd, mapped *out, stella_error *err) {
    struct stat info;
    if (fstat(fd, &info) != 0 || !S_ISREG(info.st_mode) || info.st_size <= 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a file, or an empty one");
    void *bytes = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (bytes == MAP_FAILED)
        return stella_error_set(err, STELLA_E_IO, NULL, "mapping it: %s", strerror(errno));
    *out = (mapped){.bytes = bytes, .size = (size_t)info.st_size};
    return STELLA_OK;
}

/* One of the two results, read in a thread of its own. */
typedef struct reading {
    int fd;
    const char *which;
    mapped document;
    stella_arena *arena;
    diff_side side;
    stella_status status;
    stella_error error;
} reading;

static void reading_fini(reading *r) {
    stella_arena_destroy(r->arena);
    mapped_fini(&r->document);
}

static void *read_side(void *argument) {
    reading *r = argument;
    stella_error why = {0};
    r->arena = stella_arena_create(RESULT_BYTES);
    r->status = r->arena ? map_document(r->fd, &r->document, &why)
                         : stella_error_set(&why, STELLA_E_NOMEM, NULL, "no memory for it");
    if (r->status == STELLA_OK)
        r->status = diff_read(stella_sv_of(r->document.bytes, r->document.size), r->arena, &r->side, &why);
    if (r->status != STELLA_OK)
        stella_error_set(&r->error, r->status, NULL, "the %s result: %s%s%s", r->which, why.path,
                         why.path[0] ? ": " : "", why.message);
    return NULL;
}

/* Both at once, or one behind the other where there is no thread to be had. */
static stella_status read_sides(reading *old, reading *new, stella_error *err) {
    pthread_t thread;
    const int has_thread = pthread_create(&thread, NULL, read_side, old) == 0;
    if (!has_thread)
        (void)read_side(old);
    (void)read_side(new);
    if (has_thread)
        (void)pthread_join(thread, NULL);
    const reading *failed = old->status != STELLA_OK ? old : new;
    if (failed->status != STELLA_OK && err)
        *err = failed->error;
    return failed->status;
}

static int64_t generated_ms(const stella_json *request, const diff_side *old, const diff_side *new) {
    int64_t epoch_ms = -1;
    (void)stella_json_i64(stella_json_get(request, "epochMs"), &epoch_ms);
    if (epoch_ms >= 0)
        return epoch_ms;
    return new->created_ms > old->created_ms ? new->created_ms : old->created_ms;
}

static stella_status write_output(stella_job *job, const stella_json *output, const diff_result *result,
                                  int is_by_layer, stella_error *err) {
    uint64_t position = 0, width = 0;
    diff_writer *write = diff_writer_of(stella_json_str(stella_json_get(output, "format")));
    if (!write || !stella_json_u64(stella_json_get(output, "fd"), &position) || position >= job->fd_count)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "formats of a comparison are table, json and markdown");
    (void)stella_json_u64(stella_json_get(output, "width"), &width);
    diff_form form = {.is_by_layer = is_by_layer,
                      .is_color = stella_json_is(stella_json_get(output, "color"), STELLA_JSON_TRUE),
                      .width = (uint32_t)width};
    STELLA_AUTO(emit_buffer_destroyp) emit_buffer *buffer = NULL;
    stella_status status = emit_buffer_create(job->fds[position], &buffer, err);
    if (status != STELLA_OK)
        return status;
    form.sink = emit_buffer_sink(buffer);
    status = write(result, &form, err);
    return status == STELLA_OK ? emit_buffer_flush(buffer, err) : status;
}

static stella_status reply(stella_job *job, const diff_result *r, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(STELLA_JOB_REPLY_MAX);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_u64(&w, "changes", r->change_count);
    stella_json_member_bool(&w, "partial", r->old->lost || r->new->lost);
    stella_json_end_object(&w);
    const stella_status status = stella_json_finish(&w, err);
    return status == STELLA_OK ? stella_job_reply(job, stella_buf_sv(&buf), err) : status;
}

static stella_status compare(stella_job *job, const stella_json *request, stella_arena *arena, stella_error *err) {
    STELLA_AUTO(reading_fini) reading old = {.fd = job->fds[0], .which = "old"};
    STELLA_AUTO(reading_fini) reading new = {.fd = job->fds[1], .which = "new"};
    const stella_json *outputs = stella_json_get(request, "outputs");
    const int is_by_layer = stella_json_is(stella_json_get(request, "byLayer"), STELLA_JSON_TRUE);
    const int with_managed = stella_json_is(stella_json_get(request, "managed"), STELLA_JSON_TRUE);
    const int is_usage = stella_sv_eq(stella_json_str(stella_json_get(request, "view")), STELLA_SV("usage"));
    diff_result result;
    stella_status status = read_sides(&old, &new, err);
    if (status == STELLA_OK && !with_managed) {
        diff_drop_managed(&old.side);
        diff_drop_managed(&new.side);
    }
    if (status == STELLA_OK)
        status = diff_compare(&old.side, &new.side, is_usage ? DIFF_USAGE : DIFF_INVENTORY, arena, &result, err);
    if (status != STELLA_OK)
        return status;
    result.generated_ms = generated_ms(request, &old.side, &new.side);
    for (uint32_t i = 0; status == STELLA_OK && outputs && i < outputs->count; i++)
        status = write_output(job, stella_json_at(outputs, i), &result, is_by_layer, err);
    return status == STELLA_OK ? reply(job, &result, err) : status;
}

stella_status engine_diff_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *requested = stella_arena_create(REQUEST_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(RESULT_BYTES);
    const stella_json *request = NULL;
    if (!requested || !arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a comparison");
    const stella_status status = stella_json_parse(job->request, requested, &request, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_is(request, STELLA_JSON_OBJECT) || job->fd_count < 2)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "image.diff wants two results");
    return compare(job, request, arena, err);
}
