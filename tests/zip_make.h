/* zip_make.h - zip archives for tests, honest and lying, made with ISA-L. */
#ifndef TESTS_ZIP_MAKE_H
#define TESTS_ZIP_MAKE_H

#include "check.h"

#include <stella/sink.h>

#include <isa-l/crc.h>
#include <isa-l/igzip_lib.h>
#include <stdlib.h>

/* An archive while it grows. Fini with zip_make_fini. */
typedef struct zip_make {
    stella_buf bytes, directory;
    uint32_t count;
} zip_make;

/* What to put in. Members left at zero are the truth. */
typedef struct zip_member {
    stella_sv name, content;
    uint32_t method;       /* 0 or 8; another one is written as it is, over stored bytes */
    uint32_t flags;        /* in both headers */
    uint32_t claimed_size; /* in both headers */
    uint32_t crc_change;   /* xor, in both headers */
    stella_sv local_name;  /* in the entry's own header */
    uint32_t size_change;  /* xor, in the entry's own header */
    uint32_t extra_len;    /* of zeros, in the entry's own header */
} zip_member;

static inline zip_make zip_make_begin(void) {
    return (zip_make){.bytes = stella_buf_of((size_t)1 << 31), .directory = stella_buf_of((size_t)1 << 30)};
}

static inline void zip_make_fini(zip_make *z) { /* also for STELLA_AUTO */
    stella_buf_fini(&z->bytes);
    stella_buf_fini(&z->directory);
}

static inline void zip_make_u16(stella_buf *buf, uint32_t value) {
    assert_int_equal(stella_buf_u16le(buf, (uint16_t)value), STELLA_OK);
}

static inline void zip_make_u32(stella_buf *buf, uint64_t value) {
    assert_int_equal(stella_buf_u32le(buf, (uint32_t)value), STELLA_OK);
}

static inline void zip_make_text(stella_buf *buf, stella_sv text) {
    assert_int_equal(stella_buf_add(buf, text), STELLA_OK);
}

/* The caller frees ptr. */
static inline stella_sv zip_make_deflate(stella_sv content) {
    struct isal_zstream stream;
    const size_t room = content.len + content.len / 8 + 1024;
    uint8_t *out = malloc(room), *level = malloc(ISAL_DEF_LVL1_DEFAULT);
    assert_true(out && level);
    isal_deflate_init(&stream);
    stream.level = 1; /* which stores what does not shrink */
    stream.level_buf = level;
    stream.level_buf_size = ISAL_DEF_LVL1_DEFAULT;
    stream.end_of_stream = 1;
    stream.next_in = (uint8_t *)(uintptr_t)content.ptr;
    stream.avail_in = (uint32_t)content.len;
    stream.next_out = out;
    stream.avail_out = (uint32_t)room;
    assert_int_equal(isal_deflate(&stream), COMP_OK);
    free(level);
    return stella_sv_of((char *)out, stream.total_out);
}

/* The members that both headers have: version needed to the length of the extra field. */
static inline void zip_make_common(stella_buf *buf, const zip_member *m, size_t compressed, uint32_t size_change,
                                   size_t name_len, uint32_t extra_len) {
    const uint64_t size = (m->claimed_size ? m->claimed_size : m->content.len) ^ size_change;
    const uint32_t crc = crc32_gzip_refl(0, (const unsigned char *)m->content.ptr, m->content.len) ^ m->crc_change;
    zip_make_u16(buf, 20);
    zip_make_u16(buf, m->flags);
    zip_make_u16(buf, m->method);
    zip_make_u32(buf, 0x5a210000); /* 2025-01-01 */
    zip_make_u32(buf, crc);
    zip_make_u32(buf, compressed);
    zip_make_u32(buf, size);
    zip_make_u16(buf, (uint32_t)name_len);
    zip_make_u16(buf, extra_len);
}

/* The record of the directory alone, for an entry at this offset. */
static inline void zip_make_record(zip_make *z, const zip_member *m, size_t compressed, uint64_t offset) {
    zip_make_u32(&z->directory, 0x02014b50);
    zip_make_u16(&z->directory, 20);
    zip_make_common(&z->directory, m, compressed, 0, m->name.len, 0);
    zip_make_u16(&z->directory, 0); /* comment */
    zip_make_u16(&z->directory, 0); /* volume */
    zip_make_u16(&z->directory, 0);
    zip_make_u32(&z->directory, 0);
    zip_make_u32(&z->directory, offset);
    zip_make_text(&z->directory, m->name);
    z->count++;
}

static inline void zip_make_add(zip_make *z, zip_member m) {
    const uint64_t offset = z->bytes.len;
    const stella_sv data = m.method == 8 ? zip_make_deflate(m.content) : m.content;
    const stella_sv name = m.local_name.ptr ? m.local_name : m.name;
    zip_make_u32(&z->bytes, 0x04034b50);
    zip_make_common(&z->bytes, &m, data.len, m.size_change, name.len, m.extra_len);
    zip_make_text(&z->bytes, name);
    for (uint32_t i = 0; i < m.extra_len; i++)
        zip_make_text(&z->bytes, STELLA_SV("\0"));
    zip_make_text(&z->bytes, data);
    zip_make_record(z, &m, data.len, offset);
    if (m.method == 8)
        free((void *)(uintptr_t)data.ptr);
}

/* Directory and end record; the archive, as long as z lives.
 * count_change  xor of the number of entries that is claimed */
static inline stella_sv zip_make_end(zip_make *z, uint32_t count_change) {
    const uint64_t at = z->bytes.len;
    zip_make_text(&z->bytes, stella_buf_sv(&z->directory));
    zip_make_u32(&z->bytes, 0x06054b50);
    zip_make_u32(&z->bytes, 0); /* volumes */
    zip_make_u16(&z->bytes, z->count ^ count_change);
    zip_make_u16(&z->bytes, z->count ^ count_change);
    zip_make_u32(&z->bytes, z->directory.len);
    zip_make_u32(&z->bytes, at);
    zip_make_u16(&z->bytes, 0); /* comment */
    return stella_buf_sv(&z->bytes);
}

#endif
