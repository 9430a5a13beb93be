#include "attempt.h"

#include "temp.h"

#include <stella/auto.h>

#include <stdio.h>

/* What the log and an obituary call the input by. */
static stella_sv label_of(const scan *s, const layer_task *task, char *text, size_t size) {
    const layer_info *info = task->info;
    const stella_sv digest = info->digest.len ? info->digest : info->diff_id;
    if (digest.len)
        snprintf(text, size, "layer %.*s", STELLA_SV_FMT(digest));
    else
        snprintf(text, size, "layer %u of %s", task->index, s->target.path);
    return stella_sv_cstr(text);
}

static stella_status start(scan *s, const layer_task *task, const exclusions *excluded, int input, int dir_fd,
                           attempt *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    STELLA_AUTO(stella_fd_closep) int scratch = -1;
    stella_status status = temp_file("stella-pack", &out->pack_fd, err);
    if (status == STELLA_OK)
        status = temp_file("stella-scratch", &scratch, err);
    if (status == STELLA_OK && task->links_fd < 0)
        status = temp_file("stella-links", &out->links_fd, err);
    if (status == STELLA_OK)
        status = request_layer(s, task, &text, err);
    if (status != STELLA_OK)
        return status;
    const int32_t more = task->parts ? task->blob_fd : task->base_fd;
    const int32_t fds[] = {input, out->pack_fd, scratch, task->links_fd < 0 ? out->links_fd : task->links_fd, more};
    char label[160];
    const stella_job_request request = {.kind = "layer",
                                        .request = stella_buf_sv(&text),
                                        .fds = fds,
                                        .fd_count = sizeof fds / sizeof fds[0] - (more < 0),
                                        .dir_fd = dir_fd,
                                        .file_bytes = ATTEMPT_FILE_BYTES,
                                        .label = label_of(s, task, label, sizeof label)};
    return run_start(s, &request, excluded, &out->child, err);
}

/* The child reads for itself, by name or by place: of a large file most may be of interest to nobody, so nobody has
 * digested it either. */
static stella_status run_in_place(scan *s, const layer_task *task, const exclusions *excluded, attempt *out,
                                  stella_error *err) {
    const int is_directory = task->info->kind == LAYER_DIRECTORY;
    const stella_status status = start(s, task, excluded, task->content.fd, is_directory ? 0 : -1, out, err);
    return status == STELLA_OK ? run_wait(&out->child, &out->result, err) : status;
}

/* What the child would read is empty: the pack tells. */
static stella_status run_lookup(scan *s, const layer_task *task, const exclusions *excluded, attempt *out,
                                stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int empty = -1;
    stella_status status = temp_file("stella-nothing", &empty, err);
    if (status == STELLA_OK)
        status = start(s, task, excluded, empty, -1, out, err);
    return status == STELLA_OK ? run_wait(&out->child, &out->result, err) : status;
}

/* Nothing is fed: what was fetched lies in files. The layer goes by the digest of its manifest; what of it is read has
 * digests of its own. */
static stella_status run_parts(scan *s, const layer_task *task, const exclusions *excluded, attempt *out,
                               stella_error *err) {
    snprintf(out->digest, sizeof out->digest, "%.*s", STELLA_SV_FMT(task->info->digest));
    const stella_status status = start(s, task, excluded, task->toc_fd, -1, out, err);
    return status == STELLA_OK ? run_wait(&out->child, &out->result, err) : status;
}

static stella_status run_blob(scan *s, const layer_task *task, const exclusions *excluded, attempt *out,
                              stella_error *err) {
    int ends[2] = {-1, -1};
    stella_status status = temp_pipe(ends, err);
    if (status != STELLA_OK)
        return status;
    STELLA_AUTO(stella_fd_closep) int to_read = ends[0];
    STELLA_AUTO(stella_fd_closep) int to_write = ends[1];
    status = start(s, task, excluded, to_read, -1, out, err);
    if (status != STELLA_OK)
        return status;
    stella_fd_closep(&to_read); /* the child's alone now: when it goes, writing fails instead of waiting */
    stella_error fed = {0};
    status = feed(s, &task->content, to_write, &out->child, out->digest, &fed);
    stella_fd_closep(&to_write); /* the end of the layer */
    const stella_status waited = run_wait(&out->child, &out->result, err);
    if (status != STELLA_OK && err)
        *err = fed;
    return status != STELLA_OK ? status : waited;
}

stella_status attempt_run(scan *s, const layer_task *task, const exclusions *excluded, attempt *out,
                          stella_error *err) {
    *out = (attempt){.pack_fd = -1, .links_fd = -1};
    if (task->is_lookup)
        return run_lookup(s, task, excluded, out, err);
    if (task->parts)
        return run_parts(s, task, excluded, out, err);
    const int is_in_place = task->info->kind == LAYER_DIRECTORY || task->info->kind == LAYER_FILE;
    return is_in_place ? run_in_place(s, task, excluded, out, err) : run_blob(s, task, excluded, out, err);
}

void attempt_fini(attempt *a) {
    run_end(&a->child);
    stella_fd_closep(&a->pack_fd);
    stella_fd_closep(&a->links_fd);
}
