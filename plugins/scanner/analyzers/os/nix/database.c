#include "database.h"

#include "store_path.h"

#include "common/fields.h"
#include "common/sqlite/sqlite.h"

#include <stella/auto.h>

#include <stdio.h>

#define NOTES_MAX 20

typedef struct reading {
    stella_probe *probe;
    sqlite_database db;
    stella_buf refs;
    uint32_t notes, refs_records;
} reading;

static void reading_fini(reading *r) {
    stella_buf_fini(&r->refs);
}

typedef stella_status (*row_taker)(reading *r, const sqlite_row *row, stella_error *err);

static stella_sv text_at(const sqlite_row *row, uint32_t column) {
    sqlite_value value;
    return sqlite_column(row, column, &value) && value.kind == SQLITE_TEXT ? value.bytes : STELLA_SV("");
}

static int integer_at(const sqlite_row *row, uint32_t column, int64_t *out) {
    sqlite_value value;
    if (!sqlite_column(row, column, &value) || value.kind != SQLITE_INTEGER || value.integer < 0)
        return 0;
    *out = value.integer;
    return 1;
}

static stella_sv base_name(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return slash < path.len ? stella_sv_skip(path, slash + 1) : path;
}

/* ValidPaths(id, path, hash, registrationTime, deriver, narSize, ...) */
static stella_status take_valid(reading *r, const sqlite_row *row, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)4 * DATABASE_ROW_MAX);
    char id[24], size[24] = "";
    int64_t nar_size;
    store_path path;
    if (!store_path_parse(base_name(text_at(row, 1)), &path))
        return STELLA_OK;
    (void)snprintf(id, sizeof id, "%lld", (long long)row->rowid);
    if (integer_at(row, 5, &nar_size))
        (void)snprintf(size, sizeof size, "%lld", (long long)nar_size);
    const stella_sv values[VALID_FIELDS] = {[VALID_ID] = stella_sv_cstr(id),
                                            [VALID_BASE] = path.base,
                                            [VALID_HASH] = text_at(row, 2),
                                            [VALID_DERIVER] = base_name(text_at(row, 4)),
                                            [VALID_SIZE] = stella_sv_cstr(size)};
    const stella_status status = fields_encode(0, values, VALID_FIELDS, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for a store path");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(DATABASE_VALID);
    record.key = path.base;
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(r->probe, &record, err);
}

static stella_status flush_refs(reading *r, stella_error *err) {
    char key[32];
    stella_record record = STELLA_RECORD_INIT;
    if (r->refs.len == 0)
        return STELLA_OK;
    record.kind = STELLA_SV(DATABASE_REFS);
    record.key = stella_sv_of(key, (size_t)snprintf(key, sizeof key, "refs %u", r->refs_records++));
    record.bytes = stella_buf_sv(&r->refs);
    const stella_status status = stella_probe_record(r->probe, &record, err);
    r->refs.len = 0;
    return status;
}

/* Refs(referrer, reference) */
static stella_status take_ref(reading *r, const sqlite_row *row, stella_error *err) {
    int64_t from, to;
    if (!integer_at(row, 0, &from) || !integer_at(row, 1, &to) || from == to)
        return STELLA_OK;
    stella_status status = stella_buf_varint(&r->refs, (uint64_t)from);
    if (status == STELLA_OK)
        status = stella_buf_varint(&r->refs, (uint64_t)to);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for references");
    return r->refs.len + 20 > DATABASE_REFS_MAX ? flush_refs(r, err) : STELLA_OK;
}

static void note_damage(reading *r, const stella_error *damage) {
    if (r->notes++ < NOTES_MAX)
        stella_probe_note(r->probe, STELLA_NOTE_ERROR, 0, stella_sv_cstr(damage->message));
}

static stella_status read_table(reading *r, stella_sv name, row_taker take, stella_error *err) {
    STELLA_AUTO(sqlite_rows_fini) sqlite_rows rows;
    stella_error damage = {0};
    uint32_t root = 0;
    const stella_status found = sqlite_find_table(&r->db, name, &root, &damage);
    sqlite_rows_init(&rows, &r->db, root, DATABASE_ROW_MAX);
    if (found != STELLA_OK) {
        note_damage(r, &damage);
        return found == STELLA_E_NOMEM ? stella_error_set(err, found, NULL, "no memory for a table") : STELLA_OK;
    }
    for (sqlite_row row;;) {
        stella_status status = sqlite_rows_next(&rows, &row, &damage);
        if (status == STELLA_E_NOMEM)
            return stella_error_set(err, status, NULL, "no memory for a row");
        if (status != STELLA_OK) {
            note_damage(r, &damage);
            continue;
        }
        if (row.record.len == 0)
            return STELLA_OK;
        status = take(r, &row, err);
        if (status != STELLA_OK)
            return status;
    }
}

stella_status database_read(stella_probe *probe, stella_sv main, stella_sv wal, stella_error *err) {
    STELLA_AUTO(reading_fini) reading r = {.probe = probe, .refs = stella_buf_of(DATABASE_REFS_MAX)};
    stella_status status = sqlite_open(main, wal, probe->arena, &r.db, err);
    if (status != STELLA_OK)
        return status;
    if (r.db.wal_state == SQLITE_WAL_REFUSED)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0,
                          STELLA_SV("the write-ahead log beside it is another database's"));
    status = read_table(&r, STELLA_SV("ValidPaths"), take_valid, err);
    if (status == STELLA_OK)
        status = read_table(&r, STELLA_SV("Refs"), take_ref, err);
    if (status == STELLA_OK)
        status = flush_refs(&r, err);
    if (r.notes > NOTES_MAX)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("more of the database could not be read"));
    return status;
}

stella_status database_probe(stella_probe *probe, stella_error *err) {
    stella_sv main, wal = {0};
    stella_status status = stella_probe_content(probe, &main, err);
    if (status != STELLA_OK)
        return status;
    status = stella_probe_companion(probe, 0, &wal, err);
    if (status != STELLA_OK && status != STELLA_E_NOTFOUND)
        return status;
    return database_read(probe, main, wal, err);
}
