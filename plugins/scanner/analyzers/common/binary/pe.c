#include "pe.h"

#include "wire.h"

#define SECOND_HEADER_AT 60 /* in the DOS header */
#define MAGIC_32         0x10b
#define MAGIC_64         0x20b
#define SECTION_BYTES    40
#define NAME_BYTES       8
#define SYMBOL_BYTES     18
#define CLR_BYTES        72

static wire wire_at(const pe_file *file, uint64_t offset) {
    wire w = wire_of(file->bytes, 0, file->is_64);
    stella_cursor_seek(&w.c, offset);
    return w;
}

/* The optional header, which executables always have. */
static void read_optional(pe_file *file, wire *w) {
    const uint32_t magic = wire_u16(w);
    w->is_64 = file->is_64 = magic == MAGIC_64;
    if (magic != MAGIC_32 && magic != MAGIC_64) {
        w->c.ok = 0;
        return;
    }
    stella_cursor_skip(&w->c, 14); /* version of the linker, sizes */
    file->entry = wire_u32(w);
    stella_cursor_skip(&w->c, file->is_64 ? 4 : 8);
    file->image_base = wire_word(w);
    stella_cursor_skip(&w->c, 36); /* alignments, versions, sizes, checksum */
    file->subsystem = wire_u16(w);
    file->dll_characteristics = wire_u16(w);
    stella_cursor_skip(&w->c, (file->is_64 ? 32 : 16) + 4); /* stack, heap, loader's flags */
    file->directory_count = wire_u32(w);
    if (file->directory_count > PE_DIRECTORIES_MAX)
        file->directory_count = PE_DIRECTORIES_MAX;
    for (uint32_t i = 0; i < file->directory_count; i++) {
        file->directories[i].address = wire_u32(w);
        file->directories[i].size = wire_u32(w);
    }
}

static void settle_sections(pe_file *file, uint64_t at, uint32_t count) {
    if (count > PE_SECTIONS_MAX || at > file->bytes.len || count * (uint64_t)SECTION_BYTES > file->bytes.len - at) {
        file->damage = "the table of sections is not inside the file";
        return;
    }
    file->sections_at = at;
    file->section_count = count;
}

stella_status pe_open(stella_sv bytes, pe_file *out, stella_error *err) {
    pe_file file = {.bytes = bytes};
    wire w = wire_at(&file, SECOND_HEADER_AT);
    const uint32_t second = wire_u32(&w);
    stella_cursor_seek(&w.c, second);
    const stella_sv magic = stella_cursor_str(&w.c, 4);
    if (!stella_sv_starts(bytes, STELLA_SV("MZ")) || !stella_sv_eq(magic, STELLA_SV("PE\0\0")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a PE file");
    file.machine = wire_u16(&w);
    const uint32_t section_count = wire_u16(&w);
    file.timestamp = wire_u32(&w);
    const uint64_t symbols_at = wire_u32(&w);
    const uint64_t symbol_count = wire_u32(&w);
    const uint32_t optional_bytes = wire_u16(&w);
    file.characteristics = wire_u16(&w);
    const uint64_t optional_at = stella_cursor_offset(&w.c);
    read_optional(&file, &w);
    if (!w.c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the file ends inside its PE headers, or has others");
    settle_sections(&file, optional_at + optional_bytes, section_count);
    if (symbols_at) {
        int is_cut;
        file.texts = wire_range(bytes, symbols_at + symbol_count * SYMBOL_BYTES, UINT32_MAX, &is_cut);
    }
    *out = file;
    return STELLA_OK;
}

/* "/123" is an offset in the table of long names. */
static stella_sv name_of(const pe_file *file, stella_sv field) {
    uint64_t offset;
    if (field.len > 1 && field.ptr[0] == '/' && stella_sv_u64(stella_sv_skip(field, 1), UINT32_MAX, &offset))
        return wire_text(file->texts, offset);
    return field;
}

int pe_section_at(const pe_file *file, uint32_t index, pe_section *out) {
    if (index >= file->section_count)
        return 0;
    wire w = wire_at(file, file->sections_at + (uint64_t)index * SECTION_BYTES);
    pe_section s = {.name = name_of(file, wire_padded(stella_cursor_str(&w.c, NAME_BYTES)))};
    s.memory_bytes = wire_u32(&w);
    s.address = wire_u32(&w);
    const uint32_t file_bytes = wire_u32(&w);
    const uint32_t offset = wire_u32(&w);
    stella_cursor_skip(&w.c, 12); /* relocations and line numbers */
    s.flags = wire_u32(&w);
    const uint32_t size = s.memory_bytes && s.memory_bytes < file_bytes ? s.memory_bytes : file_bytes;
    s.bytes = wire_range(file->bytes, offset, size, &s.is_cut);
    *out = s;
    return 1;
}

int pe_section_named(const pe_file *file, stella_sv name, pe_section *out) {
    pe_section s;
    for (uint32_t i = 0; pe_section_at(file, i, &s); i++)
        if (stella_sv_eq(s.name, name)) {
            *out = s;
            return 1;
        }
    return 0;
}

stella_sv pe_at(const pe_file *file, uint32_t address) {
    pe_section s;
    for (uint32_t i = 0; pe_section_at(file, i, &s); i++)
        if (address >= s.address && address - s.address < s.bytes.len)
            return stella_sv_skip(s.bytes, address - s.address);
    return (stella_sv){0};
}

stella_sv pe_directory(const pe_file *file, uint32_t index) {
    if (index >= file->directory_count || file->directories[index].size == 0)
        return (stella_sv){0};
    const pe_range range = file->directories[index];
    int is_cut;
    if (index == PE_DIRECTORY_CERTIFICATE)
        return wire_range(file->bytes, range.address, range.size, &is_cut);
    return stella_sv_first(pe_at(file, range.address), range.size);
}

static stella_sv take_range(const pe_file *file, wire *w) {
    const uint32_t address = wire_u32(w);
    const uint32_t size = wire_u32(w);
    return size ? stella_sv_first(pe_at(file, address), size) : (stella_sv){0};
}

int pe_clr_header(const pe_file *file, pe_clr *out) {
    const stella_sv header = pe_directory(file, PE_DIRECTORY_CLR);
    if (header.len < CLR_BYTES)
        return 0;
    wire w = wire_of(header, 0, 0);
    stella_cursor_skip(&w.c, 4); /* size of this header */
    pe_clr clr = {.major = wire_u16(&w)};
    clr.minor = wire_u16(&w);
    clr.metadata = take_range(file, &w);
    clr.flags = wire_u32(&w);
    stella_cursor_skip(&w.c, 4); /* the method it begins with */
    clr.resources = take_range(file, &w);
    stella_cursor_skip(&w.c, 32); /* strong name, code manager, fixups, jumps */
    stella_cursor_skip(&w.c, 4);  /* address of machine code */
    clr.has_machine_code = wire_u32(&w) != 0;
    *out = clr;
    return 1;
}
