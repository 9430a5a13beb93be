#include "purl_types.h"
#include "utf8.h"

/* Decoded parts lie one behind the other in one piece of the arena as long as the text: decoding never grows. */
typedef struct parser {
    char *room;
    size_t used;
    stella_purl purl;
    stella_error *err;
} parser;

static stella_status fail(const parser *p, const char *part, const char *what) {
    return stella_error_set(p->err, STELLA_E_FORMAT, part, "%s", what);
}

static int hex(char c) {
    if (c >= '0' && c <= '9')
        return c - '0';
    return (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static int is_utf8(stella_sv text) {
    for (size_t at = 0; at < text.len;) {
        const size_t size = utf8_sequence(text.ptr + at, text.ptr + text.len);
        if (size == 0)
            return 0;
        at += size;
    }
    return 1;
}

/* Appends the decoded text; *out is where it went. Returns 0 when an escape is broken or the text is not UTF-8. */
static int decode(parser *p, stella_sv text, stella_sv *out) {
    char *start = p->room + p->used;
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        char byte = text.ptr[i];
        if (byte == '%') {
            const int high = text.len - i > 2 ? hex(text.ptr[i + 1]) : -1;
            const int low = high >= 0 ? hex(text.ptr[i + 2]) : -1;
            if (low < 0)
                return 0;
            byte = (char)(high << 4 | low);
            i += 2;
        }
        start[len++] = byte;
    }
    p->used += len;
    *out = stella_sv_of(start, len);
    return is_utf8(*out);
}

static int is_dots(stella_sv segment) {
    return stella_sv_eq(segment, STELLA_SV(".")) || stella_sv_eq(segment, STELLA_SV(".."));
}

/* Decodes segments and joins those that count by '/'. */
static stella_status read_segments(parser *p, stella_sv path, const char *part, int drops_dots, stella_sv *out) {
    const char *start = p->room + p->used;
    stella_sv raw, segment;
    while (stella_sv_split(&path, '/', &raw)) {
        const size_t before = p->used;
        if (before != (size_t)(start - p->room))
            p->room[p->used++] = '/';
        if (!decode(p, raw, &segment))
            return fail(p, part, "broken percent-encoding, or not UTF-8");
        if (stella_sv_find(segment, '/') < segment.len)
            return fail(p, part, "a segment holds an encoded slash");
        if (segment.len == 0 || (drops_dots && is_dots(segment)))
            p->used = before;
    }
    *out = stella_sv_of(start, (size_t)(p->room + p->used - start));
    return STELLA_OK;
}

static stella_status read_qualifier(parser *p, stella_sv pair) {
    const size_t equals = stella_sv_find(pair, '=');
    if (equals == pair.len)
        return fail(p, "qualifiers", "a qualifier is written key=value");
    if (p->purl.qualifier_count == STELLA_PURL_QUALIFIERS_MAX)
        return stella_error_set(p->err, STELLA_E_LIMIT, "qualifiers", "at most %d qualifiers",
                                STELLA_PURL_QUALIFIERS_MAX);
    stella_purl_qualifier read = {.key = stella_sv_first(pair, equals)};
    if (!decode(p, stella_sv_skip(pair, equals + 1), &read.value))
        return fail(p, "qualifiers", "broken percent-encoding, or not UTF-8");
    if (read.value.len == 0)
        return STELLA_OK;
    char *key = p->room + p->used; /* keys are not encoded, only lowered; checked with the rest */
    for (size_t i = 0; i < read.key.len; i++)
        key[i] = (char)purl_lower((unsigned char)read.key.ptr[i]);
    read.key.ptr = key;
    p->used += read.key.len;
    uint32_t at = p->purl.qualifier_count++;
    stella_purl_qualifier *list = p->purl.qualifiers;
    for (; at > 0 && stella_sv_cmp(list[at - 1].key, read.key) > 0; at--)
        list[at] = list[at - 1];
    list[at] = read;
    return STELLA_OK;
}

static stella_status read_qualifiers(parser *p, stella_sv text) {
    stella_sv pair;
    while (stella_sv_split(&text, '&', &pair)) {
        const stella_status status = pair.len ? read_qualifier(p, pair) : STELLA_OK;
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

/* Takes what stands behind the last separator off the text; empty when there is none. */
static stella_sv take_behind_last(stella_sv *text, char separator) {
    const size_t at = stella_sv_rfind(*text, separator);
    const stella_sv behind = stella_sv_skip(*text, at + 1);
    const int is_there = at < text->len;
    *text = stella_sv_first(*text, at);
    return is_there ? behind : stella_sv_of(NULL, 0);
}

/* The version begins at the last '@', unless that begins a segment with more behind it: the scope in
 * "npm/@babel/core", which should have been written %40babel. */
static stella_sv take_version(stella_sv *text) {
    const size_t at = stella_sv_rfind(*text, '@');
    const stella_sv behind = at < text->len ? stella_sv_skip(*text, at + 1) : stella_sv_of(NULL, 0);
    const int begins_segment = at == 0 || (at < text->len && text->ptr[at - 1] == '/');
    if (begins_segment && stella_sv_find(behind, '/') < behind.len)
        return stella_sv_of(NULL, 0);
    return take_behind_last(text, '@');
}

static stella_sv trim_slashes(stella_sv text) {
    while (text.len && text.ptr[0] == '/')
        text = stella_sv_skip(text, 1);
    while (text.len && text.ptr[text.len - 1] == '/')
        text.len--;
    return text;
}

/* Everything between the scheme and the qualifiers: type/namespace/name@version. */
static stella_status read_path(parser *p, stella_sv text) {
    stella_sv version = take_version(&text);
    text = trim_slashes(text);
    const size_t slash = stella_sv_find(text, '/');
    stella_sv path = trim_slashes(stella_sv_skip(text, slash));
    stella_sv name = path;
    if (stella_sv_find(path, '/') < path.len)
        name = take_behind_last(&path, '/');
    else
        path = stella_sv_of(NULL, 0);
    p->purl.type = stella_sv_first(text, slash); /* lowered with the other parts; not encoded */
    char *type = p->room + p->used;
    if (p->purl.type.len)
        memcpy(type, p->purl.type.ptr, p->purl.type.len);
    p->purl.type.ptr = type;
    p->used += p->purl.type.len;
    if (!decode(p, name, &p->purl.name))
        return fail(p, "name", "broken percent-encoding, or not UTF-8");
    if (!decode(p, version, &p->purl.version))
        return fail(p, "version", "broken percent-encoding, or not UTF-8");
    return read_segments(p, path, "namespace", 0, &p->purl.namespace_);
}

/* The part lies in the parser's own room. */
static void normalise(parser *p, stella_sv part, unsigned map) {
    if (part.len == 0)
        return;
    unsigned char *bytes = (unsigned char *)p->room + (part.ptr - p->room);
    for (size_t i = 0; i < part.len; i++)
        bytes[i] = purl_map(map, bytes[i]);
}

static stella_status read_parts(parser *p, stella_sv text) {
    if (text.len < 4 || !stella_sv_ieq(stella_sv_first(text, 4), STELLA_SV("pkg:")))
        return fail(p, "scheme", "a package URL begins with 'pkg:'");
    text = stella_sv_skip(text, 4);
    const stella_sv subpath = take_behind_last(&text, '#');
    const stella_sv qualifiers = take_behind_last(&text, '?');
    stella_status status = read_path(p, text);
    if (status == STELLA_OK)
        status = read_qualifiers(p, qualifiers);
    return status == STELLA_OK ? read_segments(p, subpath, "subpath", 1, &p->purl.subpath) : status;
}

stella_status stella_purl_parse(stella_sv text, stella_arena *arena, stella_purl *out, stella_error *err) {
    if (text.len > STELLA_PURL_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a package URL of %zu bytes, at most %d", text.len,
                                STELLA_PURL_MAX);
    parser p = {.room = stella_arena_alloc(arena, text.len + 1, 1), .err = err};
    if (!p.room)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no room for a package URL of %zu bytes", text.len);
    stella_status status = read_parts(&p, text);
    const purl_type *type = stella_purl_type(p.purl.type);
    if (status == STELLA_OK)
        status = stella_purl_check(&p.purl, type, err);
    if (status != STELLA_OK)
        return status;
    normalise(&p, p.purl.name, stella_purl_name_map(type, &p.purl));
    normalise(&p, p.purl.type, LOWER);
    normalise(&p, p.purl.namespace_, type->ns_map);
    normalise(&p, p.purl.version, type->version_map);
    normalise(&p, p.purl.subpath, type->subpath_map);
    *out = p.purl;
    return STELLA_OK;
}
