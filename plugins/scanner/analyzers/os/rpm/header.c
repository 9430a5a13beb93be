#include "header.h"

#include "tags.h"

stella_status header_parse(stella_sv block, header *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(block.ptr, block.len);
    const uint32_t entries = stella_cursor_u32be(&c), bytes = stella_cursor_u32be(&c);
    if (entries == 0 || entries > HEADER_ENTRIES_MAX || bytes > HEADER_DATA_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a header of %u entries and %u bytes", entries, bytes);
    const stella_sv index = stella_cursor_str(&c, (uint64_t)entries * HEADER_ENTRY_BYTES);
    const stella_sv data = stella_cursor_str(&c, bytes);
    if (!c.ok)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a header runs past the end of its %zu bytes", block.len);
    *out = (header){.index = index, .data = data};
    return STELLA_OK;
}

/* How long count strings are, each with its NUL. Returns 0 when the data ends before. */
static int strings_length(stella_sv data, uint32_t count, size_t *out) {
    size_t at = 0;
    for (uint32_t i = 0; i < count; i++) {
        const char *nul = at < data.len ? memchr(data.ptr + at, 0, data.len - at) : NULL;
        if (!nul)
            return 0;
        at = (size_t)(nul - data.ptr) + 1;
    }
    *out = at;
    return 1;
}

/* Bytes of one element; 0 for texts and unknown types. */
static size_t element_bytes(uint32_t type) {
    static const unsigned char bytes[] = {
        [TYPE_CHAR] = 1, [TYPE_INT8] = 1, [TYPE_INT16] = 2, [TYPE_INT32] = 4, [TYPE_INT64] = 8, [TYPE_BIN] = 1};
    return type < sizeof bytes ? bytes[type] : 0;
}

/* The bytes of a value of that type and count at the front of the data. */
static int value_length(uint32_t type, uint32_t count, stella_sv data, size_t *out) {
    if (type == TYPE_STRING || type == TYPE_STRING_ARRAY || type == TYPE_I18N_STRING)
        return (type != TYPE_STRING || count == 1) && strings_length(data, count, out);
    *out = count * element_bytes(type);
    return *out != 0 && *out <= data.len;
}

/* An entry: where a value begins in the data, perhaps beyond its end. */
typedef struct entry {
    uint32_t type, offset, count;
} entry;

static int find_entry(const header *h, uint32_t tag, entry *out) {
    const unsigned char wanted[4] = {(unsigned char)(tag >> 24), (unsigned char)(tag >> 16), (unsigned char)(tag >> 8),
                                     (unsigned char)tag};
    for (size_t at = h->index.len; at >= HEADER_ENTRY_BYTES; at -= HEADER_ENTRY_BYTES) {
        const char *bytes = h->index.ptr + at - HEADER_ENTRY_BYTES;
        if (memcmp(bytes, wanted, sizeof wanted) != 0)
            continue;
        stella_cursor c = stella_cursor_of(bytes + sizeof wanted, HEADER_ENTRY_BYTES - sizeof wanted);
        out->type = stella_cursor_u32be(&c);
        out->offset = stella_cursor_u32be(&c);
        out->count = stella_cursor_u32be(&c);
        return 1;
    }
    return 0;
}

int header_find(const header *h, uint32_t tag, header_value *out) {
    entry e;
    size_t len;
    if (!find_entry(h, tag, &e) || e.count == 0 || e.offset >= h->data.len)
        return 0;
    const stella_sv rest = stella_sv_skip(h->data, e.offset);
    if (!value_length(e.type, e.count, rest, &len))
        return 0;
    *out = (header_value){.type = e.type, .count = e.count, .bytes = stella_sv_first(rest, len)};
    return 1;
}

static int is_text(uint32_t type) {
    return type == TYPE_STRING || type == TYPE_STRING_ARRAY || type == TYPE_I18N_STRING;
}

stella_sv header_text(const header *h, uint32_t tag) {
    stella_sv text = {0};
    header_strings strings = header_strings_of(h, tag);
    (void)header_strings_next(&strings, &text);
    return text;
}

stella_sv header_binary(const header *h, uint32_t tag) {
    header_value value;
    return header_find(h, tag, &value) && value.type == TYPE_BIN ? value.bytes : (stella_sv){0};
}

stella_sv header_region(const header *h, uint32_t tag) {
    entry e;
    if (!find_entry(h, tag, &e))
        return (stella_sv){0};
    uint64_t end = h->data.len;
    stella_cursor entries = stella_cursor_of(h->index.ptr, h->index.len);
    while (stella_cursor_left(&entries)) {
        stella_cursor_skip(&entries, 8); /* tag, type */
        const uint32_t offset = stella_cursor_u32be(&entries);
        stella_cursor_skip(&entries, 4); /* count */
        end = offset > e.offset && offset < end ? offset : end;
    }
    return e.offset < end ? stella_sv_first(stella_sv_skip(h->data, e.offset), end - e.offset) : (stella_sv){0};
}

int header_number(const header *h, uint32_t tag, uint64_t *out) {
    header_value value;
    if (!header_find(h, tag, &value) || is_text(value.type) || value.type == TYPE_BIN)
        return 0;
    *out = header_value_number(&value, 0);
    return 1;
}

uint64_t header_value_number(const header_value *value, uint32_t i) {
    const size_t width = element_bytes(value->type);
    if (i >= value->count || width == 0)
        return 0;
    const unsigned char *at = (const unsigned char *)value->bytes.ptr + i * width;
    if (width == 4) /* nearly all of them */
        return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    uint64_t number = 0;
    for (size_t b = 0; b < width; b++)
        number = number << 8 | at[b];
    return number;
}

/* Their length is not measured beforehand: most of them are read once, and to their end. */
header_strings header_strings_of(const header *h, uint32_t tag) {
    entry e;
    if (!find_entry(h, tag, &e) || !is_text(e.type) || (e.type == TYPE_STRING && e.count != 1))
        return (header_strings){0};
    return (header_strings){.left = stella_sv_skip(h->data, e.offset), .count = e.count};
}

int header_strings_next(header_strings *strings, stella_sv *out) {
    const size_t len = stella_sv_find(strings->left, '\0');
    if (strings->count == 0 || len == strings->left.len) { /* the last one must have its NUL too */
        strings->count = 0;
        return 0;
    }
    strings->count--;
    *out = stella_sv_first(strings->left, len);
    strings->left = stella_sv_skip(strings->left, len + 1);
    return 1;
}
