#include "partial.h"

#include "remote.h"
#include "temp.h"

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/source.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define FOOTER_BYTES  51u /* of eStargz: an empty gzip member whose extra field tells where the table begins */
#define TOC_BYTES_MAX ((uint64_t)64 << 20)

int partial_applies(const scan *s, const layer_info *info, char key[STELLA_DIGEST_TEXT_SIZE]) {
    char text[2 * STELLA_DIGEST_TEXT_SIZE];
    if (!s->options.partial || !s->target.is_remote || info->kind != LAYER_BLOB || !info->toc_kind)
        return 0;
    snprintf(text, sizeof text, "partial %.*s", STELLA_SV_FMT(info->toc_digest));
    stella_digest_of(stella_sv_cstr(text), key);
    return 1;
}

void partial_fini(partial *p) {
    stella_fd_closep(&p->toc_fd);
    stella_fd_closep(&p->blob_fd);
}

/* ---- fetching ---- */

static stella_status write_at(int fd, const char *bytes, size_t size, uint64_t offset, stella_error *err) {
    while (size) {
        const ssize_t n = pwrite(fd, bytes, size, (off_t)offset);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return stella_error_set(err, STELLA_E_INTERNAL, NULL, "no room for parts of a layer: %s", strerror(errno));
        bytes += n;
        size -= (size_t)n;
        offset += (uint64_t)n;
    }
    return STELLA_OK;
}

/* One part, put into the file at its own place less base. */
static stella_status take_range(remote_fetch *fetch, const remote_range *range, uint64_t base, char *buf, int to,
                                stella_error *err) {
    for (uint64_t done = 0; done < range->size;) {
        const uint64_t left = range->size - done;
        size_t got = 0;
        stella_status status =
            remote_fetch_read(fetch, NULL, buf, left < FEED_BYTES ? (size_t)left : FEED_BYTES, &got, err);
        if (status == STELLA_OK && got == 0)
            status = stella_error_set(err, STELLA_E_FORMAT, NULL,
                                      "cut short: a part of the layer ends %llu bytes early", (unsigned long long)left);
        if (status == STELLA_OK)
            status = write_at(to, buf, got, range->offset + done - base, err);
        if (status != STELLA_OK)
            return status;
        done += got;
    }
    return STELLA_OK;
}

/* Its end: what the source has to say. A part more than was asked for is nobody's. */
static stella_status take_end(remote_fetch *fetch, stella_error *err) {
    char byte;
    size_t got = 0;
    const stella_status status = remote_fetch_read(fetch, NULL, &byte, 1, &got, err);
    if (status == STELLA_OK && got)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "more came than was asked for");
    return status;
}

static stella_status fetch_ranges(scan *s, const layer_info *info, const remote_ranges *ranges, uint64_t base, int to,
                                  uint64_t *fetched, stella_error *err) {
    STELLA_AUTO(stella_freep) char *buf = malloc(FEED_BYTES);
    STELLA_AUTO(remote_fetch_end) remote_fetch fetch = {.fd = -1};
    if (!buf)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read with");
    if (ranges->count == 0)
        return STELLA_OK;
    stella_status status = remote_fetch_start(s, info, ranges, &fetch, err);
    for (uint32_t i = 0; i < ranges->count && status == STELLA_OK; i++) {
        status = take_range(&fetch, &ranges->list[i], base, buf, to, err);
        if (status == STELLA_OK) {
            *fetched += ranges->list[i].size;
            scan_count_bytes(s, ranges->list[i].size);
        }
    }
    return status == STELLA_OK ? take_end(&fetch, err) : status;
}

/* ---- the table of contents ---- */

static stella_status wrong_toc(stella_error *err, const char *what) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the layer's table of contents lies: %s", what);
}

/* The footer of eStargz: gzip's header with the extra field "SG", 22 bytes: sixteen hexadecimal digits of the offset,
 * and "STARGZ". */
