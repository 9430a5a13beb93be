#include "template/check.h"

typedef struct scanner {
    stella_sv rest;
    stella_sv opening, closing; /* what begins and ends a tag; a template may change it */
    uint32_t line, depth;
} scanner;

static stella_status refused(const scanner *s, stella_error *err, const char *why) {
    char where[32] = "line ";
    char digits[12];
    size_t used = strlen(where), at = sizeof digits;
    for (uint32_t line = s->line; at == sizeof digits || line; line /= 10)
        digits[--at] = (char)('0' + line % 10);
    memcpy(where + used, digits + at, sizeof digits - at);
    return stella_error_set(err, STELLA_E_INVALID, where, "%s", why);
}

static size_t find(stella_sv text, stella_sv what) {
    const char *at = text.len ? memmem(text.ptr, text.len, what.ptr, what.len) : NULL;
    return at ? (size_t)(at - text.ptr) : text.len;
}

static void skip(scanner *s, size_t count) {
    for (size_t i = 0; i < count; i++)
        s->line += s->rest.ptr[i] == '\n' ? 1 : 0;
    s->rest = stella_sv_skip(s->rest, count);
}

/* "=<% %>=" */
static stella_status change_delimiters(scanner *s, stella_sv tag, stella_error *err) {
    if (tag.len < 5 || tag.ptr[tag.len - 1] != '=')
        return refused(s, err, "a tag that sets delimiters is {{=OPENING CLOSING=}}");
    tag = stella_sv_trim(stella_sv_of(tag.ptr + 1, tag.len - 2));
    const stella_sv opening = stella_sv_first(tag, stella_sv_find(tag, ' '));
    const stella_sv closing = stella_sv_trim(stella_sv_skip(tag, opening.len));
    if (opening.len == 0 || closing.len == 0 || stella_sv_find(closing, ' ') != closing.len)
        return refused(s, err, "a tag that sets delimiters is {{=OPENING CLOSING=}}");
    s->opening = opening;
    s->closing = closing;
    return STELLA_OK;
}

static stella_status check_tag(scanner *s, stella_sv tag, stella_error *err) {
    switch (tag.len ? tag.ptr[0] : 0) {
    case '#':
    case '^':
        return ++s->depth > CHECK_DEPTH_MAX
                   ? refused(s, err, "the template has more than 32 sections inside each other")
                   : STELLA_OK;
    case '/':
        if (s->depth == 0)
            return refused(s, err, "the template closes a section that is not open");
        s->depth--;
        return STELLA_OK;
    case '>':
        return refused(s, err, "the template has a partial, which is not supported");
    case '=':
        return change_delimiters(s, tag, err);
    default:
        return STELLA_OK;
    }
}

stella_status check_template(stella_sv text, stella_error *err) {
    const stella_sv braces = STELLA_SV("{{");
    scanner s = {.rest = text, .opening = braces, .closing = STELLA_SV("}}"), .line = 1};
    stella_status status = STELLA_OK;
    if (text.len > CHECK_TEMPLATE_MAX)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "the template is larger than %u bytes",
                                CHECK_TEMPLATE_MAX);
    for (skip(&s, find(s.rest, s.opening)); s.rest.len && status == STELLA_OK; skip(&s, find(s.rest, s.opening))) {
        skip(&s, s.opening.len);
        const int is_triple = stella_sv_eq(s.opening, braces) && stella_sv_starts(s.rest, STELLA_SV("{"));
        const stella_sv closing = is_triple ? STELLA_SV("}}}") : s.closing;
        const size_t len = find(s.rest, closing);
        if (len == s.rest.len)
            return refused(&s, err, "the template has a tag without an end");
        const stella_sv tag = stella_sv_trim(stella_sv_first(s.rest, len));
        status = is_triple ? STELLA_OK : check_tag(&s, tag, err);
        skip(&s, len + closing.len);
    }
    if (status == STELLA_OK && s.depth)
        return refused(&s, err, "the template has a section without an end");
    return status;
}
