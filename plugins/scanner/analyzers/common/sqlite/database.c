#include "sqlite.h"

#include "wal.h"

#include <stella/auto.h>
#include <stella/cursor.h>

#define HEADER_BYTES     100
#define PAGE_BYTES_MIN   512
#define PAGE_BYTES_MAX   65536
#define USABLE_BYTES_MIN 480 /* the format's own rule */
#define FORMAT_MAX       2   /* read version: 1 rollback journal, 2 write-ahead log */
#define ENCODING_UTF8    1
#define SCHEMA_ROOT      1
#define SCHEMA_ROW_MAX   (1u << 20)

static const stella_sv magic = STELLA_SV_INIT("SQLite format 3\0");

static stella_status read_header(sqlite_database *db, stella_error *err) {
    stella_cursor c = stella_cursor_of(db->main.ptr, db->main.len);
    const stella_sv begin = stella_cursor_str(&c, magic.len);
    const uint32_t page_bytes = stella_cursor_u16be(&c);
    stella_cursor_skip(&c, 1); /* write version */
    const uint32_t read_version = stella_cursor_u8(&c);
    const uint32_t reserved = stella_cursor_u8(&c);
    stella_cursor_seek(&c, 56);
    const uint32_t encoding = stella_cursor_u32be(&c);
    stella_cursor_seek(&c, HEADER_BYTES);
    if (!c.ok || !stella_sv_eq(begin, magic))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not an SQLite database");
    db->page_bytes = page_bytes == 1 ? PAGE_BYTES_MAX : page_bytes;
    if (db->page_bytes < PAGE_BYTES_MIN || (db->page_bytes & (db->page_bytes - 1)))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a page size of %u bytes", page_bytes);
    db->usable_bytes = db->page_bytes - reserved;
    if (db->usable_bytes < USABLE_BYTES_MIN)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "%u bytes reserved in pages of %u", reserved, page_bytes);
    if (read_version > FORMAT_MAX)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "SQLite file format %u", read_version);
    if (encoding > ENCODING_UTF8) /* 0: nothing has been stored yet */
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "a database of UTF-16 text");
    const uint64_t pages = db->main.len / db->page_bytes;
    db->page_count = pages < UINT32_MAX ? (uint32_t)pages : UINT32_MAX;
    return STELLA_OK;
}

stella_status sqlite_open(stella_sv main, stella_sv wal, stella_arena *arena, sqlite_database *out, stella_error *err) {
    sqlite_database db = {.main = main, .wal = wal};
    if (main.len == 0) { /* SQLite drops the log of an empty file */
        *out = (sqlite_database){.page_bytes = PAGE_BYTES_MIN, .usable_bytes = PAGE_BYTES_MIN};
        return STELLA_OK;
    }
    stella_status status = read_header(&db, err);
    if (status != STELLA_OK)
        return status;
    if (wal.len)
        status = wal_read(&db, arena, err);
    if (status == STELLA_OK)
        *out = db;
    return status;
}

static const sqlite_frame *find_frame(const sqlite_database *db, uint32_t number) {
    uint32_t low = 0, high = db->frame_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (db->frames[middle].page < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < db->frame_count && db->frames[low].page == number ? &db->frames[low] : NULL;
}

stella_status sqlite_page(const sqlite_database *db, uint32_t number, stella_sv *out, stella_error *err) {
    const sqlite_frame *frame = find_frame(db, number);
    if (number != 0 && number <= db->page_count) {
        stella_cursor c =
            frame ? stella_cursor_of(db->wal.ptr, db->wal.len) : stella_cursor_of(db->main.ptr, db->main.len);
        stella_cursor_seek(&c, frame ? wal_page_offset(db, frame->position) : (uint64_t)(number - 1) * db->page_bytes);
        const stella_sv page = stella_cursor_str(&c, db->page_bytes);
        if (c.ok) {
            *out = page;
            return STELLA_OK;
        }
    }
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "page %u is referred to and is not there", number);
}

static int is_table(const sqlite_row *row, stella_sv name) {
    sqlite_value type, table;
    return sqlite_column(row, 0, &type) && sqlite_column(row, 1, &table) &&
           stella_sv_eq(type.bytes, STELLA_SV("table")) && stella_sv_ieq(table.bytes, name);
}

static stella_status root_of(const sqlite_row *row, stella_sv name, uint32_t *root, stella_error *err) {
    sqlite_value page;
    if (!sqlite_column(row, 3, &page) || page.kind != SQLITE_INTEGER || page.integer < 1 || page.integer > UINT32_MAX)
        return stella_error_at(err, STELLA_E_FORMAT, name, "a table without a first page");
    *root = (uint32_t)page.integer;
    return STELLA_OK;
}

stella_status sqlite_find_table(const sqlite_database *db, stella_sv name, uint32_t *root, stella_error *err) {
    STELLA_AUTO(sqlite_rows_fini) sqlite_rows rows;
    stella_error first = {0}; /* damage elsewhere in the schema matters only if the table is not found */
    sqlite_row row;
    sqlite_rows_init(&rows, db, db->page_count ? SCHEMA_ROOT : 0, SCHEMA_ROW_MAX);
    for (;;) {
        stella_error damage = {0};
        if (sqlite_rows_next(&rows, &row, &damage) != STELLA_OK) {
            first = first.code ? first : damage;
            continue;
        }
        if (row.record.len == 0)
            break;
        if (is_table(&row, name))
            return root_of(&row, name, root, err);
    }
    if (first.code)
        return stella_error_at(err, first.code, name, "%s", first.message);
    return stella_error_at(err, STELLA_E_NOTFOUND, name, "the database has no such table");
}
