#include "arguments.h"

typedef struct reader {
    stella_sv rest;
    char *out; /* all words one behind the other: never longer than the text */
    size_t len;
    char quote;
} reader;

static char escaped(char code) {
    return (char)(code == 'n' ? '\n' : code == 't' ? '\t' : code == 'r' ? '\r' : code == 'f' ? '\f' : code);
}

/* Steps over blanks and comments. */
static void skip_blanks(reader *r) {
    while (r->rest.len) {
        if (r->rest.ptr[0] == '#')
            r->rest = stella_sv_skip(r->rest, stella_sv_find(r->rest, '\n'));
        else if (!text_is_blank(r->rest.ptr[0]))
            return;
        else
            r->rest = stella_sv_skip(r->rest, 1);
    }
}

/* Steps over a backslash, a line's end, and what indents the next line. */
static void join_lines(reader *r) {
    r->rest = stella_sv_skip(r->rest, 1);
    while (r->rest.len && text_is_blank(r->rest.ptr[0]))
        r->rest = stella_sv_skip(r->rest, 1);
}

/* One byte of a word. Returns 0 at its end. */
static int word_byte(reader *r) {
    const char c = r->rest.ptr[0];
    if (!r->quote && text_is_blank(c))
        return 0;
    if (c == '\\' && r->rest.len > 1 && (r->rest.ptr[1] == '\n' || r->rest.ptr[1] == '\r')) {
        join_lines(r);
        return 1;
    }
    size_t step = 1;
    if (r->quote && c == '\\' && r->rest.len > 1) {
        r->out[r->len++] = escaped(r->rest.ptr[1]);
        step = 2;
    } else if (c == r->quote) {
        r->quote = 0;
    } else if (!r->quote && (c == '"' || c == '\'')) {
        r->quote = c;
    } else {
        r->out[r->len++] = c;
    }
    r->rest = stella_sv_skip(r->rest, step);
    return 1;
}

stella_status arguments_parse(stella_sv text, stella_arena *arena, stella_word **words, uint32_t *count,
                              stella_error *err) {
    const uint32_t room = text.len / 2 + 1 < LAUNCH_WORDS_MAX ? (uint32_t)(text.len / 2 + 1) : LAUNCH_WORDS_MAX;
    reader r = {.rest = text, .out = stella_arena_alloc(arena, text.len + 1, 1)};
    stella_word *list = stella_arena_alloc(arena, room, sizeof *list);
    uint32_t n = 0;
    if (!r.out || !list)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the words of a file");
    for (skip_blanks(&r); r.rest.len; skip_blanks(&r)) {
        const size_t start = r.len;
        if (n == room)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u words in a file", room);
        r.quote = 0;
        while (r.rest.len && word_byte(&r)) {
        }
        list[n++] = word_of(stella_sv_of(r.out + start, r.len - start));
    }
    *words = list;
    *count = n;
    return STELLA_OK;
}
