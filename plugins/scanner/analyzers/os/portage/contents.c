#include "contents.h"

static int is_md5(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789abcdef", text.ptr[i], 16))
            return 0;
    return text.len == 32;
}

/* Takes the last word of the line off it. */
static stella_sv take_last(stella_sv *line) {
    const size_t blank = stella_sv_rfind(*line, ' ');
    const stella_sv word = stella_sv_skip(*line, blank + 1);
    *line = stella_sv_first(*line, blank < line->len ? blank : 0);
    return word;
}

static int read_line(stella_sv line, contents_entry *out) {
    contents_entry entry = {0};
    const int is_file = stella_sv_starts(line, STELLA_SV("obj ")), is_link = stella_sv_starts(line, STELLA_SV("sym "));
    const int is_other = stella_sv_starts(line, STELLA_SV("fif ")) || stella_sv_starts(line, STELLA_SV("dev "));
    entry.path = stella_sv_skip(line, 4);
    if (is_file) {
        (void)take_last(&entry.path); /* the time */
        entry.md5 = take_last(&entry.path);
        if (!is_md5(entry.md5))
            return 0;
    } else if (is_link) {
        const char *arrow = entry.path.len ? memmem(entry.path.ptr, entry.path.len, " -> ", 4) : NULL;
        if (!arrow)
            return 0;
        entry.path = stella_sv_first(entry.path, (size_t)(arrow - entry.path.ptr));
    } else if (!is_other) {
        return 0;
    }
    while (entry.path.len && entry.path.ptr[0] == '/')
        entry.path = stella_sv_skip(entry.path, 1);
    if (entry.path.len == 0)
        return 0;
    *out = entry;
    return 1;
}

int contents_next(stella_sv *text, contents_entry *out) {
    stella_sv line;
    while (stella_sv_split(text, '\n', &line))
        if (read_line(line, out))
            return 1;
    return 0;
}
