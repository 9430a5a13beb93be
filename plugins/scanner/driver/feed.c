#include "feed.h"

#include "remote.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/uio.h>
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

/* Pieces that the pipe borrows instead of copying. A pipe holds so many pages: when the ring is larger by one piece than
 * all that it can hold, what is filled anew has been read. A child that keeps pages by other means sees no more than
 * later bytes of its own layer. */
typedef struct ring {
    char *bytes; /* mapped: begins at a page */
    size_t size, at;
    int is_lent; /* 0: what is written is copied */
} ring;

static void ring_fini(ring *r) {
    if (r->bytes)
        munmap(r->bytes, r->size);
}

static stella_status ring_init(ring *r, int pipe_fd, stella_error *err) {
    const int room = pipe_fd < 0 ? 0 : fcntl(pipe_fd, F_GETPIPE_SZ);
    const size_t held = room > 0 ? ((size_t)room + FEED_BYTES - 1) / FEED_BYTES * FEED_BYTES : 0;
    *r = (ring){.size = held + 2 * FEED_BYTES, .is_lent = held > 0};
    void *bytes = mmap(NULL, r->size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (bytes == MAP_FAILED)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read with");
    r->bytes = bytes;
    return STELLA_OK;
}

static char *ring_next(ring *r) {
    char *piece = r->bytes + r->at;
    r->at = (r->at + FEED_BYTES) % r->size;
    return piece;
}

/* Returns 0 once the child has stopped reading. */
static int write_piece(const ring *r, int fd, char *buf, size_t size) {
    const int lend = r->is_lent && size == FEED_BYTES; /* a short one would fill less of the pipe than it counts for */
    while (size) {
        struct iovec part = {.iov_base = buf, .iov_len = size};
        const ssize_t n = lend ? vmsplice(fd, &part, 1, 0) : write(fd, buf, size);
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
    STELLA_AUTO(ring_fini) ring pieces = {.bytes = NULL};
    STELLA_AUTO(remote_fetch_end) remote_fetch fetch = {.fd = -1};
    unsigned char sum[STELLA_SHA256_SIZE];
    uint64_t shown = 0;
    if (!hash)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read with");
    const stella_status mapped = ring_init(&pieces, pipe_fd, err);
    if (mapped != STELLA_OK)
        return mapped;
    int is_read = pipe_fd >= 0;
    if (source->remote && remote_fetch_start(s, source->remote, NULL, &fetch, err) != STELLA_OK)
        return fetch.status;
    for (uint64_t done = 0; done < source->size;) {
        size_t got = 0;
        char *buf = ring_next(&pieces);
        stella_status status = scan_check(s, err);
        if (status == STELLA_OK)
            status = read_piece(source, &fetch, child, done, buf, &got, err);
        if (status != STELLA_OK)
            return status;
        if (is_read) /* first: the child works while these bytes are hashed */
            is_read = write_piece(&pieces, pipe_fd, buf, got);
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
