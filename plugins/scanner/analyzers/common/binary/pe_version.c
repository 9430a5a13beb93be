#include "pe.h"
#include "wire.h"

#define DIRECTORY_BYTES 16
#define ENTRY_BYTES     8
#define IS_DIRECTORY    0x80000000u /* of an entry's offset; of its id: it is a name */
#define LEVELS          3           /* type, name, language */
#define FIXED_MAGIC     0xfeef04bdu
#define FIXED_BYTES     52
#define HEAD_BYTES      6
#define REPLACEMENT     0xfffdu

/* ---- resources */

/* The place that the entry of that id refers to (any == 1: the first entry). Returns STELLA_E_NOTFOUND. */
static stella_status find_entry(stella_sv tree, uint32_t directory, int any, uint32_t id, uint32_t *place,
                                stella_error *err) {
    wire w = wire_of(tree, 0, 0);
    stella_cursor_seek(&w.c, (uint64_t)directory + DIRECTORY_BYTES - 4);
    uint32_t count = wire_u16(&w);
    count += wire_u16(&w);
    if (!w.c.ok || count > PE_RESOURCE_ENTRIES_MAX || (uint64_t)count * ENTRY_BYTES > stella_cursor_left(&w.c))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a directory of resources is not inside its section");
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t key = wire_u32(&w);
        *place = wire_u32(&w);
        if (any || key == id)
            return STELLA_OK;
    }
    return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no such resource");
}

stella_status pe_resource(const pe_file *file, uint32_t type, stella_sv *out, stella_error *err) {
    const stella_sv tree = pe_directory(file, PE_DIRECTORY_RESOURCE);
    if (tree.len == 0)
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "it has no resources");
    uint32_t place = IS_DIRECTORY;
    for (uint32_t level = 0; level < LEVELS && place & IS_DIRECTORY; level++) {
        const stella_status status = find_entry(tree, place & ~IS_DIRECTORY, level > 0, type, &place, err);
        if (status != STELLA_OK)
            return status;
    }
    wire w = wire_of(tree, 0, 0);
    stella_cursor_seek(&w.c, place);
    const uint32_t address = wire_u32(&w);
    const uint32_t size = wire_u32(&w);
    if (place & IS_DIRECTORY || !w.c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "resources that have more levels than three, or no end");
    const stella_sv bytes = stella_sv_first(pe_at(file, address), size);
    if (bytes.len < size || size == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a resource is not inside the file");
    *out = bytes;
    return STELLA_OK;
}

/* ---- VS_VERSIONINFO */

/* Each part of it: what it holds itself, then parts of the same form. Lengths count bytes, from the part's start. */
typedef struct part {
    stella_sv key;   /* UTF-16 */
    stella_sv value; /* with the parts that follow it */
    uint32_t value_units;
} part;

/* The bytes before the first 16-bit zero. */
static stella_sv until_zero(stella_sv text) {
    size_t i = 0;
    while (i + 1 < text.len && (text.ptr[i] || text.ptr[i + 1]))
        i += 2;
    return stella_sv_first(text, i);
}

static size_t aligned(size_t offset) {
    return (offset + 3) / 4 * 4;
}

/* Takes one part off *rest. Returns 0 at the end and at damage. */
static int take_part(stella_sv *rest, part *out) {
    wire w = wire_of(*rest, 0, 0);
    const uint32_t size = wire_u16(&w);
    const uint32_t value_units = wire_u16(&w);
    if (size < HEAD_BYTES || size > rest->len)
        return 0;
    const stella_sv whole = stella_sv_first(*rest, size);
    const stella_sv key = until_zero(stella_sv_skip(whole, HEAD_BYTES));
    *out = (part){
        .key = key, .value = stella_sv_skip(whole, aligned(HEAD_BYTES + key.len + 2)), .value_units = value_units};
    *rest = stella_sv_skip(*rest, aligned(size));
    return 1;
}

static int is_named(stella_sv utf16, const char *name) {
    const size_t len = strlen(name);
    if (utf16.len != 2 * len)
        return 0;
    for (size_t i = 0; i < len; i++)
        if (utf16.ptr[2 * i] != name[i] || utf16.ptr[2 * i + 1])
            return 0;
    return 1;
}

