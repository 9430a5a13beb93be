#include "buildinfo.h"

#include "common/binary/wire.h"

#define MAGIC             "\xff Go buildinf:"
#define MAGIC_BYTES       14
#define HEADER_BYTES      16 /* magic, size of a pointer, flags */
#define STRINGS_AT        32
#define ALIGN             16
#define FLAG_BIG_ENDIAN   1u
#define FLAG_INLINE       2u
#define MARK_BYTES        16 /* around the text of modules */
#define PACKER_HEAD_BYTES 1024

/* ---- where it is */

/* In data that is writable: the linker puts it at the start, but an external linker may put other data before it. */
static int find_in(stella_sv area, stella_sv *out) {
    for (stella_sv rest = area; rest.len >= STRINGS_AT;) {
        const char *at = memmem(rest.ptr, rest.len, MAGIC, MAGIC_BYTES);
        if (!at)
            return 0;
        const size_t offset = (size_t)(at - area.ptr);
        if (offset % ALIGN == 0) {
            *out = stella_sv_skip(area, offset);
            return 1;
        }
        rest = stella_sv_skip(area, offset + 1);
    }
    return 0;
}

static int find_in_writable(const binary *b, stella_sv *out) {
    binary_segment s;
    for (binary_segments it = binary_segments_of(b); binary_segments_next(&it, &s);)
        if (s.is_writable && !s.is_executable && s.bytes.len)
            return find_in(s.bytes, out);
    return 0;
}

static int find(const binary *b, stella_sv *out) {
    stella_sv section;
    if (b->format == BINARY_PE) /* an assembly of .NET is not made by Go */
        return pe_directory(&b->pe, PE_DIRECTORY_CLR).len == 0 && find_in_writable(b, out);
    if (b->format == BINARY_ELF && b->elf.type != ELF_TYPE_EXECUTABLE && b->elf.type != ELF_TYPE_SHARED)
        return 0;
    if (binary_section(b, STELLA_SV(".go.buildinfo"), &section))
        return find_in(section, out);
    return b->format == BINARY_ELF && b->elf.names.len == 0 && find_in_writable(b, out);
}

/* ---- what it says */

/* The text of a Go string whose header is at that address; empty for a null pointer. */
static stella_status text_at(const binary *b, uint64_t address, int is_big, int is_64, uint64_t most, stella_sv *out,
                             stella_error *err) {
    wire w = wire_of(binary_at(b, address), is_big, is_64);
    const uint64_t start = wire_word(&w);
    const uint64_t len = wire_word(&w);
    if (!w.c.ok && address)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "Go build information refers to what is not in the file");
    if (address == 0 || len == 0) {
        *out = (stella_sv){0};
        return STELLA_OK;
    }
    if (len > most)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a text of %llu bytes in Go build information",
                                (unsigned long long)len);
    const stella_sv text = stella_sv_first(binary_at(b, start), len);
    if (text.len < len)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "Go build information refers to what is not in the file");
    *out = text;
    return STELLA_OK;
}

/* Before Go 1.18: two pointers to strings. */
static stella_status read_pointers(const binary *b, stella_sv bytes, uint32_t pointer_bytes, int is_big, buildinfo *out,
                                   stella_error *err) {
    if (pointer_bytes != 4 && pointer_bytes != 8)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "Go build information with pointers of %u bytes",
                                pointer_bytes);
    const int is_64 = pointer_bytes == 8;
    wire w = wire_of(stella_sv_skip(bytes, HEADER_BYTES), is_big, is_64);
    const uint64_t version = wire_word(&w);
    const uint64_t modules = wire_word(&w);
    const stella_status status = text_at(b, version, is_big, is_64, BUILDINFO_VERSION_MAX, &out->version, err);
    return status == STELLA_OK ? text_at(b, modules, is_big, is_64, BUILDINFO_MODULES_MAX, &out->modules, err) : status;
}

static stella_status read_inline(stella_sv bytes, buildinfo *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    stella_cursor_skip(&c, STRINGS_AT);
    const uint64_t version_bytes = stella_cursor_varint(&c);
    out->version = stella_cursor_str(&c, version_bytes);
    const uint64_t modules_bytes = stella_cursor_varint(&c);
    out->modules = stella_cursor_str(&c, modules_bytes);
    if (!c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "Go build information runs past the end of its section");
    if (version_bytes > BUILDINFO_VERSION_MAX || modules_bytes > BUILDINFO_MODULES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a text of %llu bytes in Go build information",
                                (unsigned long long)(modules_bytes > version_bytes ? modules_bytes : version_bytes));
    return STELLA_OK;
}

/* Without the marks by which the running program finds the text. */
static stella_sv unmarked(stella_sv modules) {
    if (modules.len < 2 * MARK_BYTES + 1 || modules.ptr[modules.len - MARK_BYTES - 1] != '\n')
        return (stella_sv){0};
    return stella_sv_of(modules.ptr + MARK_BYTES, modules.len - (size_t)2 * MARK_BYTES);
}

stella_status buildinfo_find(const binary *b, buildinfo *out, stella_error *err) {
    stella_sv bytes;
    buildinfo found = {0};
    if (!find(b, &bytes))
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no Go build information");
    const uint32_t pointer_bytes = (unsigned char)bytes.ptr[MAGIC_BYTES];
    const uint32_t flags = (unsigned char)bytes.ptr[MAGIC_BYTES + 1];
    const stella_status status = flags & FLAG_INLINE
                                     ? read_inline(bytes, &found, err)
                                     : read_pointers(b, bytes, pointer_bytes, flags & FLAG_BIG_ENDIAN, &found, err);
    if (status != STELLA_OK)
        return status;
    found.modules = unmarked(found.modules);
    if (stella_sv_utf8_prefix(found.version) != found.version.len ||
        stella_sv_utf8_prefix(found.modules) != found.modules.len || found.version.len == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "Go build information that is no text, or has no version");
    *out = found;
    return STELLA_OK;
}

/* ---- programs without it */

int buildinfo_is_go(const binary *b) {
    stella_sv section;
    return binary_section(b, STELLA_SV(".gopclntab"), &section) ||
           binary_section(b, STELLA_SV(".note.go.buildid"), &section);
}

int buildinfo_is_packed(const binary *b) {
    pe_section section;
    if (b->format == BINARY_PE)
        return pe_section_named(&b->pe, STELLA_SV("UPX0"), &section) &&
               pe_section_named(&b->pe, STELLA_SV("UPX1"), &section);
    /* UPX leaves no sections; its own header follows those of the format */
    if (b->format != BINARY_ELF || b->elf.sections.count)
        return 0;
    const stella_sv head = stella_sv_first(b->elf.bytes, PACKER_HEAD_BYTES);
    return memmem(head.ptr, head.len, "UPX!", 4) != NULL;
}
