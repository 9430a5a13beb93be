/* Every view of a PE file lies inside it; its version strings are UTF-8. */
#include "common/binary/pe.h"

#include <stella/auto.h>

#include <assert.h>

static void inside(stella_sv file, stella_sv view) {
    assert(view.len == 0 || (view.ptr >= file.ptr && view.len <= file.len - (size_t)(view.ptr - file.ptr)));
}

static void read_version(stella_sv resource) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    pe_version version;
    if (!arena || pe_version_read(resource, arena, &version, NULL) != STELLA_OK)
        return;
    assert(version.string_count <= PE_VERSION_STRINGS_MAX);
    for (uint32_t i = 0; i < version.string_count; i++) {
        const stella_sv value = version.strings[i].value;
        assert(stella_sv_utf8_prefix(value) == value.len);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    pe_file file;
    pe_section section;
    pe_clr clr;
    stella_sv resource;
    read_version(bytes);
    if (pe_open(bytes, &file, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; pe_section_at(&file, i, &section); i++) {
        inside(bytes, section.bytes);
        assert(section.name.len <= 8 || section.name.ptr >= bytes.ptr);
    }
    for (uint32_t i = 0; i < PE_DIRECTORIES_MAX; i++)
        inside(bytes, pe_directory(&file, i));
    if (pe_clr_header(&file, &clr))
        inside(bytes, clr.metadata);
    if (pe_resource(&file, PE_RESOURCE_VERSION, &resource, NULL) == STELLA_OK) {
        inside(bytes, resource);
        read_version(resource);
    }
    return 0;
}