static int read_footer(const char *footer, uint64_t *offset) {
    static const char head[] = "\x1f\x8b\x08\x04"; /* with an extra field */
    static const char field[] = "\x1a\x00SG\x16\x00";
    uint64_t number = 0;
    if (memcmp(footer, head, 4) != 0 || memcmp(footer + 10, field, 6) != 0 || memcmp(footer + 32, "STARGZ", 6) != 0)
        return 0;
    for (int i = 16; i < 32; i++) {
        const char c = footer[i];
        const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
        if (digit < 0)
            return 0;
        number = number << 4 | (uint64_t)digit;
    }
    *offset = number;
    return 1;
}

static stella_status find_estargz(scan *s, const layer_info *info, remote_range *out, uint64_t *fetched,
                                  stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int file = -1;
    char footer[FOOTER_BYTES];
    uint64_t offset = 0;
    if (info->size <= FOOTER_BYTES)
        return wrong_toc(err, "there is no room for one");
    const remote_range last = {.offset = info->size - FOOTER_BYTES, .size = FOOTER_BYTES};
    stella_status status = temp_file("stella-footer", &file, err);
    if (status == STELLA_OK)
        status = fetch_ranges(s, info, &(remote_ranges){.list = &last, .count = 1}, last.offset, file, fetched, err);
    if (status != STELLA_OK)
        return status;
    if (pread(file, footer, sizeof footer, 0) != (ssize_t)sizeof footer || !read_footer(footer, &offset) ||
        offset >= last.offset)
        return wrong_toc(err, "the layer's last bytes do not say where it is");
    *out = (remote_range){.offset = offset, .size = last.offset - offset};
    return STELLA_OK;
}

/* The stored bytes of zstd:chunked's table have a digest; of eStargz's the child verifies what comes out of them. */
static stella_status check_stored(const layer_info *info, int fd, stella_error *err) {
    char computed[STELLA_DIGEST_TEXT_SIZE];
    if (info->toc_kind != STELLA_TOC_ZSTD_CHUNKED)
        return STELLA_OK;
    const stella_status status = stella_digest_of_fd(fd, computed, err);
    if (status == STELLA_OK && !stella_sv_eq(info->toc_digest, stella_sv_cstr(computed)))
        return stella_error_set(err, STELLA_E_FORMAT, NULL,
                                "wrong digest of the table of contents: claimed %.*s, computed %s",
                                STELLA_SV_FMT(info->toc_digest), computed);
    return status;
}

static stella_status fetch_toc(scan *s, const layer_info *info, partial *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int file = -1;
    remote_range place = {.offset = info->toc_offset, .size = info->toc_size};
    stella_status status =
        info->toc_kind == STELLA_TOC_ESTARGZ ? find_estargz(s, info, &place, &out->fetched, err) : STELLA_OK;
    if (status == STELLA_OK && place.size > TOC_BYTES_MAX)
        status = stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "a table of contents of more than %llu MiB",
                                  (unsigned long long)TOC_BYTES_MAX >> 20);
    if (status == STELLA_OK)
        status = temp_file("stella-toc", &file, err);
    if (status == STELLA_OK)
        status =
            fetch_ranges(s, info, &(remote_ranges){.list = &place, .count = 1}, place.offset, file, &out->fetched, err);
    if (status == STELLA_OK)
        status = check_stored(info, file, err);
    out->parts.data_bytes = place.offset;
    out->parts.digest = info->toc_kind == STELLA_TOC_ESTARGZ ? info->toc_digest : (stella_sv){0};
    return status == STELLA_OK ? temp_reopen_read_only(file, &out->toc_fd, err) : status;
}

/* ---- the plan ---- */

static int read_range(const stella_json *json, uint64_t after, uint64_t end, remote_range *out) {
    return stella_json_u64(stella_json_at(json, 0), &out->offset) &&
           stella_json_u64(stella_json_at(json, 1), &out->size) && out->offset >= after && out->offset < end &&
           out->size && out->size <= end - out->offset;
}

