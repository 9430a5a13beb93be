#include "common/check.h"

#include <stella/purl.h>
#include <stella/spdx.h>

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define MESSAGE_MAX  900u
#define SHOWN        80u /* bytes of a value in a message */
#define IDS_AT_FIRST 256u

/* ---- telling ---- */

static void note(stella_reading *reading, uint32_t severity, uint32_t line, const char *text, size_t len) {
    stella_note(reading->job, severity, reading->document->path, line, stella_sv_of(text, len));
}

STELLA_PRINTF(3, 0) static size_t print(char *out, size_t used, const char *format, va_list args) {
    const int len = vsnprintf(out + used, MESSAGE_MAX - used, format, args);
    return len < 0 ? used : used + (size_t)len < MESSAGE_MAX ? used + (size_t)len : MESSAGE_MAX - 1;
}

void check_format(stella_reading *reading, const char *format, ...) {
    char text[MESSAGE_MAX] = STELLA_READER_FORMAT;
    va_list args;
    va_start(args, format);
    const size_t used = print(text, sizeof STELLA_READER_FORMAT - 1, format, args);
    va_end(args);
    note(reading, STELLA_NOTE_INFO, 0, text, used);
}

stella_status check_malformed(stella_reading *reading, const char *format, const stella_error *why) {
    char text[MESSAGE_MAX];
    if (why->code != STELLA_E_FORMAT)
        return why->code;
    check_format(reading, "%s", format);
    const int len =
        snprintf(text, sizeof text, "not well-formed: %s%s%s", why->path, why->path[0] ? ": " : "", why->message);
    note(reading, STELLA_NOTE_ERROR, 0, text, (size_t)len);
    return STELLA_OK;
}

void check_say(check *c, const stella_json *value, const char *format, ...) {
    char text[MESSAGE_MAX];
    va_list args;
    const int at = snprintf(text, sizeof text, "%.*s: ", (int)c->len, c->len ? c->pointer : "");
    va_start(args, format);
    const size_t used = print(text, (size_t)at, format, args);
    va_end(args);
    c->problems++;
    note(c->reading, STELLA_NOTE_ERROR, value ? value->line : 0, text, used);
}

/* ---- where ---- */

static void push(check *c, char byte) {
    if (c->len < CHECK_POINTER_MAX)
        c->pointer[c->len++] = byte;
}

size_t check_enter(check *c, stella_sv key) {
    const size_t mark = c->len;
    push(c, '/');
    for (size_t i = 0; i < key.len && i < SHOWN; i++) {
        if (key.ptr[i] == '~' || key.ptr[i] == '/')
            push(c, '~');
        push(c, key.ptr[i] == '~' ? '0' : key.ptr[i] == '/' ? '1' : key.ptr[i]);
    }
    return mark;
}

size_t check_enter_at(check *c, uint32_t index) {
    char digits[16];
    return check_enter(c, stella_sv_of(digits, (size_t)snprintf(digits, sizeof digits, "%u", index)));
}

void check_leave(check *c, size_t mark) {
    c->len = mark;
}

/* ---- tables ---- */

static const char *name_of(check_kind kind) {
    static const char *const names[] = {"anything", "a text",          "a number", "true or false",
                                        "a list",   "a list of texts", "an object"};
    return names[kind];
}

static int is_of_kind(const check *c, const stella_json *value, check_kind kind) {
    const int is_text = stella_json_is(value, STELLA_JSON_STRING);
    switch (kind) {
    case CHECK_TEXT:
        return is_text;
    case CHECK_NUMBER:
        return stella_json_is(value, STELLA_JSON_NUMBER);
    case CHECK_BOOLEAN: /* XML has texts alone */
        return stella_json_is(value, STELLA_JSON_TRUE) || stella_json_is(value, STELLA_JSON_FALSE) ||
               (!c->is_closed && is_text);
    case CHECK_LIST:
    case CHECK_TEXTS:
        return stella_json_is(value, STELLA_JSON_ARRAY);
    case CHECK_OBJECT:
        return stella_json_is(value, STELLA_JSON_OBJECT);
    case CHECK_ANY:
        break;
    }
    return 1;
}

