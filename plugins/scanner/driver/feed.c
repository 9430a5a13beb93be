#include "feed.h"

#include "remote.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

static stella_status read_file(const feed_source *source, uint64_t done, char *buf, size_t wanted, size_t *got,
                               stella_error *err) {
    for (;;) {
        const ssize_t n = pread(source->fd, buf, wanted, (off_t)(source->offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno));
        *got = (size_t)n;
        return STELLA_OK;
    }
}

/* A piece of it; never nothing. */
static stella_status read_piece(const feed_source *source, remote_fetch *fetch, const run *child, uint64_t done,
                                char *buf, size_t *got, stella_error *err) {
    const uint64_t left = source->size - done;
    const size_t wanted = left < FEED_BYTES ? (size_t)left : FEED_BYTES;
    const stella_status status = source->remote ? remote_fetch_read(fetch, child, buf, wanted, got, err)
                                                : read_file(source, done, buf, wanted, got, err);
    if (status == STELLA_OK && *got == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "cut short: it ends after %llu of %llu bytes",
                                (unsigned long long)done, (unsigned long long)source->size);
    return status;
}

/* Returns 0 once the child has stopped reading. */
static int write_piece(int fd, const char *buf, size_t size) {
    while (size) {
        const ssize_t n = write(fd, buf, size);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return 0;
        buf += n;
        size -= (size_t)n;
    }
    return 1;
}

static void show_progress(scan *s, const run *child, uint64_t *shown) {
    uint64_t done = 0, items = 0;
    if (!child)
        return;
    s->options.worker->progress(s->options.worker->self, child->handle, &done, &items);
    if (items > *shown) {
        atomic_fetch_add(&s->items, items - *shown);
        *shown = items;
    }
}

stella_status feed(scan *s, const feed_source *source, int pipe_fd, const run *child,
                   char digest[STELLA_DIGEST_TEXT_SIZE], stella_error *err) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    STELLA_AUTO(stella_freep) char *buf = malloc(FEED_BYTES);
    STELLA_AUTO(remote_fetch_end) remote_fetch fetch = {.fd = -1};
    unsigned char sum[STELLA_SHA256_SIZE];
    uint64_t shown = 0;
    if (!hash || !buf)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read with");
    int is_read = pipe_fd >= 0;
    if (source->remote && remote_fetch_start(s, source->remote, &fetch, err) != STELLA_OK)
        return fetch.status;
    for (uint64_t done = 0; done < source->size;) {
        size_t got = 0;
        stella_status status = scan_check(s, err);
        if (status == STELLA_OK)
            status = read_piece(source, &fetch, child, done, buf, &got, err);
        if (status != STELLA_OK)
            return status;
        if (is_read) /* first: the child works while these bytes are hashed */
            is_read = write_piece(pipe_fd, buf, got);
        stella_sha256_update(hash, buf, got);
        done += got;
        atomic_fetch_add(&s->bytes_done, got);
        show_progress(s, child, &shown);
    }
    scan_count_bytes(s, source->size);
    stella_sha256_final(hash, sum);
    stella_digest_text(sum, digest);
    return STELLA_OK;
}
