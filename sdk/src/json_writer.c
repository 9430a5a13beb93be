#include <stella/json.h>

#include "json_string.h"
#include "json_writer.h"

#include <assert.h>

/* What stands before the next value. */
enum {
    AT_START,     /* nothing: the document or a container has just begun */
    BEHIND_VALUE, /* a comma is needed */
    BEHIND_KEY,
};

void stella_json_writer_init(stella_json_writer *w, const stella_sink *sink, uint32_t indent) {
    w->sink = sink;
    w->error = (stella_error){0};
    w->indent = indent;
    w->depth = 0;
    w->state = AT_START;
    w->used = 0;
    memset(w->is_object, 0, sizeof w->is_object);
}

static int has_failed(const stella_json_writer *w) {
    return w->error.code != STELLA_OK;
}

static void send(stella_json_writer *w, stella_sv bytes) {
    if (has_failed(w) || bytes.len == 0)
        return;
    const stella_status status = stella_sink_write(w->sink, bytes, &w->error);
    if (status != STELLA_OK)
        w->error.code = status; /* also when the sink did not say more */
}

static void flush(stella_json_writer *w) {
    send(w, stella_sv_of(w->buffer, w->used));
    w->used = 0;
}

static void put_large(stella_json_writer *w, const char *bytes, size_t size) {
    flush(w);
    if (size >= sizeof w->buffer) {
        send(w, stella_sv_of(bytes, size));
        return;
    }
    memcpy(w->buffer, bytes, size);
    w->used = (uint32_t)size;
}

static inline void put(stella_json_writer *w, const char *bytes, size_t size) {
    if (size > sizeof w->buffer - w->used) {
        put_large(w, bytes, size);
        return;
    }
    if (size)
        memcpy(w->buffer + w->used, bytes, size);
    w->used += (uint32_t)size;
}

static void put_byte(stella_json_writer *w, char byte) {
    if (w->used == sizeof w->buffer)
        flush(w);
    w->buffer[w->used++] = byte;
}

static void put_line(stella_json_writer *w) {
    static const char blanks[] = "                                ";
    if (w->indent == 0)
        return;
    put_byte(w, '\n');
    for (size_t left = (size_t)w->indent * w->depth; left;) {
        const size_t piece = left < sizeof blanks - 1 ? left : sizeof blanks - 1;
        put(w, blanks, piece);
        left -= piece;
    }
}

static int in_object(const stella_json_writer *w) {
    return w->is_object[w->depth / 8] >> (w->depth % 8) & 1;
}

/* The comma and line break before an element or key. */
static void separate(stella_json_writer *w) {
    if (w->state == BEHIND_VALUE)
        put_byte(w, ',');
    if (w->depth)
        put_line(w);
}

static void before_value(stella_json_writer *w) {
    assert(w->state == BEHIND_KEY || (w->depth == 0 ? w->state == AT_START : !in_object(w)));
    if (w->state != BEHIND_KEY)
        separate(w);
    w->state = BEHIND_VALUE;
}

static void begin(stella_json_writer *w, int is_object) {
    if (has_failed(w))
        return;
    if (w->depth == STELLA_JSON_DEPTH_MAX) {
        stella_error_set(&w->error, STELLA_E_LIMIT, NULL, "more than %d objects or arrays inside each other",
                         STELLA_JSON_DEPTH_MAX);
        return;
    }
    before_value(w);
    put_byte(w, is_object ? '{' : '[');
    w->depth++;
    uint8_t *bits = &w->is_object[w->depth / 8];
    const unsigned bit = 1u << (w->depth % 8);
    *bits = (uint8_t)(is_object ? *bits | bit : *bits & ~bit);
    w->state = AT_START;
}

static void end(stella_json_writer *w, int is_object) {
    if (has_failed(w))
        return;
    assert(w->depth && in_object(w) == is_object && w->state != BEHIND_KEY);
    const int is_empty = w->state == AT_START;
    w->depth--;
    if (!is_empty)
        put_line(w);
    put_byte(w, is_object ? '}' : ']');
    w->state = BEHIND_VALUE;
}

void stella_json_begin_object(stella_json_writer *w) {
    begin(w, 1);
}

void stella_json_end_object(stella_json_writer *w) {
    end(w, 1);
}

void stella_json_begin_array(stella_json_writer *w) {
    begin(w, 0);
}

void stella_json_end_array(stella_json_writer *w) {
    end(w, 0);
}

