/* reading.h - a database as text: a line a row, as make_databases.py writes it. */
#ifndef TESTS_SQLITE_READING_H
#define TESTS_SQLITE_READING_H

#include "check.h"

#include "common/sqlite/sqlite.h"

#include <stella/auto.h>
#include <stella/encoding.h>

#include <stdlib.h>

#define READING_BYTES   ((size_t)64 << 20)
#define READING_COLUMNS 4

static inline void reading_add_bytes(stella_buf *out, char kind, stella_sv bytes) {
    STELLA_AUTO(stella_freep) char *hex = malloc(2 * bytes.len + 1);
    assert_non_null(hex);
    stella_hex(bytes.ptr, bytes.len, hex);
    assert_int_equal(stella_buf_printf(out, "%c", kind), STELLA_OK);
    assert_int_equal(stella_buf_add(out, stella_sv_cstr(hex)), STELLA_OK);
}

static inline void reading_add_value(stella_buf *out, const sqlite_value *value) {
    switch (value->kind) {
    case SQLITE_INTEGER:
        assert_int_equal(stella_buf_printf(out, "i%lld", (long long)value->integer), STELLA_OK);
        break;
    case SQLITE_TEXT:
    case SQLITE_BLOB:
        reading_add_bytes(out, value->kind == SQLITE_TEXT ? 't' : 'b', value->bytes);
        break;
    default:
        assert_int_equal(stella_buf_printf(out, "%s", value->kind == SQLITE_REAL ? "r" : "n"), STELLA_OK);
    }
}

static inline void reading_add_row(stella_buf *out, const sqlite_row *row) {
    assert_int_equal(stella_buf_printf(out, "%lld", (long long)row->rowid), STELLA_OK);
    for (uint32_t i = 0; i < READING_COLUMNS; i++) {
        sqlite_value value;
        assert_true(sqlite_column(row, i, &value));
        assert_int_equal(stella_buf_add(out, STELLA_SV("\t")), STELLA_OK);
        reading_add_value(out, &value);
    }
    assert_int_equal(stella_buf_add(out, STELLA_SV("\n")), STELLA_OK);
}

/* All rows of table t; how many pages or rows could not be read. */
static inline uint32_t reading_of(const sqlite_database *db, stella_buf *out, stella_error *err) {
    STELLA_AUTO(sqlite_rows_fini) sqlite_rows rows;
    sqlite_row row;
    uint32_t root, damaged = 0;
    if (sqlite_find_table(db, STELLA_SV("T"), &root, err) != STELLA_OK)
        return 1;
    sqlite_rows_init(&rows, db, root, 1u << 20);
    for (;;) {
        if (sqlite_rows_next(&rows, &row, err) != STELLA_OK) {
            assert_true(++damaged < 100000);
            continue;
        }
        if (row.record.len == 0)
            return damaged;
        reading_add_row(out, &row);
    }
}

#endif
