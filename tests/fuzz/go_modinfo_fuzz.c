/* No more modules and settings than lines; a version of the program is found within the text's size. */
#include "plugins/scanner/analyzers/lang/go/main_version.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)32 << 20);
    modinfo info;
    stella_sv version;
    if (!arena || modinfo_parse(stella_sv_of((const char *)data, size), arena, &info, NULL) != STELLA_OK)
        return 0;
    assert(info.module_count + info.setting_count <= size);
    if (main_version(&info, arena, &version, NULL) == STELLA_OK)
        assert(version.len <= size + 64);
    return 0;
}