static void put_text(stella_json_writer *w, stella_sv text) {
    const char *at = text.len ? text.ptr : "", *const stop = at + text.len;
    put_byte(w, '"');
    while (text.len) {
        const char *special = stella_json_text_end(at, stop);
        put(w, at, (size_t)(special - at));
        if (special == stop)
            break;
        char escape[6];
        if ((unsigned char)*special < 0x80)
            put(w, escape, stella_json_escape((unsigned char)*special, escape));
        else
            put(w, "\xef\xbf\xbd", 3); /* U+FFFD for a byte that is not UTF-8 */
        at = special + 1;
    }
    put_byte(w, '"');
}

void stella_json_key(stella_json_writer *w, stella_sv key) {
    if (has_failed(w))
        return;
    assert(w->depth && in_object(w) && w->state != BEHIND_KEY);
    separate(w);
    put_text(w, key);
    put(w, ": ", w->indent ? 2 : 1);
    w->state = BEHIND_KEY;
}

void stella_json_write_str(stella_json_writer *w, stella_sv text) {
    if (has_failed(w))
        return;
    before_value(w);
    put_text(w, text);
}

void stella_json_write_raw(stella_json_writer *w, stella_sv json) {
    if (has_failed(w))
        return;
    before_value(w);
    put(w, json.ptr, json.len);
}

static void write_decimal(stella_json_writer *w, uint64_t value, int is_negative) {
    char digits[24];
    size_t at = sizeof digits;
    do
        digits[--at] = (char)('0' + value % 10);
    while (value /= 10);
    if (is_negative)
        digits[--at] = '-';
    stella_json_write_raw(w, stella_sv_of(digits + at, sizeof digits - at));
}

void stella_json_write_u64(stella_json_writer *w, uint64_t value) {
    write_decimal(w, value, 0);
}

void stella_json_write_i64(stella_json_writer *w, int64_t value) {
    write_decimal(w, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, value < 0);
}

void stella_json_write_bool(stella_json_writer *w, int value) {
    stella_json_write_raw(w, value ? STELLA_SV("true") : STELLA_SV("false"));
}

void stella_json_write_null(stella_json_writer *w) {
    stella_json_write_raw(w, STELLA_SV("null"));
}

/* Recursion is bounded: begin fails at STELLA_JSON_DEPTH_MAX, and nothing is descended into after a failure. */
static void write_object(stella_json_writer *w, const stella_json *value) {
    begin(w, 1);
    for (uint32_t i = 0; i < value->count && !has_failed(w); i++) {
        stella_json_key(w, value->members[i].key);
        stella_json_write_value(w, &value->members[i].value);
    }
    end(w, 1);
}

static void write_array(stella_json_writer *w, const stella_json *value) {
    begin(w, 0);
    for (uint32_t i = 0; i < value->count && !has_failed(w); i++)
        stella_json_write_value(w, &value->items[i]);
    end(w, 0);
}

void stella_json_write_value(stella_json_writer *w, const stella_json *value) {
    switch (value->kind) {
    case STELLA_JSON_OBJECT:
        write_object(w, value);
        break;
    case STELLA_JSON_ARRAY:
        write_array(w, value);
        break;
    case STELLA_JSON_STRING:
        stella_json_write_str(w, value->text);
        break;
    case STELLA_JSON_NUMBER:
        stella_json_write_raw(w, value->text);
        break;
    case STELLA_JSON_TRUE:
    case STELLA_JSON_FALSE:
        stella_json_write_bool(w, value->kind == STELLA_JSON_TRUE);
        break;
    default:
        stella_json_write_null(w);
        break;
    }
}

void stella_json_member_str(stella_json_writer *w, const char *key, stella_sv text) {
    stella_json_key(w, stella_sv_cstr(key));
    stella_json_write_str(w, text);
}

void stella_json_member_opt(stella_json_writer *w, const char *key, stella_sv text) {
    if (text.len)
        stella_json_member_str(w, key, text);
}

void stella_json_member_u64(stella_json_writer *w, const char *key, uint64_t value) {
    stella_json_key(w, stella_sv_cstr(key));
    stella_json_write_u64(w, value);
}

void stella_json_member_bool(stella_json_writer *w, const char *key, int value) {
    stella_json_key(w, stella_sv_cstr(key));
    stella_json_write_bool(w, value);
}

void stella_json_member_object(stella_json_writer *w, const char *key) {
    stella_json_key(w, stella_sv_cstr(key));
    begin(w, 1);
}

void stella_json_member_array(stella_json_writer *w, const char *key) {
    stella_json_key(w, stella_sv_cstr(key));
    begin(w, 0);
}

stella_status stella_json_finish(stella_json_writer *w, stella_error *err) {
    if (!has_failed(w)) {
        assert(w->depth == 0 && w->state == BEHIND_VALUE);
        if (w->indent)
            put_byte(w, '\n');
        flush(w);
    }
    if (has_failed(w) && err)
        *err = w->error;
    return w->error.code;
}
