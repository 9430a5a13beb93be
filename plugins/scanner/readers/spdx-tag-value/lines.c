#include "lines.h"

#include <stdio.h>

#define TEXT_BEGIN "<text>"
#define TEXT_END   "</text>"

static stella_status refuse(const lines *l, const char *why, stella_error *err) {
    char where[32];
    snprintf(where, sizeof where, "line %u", l->line);
    return stella_error_set(err, STELLA_E_FORMAT, where, "%s", why);
}

static int is_tag(stella_sv tag) {
    for (size_t i = 0; i < tag.len; i++)
        if (!((tag.ptr[i] >= 'a' && tag.ptr[i] <= 'z') || (tag.ptr[i] >= 'A' && tag.ptr[i] <= 'Z')))
            return 0;
    return tag.len > 0;
}

/* A text may go on over lines: takes up to its end, and the rest of that line. begin: behind the mark. */
static stella_status take_text(lines *l, const char *begin, stella_sv *value, stella_error *err) {
    const stella_sv mark = STELLA_SV(TEXT_END);
    const stella_sv from = stella_sv_of(begin, (size_t)(l->rest.ptr + l->rest.len - begin));
    const char *end = from.len ? memmem(from.ptr, from.len, mark.ptr, mark.len) : NULL;
    if (!end)
        return refuse(l, "a <text> has no end", err);
    stella_sv line;
    *value = stella_sv_of(begin, (size_t)(end - begin));
    do {
        stella_sv_split(&l->rest, '\n', &line);
        l->next++;
    } while (line.ptr + line.len < end);
    return STELLA_OK;
}

static stella_status take_tag(lines *l, stella_sv line, stella_sv *tag, stella_sv *value, stella_error *err) {
    const size_t colon = stella_sv_find(line, ':');
    *tag = stella_sv_trim(stella_sv_first(line, colon));
    if (colon == line.len || !is_tag(*tag))
        return refuse(l, "not a line \"Tag: value\"", err);
    *value = stella_sv_trim(stella_sv_skip(line, colon + 1));
    if (!stella_sv_starts(*value, STELLA_SV(TEXT_BEGIN)))
        return STELLA_OK;
    *value = stella_sv_skip(*value, STELLA_SV(TEXT_BEGIN).len);
    if (!stella_sv_ends(*value, STELLA_SV(TEXT_END)))
        return STELLA_E_PENDING; /* it goes on */
    *value = stella_sv_first(*value, value->len - STELLA_SV(TEXT_END).len);
    return STELLA_OK;
}

stella_status lines_next(lines *l, stella_sv *tag, stella_sv *value, int *out, stella_error *err) {
    for (stella_sv before = l->rest, line; stella_sv_split(&l->rest, '\n', &line); before = l->rest) {
        const stella_sv trimmed = stella_sv_trim(line);
        l->line = ++l->next;
        if (trimmed.len == 0 || trimmed.ptr[0] == '#')
            continue;
        stella_status status = take_tag(l, trimmed, tag, value, err);
        if (status == STELLA_E_PENDING) {
            const char *begin = value->ptr;
            l->rest = before;
            l->next--;
            status = take_text(l, begin, value, err);
        }
        *out = status == STELLA_OK;
        return status;
    }
    *out = 0;
    return STELLA_OK;
}
