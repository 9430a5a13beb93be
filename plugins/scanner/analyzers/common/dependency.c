#include "dependency.h"

static size_t name_length(stella_sv text) {
    size_t len = 0;
    while (len < text.len && !memchr(" \t\n\r([<", text.ptr[len], 7))
        len++;
    return len;
}

/* The relation and version between parentheses, wherever they stand behind the name. */
static void read_constraint(stella_sv rest, dependency *out) {
    const size_t open = stella_sv_find(rest, '(');
    if (open == rest.len)
        return;
    rest = stella_sv_skip(rest, open + 1);
    rest = stella_sv_trim(stella_sv_first(rest, stella_sv_find(rest, ')')));
    size_t len = 0;
    while (len < rest.len && memchr("<=>", rest.ptr[len], 3))
        len++;
    out->relation = len ? stella_sv_first(rest, len) : STELLA_SV("=");
    out->version = stella_sv_trim(stella_sv_skip(rest, len));
}

static int read_item(stella_sv text, dependency *out) {
    text = stella_sv_trim(text);
    const size_t len = name_length(text);
    const stella_sv word = stella_sv_first(text, len);
    const size_t colon = stella_sv_find(word, ':');
    if (colon == 0 || len == 0)
        return 0;
    *out = (dependency){.name = stella_sv_first(word, colon), .qualifier = stella_sv_skip(word, colon + 1)};
    read_constraint(stella_sv_skip(text, len), out);
    return 1;
}

dependency_reader dependency_open(stella_sv field) {
    return (dependency_reader){.groups = field};
}

int dependency_next(dependency_reader *reader, dependency *out) {
    for (;;) {
        stella_sv item;
        while (stella_sv_split(&reader->alternatives, '|', &item)) {
            if (read_item(item, out)) {
                out->group = reader->group;
                return 1;
            }
        }
        if (!stella_sv_split(&reader->groups, ',', &reader->alternatives))
            return 0;
        reader->group++;
    }
}
