#include "header.h"

static const struct {
    stella_sv name;
    header_field field;
} names[] = {
    {STELLA_SV_INIT("Plugin Name"), HEADER_NAME}, {STELLA_SV_INIT("Theme Name"), HEADER_NAME},
    {STELLA_SV_INIT("Version"), HEADER_VERSION},  {STELLA_SV_INIT("License"), HEADER_LICENSE},
    {STELLA_SV_INIT("Author"), HEADER_AUTHOR},    {STELLA_SV_INIT("Plugin URI"), HEADER_URI},
    {STELLA_SV_INIT("Theme URI"), HEADER_URI},    {STELLA_SV_INIT("Description"), HEADER_DESCRIPTION},
};

/* Without what may stand before a header. */
static stella_sv strip_front(stella_sv line) {
    const stella_sv php = STELLA_SV("<?php");
    line = stella_sv_trim(line);
    line = stella_sv_starts(line, php) ? stella_sv_skip(line, php.len) : line;
    while (line.len && memchr(" \t/*#@", line.ptr[0], 6))
        line = stella_sv_skip(line, 1);
    return line;
}

/* Without the end of the comment. */
static stella_sv strip_back(stella_sv value) {
    static const stella_sv ends[] = {STELLA_SV_INIT("*/"), STELLA_SV_INIT("?>")};
    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        const char *at = value.len ? memmem(value.ptr, value.len, ends[i].ptr, ends[i].len) : NULL;
        value = at ? stella_sv_first(value, (size_t)(at - value.ptr)) : value;
    }
    return stella_sv_trim(value);
}

uint32_t header_read(stella_sv text, stella_sv values[HEADER_FIELDS]) {
    uint32_t name_line = 0;
    stella_sv line;
    text = stella_sv_first(text, HEADER_BYTES_MAX);
    for (uint32_t i = 0; i < HEADER_FIELDS; i++)
        values[i] = STELLA_SV("");
    for (uint32_t number = 1; stella_sv_split(&text, '\n', &line); number++) {
        line = strip_front(line);
        const size_t colon = stella_sv_find(line, ':');
        for (size_t i = 0; colon < line.len && i < sizeof names / sizeof names[0]; i++) {
            stella_sv *value = &values[names[i].field];
            if (value->len || !stella_sv_ieq(stella_sv_first(line, colon), names[i].name))
                continue;
            *value = strip_back(stella_sv_skip(line, colon + 1));
            if (names[i].field == HEADER_NAME && value->len)
                name_line = number;
        }
    }
    return name_line;
}

uint32_t header_core_version(stella_sv text, stella_sv *version) {
    const stella_sv name = STELLA_SV("$wp_version");
    stella_sv line;
    for (uint32_t number = 1; stella_sv_split(&text, '\n', &line); number++) {
        line = stella_sv_trim(line);
        const stella_sv value = stella_sv_trim(stella_sv_skip(line, name.len));
        if (!stella_sv_starts(line, name) || value.len == 0 || value.ptr[0] != '=')
            continue;
        const stella_sv quoted = stella_sv_trim(stella_sv_skip(value, 1));
        if (quoted.len < 2 || (quoted.ptr[0] != '\'' && quoted.ptr[0] != '"'))
            continue;
        const stella_sv inner = stella_sv_skip(quoted, 1);
        *version = stella_sv_first(inner, stella_sv_find(inner, quoted.ptr[0]));
        return number;
    }
    return 0;
}
