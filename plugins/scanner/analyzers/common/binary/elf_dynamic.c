#include "elf.h"
#include "wire.h"

#define SYMBOL_BYTES_32 16
#define SYMBOL_BYTES_64 24

static stella_sv entries_of(const elf_file *file) {
    elf_segment segment;
    for (uint32_t i = 0; elf_segment_at(file, i, &segment); i++)
        if (segment.type == ELF_SEGMENT_DYNAMIC)
            return segment.bytes;
    elf_section section;
    for (uint32_t i = 0; elf_section_at(file, i, &section); i++)
        if (section.type == ELF_SECTION_DYNAMIC)
            return section.bytes;
    return (stella_sv){0};
}

elf_dynamic elf_dynamic_of(const elf_file *file) {
    elf_dynamic d = {.file = file, .entries = entries_of(file)};
    uint64_t texts_at = 0, texts_bytes = 0;
    elf_dynamic_entry entry;
    for (elf_dynamic it = d; elf_dynamic_next(&it, &entry);) {
        if (entry.tag == ELF_DYNAMIC_STRTAB)
            texts_at = entry.value;
        if (entry.tag == ELF_DYNAMIC_STRSZ)
            texts_bytes = entry.value;
    }
    d.texts = stella_sv_first(elf_at(file, texts_at), texts_bytes);
    return d;
}

int elf_dynamic_next(elf_dynamic *dynamic, elf_dynamic_entry *out) {
    wire w = wire_of(dynamic->entries, dynamic->file->is_big, dynamic->file->is_64);
    stella_cursor_skip(&w.c, (uint64_t)dynamic->index * (dynamic->file->is_64 ? 16 : 8));
    elf_dynamic_entry entry = {.tag = wire_word(&w)};
    entry.value = wire_word(&w);
    if (!w.c.ok || entry.tag == 0 || dynamic->index >= ELF_DYNAMIC_MAX)
        return 0;
    dynamic->index++;
    if (entry.tag == ELF_DYNAMIC_NEEDED || entry.tag == ELF_DYNAMIC_SONAME || entry.tag == ELF_DYNAMIC_RPATH ||
        entry.tag == ELF_DYNAMIC_RUNPATH)
        entry.text = wire_text(dynamic->texts, entry.value);
    *out = entry;
    return 1;
}

elf_symbols elf_symbols_of(const elf_file *file, uint32_t section_type) {
    elf_symbols symbols = {.file = file};
    elf_section section, texts;
    for (uint32_t i = 0; elf_section_at(file, i, &section); i++)
        if (section.type == section_type) {
            symbols.entries = section.bytes;
            if (elf_section_at(file, section.link, &texts))
                symbols.texts = texts.bytes;
            break;
        }
    return symbols;
}

int elf_symbols_next(elf_symbols *symbols, elf_symbol *out) {
    const int is_64 = symbols->file->is_64;
    wire w = wire_of(symbols->entries, symbols->file->is_big, is_64);
    stella_cursor_skip(&w.c, (uint64_t)symbols->index * (is_64 ? SYMBOL_BYTES_64 : SYMBOL_BYTES_32));
    const uint32_t name = wire_u32(&w);
    elf_symbol symbol = {0};
    if (!is_64) {
        symbol.value = wire_u32(&w);
        symbol.size = wire_u32(&w);
    }
    symbol.type = stella_cursor_u8(&w.c) & 0xf;
    stella_cursor_skip(&w.c, 1); /* visibility */
    symbol.section = wire_u16(&w);
    if (is_64) {
        symbol.value = wire_u64(&w);
        symbol.size = wire_u64(&w);
    }
    if (!w.c.ok || symbols->index >= ELF_SYMBOLS_MAX)
        return 0;
    symbols->index++;
    symbol.name = wire_text(symbols->texts, name);
    *out = symbol;
    return 1;
}
