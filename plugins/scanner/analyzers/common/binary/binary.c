#include "binary.h"

stella_status binary_open(stella_sv bytes, binary *out, stella_error *err) {
    binary b = {0};
    stella_status status;
    if (stella_sv_starts(bytes, STELLA_SV("\177"
                                          "ELF"))) {
        b.format = BINARY_ELF;
        status = elf_open(bytes, &b.elf, err);
        b.damage = b.elf.damage;
    } else if (stella_sv_starts(bytes, STELLA_SV("MZ"))) {
        b.format = BINARY_PE;
        status = pe_open(bytes, &b.pe, err);
        b.damage = b.pe.damage;
    } else {
        b.format = BINARY_MACHO;
        status = macho_open(bytes, &b.macho, err);
        b.damage = b.macho.damage;
    }
    if (status == STELLA_OK)
        *out = b;
    return status;
}

stella_status binary_slices_of(stella_sv bytes, binary_slices *out, stella_error *err) {
    return macho_slices_of(bytes, &out->slices, err);
}

stella_status binary_slices_next(binary_slices *slices, binary *out, stella_error *err) {
    macho_slice slice;
    const stella_status status = macho_slices_next(&slices->slices, &slice, err);
    if (status != STELLA_OK)
        return status;
    if (slice.bytes.len)
        return binary_open(slice.bytes, out, err);
    *out = (binary){0};
    return STELLA_OK;
}

int binary_is_64(const binary *b) {
    return b->format == BINARY_ELF ? b->elf.is_64 : b->format == BINARY_PE ? b->pe.is_64 : b->macho.is_64;
}

int binary_is_big_endian(const binary *b) {
    return b->format == BINARY_ELF ? b->elf.is_big : b->format == BINARY_MACHO && b->macho.is_big;
}

/* "__x" for ".x", dots within being lines: ".go.buildinfo" is "__go_buildinfo"; ".dep-v0" stays as it is. */
static int is_macho_name(stella_sv have, stella_sv want) {
    if (stella_sv_eq(have, want))
        return 1;
    if (!stella_sv_starts(want, STELLA_SV(".")) || !stella_sv_starts(have, STELLA_SV("__")) || have.len != want.len + 1)
        return 0;
    for (size_t i = 1; i < want.len; i++)
        if (have.ptr[i + 1] != (want.ptr[i] == '.' ? '_' : want.ptr[i]))
            return 0;
    return 1;
}

int binary_section(const binary *b, stella_sv name, stella_sv *out) {
    elf_section elf;
    pe_section pe;
    macho_section macho;
    switch (b->format) {
    case BINARY_ELF:
        if (!elf_section_named(&b->elf, name, &elf))
            return 0;
        *out = elf.bytes;
        return 1;
    case BINARY_PE:
        if (!pe_section_named(&b->pe, name, &pe))
            return 0;
        *out = pe.bytes;
        return 1;
    default:
        for (macho_sections it = macho_sections_of(&b->macho); macho_sections_next(&it, &macho);)
            if (macho.name.len && is_macho_name(macho.name, name)) {
                *out = macho.bytes;
                return 1;
            }
        return 0;
    }
}

binary_segments binary_segments_of(const binary *b) {
    binary_segments segments = {.file = b};
    if (b->format == BINARY_MACHO)
        segments.sections = macho_sections_of(&b->macho);
    return segments;
}

static int next_elf(binary_segments *segments, binary_segment *out) {
    elf_segment s;
    while (elf_segment_at(&segments->file->elf, segments->index++, &s))
        if (s.type == ELF_SEGMENT_LOAD) {
            *out = (binary_segment){.address = s.address,
                                    .bytes = s.bytes,
                                    .is_writable = (s.flags & ELF_SEGMENT_WRITE) != 0,
                                    .is_executable = (s.flags & ELF_SEGMENT_EXEC) != 0};
            return 1;
        }
    return 0;
}

static int next_pe(binary_segments *segments, binary_segment *out) {
    const pe_file *file = &segments->file->pe;
    pe_section s;
    if (!pe_section_at(file, segments->index++, &s))
        return 0;
    *out = (binary_segment){.address = file->image_base + s.address,
                            .bytes = s.bytes,
                            .is_writable = (s.flags & PE_SECTION_WRITE) != 0,
                            .is_executable = (s.flags & PE_SECTION_EXEC) != 0};
    return 1;
}

static int next_macho(binary_segments *segments, binary_segment *out) {
    macho_section s;
    while (macho_sections_next(&segments->sections, &s))
        if (s.name.len == 0) {
            *out = (binary_segment){.address = s.address,
                                    .bytes = s.bytes,
                                    .is_writable = (s.protection & MACHO_PROTECTION_WRITE) != 0,
                                    .is_executable = (s.protection & MACHO_PROTECTION_EXEC) != 0};
            return 1;
        }
    return 0;
}

int binary_segments_next(binary_segments *segments, binary_segment *out) {
    switch (segments->file->format) {
    case BINARY_ELF:
        return next_elf(segments, out);
    case BINARY_PE:
        return next_pe(segments, out);
    default:
        return next_macho(segments, out);
    }
}

stella_sv binary_at(const binary *b, uint64_t address) {
    binary_segment s;
    for (binary_segments it = binary_segments_of(b); binary_segments_next(&it, &s);)
        if (address >= s.address && address - s.address < s.bytes.len)
            return stella_sv_skip(s.bytes, address - s.address);
    return (stella_sv){0};
}
