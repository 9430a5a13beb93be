/* Nix's database and names of store paths: records can be read back, an error is no crash. */
#include "plugins/scanner/analyzers/os/nix/database.h"
#include "plugins/scanner/analyzers/os/nix/store_path.h"

#include "common/fields.h"
#include "probe_input.h"

#include <stella/auto.h>

static void check(const stella_record *record) {
    stella_sv values[VALID_FIELDS];
    if (stella_sv_eq(record->kind, STELLA_SV(DATABASE_VALID)))
        assert(fields_decode(record->bytes, VALID_FIELDS, NULL, values, NULL) == STELLA_OK && values[VALID_BASE].len);
}

static stella_status read_whole(stella_probe *probe, stella_error *err) {
    stella_sv main;
    const stella_status status = stella_probe_content(probe, &main, err);
    return status == STELLA_OK ? database_read(probe, main, (stella_sv){0}, err) : status;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    stella_status status;
    store_path path;
    assert(arena);
    (void)probe_input_run(read_whole, DATABASE_PATH, bytes, arena, check, &status);
    if (store_path_parse(bytes, &path))
        assert(path.name.len && path.version.len && path.name.len + path.version.len < size);
    return 0;
}
