#include "remote.h"

#include "access.h"
#include "daemon.h"
#include "describe.h"
#include "request.h"
#include "temp.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define OPEN_MS       600000 /* of remote.open: a registry may ask for patience */
#define LAST_WORDS_MS 30000  /* of a fetch whose pipe has ended */
#define STALL_MS      300000 /* without a byte; sources give up sooner, and know why */
#define WAIT_MS       200

int remote_has_scheme(void *scan_pointer, stella_sv scheme) {
    const scan *s = scan_pointer;
    const stella_worker *worker = s->options.worker;
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    for (uint32_t i = 0; STELLA_HAS(worker, stella_worker, listed) && worker->listed &&
                         worker->listed(worker->self, "connect", i, &plugin);
         i++) {
        const stella_sv id = stella_sv_cstr(plugin.id);
        const size_t dot = stella_sv_rfind(id, '.');
        if (plugin.provides && strstr(plugin.provides, "stella.source/") && dot < id.len &&
            stella_sv_eq(stella_sv_skip(id, dot + 1), scheme))
            return 1;
        plugin = (stella_worker_plugin){.struct_size = sizeof plugin};
    }
    return 0;
}

/* ---- requests ---- */

static void write_target(const scan *s, stella_json_writer *w, int has_socket, int position) {
    stella_json_member_str(w, "scheme", s->target.scheme);
    stella_json_member_str(w, "name", s->target.name);
    stella_json_member_str(w, "platform", stella_sv_cstr(s->options.platform));
    stella_json_member_str(w, "access", s->access);
    stella_json_key(w, STELLA_SV("socket"));
    stella_json_write_i64(w, has_socket ? position : -1);
}

static void write_layer(const layer_info *info, stella_json_writer *w) {
    stella_json_member_object(w, "layer");
    stella_json_member_str(w, "kind", info->kind == LAYER_ARCHIVE ? STELLA_SV("archive") : STELLA_SV("blob"));
    stella_json_member_str(w, "path", info->path);
    stella_json_member_u64(w, "offset", info->offset);
    stella_json_member_u64(w, "size", info->size);
    stella_json_member_str(w, "digest", info->digest);
    stella_json_member_str(w, "diffId", info->diff_id);
    stella_json_member_str(w, "mediaType", info->media_type);
    stella_json_member_str(w, "createdBy", info->created_by);
    stella_json_end_object(w);
}

static void write_ranges(const remote_ranges *ranges, stella_json_writer *w) {
    stella_json_member_array(w, "ranges");
    for (uint32_t i = 0; i < ranges->count; i++) {
        stella_json_begin_array(w);
        stella_json_write_u64(w, ranges->list[i].offset);
        stella_json_write_u64(w, ranges->list[i].size);
        stella_json_end_array(w);
    }
    stella_json_end_array(w);
}

