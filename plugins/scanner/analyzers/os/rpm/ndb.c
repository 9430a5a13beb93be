/* ndb.c - rpm's own database, Packages.db (rpm: lib/backend/ndb/rpmpkg.c): pages of slots, each of which says where a
 * blob lies; a blob is a header between a head and a tail with an Adler-32 of both. All numbers are little-endian. */
#include "database.h"

#include <stella/cursor.h>

#include <isa-l/igzip_lib.h>

#define HEADER_MAGIC    0x506d7052u /* "RpmP" */
#define SLOT_MAGIC      0x746f6c53u /* "Slot" */
#define BLOB_MAGIC      0x53626c42u /* "BlbS" */
#define BLOB_END_MAGIC  0x45626c42u /* "BlbE" */
#define PAGE_BYTES      4096
#define SLOT_BYTES      16
#define FIRST_SLOT      2 /* the header takes the place of two */
#define BLOCK_BYTES     16
#define BLOB_HEAD_BYTES 16
#define BLOB_TAIL_BYTES 12
#define SLOT_PAGES_MAX  4096 /* a million packages */

int database_is_ndb(stella_sv main) {
    return stella_sv_starts(main, STELLA_SV("RpmP"));
}

typedef struct slot {
    uint32_t package, offset, blocks; /* the last two in blocks */
} slot;

/* The header of a blob. Returns 0 when head, tail or checksum disagree with the slot or each other. */
static int read_blob(stella_sv main, const slot *s, stella_sv *out) {
    stella_cursor c = stella_cursor_of(main.ptr, main.len);
    stella_cursor_seek(&c, (uint64_t)s->offset * BLOCK_BYTES);
    const stella_sv blob = stella_cursor_str(&c, (uint64_t)s->blocks * BLOCK_BYTES);
    if (!c.ok || blob.len < BLOB_HEAD_BYTES + BLOB_TAIL_BYTES)
        return 0;
    stella_cursor head = stella_cursor_of(blob.ptr, blob.len), tail = head;
    const uint32_t magic = stella_cursor_u32le(&head), package = stella_cursor_u32le(&head);
    stella_cursor_skip(&head, 4); /* generation */
    const uint32_t len = stella_cursor_u32le(&head);
    const stella_sv header = stella_cursor_str(&head, len);
    stella_cursor_seek(&tail, blob.len - BLOB_TAIL_BYTES);
    const uint32_t sum = stella_cursor_u32le(&tail), len_again = stella_cursor_u32le(&tail),
                   end = stella_cursor_u32le(&tail);
    if (!head.ok || magic != BLOB_MAGIC || end != BLOB_END_MAGIC || package != s->package || len != len_again ||
        len > blob.len - BLOB_HEAD_BYTES - BLOB_TAIL_BYTES)
        return 0;
    if (sum != isal_adler32(1, (const unsigned char *)blob.ptr, blob.len - BLOB_TAIL_BYTES))
        return 0;
    *out = header;
    return 1;
}

/* Blobs do not overlap: all of them together are no longer than the file. */
typedef struct reading {
    stella_sv main;
    uint64_t unread;
    const database_taker *taker;
} reading;

static stella_status take_slot(reading *r, stella_cursor *slots, stella_error *err) {
    const uint32_t magic = stella_cursor_u32le(slots);
    slot s;
    s.package = stella_cursor_u32le(slots);
    s.offset = stella_cursor_u32le(slots);
    s.blocks = stella_cursor_u32le(slots);
    const uint64_t bytes = (uint64_t)s.blocks * BLOCK_BYTES;
    stella_sv header;
    if (magic != SLOT_MAGIC)
        database_damage(r->taker, STELLA_E_FORMAT, "a slot of the database is damaged");
    else if (s.package && (bytes > r->unread || !read_blob(r->main, &s, &header)))
        database_damage(r->taker, STELLA_E_FORMAT, "package %u is damaged: its checksum or place is wrong", s.package);
    else if (s.package) {
        r->unread -= bytes;
        return r->taker->header(r->taker->self, header, err);
    }
    return STELLA_OK;
}

stella_status database_read_ndb(stella_sv main, const database_taker *taker, stella_error *err) {
    reading r = {.main = main, .unread = main.len, .taker = taker};
    stella_cursor c = stella_cursor_of(main.ptr, main.len);
    const uint32_t magic = stella_cursor_u32le(&c), version = stella_cursor_u32le(&c);
    stella_cursor_skip(&c, 4); /* generation */
    const uint32_t pages = stella_cursor_u32le(&c);
    if (!c.ok || magic != HEADER_MAGIC || pages == 0 || pages > SLOT_PAGES_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "an NDB database of %u pages of slots", pages);
    if (version != 0)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "an NDB database of version %u", version);
    const uint32_t slots = pages * (PAGE_BYTES / SLOT_BYTES);
    stella_status status = STELLA_OK;
    stella_cursor_seek(&c, FIRST_SLOT * SLOT_BYTES);
    for (uint32_t i = FIRST_SLOT; i < slots && status == STELLA_OK; i++) {
        if (stella_cursor_left(&c) < SLOT_BYTES) {
            database_damage(taker, STELLA_E_FORMAT, "the database ends inside of its slots");
            break;
        }
        status = take_slot(&r, &c, err);
    }
    return status;
}
