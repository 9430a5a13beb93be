/* job_prepare.c - from a request to a job that a host can be told of: what its child will need lies in its socket. */
#include "worker/supervisor_internal.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#define REQUEST_MAX   (64u << 20)
#define REQUEST_FIRST offsetof(stella_job_request, label) /* bytes of the first version of a request */

static stella_status check_request(const stella_job_request *r, stella_error *err) {
    const int dir_is_sound = r->dir_fd == -1 || (r->dir_fd >= 0 && (uint32_t)r->dir_fd < r->fd_count);
    if (!r->role || !r->kind || strlen(r->kind) >= sizeof((stella_job_handle *)0)->kind)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a malformed job request");
    if (r->fd_count > STELLA_JOB_FDS_MAX || !dir_is_sound || r->excluded_count > CHANNEL_EXCLUDED_MAX ||
        r->request.len > REQUEST_MAX)
        return stella_error_set(err, STELLA_E_INVALID, r->kind, "a job request beyond its limits");
    return STELLA_OK;
}

static stella_status request_memfd(stella_sv request, int *out_fd, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("request", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    const stella_sink sink = stella_fd_sink(&fd);
    if (fd < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "request: %s", strerror(errno));
    const stella_status st = stella_sink_write(&sink, request, err);
    if (st)
        return st;
    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    *out_fd = stella_take_fd(&fd);
    return STELLA_OK;
}

static int send_fds(const stella_job_handle *job, const stella_job_request *r) {
    for (uint32_t at = 0; at < r->fd_count;) {
        const uint32_t count = r->fd_count - at < CHANNEL_FDS_MAX ? r->fd_count - at : CHANNEL_FDS_MAX;
        if (channel_send(job->socket, CHANNEL_FDS, 0, (stella_sv){0}, r->fds + at, count, MSG_DONTWAIT) < 0)
            return -1;
        at += count;
    }
    return 0;
}

/* All that the child needs lies in its socket before the host hears of the job: the host never sees it. */
static stella_status fill_socket(stella_job_handle *job, const stella_job_request *r, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int request = -1;
    STELLA_AUTO(stella_fd_closep) int page = -1;
    stella_status st = request_memfd(r->request, &request, err);
    if (!st)
        st = crash_page_create(&job->page, &page, err);
    if (st)
        return st;
    int log[2];
    if (pipe2(log, O_CLOEXEC) < 0)
        return stella_error_set(err, STELLA_E_IO, r->kind, "job log: %s", strerror(errno));
    job->log_fd = log[0];
    STELLA_AUTO(stella_fd_closep) int log_out = log[1];
    fcntl(job->log_fd, F_SETFL, O_NONBLOCK);
    channel_start start = {.request_bytes = r->request.len,
                           .file_bytes = r->file_bytes,
                           .fd_count = r->fd_count,
                           .dir_fd = r->dir_fd,
                           .excluded_count = r->excluded_count};
    memcpy(start.kind, r->kind, strlen(r->kind));
    if (r->excluded_count)
        memcpy(start.excluded, r->excluded, r->excluded_count * sizeof start.excluded[0]);
    const int fds[] = {request, page, log_out};
    if (channel_send(job->socket, CHANNEL_START, 0, stella_sv_of((const char *)&start, sizeof start), fds, 3,
                     MSG_DONTWAIT) < 0 ||
        send_fds(job, r) < 0)
        return stella_error_set(err, STELLA_E_IO, r->kind, "job socket: %s", strerror(errno));
    return STELLA_OK;
}

/* It goes to the log: one line of text. */
static void set_label(stella_job_handle *job, stella_sv label) {
    const size_t len = label.len < sizeof job->label ? label.len : sizeof job->label - 1;
    for (size_t i = 0; i < len; i++)
        job->label[i] = (unsigned char)label.ptr[i] < 0x20 || label.ptr[i] == 0x7f ? '?' : label.ptr[i];
    snprintf(job->log.input, sizeof job->log.input, "%s", job->label);
}

static stella_status fill(const supervisor *s, const stella_job_request *r, stella_job_handle *job, stella_error *err) {
    int pair[2];
    if (channel_pair(pair) < 0)
        return stella_error_set(err, STELLA_E_IO, r->kind, "job socket: %s", strerror(errno));
    job->socket = pair[0];
    job->child_end = pair[1];
    job->plugin_ms = r->plugin_ms;
    job->phase = CHANNEL_AWAITS_OUTCOME;
    job->reply = stella_buf_of(STELLA_JOB_REPLY_MAX);
    job->log.log = s->options.log;
    memcpy(job->kind, r->kind, strlen(r->kind) + 1);
    set_label(job, r->label);
    snprintf(job->log.source, sizeof job->log.source, "%s/%s", r->role, r->kind);
    if (r->dir_fd >= 0 && (job->dir_fd = fcntl(r->fds[r->dir_fd], F_DUPFD_CLOEXEC, 0)) < 0)
        return stella_error_set(err, STELLA_E_IO, r->kind, "directory: %s", strerror(errno));
    return fill_socket(job, r, err);
}

stella_status job_prepare(const supervisor *s, const stella_job_request *request, stella_job_request *known,
                          stella_job_handle **out, stella_error *err) {
    if (request->struct_size < REQUEST_FIRST)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a job request of %u bytes", request->struct_size);
    *known = (stella_job_request){0};
    memcpy(known, request, request->struct_size < sizeof *known ? request->struct_size : sizeof *known);
    stella_status st = check_request(known, err);
    if (st)
        return st;
    STELLA_AUTO(job_freep) stella_job_handle *job = calloc(1, sizeof *job);
    if (!job)
        return stella_error_set(err, STELLA_E_NOMEM, known->kind, "out of memory");
    job->socket = job->child_end = job->pidfd = job->statm = job->tasks = job->log_fd = job->dir_fd = -1;
    job->culprit.plugin = -1;
    st = fill(s, known, job, err);
    if (!st)
        *out = STELLA_TAKE(job);
    return st;
}
