#include "macho.h"
#include "wire.h"

#define NAME_BYTES       16
#define SECTION_BYTES    68
#define SECTION_BYTES_64 80
#define COMMAND_HEAD     8
#define KIND_MASK        0xffu /* of a section's flags */
#define ZEROS            0x1u
#define BIG_ZEROS        0xcu
#define THREAD_ZEROS     0x12u

macho_sections macho_sections_of(const macho_file *file) {
    return (macho_sections){.commands = macho_commands_of(file)};
}

static int take_segment(macho_sections *s, const macho_command *command) {
    const macho_file *file = s->commands.file;
    const int is_64 = command->kind == MACHO_COMMAND_SEGMENT_64;
    wire w = wire_of(command->bytes, file->is_big, is_64);
    stella_cursor_skip(&w.c, COMMAND_HEAD);
    macho_section segment = {.segment = wire_padded(stella_cursor_str(&w.c, NAME_BYTES))};
    segment.address = wire_word(&w);
    segment.memory_bytes = wire_word(&w);
    const uint64_t offset = wire_word(&w);
    const uint64_t size = wire_word(&w);
    stella_cursor_skip(&w.c, 4); /* the protection it may be given at most */
    segment.protection = wire_u32(&w);
    const uint64_t count = wire_u32(&w);
    stella_cursor_skip(&w.c, 4); /* flags */
    if (!w.c.ok)
        return 0;
    segment.bytes = wire_range(file->bytes, offset, size, &segment.is_cut);
    s->segment = segment;
    s->left = stella_sv_first(stella_sv_skip(command->bytes, stella_cursor_offset(&w.c)),
                              count * (is_64 ? SECTION_BYTES_64 : SECTION_BYTES));
    s->is_64 = is_64;
    return 1;
}

static int is_of_zeros(uint32_t flags) {
    const uint32_t kind = flags & KIND_MASK;
    return kind == ZEROS || kind == BIG_ZEROS || kind == THREAD_ZEROS;
}

static int take_section(macho_sections *s, macho_section *out) {
    const macho_file *file = s->commands.file;
    const size_t size = s->is_64 ? SECTION_BYTES_64 : SECTION_BYTES;
    if (s->left.len < size)
        return 0;
    wire w = wire_of(s->left, file->is_big, s->is_64);
    macho_section section = {.name = wire_padded(stella_cursor_str(&w.c, NAME_BYTES))};
    section.segment = wire_padded(stella_cursor_str(&w.c, NAME_BYTES));
    section.protection = s->segment.protection;
    section.address = wire_word(&w);
    section.memory_bytes = wire_word(&w);
    const uint32_t offset = wire_u32(&w);
    stella_cursor_skip(&w.c, 12); /* alignment, relocations and their number */
    if (!is_of_zeros(wire_u32(&w)))
        section.bytes = wire_range(file->bytes, offset, section.memory_bytes, &section.is_cut);
    s->left = stella_sv_skip(s->left, size);
    *out = section;
    return 1;
}

int macho_sections_next(macho_sections *sections, macho_section *out) {
    if (take_section(sections, out))
        return 1;
    macho_command command;
    while (macho_commands_next(&sections->commands, &command))
        if ((command.kind == MACHO_COMMAND_SEGMENT || command.kind == MACHO_COMMAND_SEGMENT_64) &&
            take_segment(sections, &command)) {
            *out = sections->segment;
            return 1;
        }
    return 0;
}

stella_sv macho_at(const macho_file *file, uint64_t address) {
    macho_section s;
    for (macho_sections it = macho_sections_of(file); macho_sections_next(&it, &s);)
        if (s.name.len == 0 && address >= s.address && address - s.address < s.bytes.len)
            return stella_sv_skip(s.bytes, address - s.address);
    return (stella_sv){0};
}
