#include "describe.h"

#include "memo.h"
#include "run.h"
#include "temp.h"

#include <stella/auto.h>
#include <stella/job.h>

#include <stdio.h>

#define OPEN_FILE_BYTES (1ull << 40) /* of an archive that is compressed as a whole, uncompressed */

/* A source names the place within the target, "index.json": in which target, its user is told too. */
static void name_target(const scan *s, stella_error *err) {
    char place[sizeof err->path];
    memcpy(place, err->path, sizeof place);
    const size_t len = strlen(s->target.path);
    if (place[0] && strncmp(place, s->target.path, len) != 0 && len < sizeof place / 2)
        snprintf(err->path, sizeof err->path, "%s: %.*s", s->target.path, (int)(sizeof place - len - 3), place);
}

static stella_status start(scan *s, int spool, const exclusions *excluded, run *out, stella_error *err) {
    const int32_t fds[] = {s->target.fd, spool};
    const stella_job_request request = {.kind = "image.open",
                                        .request = stella_buf_sv(&s->open_request),
                                        .fds = fds,
                                        .fd_count = sizeof fds / sizeof fds[0],
                                        .dir_fd = s->target.is_directory ? 0 : -1,
                                        .file_bytes = OPEN_FILE_BYTES,
                                        .label = stella_sv_cstr(s->target.path)};
    return run_start(s, &request, excluded, out, err);
}

/* Has the image described. A source that dies on a target it was only asked to look at is left out; the one that the
 * user named, or that was sure, is the end of the scan.
 * reply  set on success; in a buffer of the caller's */
static stella_status ask(scan *s, int *spool_fd, stella_buf *reply, stella_error *err) {
    exclusions excluded = {0};
    for (;;) {
        STELLA_AUTO(stella_fd_closep) int spool = -1;
        STELLA_AUTO(run_end) run child = {0};
        stella_job_result result;
        stella_status status = temp_file("stella-spool", &spool, err);
        if (status == STELLA_OK)
            status = start(s, spool, &excluded, &child, err);
        if (status == STELLA_OK)
            status = run_wait(&child, &result, err);
        if (status != STELLA_OK)
            return status;
        if (s->target.scheme.len == 0 && run_learn(s, &result, -1, &excluded))
            continue;
        status = run_error(s, &result, s->target.path, err);
        if (status != STELLA_OK)
            name_target(s, err);
        else if (stella_buf_add(reply, result.reply) != STELLA_OK)
            status = stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the reply of image.open");
        if (status == STELLA_OK)
            *spool_fd = stella_take_fd(&spool);
        return status;
    }
}

stella_status describe(scan *s, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int spool = -1;
    if (memo_recall(s))
        return STELLA_OK;
    stella_status status = ask(s, &spool, &s->open_reply, err);
    if (status == STELLA_OK)
        status = image_parse(stella_buf_sv(&s->open_reply), s->arena, &s->image, err);
    if (status == STELLA_OK && s->image.is_spooled)
        s->spool_fd = stella_take_fd(&spool);
    if (status == STELLA_OK)
        memo_confirm(s);
    return status;
}

stella_status describe_spool(scan *s, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf reply = stella_buf_of(STELLA_JOB_REPLY_MAX);
    stella_status status = STELLA_OK;
    pthread_mutex_lock(&s->spool_lock);
    if (s->image.is_spooled && s->spool_fd < 0) {
        int spool = -1;
        status = ask(s, &spool, &reply, err);
        if (status == STELLA_OK && !stella_sv_eq(stella_buf_sv(&reply), stella_buf_sv(&s->open_reply)))
            status = stella_error_set(err, STELLA_E_FORMAT, s->target.path, "changed while it was scanned");
        if (status == STELLA_OK)
            s->spool_fd = stella_take_fd(&spool);
        stella_fd_closep(&spool);
    }
    pthread_mutex_unlock(&s->spool_lock);
    return status;
}
