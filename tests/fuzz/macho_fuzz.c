/* Every view of a Mach-O file lies inside it, architectures do not overlap, and every iteration ends. */
#include "common/binary/binary.h"

#include <assert.h>

static void inside(stella_sv file, stella_sv view) {
    assert(view.len == 0 || (view.ptr >= file.ptr && view.len <= file.len - (size_t)(view.ptr - file.ptr)));
}

static void read_one(const macho_file *file) {
    macho_command command;
    macho_section section;
    macho_build build;
    stella_sv uuid;
    for (macho_commands it = macho_commands_of(file); macho_commands_next(&it, &command);) {
        inside(file->bytes, command.bytes);
        inside(command.bytes, macho_path(file, &command, NULL));
    }
    for (macho_sections it = macho_sections_of(file); macho_sections_next(&it, &section);) {
        inside(file->bytes, section.bytes);
        inside(file->bytes, macho_at(file, section.address));
    }
    if (macho_uuid(file, &uuid))
        inside(file->bytes, uuid);
    (void)macho_build_version(file, &build);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    macho_slices slices;
    macho_slice slice;
    uint64_t total = 0;
    if (macho_slices_of(bytes, &slices, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i <= MACHO_SLICES_MAX; i++) {
        macho_file file;
        if (macho_slices_next(&slices, &slice, NULL) != STELLA_OK)
            continue;
        if (slice.bytes.len == 0)
            break;
        inside(bytes, slice.bytes);
        total += slice.bytes.len;
        assert(total <= size);
        if (macho_open(slice.bytes, &file, NULL) == STELLA_OK)
            read_one(&file);
    }
    return 0;
}
