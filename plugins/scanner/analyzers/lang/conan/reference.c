#include "reference.h"

/* Cuts the text at the first such byte and gives what is behind it. */
static stella_sv cut(stella_sv *text, char byte) {
    const size_t at = stella_sv_find(*text, byte);
    const stella_sv behind = stella_sv_skip(*text, at + 1);
    *text = stella_sv_first(*text, at);
    return behind;
}

int conan_reference_parse(stella_sv text, conan_reference *out) {
    conan_reference found = {.name = stella_sv_trim(text)};
    (void)cut(&found.name, ':');
    (void)cut(&found.name, '%');
    found.revision = cut(&found.name, '#');
    found.user = cut(&found.name, '@');
    found.channel = cut(&found.user, '/');
    found.version = cut(&found.name, '/');
    if (found.name.len == 0 || found.version.len == 0 || found.version.ptr[0] == '[')
        return 0;
    *out = found;
    return 1;
}

conan_lines conan_lines_of(stella_sv text) {
    return (conan_lines){.rest = text};
}

int conan_lines_next(conan_lines *lines, stella_sv *out) {
    stella_sv line;
    while (lines->rest.ptr && stella_sv_split(&lines->rest, '\n', &line)) {
        lines->number++;
        line = stella_sv_trim(stella_sv_first(line, line.len && line.ptr[0] == '#' ? 0 : line.len));
        if (line.len > 2 && line.ptr[0] == '[' && line.ptr[line.len - 1] == ']') {
            lines->section = stella_sv_of(line.ptr + 1, line.len - 2);
        } else if (line.len) {
            *out = line;
            return 1;
        }
    }
    return 0;
}
