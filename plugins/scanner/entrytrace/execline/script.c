#include "script.h"

typedef struct reader {
    stella_sv rest;
    stella_arena *arena;
    stella_word *words; /* LAUNCH_WORDS_MAX */
    uint32_t count, depth;
    char *out; /* of the word at hand: never longer than the script and its depth */
    size_t len;
    int32_t is_quoted; /* the word has a quoted part: "{" is none then */
} reader;

static char escaped(char c) {
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return c;
    }
}

/* Up to the '"'. Returns 0 when there is none. */
static int take_quoted(reader *r) {
    for (size_t i = 1; i < r->rest.len; i++) {
        const char c = r->rest.ptr[i];
        if (c == '"') {
            r->rest = stella_sv_skip(r->rest, i + 1);
            r->is_quoted = 1;
            return 1;
        }
        const int is_escape = c == '\\' && i + 1 < r->rest.len;
        i += is_escape ? 1 : 0;
        if (!is_escape || r->rest.ptr[i] != '\n')
            r->out[r->len++] = is_escape ? escaped(r->rest.ptr[i]) : c;
    }
    return 0;
}

/* One word into out. Returns 0 when a quote has no end. */
static int take_word(reader *r) {
    r->len = 0;
    r->is_quoted = 0;
    while (r->rest.len && !text_is_blank(r->rest.ptr[0])) {
        const char c = r->rest.ptr[0];
        if (c == '"') {
            if (!take_quoted(r))
                return 0;
            continue;
        }
        const int is_escape = c == '\\' && r->rest.len > 1;
        if (!is_escape || r->rest.ptr[1] != '\n')
            r->out[r->len++] = is_escape ? r->rest.ptr[1] : c;
        r->is_quoted |= is_escape;
        r->rest = stella_sv_skip(r->rest, is_escape ? 2 : 1);
    }
    return 1;
}

static void skip_blanks(reader *r) {
    while (r->rest.len) {
        if (r->rest.ptr[0] == '#')
            r->rest = stella_sv_skip(r->rest, stella_sv_find(r->rest, '\n'));
        else if (text_is_blank(r->rest.ptr[0]))
            r->rest = stella_sv_skip(r->rest, 1);
        else
            return;
    }
}

static stella_status add(reader *r, stella_sv text, stella_error *err) {
    if (r->count == LAUNCH_WORDS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a script of more than %d words", LAUNCH_WORDS_MAX);
    char *copy = stella_arena_alloc(r->arena, text.len + r->depth + 1, 1);
    if (!copy)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the words of a script");
    memset(copy, ' ', r->depth);
    if (text.len)
        memcpy(copy + r->depth, text.ptr, text.len);
    r->words[r->count++] = word_of(stella_sv_of(copy, text.len + r->depth));
    return STELLA_OK;
}

/* A brace that stands alone begins or ends a block; anything else is a word. */
static stella_status put(reader *r, stella_error *err) {
    const stella_sv text = stella_sv_of(r->out, r->len);
    if (!r->is_quoted && stella_sv_eq(text, STELLA_SV("{")))
        return r->depth++ < SCRIPT_DEPTH_MAX
                   ? STELLA_OK
                   : stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u blocks in each other", SCRIPT_DEPTH_MAX);
    if (r->is_quoted || !stella_sv_eq(text, STELLA_SV("}")))
        return add(r, text, err);
    if (!r->depth)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a '}' without its '{'");
    r->depth--;
    return add(r, STELLA_SV(""), err);
}

stella_status script_words(stella_sv text, stella_arena *arena, stella_word **words, uint32_t *count,
                           stella_error *err) {
    reader r = {.rest = text,
                .arena = arena,
                .words = stella_arena_alloc(arena, LAUNCH_WORDS_MAX, sizeof *r.words),
                .out = stella_arena_alloc(arena, text.len + 1, 1)};
    if (!r.words || !r.out)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the words of a script");
    for (skip_blanks(&r); r.rest.len; skip_blanks(&r)) {
        if (!take_word(&r))
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "a quote without end");
        const stella_status status = put(&r, err);
        if (status != STELLA_OK)
            return status;
    }
    if (r.depth)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a '{' without its '}'");
    *words = r.words;
    *count = r.count;
    return STELLA_OK;
}
