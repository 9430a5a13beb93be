#include "serialized.h"

#include <stella/cursor.h>

typedef struct reading {
    stella_cursor c;
    stella_arena *arena;
} reading;

static stella_status malformed(const reading *r, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "byte %zu: no value of PHP's serialize()",
                            stella_cursor_offset(&r->c));
}

static int expect(reading *r, const char *bytes) {
    for (; *bytes; bytes++)
        if (stella_cursor_u8(&r->c) != (uint8_t)*bytes || !r->c.ok)
            return 0;
    return 1;
}

/* Takes the bytes up to the end, which must come, and steps over it. */
static int take_until(reading *r, char end, stella_sv *out) {
    const stella_sv left = stella_sv_of((const char *)r->c.at, stella_cursor_left(&r->c));
    const size_t len = stella_sv_find(left, end);
    if (!r->c.ok || len == left.len)
        return 0;
    *out = stella_cursor_str(&r->c, len);
    stella_cursor_skip(&r->c, 1);
    return 1;
}

static int take_count(reading *r, uint64_t max, uint64_t *out) {
    stella_sv digits;
    return take_until(r, ':', &digits) && stella_sv_u64(digits, max, out);
}

/* s:3:"abc"; behind the first colon */
static stella_status read_text(reading *r, stella_sv *out, stella_error *err) {
    uint64_t size;
    if (!take_count(r, stella_cursor_left(&r->c), &size) || !expect(r, "\""))
        return malformed(r, err);
    *out = stella_cursor_str(&r->c, size);
    return expect(r, "\";") ? STELLA_OK : malformed(r, err);
}

static int is_number(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789+-.eEINFNA", text.ptr[i], 20))
            return 0;
    return text.len != 0;
}

static stella_status read_scalar(reading *r, char kind, stella_json *out, stella_error *err) {
    stella_sv text;
    if (!take_until(r, ';', &text))
        return malformed(r, err);
    if (kind == 'b' && text.len == 1 && (text.ptr[0] == '0' || text.ptr[0] == '1')) {
        out->kind = text.ptr[0] == '1' ? STELLA_JSON_TRUE : STELLA_JSON_FALSE;
        return STELLA_OK;
    }
    if ((kind != 'i' && kind != 'd') || !is_number(text))
        return malformed(r, err);
    out->kind = STELLA_JSON_NUMBER;
    out->text = text;
    return STELLA_OK;
}

static stella_status read_value(reading *r, uint32_t depth, stella_json *out, stella_error *err);

static stella_status read_key(reading *r, stella_sv *out, stella_error *err) {
    const uint8_t kind = stella_cursor_u8(&r->c);
    if (!expect(r, ":"))
        return malformed(r, err);
    if (kind == 's')
        return read_text(r, out, err);
    if (kind != 'i' || !take_until(r, ';', out) || !is_number(*out))
        return malformed(r, err);
    return STELLA_OK;
}

/* a:2:{...} behind the first colon; a key and its value take at least six bytes */
// NOLINTNEXTLINE(misc-no-recursion): SERIALIZED_DEPTH_MAX bounds it
static stella_status read_array(reading *r, uint32_t depth, stella_json *out, stella_error *err) {
    uint64_t count;
    if (depth == SERIALIZED_DEPTH_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "arrays are nested deeper than %d", SERIALIZED_DEPTH_MAX);
    if (!take_count(r, stella_cursor_left(&r->c) / 6, &count) || !expect(r, "{"))
        return malformed(r, err);
    stella_json_member *members = stella_arena_alloc(r->arena, count, sizeof *members);
    if (!members)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an array");
    for (uint64_t i = 0; i < count; i++) {
        stella_status status = read_key(r, &members[i].key, err);
        if (status == STELLA_OK)
            status = read_value(r, depth + 1, &members[i].value, err);
        if (status != STELLA_OK)
            return status;
    }
    out->kind = STELLA_JSON_OBJECT;
    out->members = members;
    out->count = (uint32_t)count;
    return expect(r, "}") ? STELLA_OK : malformed(r, err);
}

// NOLINTNEXTLINE(misc-no-recursion): SERIALIZED_DEPTH_MAX bounds it
static stella_status read_value(reading *r, uint32_t depth, stella_json *out, stella_error *err) {
    const uint8_t kind = stella_cursor_u8(&r->c);
    if (kind == 'N') {
        out->kind = STELLA_JSON_NULL;
        return expect(r, ";") ? STELLA_OK : malformed(r, err);
    }
    if (!expect(r, ":"))
        return malformed(r, err);
    if (kind == 'a')
        return read_array(r, depth, out, err);
    if (kind != 's')
        return read_scalar(r, (char)kind, out, err);
    out->kind = STELLA_JSON_STRING;
    return read_text(r, &out->text, err);
}

stella_status serialized_parse(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err) {
    reading r = {.c = stella_cursor_of(text.ptr, text.len), .arena = arena};
    stella_json *root = stella_arena_alloc(arena, 1, sizeof *root);
    if (!root)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a value");
    const stella_status status = read_value(&r, 0, root, err);
    if (status != STELLA_OK)
        return status;
    if (stella_cursor_left(&r.c))
        return malformed(&r, err);
    *out = root;
    return STELLA_OK;
}