/* A child that read hostile bytes made it: ascending, apart, inside the data, or nothing. */
static stella_status read_plan(stella_sv reply, uint64_t data_bytes, stella_arena *arena, remote_ranges *out,
                               stella_error *err) {
    const stella_json *root = NULL;
    const stella_json *list =
        stella_json_parse(reply, arena, &root, NULL) == STELLA_OK ? stella_json_get(root, "ranges") : NULL;
    uint64_t after = 0;
    if (!list || list->kind != STELLA_JSON_ARRAY || list->count > REMOTE_RANGES_MAX)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "a reply of the job layer.toc breaks the protocol");
    remote_range *ranges = stella_arena_alloc(arena, list->count, sizeof *ranges);
    if (!ranges)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the plan of a layer");
    for (uint32_t i = 0; i < list->count; i++) {
        if (!read_range(stella_json_at(list, i), after, data_bytes, &ranges[i]))
            return stella_error_set(err, STELLA_E_INTERNAL, NULL, "a reply of the job layer.toc breaks the protocol");
        after = ranges[i].offset + ranges[i].size;
    }
    *out = (remote_ranges){.list = ranges, .count = list->count};
    return STELLA_OK;
}

static stella_status ask(scan *s, const layer_parts *parts, int toc_fd, const exclusions *excluded, run *child,
                         stella_job_result *result, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    STELLA_AUTO(stella_fd_closep) int scratch = -1;
    stella_status status = temp_file("stella-scratch", &scratch, err);
    if (status == STELLA_OK)
        status = request_toc(parts, &text, err);
    if (status != STELLA_OK)
        return status;
    const int32_t fds[] = {toc_fd, scratch};
    const stella_job_request request = {.kind = "layer.toc",
                                        .request = stella_buf_sv(&text),
                                        .fds = fds,
                                        .fd_count = 2,
                                        .dir_fd = -1,
                                        .label = STELLA_SV("a table of contents")};
    status = run_start(s, &request, excluded, child, err);
    if (status == STELLA_OK)
        status = run_wait(child, result, err);
    return status == STELLA_OK ? run_error(s, result, NULL, err) : status;
}

static stella_status fetch_parts(scan *s, const layer_task *task, const exclusions *excluded, partial *out,
                                 stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(REQUEST_BYTES_MAX);
    STELLA_AUTO(run_end) run child = {0};
    STELLA_AUTO(stella_fd_closep) int file = -1;
    stella_job_result result;
    remote_ranges ranges = {.count = 0};
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the plan of a layer");
    stella_status status = ask(s, &out->parts, out->toc_fd, excluded, &child, &result, err);
    if (status == STELLA_OK)
        status = read_plan(result.reply, out->parts.data_bytes, arena, &ranges, err);
    if (status == STELLA_OK)
        status = temp_file("stella-parts", &file, err);
    if (status == STELLA_OK)
        status = fetch_ranges(s, task->info, &ranges, 0, file, &out->fetched, err);
    return status == STELLA_OK ? temp_reopen_read_only(file, &out->blob_fd, err) : status;
}

stella_status partial_fetch(scan *s, const layer_task *task, const exclusions *excluded, partial *out,
                            stella_error *err) {
    stella_status status = fetch_toc(s, task->info, out, err);
    if (status == STELLA_OK)
        status = fetch_parts(s, task, excluded, out, err);
    if (status != STELLA_E_UNSUPPORTED)
        return status;
    partial_fini(out);
    return STELLA_OK;
}

void partial_note(scan *s, uint32_t index, uint64_t fetched) {
    const scan_loss loss = {.code = "partial",
                            .message = "read in part: files that analyzers ask for by path, and no others",
                            .layer = (int32_t)index};
    layer_state *layer = &s->layers[index];
    layer->report.fetched += fetched;
    if (layer->report.is_partial) /* it was renewed */
        return;
    layer->report.is_partial = 1;
    pthread_mutex_lock(&s->lock);
    loss_add(&s->losses, &loss);
    pthread_mutex_unlock(&s->lock);
}
