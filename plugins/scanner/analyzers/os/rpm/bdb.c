/* bdb.c - a Berkeley DB hash, as rpm kept its packages up to 4.15: every page is looked at, in order, so that no chain
 * of buckets can lead in circles. Keys are package numbers, values are headers, which mostly lie on overflow pages. */
#include "database.h"

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/sink.h>

#define HASH_MAGIC         0x00061561u
#define PAGE_BYTES_MIN     512
#define PAGE_BYTES_MAX     65536
#define PAGE_HEADER_BYTES  26
#define META_CHECKSUM      1u /* pages begin differently: rpm never made such files */
#define PAGE_HASH_UNSORTED 2  /* before Berkeley DB 4.6 */
#define PAGE_OVERFLOW      7
#define PAGE_HASH          13
#define ITEM_DATA          1
#define ITEM_OFF_PAGE      3
#define KEY_BYTES          4

typedef struct reading {
    stella_sv main;
    uint32_t page_bytes, last_page;
    int is_big_endian;
    uint64_t pages_left; /* of overflow pages: each belongs to one value */
    stella_buf value;
    const database_taker *taker;
} reading;

static void reading_finip(reading *r) {
    stella_buf_fini(&r->value);
}

static uint32_t read_u32(const reading *r, stella_cursor *c) {
    return r->is_big_endian ? stella_cursor_u32be(c) : stella_cursor_u32le(c);
}

static uint16_t read_u16(const reading *r, stella_cursor *c) {
    return r->is_big_endian ? stella_cursor_u16be(c) : stella_cursor_u16le(c);
}

static int magic_of(stella_sv main, int is_big_endian) {
    const reading r = {.is_big_endian = is_big_endian};
    stella_cursor c = stella_cursor_of(main.ptr, main.len);
    stella_cursor_seek(&c, 12);
    return read_u32(&r, &c) == HASH_MAGIC;
}

int database_is_bdb(stella_sv main) {
    return magic_of(main, 0) || magic_of(main, 1);
}

typedef struct page {
    stella_sv bytes;
    uint32_t next;
    uint32_t entries; /* items; of an overflow page unused */
    uint32_t offset;  /* where free space ends; of an overflow page how long its data is */
    uint32_t type;
} page;

static int read_page(const reading *r, uint32_t number, page *out) {
    stella_cursor c = stella_cursor_of(r->main.ptr, r->main.len);
    stella_cursor_seek(&c, (uint64_t)number * r->page_bytes);
    const stella_sv bytes = stella_cursor_str(&c, r->page_bytes);
    if (!c.ok)
        return 0;
    stella_cursor p = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_seek(&p, 16); /* log position, own number, previous page */
    out->bytes = bytes;
    out->next = read_u32(r, &p);
    out->entries = read_u16(r, &p);
    out->offset = read_u16(r, &p);
    stella_cursor_skip(&p, 1); /* level */
    out->type = stella_cursor_u8(&p);
    return 1;
}

/* Item i: items grow from the end of the page, each up to the one before it. Returns 0 for one that does not fit. */
static int read_item(const reading *r, const page *p, uint32_t i, stella_sv *out) {
    stella_cursor c = stella_cursor_of(p->bytes.ptr, p->bytes.len);
    stella_cursor_seek(&c, PAGE_HEADER_BYTES + 2 * (i ? i - 1 : 0));
    const uint32_t end = i ? read_u16(r, &c) : r->page_bytes, begin = read_u16(r, &c);
    const uint32_t index_end = PAGE_HEADER_BYTES + 2 * p->entries;
    if (!c.ok || begin < index_end || begin >= end || end > r->page_bytes)
        return 0;
    *out = stella_sv_first(stella_sv_skip(p->bytes, begin), end - begin);
    return 1;
}

static stella_status read_overflow(reading *r, uint32_t number, uint32_t len, stella_error *err) {
    r->value.len = 0;
    r->value.failed = 0;
    if (len > DATABASE_HEADER_MAX || len > r->pages_left * r->page_bytes)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a package of %u bytes is longer than the database", len);
    while (r->value.len < len) {
        page p;
        if (r->pages_left == 0 || number == 0 || !read_page(r, number, &p) || p.type != PAGE_OVERFLOW)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "a package breaks off at page %u", number);
        r->pages_left--;
        const stella_sv data = stella_sv_first(stella_sv_skip(p.bytes, PAGE_HEADER_BYTES), p.offset);
        if (data.len == 0 || stella_buf_add(&r->value, stella_sv_first(data, len - r->value.len)) != STELLA_OK)
            return stella_error_set(err, data.len ? STELLA_E_NOMEM : STELLA_E_FORMAT, NULL,
                                    "a package breaks off at page %u", number);
        number = p.next;
    }
    return STELLA_OK;
}

