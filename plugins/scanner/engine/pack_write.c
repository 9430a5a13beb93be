/* The file of a pack: segments one after another, table, header. */
#include "crc.h"
#include "pack.h"
#include "pack_layout.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define WRITE_ROOM (256u << 10)

struct pack_writer {
    int fd;
    uint64_t offset; /* of the next byte in the file */
    uint64_t crc;    /* of the open segment */
    uint32_t count;
    pack_segment open; /* views borrow from whoever began it */
    stella_buf table;
    size_t used;
    unsigned char buf[WRITE_ROOM];
};

static stella_status write_all(int fd, const unsigned char *bytes, size_t size, uint64_t offset, stella_error *err) {
    while (size) {
        const ssize_t put = pwrite(fd, bytes, size, (off_t)offset);
        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "the pack cannot be written: %s", strerror(errno));
        bytes += put;
        size -= (size_t)put;
        offset += (uint64_t)put;
    }
    return STELLA_OK;
}

static stella_status flush(pack_writer *w, stella_error *err) {
    const stella_status status = write_all(w->fd, w->buf, w->used, w->offset - w->used, err);
    w->used = 0;
    return status;
}

stella_status pack_writer_create(int fd, pack_writer **out, stella_error *err) {
    pack_writer *w = calloc(1, sizeof *w);
    if (!w)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to write a pack");
    w->fd = fd;
    w->offset = PACK_HEADER_SIZE;
    w->table = stella_buf_of(1u << 20);
    *out = w;
    return STELLA_OK;
}

void pack_writer_destroy(pack_writer *w) {
    if (!w)
        return;
    stella_buf_fini(&w->table);
    free(w);
}

void pack_writer_destroyp(pack_writer **w) {
    pack_writer_destroy(*w);
    *w = NULL;
}

static stella_status append(pack_writer *w, stella_sv bytes, stella_error *err) {
    while (bytes.len) {
        const size_t room = WRITE_ROOM - w->used;
        const size_t size = bytes.len < room ? bytes.len : room;
        memcpy(w->buf + w->used, bytes.ptr, size);
        w->used += size;
        w->offset += size;
        bytes = stella_sv_skip(bytes, size);
        const stella_status status = w->used == WRITE_ROOM ? flush(w, err) : STELLA_OK;
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_status align(pack_writer *w, stella_error *err) {
    static const char zeros[PACK_ALIGN];
    return append(w, stella_sv_of(zeros, (size_t)(pack_aligned(w->offset) - w->offset)), err);
}

stella_status pack_writer_begin(pack_writer *w, stella_sv plugin, stella_sv digest, stella_error *err) {
    if (w->count == PACK_SEGMENTS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u plugins in one pack", PACK_SEGMENTS_MAX);
    const stella_status status = align(w, err);
    if (status != STELLA_OK)
        return status;
    w->open = (pack_segment){.plugin = plugin, .digest = digest, .offset = w->offset};
    w->crc = 0;
    w->count++;
    return STELLA_OK;
}

stella_status pack_writer_add(pack_writer *w, stella_sv bytes, stella_error *err) {
    if (bytes.len == 0)
        return STELLA_OK;
    w->crc = crc_of(w->crc, bytes.ptr, bytes.len);
    return append(w, bytes, err);
}

stella_status pack_writer_end(pack_writer *w, pack_segment *out, stella_error *err) {
    w->open.size = w->offset - w->open.offset;
    stella_buf_str(&w->table, w->open.plugin);
    stella_buf_str(&w->table, w->open.digest);
    stella_buf_u64le(&w->table, w->open.offset);
    stella_buf_u64le(&w->table, w->open.size);
    if (stella_buf_u64le(&w->table, w->crc) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the pack's table");
    *out = w->open;
    return STELLA_OK;
}

stella_status pack_writer_finish(pack_writer *w, stella_error *err) {
    stella_status status = align(w, err);
    const uint64_t table = w->offset;
    const stella_sv bytes = stella_buf_sv(&w->table);
    if (status == STELLA_OK)
        status = append(w, bytes, err);
    if (status == STELLA_OK)
        status = flush(w, err);
    if (status != STELLA_OK)
        return status;
    unsigned char header[PACK_HEADER_SIZE] = PACK_MAGIC;
    store32(header + 8, PACK_FORMAT);
    store32(header + 12, w->count);
    store64(header + 16, table);
    store64(header + 24, bytes.len);
    store64(header + 32, crc_of(0, bytes.ptr ? bytes.ptr : "", bytes.len));
    return write_all(w->fd, header, sizeof header, 0, err);
}
