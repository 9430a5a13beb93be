#include "database.h"

#include "tags.h"

#include "common/sqlite/sqlite.h"

#include <stella/auto.h>

#include <stdarg.h>
#include <stdio.h>

int database_is_sqlite(stella_sv main) {
    return stella_sv_starts(main, STELLA_SV("SQLite format 3\0"));
}

void database_damage(const database_taker *taker, stella_status code, const char *format, ...) {
    stella_error damage = {.code = code};
    va_list args;
    va_start(args, format);
    vsnprintf(damage.message, sizeof damage.message, format, args);
    va_end(args);
    taker->damage(taker->self, &damage);
}

static stella_status take_row(const sqlite_row *row, const database_taker *taker, stella_error *err) {
    sqlite_value blob;
    if (sqlite_column(row, 1, &blob) && blob.kind == SQLITE_BLOB)
        return taker->header(taker->self, blob.bytes, err);
    database_damage(taker, STELLA_E_FORMAT, "row %lld of the packages holds no header", (long long)row->rowid);
    return STELLA_OK;
}

stella_status database_read_sqlite(stella_sv main, stella_sv wal, stella_arena *arena, const database_taker *taker,
                                   stella_error *err) {
    STELLA_AUTO(sqlite_rows_fini) sqlite_rows rows = {0};
    sqlite_database db;
    uint32_t root;
    stella_status status = sqlite_open(main, wal, arena, &db, err);
    if (status == STELLA_OK)
        status = sqlite_find_table(&db, STELLA_SV("Packages"), &root, err);
    if (status != STELLA_OK)
        return status;
    if (db.wal_state == SQLITE_WAL_REFUSED)
        database_damage(taker, STELLA_E_FORMAT, "the write-ahead log beside it belongs to another database");
    sqlite_rows_init(&rows, &db, root, DATABASE_HEADER_MAX);
    for (sqlite_row row;;) {
        stella_error damage = {0};
        status = sqlite_rows_next(&rows, &row, &damage);
        if (status == STELLA_OK && row.record.len == 0)
            return STELLA_OK;
        if (status != STELLA_OK)
            taker->damage(taker->self, &damage);
        else if ((status = take_row(&row, taker, err)) != STELLA_OK)
            return status;
    }
}

stella_status database_read(stella_sv main, stella_sv wal, stella_arena *arena, const database_taker *taker,
                            uint32_t *backend, stella_error *err) {
    if (database_is_sqlite(main)) {
        *backend = BACKEND_SQLITE;
        return database_read_sqlite(main, wal, arena, taker, err);
    }
    if (database_is_ndb(main)) {
        *backend = BACKEND_NDB;
        return database_read_ndb(main, taker, err);
    }
    if (database_is_bdb(main)) {
        *backend = BACKEND_BDB;
        return database_read_bdb(main, taker, err);
    }
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "neither SQLite, NDB nor a Berkeley DB hash");
}
