/* Opening a pack: the file, its table and checksums, and the shape of the index. */
#include "pack_reader.h"

#include "crc.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>

static stella_status damaged(stella_error *err, const char *what) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the evidence pack is damaged: %s", what);
}

static stella_status read_entry(pack *p, stella_cursor *table, stella_error *err) {
    pack_segment *s = &p->segments[p->segment_count];
    s->plugin = stella_cursor_str(table, stella_cursor_varint(table));
    s->digest = stella_cursor_str(table, stella_cursor_varint(table));
    s->offset = stella_cursor_u64le(table);
    s->size = stella_cursor_u64le(table);
    const uint64_t crc = stella_cursor_u64le(table);
    if (!table->ok || s->offset > p->bytes.len || s->size > p->bytes.len - s->offset)
        return damaged(err, "a segment runs past the end");
    if (crc_of(0, p->bytes.ptr + s->offset, s->size) != crc)
        return damaged(err, "a checksum does not fit");
    p->segment_count++;
    return STELLA_OK;
}

static stella_status read_table(pack *p, stella_error *err) {
    stella_cursor c = stella_cursor_of(p->bytes.ptr, p->bytes.len);
    const stella_sv magic = stella_cursor_str(&c, 8);
    const uint32_t format = stella_cursor_u32le(&c);
    const uint32_t count = stella_cursor_u32le(&c);
    const uint64_t offset = stella_cursor_u64le(&c);
    const uint64_t size = stella_cursor_u64le(&c);
    const uint64_t crc = stella_cursor_u64le(&c);
    if (!c.ok || !stella_sv_eq(magic, STELLA_SV(PACK_MAGIC)))
        return damaged(err, "it has no header");
    if (format != PACK_FORMAT)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "an evidence pack of format %u, this program reads %u",
                                format, PACK_FORMAT);
    stella_cursor_seek(&c, offset);
    const stella_sv table = stella_cursor_str(&c, size);
    if (!c.ok || count > PACK_SEGMENTS_MAX || crc_of(0, table.ptr, table.len) != crc)
        return damaged(err, "its table of segments");
    stella_cursor entries = stella_cursor_of(table.ptr, table.len);
    p->segments = calloc(count ? count : 1, sizeof *p->segments);
    if (!p->segments)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a pack's table");
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status = read_entry(p, &entries, err);
    return status;
}

/* The sizes of the index's parts must add up to the segment. */
static stella_status read_index(pack *p, stella_error *err) {
    uint32_t at;
    if (!pack_segment_find(p, STELLA_SV(""), &at))
        return damaged(err, "it has no index");
    const pack_segment *s = &p->segments[at];
    stella_cursor c = stella_cursor_of(p->bytes.ptr + s->offset, s->size);
    p->rows = stella_cursor_u32le(&c);
    stella_cursor_skip(&c, 4);
    const uint64_t names = stella_cursor_u64le(&c);
    const uint64_t links = stella_cursor_u64le(&c);
    stella_cursor_seek(&c, PACK_INDEX_HEADER);
    p->row_bytes = stella_cursor_str(&c, (uint64_t)p->rows * PACK_ROW_SIZE);
    p->blocks = stella_cursor_str(&c, (((uint64_t)p->rows + PACK_BLOCK - 1) / PACK_BLOCK) * 8);
    p->names = stella_cursor_str(&c, names);
    p->links = stella_cursor_str(&c, links);
    if (!c.ok || p->rows == PACK_NO_ROW)
        return damaged(err, "its index is cut short");
    return STELLA_OK;
}

stella_status pack_open_bytes(stella_sv bytes, pack **out, stella_error *err) {
    STELLA_AUTO(pack_closep) pack *p = calloc(1, sizeof *p);
    if (!p)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a pack");
    p->bytes = bytes;
    stella_status status = read_table(p, err);
    if (status == STELLA_OK)
        status = read_index(p, err);
    if (status != STELLA_OK)
        return status;
    *out = STELLA_TAKE(p);
    return STELLA_OK;
}

stella_status pack_open(int fd, pack **out, stella_error *err) {
    struct stat info;
    if (fstat(fd, &info) < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "the evidence pack: %s", strerror(errno));
    if (info.st_size < (off_t)PACK_HEADER_SIZE)
        return damaged(err, "it has no header");
    void *map = mmap(NULL, (size_t)info.st_size, PROT_READ, MAP_SHARED, fd, 0);
    if (map == MAP_FAILED)
        return stella_error_set(err, STELLA_E_IO, NULL, "the evidence pack cannot be mapped: %s", strerror(errno));
    pack *p = NULL;
    const stella_status status = pack_open_bytes(stella_sv_of(map, (size_t)info.st_size), &p, err);
    if (status != STELLA_OK) {
        munmap(map, (size_t)info.st_size);
        return status;
    }
    p->map = map;
    *out = p;
    return STELLA_OK;
}

void pack_close(pack *p) {
    if (!p)
        return;
    if (p->map)
        munmap(p->map, p->bytes.len);
    free(p->segments);
    free(p);
}

void pack_closep(pack **p) {
    pack_close(*p);
    *p = NULL;
}

uint32_t pack_segment_count(const pack *p) {
    return p->segment_count;
}

void pack_segment_at(const pack *p, uint32_t position, pack_segment *out) {
    *out = p->segments[position];
}

stella_sv pack_segment_bytes(const pack *p, uint32_t position) {
    return stella_sv_of(p->bytes.ptr + p->segments[position].offset, p->segments[position].size);
}

int pack_segment_find(const pack *p, stella_sv plugin, uint32_t *position) {
    for (uint32_t i = 0; i < p->segment_count; i++) {
        if (stella_sv_eq(p->segments[i].plugin, plugin)) {
            *position = i;
            return 1;
        }
    }
    return 0;
}
