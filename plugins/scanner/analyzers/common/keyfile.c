#include "keyfile.h"

keyfile keyfile_of(stella_sv text) {
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    if (stella_sv_starts(text, mark))
        text = stella_sv_skip(text, mark.len);
    return (keyfile){.at = stella_cursor_of(text.ptr, text.len)};
}

int keyfile_next(keyfile *reader, keyfile_entry *out) {
    stella_sv line;
    while (stella_cursor_line(&reader->at, &line)) {
        reader->line++;
        line = stella_sv_trim(line);
        if (stella_sv_starts(line, STELLA_SV("[")) && stella_sv_ends(line, STELLA_SV("]"))) {
            reader->group = stella_sv_skip(stella_sv_first(line, line.len - 1), 1);
            continue;
        }
        const size_t equals = stella_sv_find(line, '=');
        const stella_sv key = stella_sv_trim(stella_sv_first(line, equals));
        if (equals == line.len || key.len == 0 || key.ptr[0] == '#')
            continue;
        *out = (keyfile_entry){.group = reader->group,
                               .key = key,
                               .value = stella_sv_trim(stella_sv_skip(line, equals + 1)),
                               .line = reader->line};
        return 1;
    }
    return 0;
}

static int is_text(stella_sv value) {
    for (size_t i = 0; i < value.len; i++)
        if ((unsigned char)value.ptr[i] < ' ' || value.ptr[i] == 0x7f)
            return 0;
    return stella_sv_utf8_prefix(value) == value.len;
}

stella_sv keyfile_get(stella_sv text, const char *group, const char *key) {
    const stella_sv wanted_group = stella_sv_cstr(group), wanted = stella_sv_cstr(key);
    keyfile_entry entry;
    for (keyfile reader = keyfile_of(text); keyfile_next(&reader, &entry);)
        if (stella_sv_eq(entry.key, wanted) && stella_sv_eq(entry.group, wanted_group) && is_text(entry.value))
            return entry.value;
    return (stella_sv){0};
}
