/* Settings: keys are never empty lines, and lines ascend. */
#include "supervisors/ini.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    ini file;
    if (!arena || ini_parse(stella_sv_of((const char *)data, size), arena, &file, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i < file.count; i++) {
        assert(file.settings[i].line >= 1 && file.settings[i].line <= size + 1);
        assert(i == 0 || file.settings[i].line > file.settings[i - 1].line);
    }
    return 0;
}
