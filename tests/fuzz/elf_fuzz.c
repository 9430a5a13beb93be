/* Every view of an ELF file lies inside it, and every iteration ends. */
#include "common/binary/elf.h"

#include <assert.h>

static void inside(stella_sv file, stella_sv view) {
    assert(view.len == 0 || (view.ptr >= file.ptr && view.len <= file.len - (size_t)(view.ptr - file.ptr)));
}

static void read_rest(const elf_file *file) {
    elf_note note;
    elf_dynamic_entry entry;
    elf_symbol symbol;
    uint32_t met = 0;
    for (elf_notes it = elf_notes_of(file); elf_notes_next(&it, &note); met++)
        inside(file->bytes, note.bytes);
    assert(met <= ELF_NOTES_MAX);
    for (elf_dynamic it = elf_dynamic_of(file); elf_dynamic_next(&it, &entry);) {
        inside(file->bytes, entry.text);
        inside(file->bytes, elf_at(file, entry.value));
    }
    for (elf_symbols it = elf_symbols_of(file, ELF_SECTION_DYNSYM); elf_symbols_next(&it, &symbol);)
        inside(file->bytes, symbol.name);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    elf_file file;
    elf_segment segment;
    elf_section section;
    if (elf_open(bytes, &file, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; elf_segment_at(&file, i, &segment); i++)
        inside(bytes, segment.bytes);
    for (uint32_t i = 0; elf_section_at(&file, i, &section); i++) {
        inside(bytes, section.bytes);
        inside(bytes, section.name);
    }
    read_rest(&file);
    return 0;
}