/* info: NULL for remote.open. ranges: NULL for all of it. */
static stella_status write_request(const scan *s, const layer_info *info, const remote_ranges *ranges, int has_socket,
                                   stella_buf *out, stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    write_target(s, &w, has_socket, info != NULL);
    if (info && ranges) {
        write_ranges(ranges, &w);
    } else if (info) {
        stella_json_member_u64(&w, "offset", 0);
        stella_json_member_u64(&w, "size", info->size);
    }
    if (info)
        write_layer(info, &w);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static stella_status start(scan *s, const layer_info *info, const remote_ranges *ranges, int out_fd, run *out,
                           stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    STELLA_AUTO(stella_fd_closep) int daemon = -1;
    stella_status status =
        daemon_is_scheme(s->target.scheme) ? daemon_connect(s->target.scheme, &daemon, err) : STELLA_OK;
    if (status == STELLA_OK)
        status = write_request(s, info, ranges, daemon >= 0, &text, err);
    if (status != STELLA_OK)
        return status;
    int32_t fds[2];
    uint32_t count = 0;
    if (info)
        fds[count++] = out_fd;
    if (daemon >= 0)
        fds[count++] = daemon;
    char label[160];
    snprintf(label, sizeof label, "%.*s%s%.*s", STELLA_SV_FMT(stella_sv_first(s->target.name, 80)),
             info && info->digest.len ? " " : "", STELLA_SV_FMT(info ? info->digest : (stella_sv){0}));
    const stella_job_request request = {.role = RUN_CONNECT,
                                        .kind = info ? "remote.fetch" : "remote.open",
                                        .request = stella_buf_sv(&text),
                                        .fds = fds,
                                        .fd_count = count,
                                        .dir_fd = -1,
                                        .deadline_ms = info ? LAST_WORDS_MS : OPEN_MS,
                                        .plugin_ms = info ? LAST_WORDS_MS : OPEN_MS,
                                        .label = stella_sv_cstr(label)};
    return run_start(s, &request, NULL, out, err);
}

/* ---- fetching ---- */

static stella_status check_formats(scan *s, stella_error *err) {
    STELLA_AUTO(run_end) run child = {0};
    stella_job_result result;
    const stella_job_request request = {
        .kind = "formats", .request = stella_buf_sv(&s->open_request), .dir_fd = -1, .label = STELLA_SV("outputs")};
    stella_status status = run_start(s, &request, NULL, &child, err);
    if (status == STELLA_OK)
        status = run_wait(&child, &result, err);
    return status == STELLA_OK ? run_error(s, &result, "outputs", err) : status;
}

/* An output that nobody can write is told before anything is downloaded; when nothing will be, there may be no need for
 * the scan host at all. */
static stella_status check_outputs(scan *s, stella_error *err) {
    for (uint32_t i = 0; i < s->image.layer_count; i++) {
        const layer_info *layer = &s->image.layers[i];
        char digest[STELLA_DIGEST_TEXT_SIZE];
        snprintf(digest, sizeof digest, "%.*s", STELLA_SV_FMT(layer->digest));
        if (layer->kind != LAYER_FOREIGN &&
            !(digest[0] && s->options.cache && cache_pack_has(s->options.cache, digest)))
            return check_formats(s, err);
    }
    return STELLA_OK;
}

static void set_paused(const run *job, int paused) {
    const stella_worker *worker = job->owner->options.worker;
    worker->pause(worker->self, job->handle, paused);
}

/* A fetch waits for the network, or for whoever reads its pipe: no clock of its own runs, stalls are noticed here. */
static stella_status begin(scan *s, const layer_info *info, const remote_ranges *ranges, remote_fetch *out,
                           stella_error *err) {
    int ends[2] = {-1, -1};
    stella_status status = temp_pipe(ends, err);
    if (status != STELLA_OK)
        return status;
    out->fd = ends[0];
    STELLA_AUTO(stella_fd_closep) int to_write = ends[1];
    status = start(s, info, ranges, to_write, &out->job, err);
    if (status == STELLA_OK)
        set_paused(&out->job, 1);
    return status;
}

stella_status remote_fetch_start(scan *s, const layer_info *info, const remote_ranges *ranges, remote_fetch *out,
                                 stella_error *err) {
    *out = (remote_fetch){.owner = s, .fd = -1};
    out->status = begin(s, info, ranges, out, err);
    return out->status;
}

/* What the source has to say about the end. */
static stella_status conclude(remote_fetch *f, stella_error *err) {
    stella_job_result result;
    set_paused(&f->job, 0);
    f->is_waited = 1;
    const stella_status status = run_wait(&f->job, &result, err);
    return status == STELLA_OK ? run_error(f->owner, &result, f->owner->target.path, err) : status;
}

static stella_status await_bytes(const remote_fetch *f, stella_error *err) {
    struct pollfd input = {.fd = f->fd, .events = POLLIN};
    for (uint32_t waited = 0; waited < STALL_MS; waited += WAIT_MS) {
        const stella_status status = scan_check(f->owner, err);
        if (status != STELLA_OK)
            return status;
        if (poll(&input, 1, WAIT_MS) > 0)
            return STELLA_OK;
    }
    return stella_error_set(err, STELLA_E_TIMEOUT, NULL, "nothing came for %d seconds", STALL_MS / 1000);
}

static stella_status await_network(const remote_fetch *f, const run *child, stella_error *err) {
    struct pollfd input = {.fd = f->fd, .events = POLLIN};
    if (poll(&input, 1, 0) > 0)
        return STELLA_OK;
    if (child)
        set_paused(child, 1);
    const stella_status status = await_bytes(f, err);
    if (child)
        set_paused(child, 0);
    return status;
}

stella_status remote_fetch_read(remote_fetch *f, const run *child, char *buf, size_t room, size_t *got,
                                stella_error *err) {
    for (;;) {
        const stella_status status = await_network(f, child, err);
        if (status != STELLA_OK)
            return status;
        const ssize_t n = read(f->fd, buf, room);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno));
        if (n > 0) {
            *got = (size_t)n;
            return STELLA_OK;
        }
        const stella_status end = conclude(f, err);
        if (end == STELLA_OK)
            *got = 0;
        return end;
    }
}