static void check_words(check *c, const stella_json *value, const char *const *words) {
    const stella_sv text = stella_json_str(value);
    for (uint32_t i = 0; words[i]; i++)
        if (stella_sv_eq(text, stella_sv_cstr(words[i])))
            return;
    check_say(c, value, "\"%.*s\" is none of the words that may stand here",
              STELLA_SV_FMT(stella_sv_first(text, SHOWN)));
}

static void check_one(check *c, const stella_json *value, const check_rule *rule) {
    if (rule->words)
        check_words(c, value, rule->words);
    if (rule->of)
        check_object(c, value, rule->of);
    if (rule->also)
        rule->also(c, value);
}

static void check_list(check *c, const stella_json *list, const check_rule *rule) {
    for (uint32_t i = 0; i < list->count; i++) {
        const stella_json *item = stella_json_at(list, i);
        const size_t mark = check_enter_at(c, i);
        if (rule->kind == CHECK_TEXTS && !stella_json_is(item, STELLA_JSON_STRING))
            check_say(c, item, "not a text");
        else
            check_one(c, item, rule);
        check_leave(c, mark);
    }
}

static void check_member(check *c, const stella_json *value, const check_rule *rule) {
    const size_t mark = check_enter(c, stella_sv_cstr(rule->key));
    if (rule->since > c->version)
        check_say(c, value, "not known before version 1.%u", rule->since);
    else if (!is_of_kind(c, value, rule->kind))
        check_say(c, value, "not %s", name_of(rule->kind));
    else if (rule->kind == CHECK_LIST || rule->kind == CHECK_TEXTS)
        check_list(c, value, rule);
    else
        check_one(c, value, rule);
    check_leave(c, mark);
}

static void check_unknown(check *c, const stella_json *object, const check_shape *shape) {
    for (uint32_t i = 0; c->is_closed && i < object->count; i++) {
        uint32_t k = 0;
        while (k < shape->count && !stella_sv_eq(object->members[i].key, stella_sv_cstr(shape->rules[k].key)))
            k++;
        if (k == shape->count)
            check_say(c, &object->members[i].value, "\"%.*s\" is no member that may stand here",
                      STELLA_SV_FMT(stella_sv_first(object->members[i].key, SHOWN)));
    }
}

void check_object(check *c, const stella_json *object, const check_shape *shape) {
    if (!stella_json_is(object, STELLA_JSON_OBJECT)) {
        check_say(c, object, "not an object");
        return;
    }
    for (uint32_t i = 0; i < shape->count; i++) {
        const stella_json *value = stella_json_get(object, shape->rules[i].key);
        if (value)
            check_member(c, value, &shape->rules[i]);
        else if (shape->rules[i].flags & CHECK_REQUIRED)
            check_say(c, object, "\"%s\" is missing", shape->rules[i].key);
    }
    check_unknown(c, object, shape);
}

/* ---- ids ---- */

static void add_id(check *c, const stella_json *where) {
    if (c->id_count == c->id_room) {
        const uint32_t room = c->id_room ? c->id_room * 2 : IDS_AT_FIRST;
        check_id *ids = stella_arena_alloc(c->reading->job->arena, room, sizeof *ids);
        if (!ids) {
            c->is_short = 1;
            return;
        }
        if (c->id_count)
            memcpy(ids, c->ids, c->id_count * sizeof *ids);
        c->ids = ids;
        c->id_room = room;
    }
    c->ids[c->id_count++] = (check_id){.name = stella_json_str(where), .where = where};
}

/* The depth is that of JSON. */
static void gather(check *c, const stella_json *value, stella_sv key) {
    for (uint32_t i = 0; i < value->count; i++) {
        const int is_object = value->kind == STELLA_JSON_OBJECT;
        const stella_json *child = is_object ? &value->members[i].value : &value->items[i];
        if (is_object && stella_json_is(child, STELLA_JSON_STRING) && stella_sv_eq(value->members[i].key, key))
            add_id(c, child);
        else if (child->kind == STELLA_JSON_OBJECT || child->kind == STELLA_JSON_ARRAY)
            gather(c, child, key);
    }
}