/* The header that an item of a pair stands for. */
static stella_status read_value(reading *r, stella_sv item, stella_sv *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(item.ptr, item.len);
    const uint8_t type = stella_cursor_u8(&c);
    if (type == ITEM_DATA) {
        *out = stella_sv_skip(item, 1);
        return STELLA_OK;
    }
    stella_cursor_skip(&c, 3);
    const uint32_t number = read_u32(r, &c), len = read_u32(r, &c);
    if (type != ITEM_OFF_PAGE || !c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "an item of kind %u in place of a package", type);
    const stella_status status = read_overflow(r, number, len, err);
    if (status == STELLA_OK)
        *out = stella_buf_sv(&r->value);
    return status;
}

/* Key 0 is no package: its value is the highest number given so far. */
static int is_package(stella_sv key) {
    return key.len == 1 + KEY_BYTES && key.ptr[0] == ITEM_DATA && memcmp(key.ptr + 1, "\0\0\0\0", KEY_BYTES) != 0;
}

static stella_status read_hash_page(reading *r, const page *p, uint32_t number, stella_error *err) {
    uint64_t unread = r->page_bytes; /* items do not overlap */
    for (uint32_t i = 0; i + 1 < p->entries; i += 2) {
        stella_sv key, item, header = {0};
        stella_error damage = {0};
        if (!read_item(r, p, i, &key) || !read_item(r, p, i + 1, &item) || key.len + item.len > unread) {
            database_damage(r->taker, STELLA_E_FORMAT, "page %u is damaged: its items do not fit", number);
            return STELLA_OK;
        }
        unread -= key.len + item.len;
        if (!is_package(key))
            continue;
        stella_status status = read_value(r, item, &header, &damage);
        if (status != STELLA_OK)
            r->taker->damage(r->taker->self, &damage);
        else if ((status = r->taker->header(r->taker->self, header, err)) != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_status read_meta_page(reading *r, stella_error *err) {
    stella_cursor c = stella_cursor_of(r->main.ptr, r->main.len);
    stella_cursor_seek(&c, 20);
    r->page_bytes = read_u32(r, &c);
    const uint32_t encryption = stella_cursor_u8(&c);
    stella_cursor_skip(&c, 1); /* type */
    const uint32_t flags = stella_cursor_u8(&c);
    stella_cursor_seek(&c, 32);
    r->last_page = read_u32(r, &c);
    if (!c.ok || r->page_bytes < PAGE_BYTES_MIN || r->page_bytes > PAGE_BYTES_MAX ||
        (r->page_bytes & (r->page_bytes - 1)))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a Berkeley DB with pages of %u bytes", r->page_bytes);
    if (encryption || flags & META_CHECKSUM)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "a Berkeley DB that is encrypted or has checksums");
    const uint64_t pages = r->main.len / r->page_bytes;
    r->pages_left = pages;
    if (r->last_page >= pages) {
        database_damage(r->taker, STELLA_E_FORMAT, "the file ends before page %u, the last of the database",
                        r->last_page);
        r->last_page = pages ? (uint32_t)(pages - 1) : 0;
    }
    return STELLA_OK;
}

stella_status database_read_bdb(stella_sv main, const database_taker *taker, stella_error *err) {
    STELLA_AUTO(reading_finip)
    reading r = {
        .main = main, .is_big_endian = magic_of(main, 1), .taker = taker, .value = stella_buf_of(DATABASE_HEADER_MAX)};
    stella_status status = read_meta_page(&r, err);
    for (uint32_t number = 1; status == STELLA_OK && number <= r.last_page && number != 0; number++) {
        page p;
        if (read_page(&r, number, &p) && (p.type == PAGE_HASH || p.type == PAGE_HASH_UNSORTED))
            status = read_hash_page(&r, &p, number, err);
    }
    return status;
}