void remote_fetch_end(remote_fetch *f) {
    stella_job_result ignored;
    stella_fd_closep(&f->fd);
    if (f->job.handle && !f->is_waited) {
        const stella_worker *worker = f->owner->options.worker;
        worker->kill(worker->self, f->job.handle); /* all that is wanted of it has come */
        run_wait(&f->job, &ignored, NULL);
    }
    run_end(&f->job);
}

/* ---- opening ---- */

static stella_status ask(scan *s, stella_error *err) {
    STELLA_AUTO(run_end) run child = {0};
    stella_job_result result = {0};
    stella_status status = start(s, NULL, NULL, -1, &child, err);
    if (status == STELLA_OK)
        status = run_wait(&child, &result, err);
    if (status == STELLA_OK)
        status = run_error(s, &result, s->target.path, err);
    if (status == STELLA_OK && stella_buf_add(&s->open_reply, result.reply) != STELLA_OK)
        status = stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the reply of remote.open");
    return status == STELLA_OK ? image_parse(stella_buf_sv(&s->open_reply), s->arena, &s->image, err) : status;
}

static stella_status spool(scan *s, const layer_info *archive, int to, stella_error *err) {
    STELLA_AUTO(stella_freep) char *buf = malloc(FEED_BYTES);
    STELLA_AUTO(remote_fetch_end) remote_fetch fetch = {.fd = -1};
    const stella_sink sink = stella_fd_sink(&to);
    if (!buf)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read with");
    stella_status status = remote_fetch_start(s, archive, NULL, &fetch, err);
    for (size_t got = 1; status == STELLA_OK && got;) {
        status = remote_fetch_read(&fetch, NULL, buf, FEED_BYTES, &got, err);
        if (status == STELLA_OK && got && stella_sink_write(&sink, stella_sv_of(buf, got), err) != STELLA_OK)
            status = stella_error_set(err, STELLA_E_INTERNAL, s->target.path, "no room for a copy of the image");
        atomic_fetch_add(&s->bytes_done, status == STELLA_OK ? got : 0);
    }
    return status;
}

/* From now on the target is the archive: a file like any other. */
static stella_status become_file(scan *s, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int file = -1;
    const layer_info archive = s->image.layers[0];
    stella_status status = temp_file("stella-archive", &file, err);
    if (status == STELLA_OK)
        status = spool(s, &archive, file, err);
    if (status == STELLA_OK)
        status = temp_reopen_read_only(file, &s->target.fd, err);
    if (status != STELLA_OK)
        return status;
    s->target.is_remote = 0;
    s->target.scheme = STELLA_SV("docker-archive");
    stella_buf_fini(&s->open_request);
    stella_buf_fini(&s->open_reply);
    s->open_request = stella_buf_of(REQUEST_BYTES_MAX);
    s->open_reply = stella_buf_of(STELLA_JOB_REPLY_MAX);
    atomic_store(&s->bytes_done, 0); /* the layers count from the beginning */
    status = request_open(s, s->formats, s->format_count, &s->open_request, err);
    return status == STELLA_OK ? describe(s, err) : status;
}

/* Somebody who mistyped a path is told of both. */
static void explain(const scan *s, stella_error *err) {
    char said[sizeof err->message];
    if (!err || !s->target.is_implied)
        return;
    memcpy(said, err->message, sizeof said);
    snprintf(err->message, sizeof err->message, "no such file; as an image in a registry: %.140s", said);
}

stella_status remote_describe(scan *s, stella_error *err) {
    stella_status status = access_grant(s, &s->access, err);
    if (status == STELLA_OK)
        status = ask(s, err);
    if (status != STELLA_OK) {
        explain(s, err);
        return status;
    }
    status = check_outputs(s, err);
    if (status == STELLA_OK && s->image.layer_count == 1 && s->image.layers[0].kind == LAYER_ARCHIVE)
        return become_file(s, err);
    return status;
}
