#include "result.h"

#include "request.h"

#include <stella/auto.h>
#include <stella/cursor.h>

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define KIND       "result"
#define NOTES_KIND "notes" /* how many there are in a result: a file of eight bytes beside it */
#define COPY_BYTES ((size_t)256 << 10)

/* A directory's content has no name but itself. */
static int is_nameable(const scan *s) {
    if (!s->options.cache || s->excluded.count)
        return 0;
    for (uint32_t i = 0; i < s->losses.count; i++)
        if (s->losses.items[i].is_lost)
            return 0;
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        if (s->image.layers[i].kind != LAYER_FOREIGN &&
            (s->image.layers[i].kind != LAYER_BLOB || s->layers[i].excluded.count || !s->layers[i].report.digest[0]))
            return 0;
    return 1;
}

static int make_key(scan *s, const scan_output *output, char out[CACHE_HEX_SIZE]) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    STELLA_AUTO(stella_freep) analyze_fds *none = calloc(1, sizeof *none);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    if (!none)
        return 0;
    stella_buf_str(&text, STELLA_SV(KIND));
    stella_buf_str(&text, stella_sv_cstr(s->roster.digest));
    stella_buf_str(&text, stella_sv_cstr(s->context));
    for (uint32_t i = 0; i < s->roster.count; i++)
        if (s->roster.list[i].is_deselected)
            stella_buf_str(&text, stella_sv_cstr(s->roster.list[i].id));
    if (text.failed || request_analyze(s, 1, none, output, 1, &text, NULL) != STELLA_OK)
        return 0;
    stella_digest_of(stella_buf_sv(&text), digest);
    memcpy(out, digest + strlen("sha256:"), CACHE_HEX_SIZE);
    return 1;
}

/* Under a key of its own, made of the result's. */
static void make_notes_key(const char *result_key, char out[CACHE_HEX_SIZE]) {
    char text[sizeof NOTES_KIND + CACHE_HEX_SIZE], digest[STELLA_DIGEST_TEXT_SIZE];
    snprintf(text, sizeof text, NOTES_KIND "%s", result_key);
    stella_digest_of(stella_sv_cstr(text), digest);
    memcpy(out, digest + strlen("sha256:"), CACHE_HEX_SIZE);
}

static int recall_notes(scan *s, const char *result_key) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    unsigned char bytes[8];
    char key[CACHE_HEX_SIZE];
    make_notes_key(result_key, key);
    if (!cache_file_get(s->options.cache, key, NOTES_KIND, &fd) || pread(fd, bytes, sizeof bytes, 0) != sizeof bytes)
        return 0;
    stella_cursor c = stella_cursor_of(bytes, sizeof bytes);
    s->report.notes = stella_cursor_u64le(&c);
    return 1;
}

static stella_status store_notes(scan *s, const char *result_key, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(8);
    char key[CACHE_HEX_SIZE];
    make_notes_key(result_key, key);
    stella_buf_u64le(&bytes, s->report.notes);
    return cache_file_put_bytes(s->options.cache, key, NOTES_KIND, stella_buf_sv(&bytes), err);
}

static int copy(int from, int to) {
    STELLA_AUTO(stella_freep) char *buf = malloc(COPY_BYTES);
    off_t at = 0;
    ssize_t got = -1;
    if (!buf || ftruncate(to, 0) != 0 || lseek(to, 0, SEEK_SET) != 0)
        return 0;
    while ((got = pread(from, buf, COPY_BYTES, at)) > 0) {
        for (ssize_t done = 0, put; done < got; done += put)
            if ((put = write(to, buf + done, (size_t)(got - done))) <= 0)
                return 0;
        at += got;
    }
    return got == 0;
}

int result_recall(scan *s, const scan_output *outputs, uint32_t output_count) {
    loss_order(&s->losses);
    for (uint32_t i = 0; i < output_count; i++)
        if (!is_nameable(s) || !make_key(s, &outputs[i], s->result_keys[i]))
            s->result_keys[i][0] = 0;
    for (uint32_t i = 0; i < output_count; i++) {
        STELLA_AUTO(stella_fd_closep) int fd = -1;
        if (!s->result_keys[i][0] || !cache_file_get(s->options.cache, s->result_keys[i], KIND, &fd) ||
            !copy(fd, outputs[i].fd))
            return 0;
    }
    if (output_count && !recall_notes(s, s->result_keys[0]))
        return 0;
    s->report.are_results_known = output_count > 0;
    return output_count > 0;
}

void result_store(scan *s, const scan_output *outputs, uint32_t output_count) {
    stella_error err = {0};
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        if (s->layers[i].is_gone)
            return;
    for (uint32_t i = 0; i < output_count && s->has_all_plugins; i++)
        if (s->result_keys[i][0] &&
            (store_notes(s, s->result_keys[i], &err) != STELLA_OK ||
             cache_file_put(s->options.cache, s->result_keys[i], KIND, outputs[i].fd, &err) != STELLA_OK))
            scan_warn(s, &err);
}
