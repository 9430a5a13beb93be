/* A database and its log: the first two bytes say where the log begins. Reading ends, and no more rows come than the
 * pages have room for. */
#include "plugins/scanner/analyzers/common/sqlite/sqlite.h"

#include <stella/auto.h>

#include <assert.h>

#define ARENA_BYTES ((uint64_t)64 << 20)

static void read_table(const sqlite_database *db, uint32_t root, size_t size) {
    STELLA_AUTO(sqlite_rows_fini) sqlite_rows rows;
    sqlite_row row;
    sqlite_value value;
    uint64_t met = 0, bytes = 0;
    sqlite_rows_init(&rows, db, root, 1u << 20);
    for (;;) {
        met++;
        assert(met <= (uint64_t)size + 3);
        if (sqlite_rows_next(&rows, &row, NULL) != STELLA_OK)
            continue;
        if (row.record.len == 0)
            return;
        bytes += row.record.len;
        for (uint32_t i = 0; i < 5; i++)
            if (sqlite_column(&row, i, &value))
                assert(value.bytes.len <= row.record.len);
        assert(bytes <= 2 * (uint64_t)size);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < 2)
        return 0;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    const stella_sv bytes = stella_sv_of((const char *)data + 2, size - 2);
    const size_t at = (size_t)(data[0] << 8 | data[1]) * 64;
    sqlite_database db;
    uint32_t root;
    if (!arena || sqlite_open(stella_sv_first(bytes, at), stella_sv_skip(bytes, at), arena, &db, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 1; i < db.frame_count; i++)
        assert(db.frames[i - 1].page < db.frames[i].page);
    read_table(&db, 1, size);
    if (sqlite_find_table(&db, STELLA_SV("t"), &root, NULL) == STELLA_OK)
        read_table(&db, root, size);
    return 0;
}
