#include "describe.h"
#include "mentions.h"

#include <stella/auto.h>
#include <stella/encoding.h>

#define NOTE_BUILD_ID    3           /* owner GNU */
#define NOTE_PACKAGE     0xcafe1a7eu /* owner FDO (systemd, "Package Metadata for Executable Files") */
#define MACHO_FLAG_PIE   0x200000u
#define MACHO_EXECUTABLE 2
#define PE_LIBRARY       0x2000u /* characteristics */
#define PE_ANY_ADDRESS   0x40u   /* DLL characteristics */
#define PE_NX            0x100u

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the facts of a binary");
}

static stella_status set_hex(stella_sv bytes, stella_arena *arena, stella_sv *out, stella_error *err) {
    const stella_sv kept = stella_sv_first(bytes, DESCRIBE_TEXT_MAX / 2);
    char *hex = stella_arena_alloc(arena, 2 * kept.len + 1, 1);
    if (!hex)
        return no_memory(err);
    stella_hex(kept.ptr, kept.len, hex);
    *out = stella_sv_of(hex, 2 * kept.len);
    return STELLA_OK;
}

static int add_needed(stella_sv name, stella_buf *names, uint32_t *count) {
    if (name.len == 0 || *count >= DESCRIBE_NEEDED_MAX || name.len + 1 > DESCRIBE_NEEDED_BYTES - names->len)
        return 1;
    if (++*count > 1 && stella_buf_u8(names, 0) != STELLA_OK)
        return 0;
    return stella_buf_add(names, name) == STELLA_OK;
}

static stella_status keep_needed(const stella_buf *names, stella_arena *arena, binary_facts *out, stella_error *err) {
    if (names->len == 0)
        return STELLA_OK;
    out->needed = stella_arena_dup(arena, stella_buf_sv(names));
    return out->needed.ptr ? STELLA_OK : no_memory(err);
}

/* ---- ELF */

static void read_segments(const elf_file *elf, binary_facts *out) {
    elf_segment s;
    for (uint32_t i = 0; elf_segment_at(elf, i, &s); i++) {
        if (s.type == ELF_SEGMENT_INTERP)
            out->interpreter = stella_sv_first(stella_sv_first(s.bytes, DESCRIBE_TEXT_MAX), stella_sv_find(s.bytes, 0));
        if (s.type == ELF_SEGMENT_GNU_RELRO)
            out->hardening |= BINARY_HARDENED_RELRO;
        if (s.type == ELF_SEGMENT_GNU_STACK && !(s.flags & ELF_SEGMENT_EXEC))
            out->hardening |= BINARY_HARDENED_NX;
    }
}

static uint32_t hardening_of(const elf_dynamic_entry *entry) {
    if (entry->tag == ELF_DYNAMIC_BIND_NOW || (entry->tag == ELF_DYNAMIC_FLAGS && entry->value & ELF_DYNAMIC_FLAG_NOW))
        return BINARY_HARDENED_BIND_NOW;
    if (entry->tag != ELF_DYNAMIC_FLAGS_1)
        return 0;
    return (entry->value & ELF_DYNAMIC_FLAG1_NOW ? BINARY_HARDENED_BIND_NOW : 0) |
           (entry->value & ELF_DYNAMIC_FLAG1_PIE ? BINARY_HARDENED_PIE : 0);
}

/* By the names alone that the dynamic symbols have: to walk the symbols would touch far more of the file. */
static uint32_t hardening_of_names(stella_sv names) {
    static const stella_sv protector = STELLA_SV_INIT("\0__stack_chk_fail"), checked = STELLA_SV_INIT("_chk");
    uint32_t bits = 0;
    if (names.len == 0)
        return 0;
    if (memmem(names.ptr, names.len, protector.ptr, protector.len + 1))
        bits |= BINARY_HARDENED_PROTECTOR;
    if (memmem(names.ptr, names.len, checked.ptr, checked.len + 1))
        bits |= BINARY_HARDENED_FORTIFY;
    return bits;
}

