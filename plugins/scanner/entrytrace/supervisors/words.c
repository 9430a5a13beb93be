#include "words.h"

typedef struct splitter {
    stella_sv rest;
    char *out; /* all words one behind the other: never longer than the text */
    size_t len;
} splitter;

/* One quoted part, or one byte. Returns 0 when it has no end. */
static int take_part(splitter *s) {
    const char c = s->rest.ptr[0];
    s->rest = stella_sv_skip(s->rest, 1);
    if (c != '\'' && c != '"') {
        if (c == '\\' && !s->rest.len)
            return 0;
        s->out[s->len++] = c == '\\' ? s->rest.ptr[0] : c;
        s->rest = stella_sv_skip(s->rest, c == '\\' ? 1 : 0);
        return 1;
    }
    while (s->rest.len && s->rest.ptr[0] != c) {
        const int escapes =
            c == '"' && s->rest.len > 1 && s->rest.ptr[0] == '\\' && (s->rest.ptr[1] == '"' || s->rest.ptr[1] == '\\');
        s->out[s->len++] = s->rest.ptr[escapes ? 1 : 0];
        s->rest = stella_sv_skip(s->rest, escapes ? 2 : 1);
    }
    const int has_end = s->rest.len > 0;
    s->rest = stella_sv_skip(s->rest, 1);
    return has_end;
}

static int skip_blanks(splitter *s) {
    while (s->rest.len && text_is_blank(s->rest.ptr[0]))
        s->rest = stella_sv_skip(s->rest, 1);
    return s->rest.len > 0;
}

stella_status words_split(stella_sv text, stella_arena *arena, stella_word **words, uint32_t *count,
                          stella_error *err) {
    const uint32_t room = text.len / 2 + 1 < LAUNCH_WORDS_MAX ? (uint32_t)(text.len / 2 + 1) : LAUNCH_WORDS_MAX;
    splitter s = {.rest = text, .out = stella_arena_alloc(arena, text.len + 1, 1)};
    stella_word *list = stella_arena_alloc(arena, room, sizeof *list);
    uint32_t n = 0;
    if (!s.out || !list)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the words of a command");
    while (skip_blanks(&s)) {
        const size_t start = s.len;
        if (n == room)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "a command of more than %u words", room);
        while (s.rest.len && !text_is_blank(s.rest.ptr[0]))
            if (!take_part(&s))
                return stella_error_set(err, STELLA_E_FORMAT, NULL, "a quote or backslash without end");
        list[n++] = word_of(stella_sv_of(s.out + start, s.len - start));
    }
    *words = list;
    *count = n;
    return STELLA_OK;
}
