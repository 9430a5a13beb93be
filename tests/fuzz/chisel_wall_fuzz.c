/* A manifest: records can be read back; an error is no crash. */
#include "plugins/scanner/analyzers/os/chisel/wall.h"

#include "common/fields.h"
#include "probe_input.h"

static void check(const stella_record *record) {
    stella_sv values[WALL_PACKAGE_FIELDS];
    uint32_t line;
    const uint32_t count = stella_sv_eq(record->kind, STELLA_SV(WALL_PACKAGE)) ? WALL_PACKAGE_FIELDS
                           : stella_sv_eq(record->kind, STELLA_SV(WALL_SLICE)) ? 1
                                                                               : WALL_FILE_FIELDS;
    assert(fields_decode(record->bytes, count, &line, values, NULL) == STELLA_OK);
    assert(line > 1 && values[0].len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    stella_status status;
    (void)probe_input_run(wall_probe, WALL_PATH, stella_sv_of((const char *)data, size), NULL, check, &status);
    return 0;
}
