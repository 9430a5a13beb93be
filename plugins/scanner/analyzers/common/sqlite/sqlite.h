/* sqlite.h - reads the tables of an SQLite database that lies in memory, without SQLite: nothing of it is trusted.
 *
 *     sqlite_database db;
 *     STELLA_AUTO(sqlite_rows_fini) sqlite_rows rows;
 *     uint32_t root;
 *     if (sqlite_open(bytes, wal, arena, &db, err) != STELLA_OK || sqlite_find_table(&db, name, &root, err) != STELLA_OK)
 *         return err->code;
 *     sqlite_rows_init(&rows, &db, root, payload_max);
 *     for (sqlite_row row; (status = sqlite_rows_next(&rows, &row, err)) == STELLA_OK && row.record.len;)
 *         sqlite_column(&row, 1, &value);
 *
 * What is read: tables with row ids, in databases of UTF-8, with page sizes 512 to 65536, reserved bytes, auto-vacuum,
 * and a write-ahead log. The format is that of https://www.sqlite.org/fileformat2.html. A rollback journal is not
 * applied. All functions: [one thread a database]. */
#ifndef ANALYZERS_SQLITE_H
#define ANALYZERS_SQLITE_H

#include <stella/arena.h>
#include <stella/error.h>
#include <stella/sink.h>

#define SQLITE_DEPTH_MAX 24 /* pages from the root of a table to a row; SQLite itself allows 20 */

/* What came of the write-ahead log. */
#define SQLITE_WAL_NONE    0 /* there is none, or it holds no whole transaction: the file alone counts */
#define SQLITE_WAL_READ    1
#define SQLITE_WAL_REFUSED 2 /* it does not fit this file (page size): the file alone counts */

/* Where the newest committed content of a page stands in the log. */
typedef struct sqlite_frame {
    uint32_t page;
    uint32_t position; /* among the frames */
} sqlite_frame;

/* To be read only. Borrows the views it was opened with; the frames live in the arena. */
typedef struct sqlite_database {
    stella_sv main, wal;
    uint32_t page_bytes, usable_bytes; /* of a page: all, and without those reserved at its end */
    uint32_t page_count;               /* after the last committed transaction */
    uint32_t wal_state;                /* SQLITE_WAL_* */
    sqlite_frame *frames;              /* by page, no two alike */
    uint32_t frame_count;
} sqlite_database;

/* Reads the header and, when one is given, the log: its frames up to the last commit whose checksums and salts hold.
 * main  the database file; an empty file is a database without tables
 * wal   the "-wal" file; empty when there is none
 * out   set on success
 * Returns STELLA_E_FORMAT, STELLA_E_UNSUPPORTED (UTF-16, a newer format), STELLA_E_NOMEM. */
stella_status sqlite_open(stella_sv main, stella_sv wal, stella_arena *arena, sqlite_database *out, stella_error *err);

/* The page at which the table of that name begins (ASCII case does not matter).
 * root  set on success
 * Returns STELLA_E_NOTFOUND, or why the schema could not be read. */
stella_status sqlite_find_table(const sqlite_database *db, stella_sv name, uint32_t *root, stella_error *err);

/* A page by its number, from 1: from the log if it is there, else from the file.
 * out  set on success; page_bytes long
 * Returns STELLA_E_FORMAT when there is no such page. */
stella_status sqlite_page(const sqlite_database *db, uint32_t number, stella_sv *out, stella_error *err);

/* One row: valid until the next call for its rows. */
typedef struct sqlite_row {
    int64_t rowid; /* also the value of an INTEGER PRIMARY KEY column, which is stored as NULL */
    stella_sv record;
} sqlite_row;

/* A page on the way from the root to the row at hand. */
typedef struct sqlite_level {
    stella_sv page;
    uint32_t at;     /* of the page's header in it: 100 on page 1 */
    uint32_t cells;  /* how many */
    uint32_t next;   /* the cell to read next; on an inner page `cells` stands for the rightmost child */
    uint32_t unread; /* bytes that cells may still take: cells that lie upon each other take more than a page has */
    int32_t is_leaf;
} sqlite_level;

/* In the caller's storage. */
typedef struct sqlite_rows {
    const sqlite_database *db;
    sqlite_level levels[SQLITE_DEPTH_MAX];
    uint32_t depth;
    uint32_t root;       /* 0 once it is entered */
    uint64_t pages_left; /* each page of a table is met once: whoever meets more goes in circles */
    stella_buf payload;  /* of a row that spans pages */
} sqlite_rows;

/* payload_max  bytes of a row; a longer one is an error of that row */
void sqlite_rows_init(sqlite_rows *rows, const sqlite_database *db, uint32_t root, uint64_t payload_max);
void sqlite_rows_fini(sqlite_rows *rows);

/* The next row, in the order of row ids; out->record is empty at the end.
 * out  set on success
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT or STELLA_E_NOMEM for a page or row that cannot be read: the next call goes on
 * behind it. The number of errors is limited by the number of pages and rows. */
stella_status sqlite_rows_next(sqlite_rows *rows, sqlite_row *out, stella_error *err);

#define SQLITE_NULL    0
#define SQLITE_INTEGER 1
#define SQLITE_REAL    2 /* its value is not decoded */
#define SQLITE_TEXT    3
#define SQLITE_BLOB    4

typedef struct sqlite_value {
    uint32_t kind; /* SQLITE_* */
    int64_t integer;
    stella_sv bytes; /* of TEXT and BLOB; borrows from the row */
} sqlite_value;

/* The value of the position-th column, from 0; NULL for one that the row is too short for.
 * out  set on success
 * Returns 0 for a malformed record. */
int sqlite_column(const sqlite_row *row, uint32_t position, sqlite_value *out);

/* SQLite's variable-length integer at the front of the view: its length, 1 to 9, or 0 when the view is too short. */
size_t sqlite_varint(stella_sv bytes, uint64_t *out);

#endif
