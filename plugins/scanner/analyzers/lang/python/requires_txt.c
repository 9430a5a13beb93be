#include "requires_txt.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define TEXT_MAX ((size_t)16 << 20)

/* "[extra:marker]", each part may be missing. */
typedef struct section {
    stella_sv extra, marker;
} section;

static section section_of(stella_sv line) {
    const stella_sv inside = stella_sv_of(line.ptr + 1, stella_sv_find(line, ']') - 1);
    const size_t colon = stella_sv_find(inside, ':');
    return (section){.extra = stella_sv_trim(stella_sv_first(inside, colon)),
                     .marker = stella_sv_trim(stella_sv_skip(inside, colon + 1))};
}

static void add_condition(stella_buf *out, const char **separator, stella_sv marker) {
    if (marker.len == 0)
        return;
    stella_buf_printf(out, "%s(%.*s)", *separator, STELLA_SV_FMT(marker));
    *separator = " and ";
}

static void add_requirement(stella_buf *out, const section *in, stella_sv line) {
    const size_t end = stella_sv_find(line, ';');
    const char *separator = " ; ";
    stella_buf_add(out, stella_sv_first(line, end));
    add_condition(out, &separator, stella_sv_trim(stella_sv_skip(line, end + 1)));
    add_condition(out, &separator, in->marker);
    if (in->extra.len)
        stella_buf_printf(out, "%sextra == '%.*s'", separator, STELLA_SV_FMT(in->extra));
    stella_buf_add(out, STELLA_SV("\n"));
}

stella_sv requires_txt_convert(stella_sv text, stella_arena *arena) {
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(TEXT_MAX);
    section in = {0};
    for (stella_sv line; stella_sv_split(&text, '\n', &line);) {
        line = stella_sv_trim(line);
        if (line.len == 0 || line.ptr[0] == '#')
            continue;
        if (line.ptr[0] == '[' && stella_sv_find(line, ']') < line.len)
            in = section_of(line);
        else
            add_requirement(&out, &in, line);
    }
    if (out.failed)
        return stella_sv_of(NULL, 0);
    return out.len ? stella_arena_dup(arena, stella_buf_sv(&out)) : stella_sv_of("", 0);
}
