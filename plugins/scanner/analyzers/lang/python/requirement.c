#include "requirement.h"

#include "name.h"

static int is_name_byte(char c) {
    const char lower = (char)(c | 0x20);
    return (c >= '0' && c <= '9') || (lower >= 'a' && lower <= 'z') || c == '-' || c == '_' || c == '.';
}

/* "[a, b]" at the front. Returns 0 when the bracket is not closed. */
static int take_extras(stella_sv *text, stella_sv *extras) {
    if (text->len == 0 || text->ptr[0] != '[')
        return 1;
    const size_t end = stella_sv_find(*text, ']');
    if (end == text->len)
        return 0;
    *extras = stella_sv_trim(stella_sv_of(text->ptr + 1, end - 1));
    *text = stella_sv_trim(stella_sv_skip(*text, end + 1));
    return 1;
}

/* A URL ends at a blank; ';' may be part of it. */
static void take_url(stella_sv text, requirement *out) {
    size_t at = 0;
    text = stella_sv_trim(stella_sv_skip(text, 1));
    while (at < text.len && text.ptr[at] != ' ' && text.ptr[at] != '\t')
        at++;
    out->url = stella_sv_first(text, at);
    text = stella_sv_trim(stella_sv_skip(text, at));
    if (text.len && text.ptr[0] == ';')
        out->marker = stella_sv_trim(stella_sv_skip(text, 1));
}

int requirement_parse(stella_sv text, requirement *out) {
    requirement r = {0};
    size_t at = 0;
    text = stella_sv_trim(text);
    while (at < text.len && is_name_byte(text.ptr[at]))
        at++;
    r.name = stella_sv_first(text, at);
    text = stella_sv_trim(stella_sv_skip(text, at));
    if (!name_is_valid(r.name) || !take_extras(&text, &r.extras))
        return 0;
    if (text.len && text.ptr[0] == '@') {
        take_url(text, &r);
    } else {
        const size_t end = stella_sv_find(text, ';');
        r.spec = stella_sv_trim(stella_sv_first(text, end));
        r.marker = stella_sv_trim(stella_sv_skip(text, end + 1));
        if (r.spec.len > 1 && r.spec.ptr[0] == '(' && r.spec.ptr[r.spec.len - 1] == ')')
            r.spec = stella_sv_trim(stella_sv_of(r.spec.ptr + 1, r.spec.len - 2));
    }
    *out = r;
    return 1;
}

stella_sv requirement_pin(stella_sv spec) {
    const stella_sv none = {0};
    spec = stella_sv_trim(spec);
    if (!stella_sv_starts(spec, STELLA_SV("==")))
        return none;
    spec = stella_sv_skip(spec, stella_sv_starts(spec, STELLA_SV("===")) ? 3 : 2);
    spec = stella_sv_trim(spec);
    return stella_sv_find(spec, '*') == spec.len && stella_sv_find(spec, ',') == spec.len ? spec : none;
}
