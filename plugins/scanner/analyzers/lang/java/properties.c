#include "properties.h"

#include <stella/cursor.h>

/* Key and value are parted by '=', ':' or a blank. */
static size_t find_separator(stella_sv line) {
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] == '=' || line.ptr[i] == ':' || line.ptr[i] == ' ' || line.ptr[i] == '\t')
            return i;
    return line.len;
}

static stella_sv value_of(stella_sv rest) {
    rest = stella_sv_trim(rest);
    return rest.len && (rest.ptr[0] == '=' || rest.ptr[0] == ':') ? stella_sv_trim(stella_sv_skip(rest, 1)) : rest;
}

pom_properties pom_properties_parse(stella_sv text) {
    pom_properties out = {0};
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    while (stella_cursor_line(&c, &line)) {
        line = stella_sv_trim(line);
        if (line.len == 0 || line.ptr[0] == '#' || line.ptr[0] == '!')
            continue;
        const size_t at = find_separator(line);
        const stella_sv key = stella_sv_first(line, at), value = value_of(stella_sv_skip(line, at));
        if (stella_sv_eq(key, STELLA_SV("groupId")))
            out.group = value;
        else if (stella_sv_eq(key, STELLA_SV("artifactId")))
            out.name = value;
        else if (stella_sv_eq(key, STELLA_SV("version")))
            out.version = value;
    }
    return out;
}
