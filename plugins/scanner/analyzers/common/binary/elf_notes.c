#include "elf.h"
#include "wire.h"

#define HEADER_BYTES 12

elf_notes elf_notes_of(const elf_file *file) {
    elf_segment s;
    int has_segment = 0;
    for (uint32_t i = 0; !has_segment && elf_segment_at(file, i, &s); i++)
        has_segment = s.type == ELF_SEGMENT_NOTE;
    return (elf_notes){.file = file, .is_of_sections = !has_segment};
}

/* The next segment or section of notes. Returns 0 when there is none. */
static int next_area(elf_notes *notes) {
    elf_segment segment;
    elf_section section;
    for (;;) {
        const uint32_t index = notes->index++;
        if (notes->is_of_sections ? !elf_section_at(notes->file, index, &section)
                                  : !elf_segment_at(notes->file, index, &segment))
            return 0;
        if (notes->is_of_sections ? section.type != ELF_SECTION_NOTE : segment.type != ELF_SEGMENT_NOTE)
            continue;
        notes->left = notes->is_of_sections ? section.bytes : segment.bytes;
        notes->align = (notes->is_of_sections ? section.align : segment.align) == 8 ? 8 : 4;
        return 1;
    }
}

static uint64_t round_up(uint64_t n, uint64_t align) {
    return (n + align - 1) / align * align;
}

/* Takes one note off what is left of the area; a note that leaves it ends it. */
static int take_note(elf_notes *notes, elf_note *out) {
    wire w = wire_of(notes->left, notes->file->is_big, notes->file->is_64);
    const uint32_t owner_bytes = wire_u32(&w);
    const uint32_t size = wire_u32(&w);
    const uint32_t type = wire_u32(&w);
    const stella_sv owner = stella_cursor_str(&w.c, owner_bytes);
    const uint64_t start = round_up(HEADER_BYTES + (uint64_t)owner_bytes, notes->align);
    stella_cursor_seek(&w.c, start);
    const stella_sv bytes = stella_cursor_str(&w.c, size);
    if (!w.c.ok)
        return 0;
    const uint64_t end = round_up(start + size, notes->align);
    notes->left = stella_sv_skip(notes->left, end);
    *out = (elf_note){.owner = wire_padded(owner), .type = type, .bytes = bytes};
    return 1;
}

int elf_notes_next(elf_notes *notes, elf_note *out) {
    while (notes->met < ELF_NOTES_MAX) {
        if (notes->left.len >= HEADER_BYTES && take_note(notes, out)) {
            notes->met++;
            return 1;
        }
        if (!next_area(notes))
            break;
    }
    return 0;
}

int elf_note_find(const elf_file *file, stella_sv owner, uint32_t type, elf_note *out) {
    elf_note note;
    for (elf_notes it = elf_notes_of(file); elf_notes_next(&it, &note);)
        if (note.type == type && stella_sv_eq(note.owner, owner)) {
            *out = note;
            return 1;
        }
    return 0;
}
