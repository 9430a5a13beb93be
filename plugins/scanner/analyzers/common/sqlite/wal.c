#include "wal.h"

#include <stella/cursor.h>

#include <stdlib.h>

#define WAL_HEADER_BYTES   32
#define FRAME_HEADER_BYTES 24
#define WAL_MAGIC          0x377f0682u /* bit 0: checksums are over big-endian words */
#define WAL_VERSION        3007000u
#define CHECKED_HEADER     24 /* bytes of the log's header that its checksum covers */
#define CHECKED_FRAME      8  /* bytes of a frame's header, before its page */

/* The running checksum: every frame continues that of the frame before it. */
typedef struct checksum {
    uint32_t a, b;
    int is_big_endian;
} checksum;

/* bytes.len is a multiple of 8 */
static void checksum_add(checksum *sum, stella_sv bytes) {
    const unsigned char *at = (const unsigned char *)bytes.ptr;
    uint32_t a = sum->a, b = sum->b;
    for (size_t i = 0; i + 8 <= bytes.len; i += 8) {
        uint32_t words[2];
        memcpy(words, at + i, sizeof words);
        if (sum->is_big_endian != (__BYTE_ORDER__ == __ORDER_BIG_ENDIAN__)) {
            words[0] = __builtin_bswap32(words[0]);
            words[1] = __builtin_bswap32(words[1]);
        }
        a += words[0] + b;
        b += words[1] + a;
    }
    sum->a = a;
    sum->b = b;
}

typedef struct log_header {
    uint32_t page_bytes;
    stella_sv salts; /* 8 bytes, which every frame repeats */
    checksum sum;
} log_header;

static int read_log_header(stella_cursor *c, log_header *out) {
    stella_cursor checked = *c;
    const uint32_t magic = stella_cursor_u32be(c), version = stella_cursor_u32be(c);
    out->page_bytes = stella_cursor_u32be(c);
    stella_cursor_skip(c, 4); /* number of the checkpoint */
    out->salts = stella_cursor_str(c, 8);
    const uint32_t a = stella_cursor_u32be(c), b = stella_cursor_u32be(c);
    if (!c->ok || (magic & ~1u) != WAL_MAGIC || version != WAL_VERSION)
        return 0;
    out->sum = (checksum){.is_big_endian = magic & 1};
    checksum_add(&out->sum, stella_cursor_str(&checked, CHECKED_HEADER));
    return out->sum.a == a && out->sum.b == b;
}

/* Takes the next frame off the log. Returns 0 for one that was never finished or belongs to an earlier round. */
static int read_frame(stella_cursor *c, log_header *log, uint32_t *page, uint32_t *size_after_commit) {
    stella_cursor checked = *c;
    *page = stella_cursor_u32be(c);
    *size_after_commit = stella_cursor_u32be(c);
    const stella_sv salts = stella_cursor_str(c, 8);
    const uint32_t a = stella_cursor_u32be(c), b = stella_cursor_u32be(c);
    const stella_sv content = stella_cursor_str(c, log->page_bytes);
    if (!c->ok || *page == 0 || !stella_sv_eq(salts, log->salts))
        return 0;
    checksum_add(&log->sum, stella_cursor_str(&checked, CHECKED_FRAME));
    checksum_add(&log->sum, content);
    return log->sum.a == a && log->sum.b == b;
}

static int compare_frames(const void *x, const void *y) {
    const sqlite_frame *a = x, *b = y;
    if (a->page != b->page)
        return a->page < b->page ? -1 : 1;
    return (a->position > b->position) - (a->position < b->position);
}

/* Keeps the last frame of each page. */
static uint32_t keep_newest(sqlite_frame *frames, uint32_t count) {
    uint32_t kept = 0;
    if (count)
        qsort(frames, count, sizeof *frames, compare_frames);
    for (uint32_t i = 0; i < count; i++)
        if (i + 1 == count || frames[i + 1].page != frames[i].page)
            frames[kept++] = frames[i];
    return kept;
}

stella_status wal_read(sqlite_database *db, stella_arena *arena, stella_error *err) {
    stella_cursor c = stella_cursor_of(db->wal.ptr, db->wal.len);
    log_header log = {0};
    if (!read_log_header(&c, &log))
        return STELLA_OK;
    if (log.page_bytes != db->page_bytes) {
        db->wal_state = SQLITE_WAL_REFUSED;
        return STELLA_OK;
    }
    const uint64_t room = stella_cursor_left(&c) / (FRAME_HEADER_BYTES + (uint64_t)db->page_bytes);
    sqlite_frame *frames = stella_arena_alloc(arena, room, sizeof *frames);
    if (!frames || room > UINT32_MAX)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the frames of the write-ahead log");
    uint32_t committed = 0, page, size;
    for (uint32_t i = 0; i < room && read_frame(&c, &log, &page, &size); i++) {
        frames[i] = (sqlite_frame){.page = page, .position = i};
        if (size) {
            committed = i + 1;
            db->page_count = size;
        }
    }
    if (committed) {
        db->wal_state = SQLITE_WAL_READ;
        db->frames = frames;
        db->frame_count = keep_newest(frames, committed);
    }
    return STELLA_OK;
}

uint64_t wal_page_offset(const sqlite_database *db, uint32_t position) {
    return WAL_HEADER_BYTES + FRAME_HEADER_BYTES + position * (FRAME_HEADER_BYTES + (uint64_t)db->page_bytes);
}