static size_t put_utf8(char *out, uint32_t letter) {
    if (letter < 0x80) {
        out[0] = (char)letter;
        return 1;
    }
    if (letter < 0x800) {
        out[0] = (char)(0xc0 | letter >> 6);
        out[1] = (char)(0x80 | (letter & 0x3f));
        return 2;
    }
    if (letter < 0x10000) {
        out[0] = (char)(0xe0 | letter >> 12);
        out[1] = (char)(0x80 | (letter >> 6 & 0x3f));
        out[2] = (char)(0x80 | (letter & 0x3f));
        return 3;
    }
    out[0] = (char)(0xf0 | letter >> 18);
    out[1] = (char)(0x80 | (letter >> 12 & 0x3f));
    out[2] = (char)(0x80 | (letter >> 6 & 0x3f));
    out[3] = (char)(0x80 | (letter & 0x3f));
    return 4;
}

/* One letter; half a pair of surrogates is the replacement character. */
static uint32_t take_letter(wire *w) {
    const uint32_t first = wire_u16(w);
    if (first < 0xd800 || first > 0xdfff)
        return first;
    wire ahead = *w;
    const uint32_t second = wire_u16(&ahead);
    if (first > 0xdbff || !ahead.c.ok || second < 0xdc00 || second > 0xdfff)
        return REPLACEMENT;
    *w = ahead;
    return 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00);
}

/* UTF-8 in the arena, without blanks at the ends; ptr NULL when the budget is spent. */
static stella_sv text_of(stella_sv utf16, stella_arena *arena) {
    char *text = stella_arena_alloc(arena, utf16.len / 2 * 3 + 1, 1); /* a pair takes four bytes of six */
    size_t len = 0;
    if (!text)
        return (stella_sv){0};
    for (wire w = wire_of(utf16, 0, 0); stella_cursor_left(&w.c) >= 2;)
        len += put_utf8(text + len, take_letter(&w));
    return stella_sv_trim(stella_sv_of(text, len));
}

static void read_fixed(stella_sv value, pe_version *out) {
    wire w = wire_of(value, 0, 0);
    const uint32_t magic = wire_u32(&w);
    stella_cursor_skip(&w.c, 4); /* version of the structure */
    uint16_t numbers[8];
    for (uint32_t i = 0; i < 8; i += 2) { /* the more significant half comes last */
        numbers[i + 1] = wire_u16(&w);
        numbers[i] = wire_u16(&w);
    }
    if (!w.c.ok || magic != FIXED_MAGIC)
        return;
    out->is_fixed = 1;
    memcpy(out->file, numbers, sizeof out->file);
    memcpy(out->product, numbers + 4, sizeof out->product);
}

/* The strings of one StringFileInfo: a table for each language. */
static stella_status read_strings(stella_sv tables, pe_version_string *out, uint32_t *count, stella_arena *arena) {
    part table, string;
    while (take_part(&tables, &table))
        while (*count < PE_VERSION_STRINGS_MAX && take_part(&table.value, &string)) {
            const pe_version_string text = {.key = text_of(string.key, arena),
                                            .value = text_of(until_zero(string.value), arena)};
            if (!text.key.ptr || !text.value.ptr)
                return STELLA_E_NOMEM;
            out[(*count)++] = text;
        }
    return STELLA_OK;
}

stella_status pe_version_read(stella_sv resource, stella_arena *arena, pe_version *out, stella_error *err) {
    part whole, child;
    if (!take_part(&resource, &whole) || !is_named(whole.key, "VS_VERSION_INFO"))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a version resource");
    pe_version version = {0};
    pe_version_string *strings = stella_arena_alloc(arena, PE_VERSION_STRINGS_MAX, sizeof *strings);
    if (!strings)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a version resource");
    if (whole.value_units >= FIXED_BYTES)
        read_fixed(whole.value, &version);
    for (stella_sv rest = stella_sv_skip(whole.value, aligned(whole.value_units)); take_part(&rest, &child);)
        if (is_named(child.key, "StringFileInfo") &&
            read_strings(child.value, strings, &version.string_count, arena) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a version resource");
    version.strings = strings;
    *out = version;
    return STELLA_OK;
}

stella_sv pe_version_get(const pe_version *version, stella_sv key) {
    for (uint32_t i = 0; i < version->string_count; i++)
        if (stella_sv_ieq(version->strings[i].key, key))
            return version->strings[i].value;
    return (stella_sv){0};
}