static stella_status read_dynamic(const elf_file *elf, stella_arena *arena, binary_facts *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf names = stella_buf_of(DESCRIBE_NEEDED_BYTES);
    elf_dynamic_entry entry;
    elf_dynamic it = elf_dynamic_of(elf);
    uint32_t count = 0;
    out->hardening |= hardening_of_names(it.texts);
    while (elf_dynamic_next(&it, &entry)) {
        if (entry.tag == ELF_DYNAMIC_NEEDED && !add_needed(entry.text, &names, &count))
            return no_memory(err);
        if (entry.tag == ELF_DYNAMIC_SONAME)
            out->soname = entry.text;
        if (entry.tag == ELF_DYNAMIC_RPATH)
            out->rpath = entry.text;
        if (entry.tag == ELF_DYNAMIC_RUNPATH)
            out->runpath = entry.text;
        out->hardening |= hardening_of(&entry);
    }
    if (!mentions_are_loaded(it.texts))
        return keep_needed(&names, arena, out, err);
    const stella_status status = keep_needed(&names, arena, out, err);
    return status == STELLA_OK ? mentions_find(elf, arena, &out->mentions, err) : status;
}

static stella_status read_elf(const elf_file *elf, stella_arena *arena, binary_facts *out, stella_error *err) {
    elf_section comment;
    elf_note note;
    out->type = elf->type;
    out->machine = elf->machine;
    read_segments(elf, out);
    stella_status status = read_dynamic(elf, arena, out, err);
    if (status == STELLA_OK && elf_note_find(elf, STELLA_SV("GNU"), NOTE_BUILD_ID, &note))
        status = set_hex(note.bytes, arena, &out->build_id, err);
    if (elf_note_find(elf, STELLA_SV("FDO"), NOTE_PACKAGE, &note) && note.bytes.len <= DESCRIBE_TEXT_MAX)
        out->package = stella_sv_first(note.bytes, stella_sv_find(note.bytes, 0));
    if (elf_section_named(elf, STELLA_SV(".comment"), &comment)) {
        const stella_sv text = stella_sv_first(comment.bytes, DESCRIBE_TEXT_MAX);
        out->compiler = stella_sv_first(text, stella_sv_find(text, 0));
    }
    return status;
}

/* ---- Mach-O, PE */

static stella_status read_macho(const macho_file *macho, stella_arena *arena, binary_facts *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf names = stella_buf_of(DESCRIBE_NEEDED_BYTES);
    macho_command command;
    uint32_t count = 0;
    stella_sv uuid;
    out->type = macho->type == 1                  ? ELF_TYPE_RELOCATABLE
                : macho->type == MACHO_EXECUTABLE ? ELF_TYPE_EXECUTABLE
                                                  : ELF_TYPE_SHARED;
    out->machine = macho->cpu;
    out->hardening = (macho->flags & MACHO_FLAG_PIE ? BINARY_HARDENED_PIE : 0) | BINARY_HARDENED_NX;
    for (macho_commands it = macho_commands_of(macho); macho_commands_next(&it, &command);) {
        const stella_sv path = macho_path(macho, &command, NULL);
        if (command.kind == MACHO_COMMAND_ID_DYLIB)
            out->soname = path;
        else if (command.kind == MACHO_COMMAND_RPATH)
            out->rpath = path;
        else if (!add_needed(path, &names, &count))
            return no_memory(err);
    }
    const stella_status status = keep_needed(&names, arena, out, err);
    return status == STELLA_OK && macho_uuid(macho, &uuid) ? set_hex(uuid, arena, &out->build_id, err) : status;
}

static void read_pe(const pe_file *pe, binary_facts *out) {
    out->type = pe->characteristics & PE_LIBRARY ? ELF_TYPE_SHARED : ELF_TYPE_EXECUTABLE;
    out->machine = pe->machine;
    out->hardening = (pe->dll_characteristics & PE_ANY_ADDRESS ? BINARY_HARDENED_PIE : 0) |
                     (pe->dll_characteristics & PE_NX ? BINARY_HARDENED_NX : 0);
}

stella_status describe(const binary *b, stella_arena *arena, binary_facts *out, stella_error *err) {
    binary_facts facts = {.format = b->format, .bits = binary_is_64(b) ? 64 : 32};
    stella_status status = STELLA_OK;
    if (b->format == BINARY_ELF)
        status = read_elf(&b->elf, arena, &facts, err);
    else if (b->format == BINARY_MACHO)
        status = read_macho(&b->macho, arena, &facts, err);
    else
        read_pe(&b->pe, &facts);
    if (status == STELLA_OK)
        *out = facts;
    return status;
}

int describe_is_told_by_others(const binary *b) {
    stella_sv section;
    return binary_section(b, STELLA_SV(".go.buildinfo"), &section) || binary_section(b, STELLA_SV(".dep-v0"), &section);
}
