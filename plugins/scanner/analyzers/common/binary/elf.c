#include "elf.h"

#include "wire.h"

#define IDENT_BYTES      16
#define CLASS_64         2
#define BIG_ENDIAN_DATA  2
#define COUNT_ELSEWHERE  0xffff /* e_phnum, e_shstrndx: see section 0 */
#define SEGMENT_BYTES_32 32
#define SEGMENT_BYTES_64 56
#define SECTION_BYTES_32 40
#define SECTION_BYTES_64 64

typedef struct raw_section {
    uint32_t name, type, link, info;
    uint64_t flags, address, offset, size, align, entry_bytes;
} raw_section;

static wire wire_at(const elf_file *file, uint64_t offset) {
    wire w = wire_of(file->bytes, file->is_big, file->is_64);
    stella_cursor_seek(&w.c, offset);
    return w;
}

static int read_section(const elf_file *file, uint64_t offset, raw_section *out) {
    wire w = wire_at(file, offset);
    out->name = wire_u32(&w);
    out->type = wire_u32(&w);
    out->flags = wire_word(&w);
    out->address = wire_word(&w);
    out->offset = wire_word(&w);
    out->size = wire_word(&w);
    out->link = wire_u32(&w);
    out->info = wire_u32(&w);
    out->align = wire_word(&w);
    out->entry_bytes = wire_word(&w);
    return w.c.ok;
}

/* A table without entries when it does not lie inside the file; why is then said. */
static elf_table checked(const elf_file *file, elf_table table, uint32_t least, uint32_t most, const char *why,
                         const char **damage) {
    if (table.offset == 0 || table.count == 0)
        return (elf_table){0};
    if (table.entry_bytes >= least && table.count <= most && table.offset <= file->bytes.len &&
        (uint64_t)table.count * table.entry_bytes <= file->bytes.len - table.offset)
        return table;
    *damage = why;
    return (elf_table){0};
}

/* Counts that do not fit the header are in section 0. */
static void settle_counts(elf_file *file, uint64_t *section_count, uint32_t *names_index) {
    raw_section first;
    if (file->sections.offset == 0 || !read_section(file, file->sections.offset, &first))
        return;
    if (*section_count == 0)
        *section_count = first.size;
    if (*names_index == COUNT_ELSEWHERE)
        *names_index = first.link;
    if (file->segments.count == COUNT_ELSEWHERE)
        file->segments.count = first.info;
}

static void settle_tables(elf_file *file, uint64_t section_count, uint32_t names_index) {
    settle_counts(file, &section_count, &names_index);
    file->sections.count = section_count > UINT32_MAX ? UINT32_MAX : (uint32_t)section_count;
    file->sections = checked(file, file->sections, file->is_64 ? SECTION_BYTES_64 : SECTION_BYTES_32, ELF_SECTIONS_MAX,
                             "the table of sections is not inside the file", &file->damage);
    file->segments = checked(file, file->segments, file->is_64 ? SEGMENT_BYTES_64 : SEGMENT_BYTES_32, ELF_SEGMENTS_MAX,
                             "the table of segments is not inside the file", &file->damage);
    elf_section names;
    if (elf_section_at(file, names_index, &names) && names.type != ELF_SECTION_NOBITS) {
        file->names = names.bytes;
        if (names.is_cut)
            file->damage = "the names of sections are not inside the file";
    }
}

stella_status elf_open(stella_sv bytes, elf_file *out, stella_error *err) {
    if (bytes.len < IDENT_BYTES || !stella_sv_starts(bytes, STELLA_SV("\177"
                                                                      "ELF")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not an ELF file");
    const unsigned char *ident = (const unsigned char *)bytes.ptr;
    if (ident[4] < 1 || ident[4] > CLASS_64 || ident[5] < 1 || ident[5] > BIG_ENDIAN_DATA)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "an ELF file of class %u and data encoding %u", ident[4],
                                ident[5]);
    elf_file file = {
        .bytes = bytes, .is_64 = ident[4] == CLASS_64, .is_big = ident[5] == BIG_ENDIAN_DATA, .os_abi = ident[7]};
    wire w = wire_at(&file, IDENT_BYTES);
    file.type = wire_u16(&w);
    file.machine = wire_u16(&w);
    stella_cursor_skip(&w.c, 4); /* version */
    file.entry = wire_word(&w);
    file.segments.offset = wire_word(&w);
    file.sections.offset = wire_word(&w);
    file.flags = wire_u32(&w);
    stella_cursor_skip(&w.c, 2); /* size of this header */
    file.segments.entry_bytes = wire_u16(&w);
    file.segments.count = wire_u16(&w);
    file.sections.entry_bytes = wire_u16(&w);
    const uint32_t section_count = wire_u16(&w);
    const uint32_t names_index = wire_u16(&w);
    if (!w.c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the file ends inside its ELF header");
    settle_tables(&file, section_count, names_index);
    *out = file;
    return STELLA_OK;
}

int elf_segment_at(const elf_file *file, uint32_t index, elf_segment *out) {
    if (index >= file->segments.count)
        return 0;
    wire w = wire_at(file, file->segments.offset + (uint64_t)index * file->segments.entry_bytes);
    elf_segment s = {.type = wire_u32(&w)};
    if (file->is_64)
        s.flags = wire_u32(&w);
    const uint64_t offset = wire_word(&w);
    s.address = wire_word(&w);
    (void)wire_word(&w); /* physical address */
    const uint64_t size = wire_word(&w);
    s.memory_bytes = wire_word(&w);
    if (!file->is_64)
        s.flags = wire_u32(&w);
    s.align = wire_word(&w);
    s.bytes = wire_range(file->bytes, offset, size, &s.is_cut);
    *out = s;
    return 1;
}

int elf_section_at(const elf_file *file, uint32_t index, elf_section *out) {
    raw_section raw;
    if (index >= file->sections.count ||
        !read_section(file, file->sections.offset + (uint64_t)index * file->sections.entry_bytes, &raw))
        return 0;
    elf_section s = {.name = wire_text(file->names, raw.name),
                     .type = raw.type,
                     .flags = raw.flags,
                     .address = raw.address,
                     .link = raw.link,
                     .entry_bytes = raw.entry_bytes,
                     .align = raw.align};
    if (raw.type != ELF_SECTION_NOBITS)
        s.bytes = wire_range(file->bytes, raw.offset, raw.size, &s.is_cut);
    *out = s;
    return 1;
}

int elf_section_named(const elf_file *file, stella_sv name, elf_section *out) {
    elf_section s;
    for (uint32_t i = 0; file->names.len && elf_section_at(file, i, &s); i++)
        if (stella_sv_eq(s.name, name)) {
            *out = s;
            return 1;
        }
    return 0;
}

stella_sv elf_at(const elf_file *file, uint64_t address) {
    elf_segment s;
    for (uint32_t i = 0; elf_segment_at(file, i, &s); i++)
        if (s.type == ELF_SEGMENT_LOAD && address >= s.address && address - s.address < s.bytes.len)
            return stella_sv_skip(s.bytes, address - s.address);
    return (stella_sv){0};
}