static int by_name(const void *left, const void *right) {
    const check_id *a = left, *b = right;
    const int order = stella_sv_cmp(a->name, b->name);
    return order ? order : (a->where->line > b->where->line) - (a->where->line < b->where->line);
}

void check_more_ids(check *c, const stella_json *root, const char *key) {
    gather(c, root, stella_sv_cstr(key));
    if (c->id_count)
        qsort(c->ids, c->id_count, sizeof *c->ids, by_name);
}

void check_ids(check *c, const stella_json *root, const char *key) {
    check_more_ids(c, root, key);
    for (uint32_t i = 1; i < c->id_count; i++)
        if (stella_sv_eq(c->ids[i].name, c->ids[i - 1].name))
            check_say(c, c->ids[i].where, "the %s \"%.*s\" was given before, in line %u", key,
                      STELLA_SV_FMT(stella_sv_first(c->ids[i].name, SHOWN)), c->ids[i - 1].where->line);
}

static int is_name(const void *key, const void *element) {
    return stella_sv_cmp(*(const stella_sv *)key, ((const check_id *)element)->name);
}

int check_has_id(const check *c, stella_sv name) {
    return c->id_count && bsearch(&name, c->ids, c->id_count, sizeof *c->ids, is_name) != NULL;
}

/* ---- values ---- */

void check_purl(check *c, const stella_json *value) {
    stella_purl purl;
    stella_error why = {0};
    if (stella_purl_parse(stella_json_str(value), c->reading->job->arena, &purl, &why) != STELLA_OK)
        check_say(c, value, "not a package URL: %s", why.message);
}

void check_expression(check *c, const stella_json *value) {
    const stella_sv text = stella_json_str(value);
    if (!stella_sv_eq(text, STELLA_SV("NONE")) && !stella_sv_eq(text, STELLA_SV("NOASSERTION")) &&
        !stella_spdx_expression(text, c->reading->job->arena).ptr)
        check_say(c, value, "\"%.*s\" is no SPDX license expression", STELLA_SV_FMT(stella_sv_first(text, SHOWN)));
}

void check_cpe(check *c, const stella_json *value) {
    const stella_sv text = stella_json_str(value);
    uint32_t colons = 0;
    for (size_t i = 0; i < text.len; i++)
        colons += text.ptr[i] == ':' && (i == 0 || text.ptr[i - 1] != '\\');
    const int is_new = stella_sv_starts(text, STELLA_SV("cpe:2.3:")) && colons == 12;
    if (!is_new && !stella_sv_starts(text, STELLA_SV("cpe:/")))
        check_say(c, value, "\"%.*s\" is no CPE name", STELLA_SV_FMT(stella_sv_first(text, SHOWN)));
}

static int is_hex(stella_sv digits) {
    for (size_t i = 0; i < digits.len; i++)
        if (!strchr("0123456789abcdefABCDEF", digits.ptr[i]) || !digits.ptr[i])
            return 0;
    return digits.len != 0;
}

/* Bits of a hash by the end of its name; 0: any. */
static uint32_t bits_of(stella_sv algorithm) {
    static const struct {
        const char *end;
        uint32_t bits;
    } known[] = {{"512", 512},  {"384", 384}, {"256", 256}, {"224", 224}, {"SHA-1", 160}, {"SHA1", 160},
                 {"sha1", 160}, {"MD5", 128}, {"md5", 128}, {"MD4", 128}, {"MD2", 128},   {"ADLER32", 32}};
    for (uint32_t i = 0; i < STELLA_COUNT(known); i++)
        if (stella_sv_ends(algorithm, stella_sv_cstr(known[i].end)))
            return known[i].bits;
    return 0;
}

void check_digest(check *c, const stella_json *where, stella_sv algorithm, stella_sv digits) {
    const uint32_t bits = bits_of(algorithm);
    if (!is_hex(digits))
        check_say(c, where, "not hexadecimal digits");
    else if (bits && digits.len != bits / 4)
        check_say(c, where, "%.*s has %u hexadecimal digits, not %zu", STELLA_SV_FMT(stella_sv_first(algorithm, SHOWN)),
                  bits / 4, digits.len);
}

stella_status check_finish(const check *c, stella_error *err) {
    return c->is_short ? stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to check the document") : STELLA_OK;
}
