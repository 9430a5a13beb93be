#include "scratch.h"

#include "cut_short.h"

#include <errno.h>
#include <sys/mman.h>
#include <unistd.h>

stella_status scratch_add(scratch *s, stella_sv bytes, uint64_t *offset, stella_error *err) {
    uint64_t at = s->end;
    while (bytes.len) {
        const ssize_t put = pwrite(s->fd, bytes.ptr, bytes.len, (off_t)at);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "the scratch file cannot be written: %s", strerror(errno));
        at += (uint64_t)put;
        bytes = stella_sv_skip(bytes, (size_t)put);
    }
    *offset = s->end;
    s->end = at;
    return STELLA_OK;
}

stella_status scratch_read(const scratch *s, uint64_t offset, void *buf, size_t size, stella_error *err) {
    char *to = buf;
    while (size) {
        const ssize_t got = pread(s->fd, to, size, (off_t)offset);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "the scratch file cannot be read: %s",
                                    got ? strerror(errno) : "it ends too soon");
        to += got;
        offset += (uint64_t)got;
        size -= (size_t)got;
    }
    return STELLA_OK;
}

stella_status scratch_map(const scratch *s, uint64_t offset, uint64_t size, scratch_view *view, stella_sv *out,
                          stella_error *err) {
    const uint64_t lead = offset % (uint64_t)sysconf(_SC_PAGESIZE); /* a mapping begins at a page */
    if (size == 0) {
        *view = (scratch_view){.at = NULL};
        *out = STELLA_SV("");
        return STELLA_OK;
    }
    void *at = mmap(NULL, (size_t)(lead + size), PROT_READ, MAP_PRIVATE, s->fd, (off_t)(offset - lead));
    if (at == MAP_FAILED)
        return stella_error_set(err, errno == ENOMEM ? STELLA_E_NOMEM : STELLA_E_IO, NULL,
                                "the scratch file cannot be mapped: %s", strerror(errno));
    *view = (scratch_view){.at = at, .size = (size_t)(lead + size), .is_watched = s->is_shared};
    if (s->is_shared)
        cut_short_watch(at, view->size);
    *out = stella_sv_of((const char *)at + lead, (size_t)size);
    return STELLA_OK;
}

int scratch_unmap(scratch_view *view) {
    const int was_cut = view->is_watched && cut_short_end();
    if (view->at)
        munmap(view->at, view->size);
    *view = (scratch_view){.at = NULL};
    return was_cut;
}
