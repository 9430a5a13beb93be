/* env -S: GNU coreutils' manual, "env invocation", "-S/--split-string syntax". */
#include "wrap.h"

typedef struct splitter {
    stella_arena *arena;
    const stella_launch *launch;
    stella_sv rest;
    char *out; /* the word at hand */
    size_t len, room;
    uint32_t flags; /* of the word at hand */
    int32_t has_word, is_done;
    char quote; /* '\'', '"', or 0 */
    stella_word *words;
    uint32_t count, words_room;
} splitter;

static stella_status nomem(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to split a text into words");
}

static stella_status put(splitter *s, stella_sv bytes, stella_error *err) {
    if (s->len + bytes.len > s->room) {
        const size_t room = 2 * (s->len + bytes.len) + 32;
        char *out = stella_arena_alloc(s->arena, room, 1);
        if (!out)
            return nomem(err);
        if (s->len)
            memcpy(out, s->out, s->len);
        s->out = out;
        s->room = room;
    }
    if (bytes.len)
        memcpy(s->out + s->len, bytes.ptr, bytes.len);
    s->len += bytes.len;
    s->has_word = 1;
    return STELLA_OK;
}

static stella_status end_word(splitter *s, stella_error *err) {
    if (!s->has_word)
        return STELLA_OK;
    if (s->count >= LAUNCH_WORDS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d words", LAUNCH_WORDS_MAX);
    if (s->count == s->words_room) {
        const uint32_t room = 2 * s->words_room + 8;
        stella_word *words = stella_arena_alloc(s->arena, room, sizeof *words);
        if (!words)
            return nomem(err);
        for (uint32_t i = 0; i < s->count; i++)
            words[i] = s->words[i];
        s->words = words;
        s->words_room = room;
    }
    s->words[s->count++] = (stella_word){.text = stella_sv_of(s->out, s->len), .flags = s->flags};
    s->out = NULL;
    s->len = s->room = 0;
    s->has_word = 0;
    s->flags = 0;
    return STELLA_OK;
}

/* "${NAME}": the only form there is. One that is not set is the empty text. */
static stella_status put_variable(splitter *s, stella_error *err) {
    const size_t end = stella_sv_find(s->rest, '}');
    const stella_sv name = end > 2 ? stella_sv_of(s->rest.ptr + 2, end - 2) : STELLA_SV("");
    if (!stella_sv_starts(s->rest, STELLA_SV("${")) || end == s->rest.len || !text_is_name(name))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "only ${NAME} is expanded");
    const stella_word *value = stella_launch_variable(s->launch, name);
    const stella_sv written = stella_sv_first(s->rest, end + 1);
    s->rest = stella_sv_skip(s->rest, end + 1);
    if (!value && !(s->launch->flags & STELLA_LAUNCH_ENV_OPEN)) {
        s->has_word |= s->quote ? 1 : 0;
        return STELLA_OK;
    }
    if (value && word_is_known(value))
        return put(s, value->text, err);
    s->flags |= STELLA_WORD_UNKNOWN;
    return put(s, written, err);
}

/* A backslash and what follows; single quotes know two of them alone. */
static stella_status put_escape(splitter *s, stella_error *err) {
    static const char names[] = "fnrtv#$\"'\\", bytes[] = "\f\n\r\t\v#$\"'\\";
    const char code = s->rest.len > 1 ? s->rest.ptr[1] : '\0';
    s->rest = stella_sv_skip(s->rest, 2);
    if (s->quote == '\'' && code != '\'' && code != '\\') {
        const char both[] = {'\\', code};
        return put(s, stella_sv_of(both, 2), err);
    }
    if (code == '_')
        return s->quote ? put(s, STELLA_SV(" "), err) : end_word(s, err);
    if (code == 'c' && !s->quote) {
        s->is_done = 1;
        return STELLA_OK;
    }
    const char *at = code ? strchr(names, code) : NULL;
    if (!at)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "an escape that env -S does not know");
    return put(s, stella_sv_of(&bytes[at - names], 1), err);
}

static stella_status next_byte(splitter *s, stella_error *err) {
    const char c = s->rest.ptr[0];
    if (c == '\\')
        return put_escape(s, err);
    if (c == '$' && s->quote != '\'')
        return put_variable(s, err);
    const stella_sv byte = stella_sv_first(s->rest, 1);
    s->rest = stella_sv_skip(s->rest, 1);
    if (c == s->quote) {
        s->quote = 0;
        return STELLA_OK;
    }
    if (!s->quote && (c == '\'' || c == '"')) {
        s->quote = c;
        s->has_word = 1;
        return STELLA_OK;
    }
    if (!s->quote && text_is_blank(c))
        return end_word(s, err);
    if (!s->quote && c == '#' && !s->has_word) {
        s->is_done = 1;
        return STELLA_OK;
    }
    return put(s, byte, err);
}

stella_status wrap_split(stella_arena *arena, const stella_launch *launch, stella_sv text, const stella_word **words,
                         uint32_t *count, stella_error *err) {
    splitter s = {.arena = arena, .launch = launch, .rest = text};
    while (s.rest.len && !s.is_done) {
        const stella_status status = next_byte(&s, err);
        if (status != STELLA_OK)
            return status;
    }
    if (s.quote)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a quote without end");
    const stella_status status = end_word(&s, err);
    if (status != STELLA_OK)
        return status;
    *words = s.words;
    *count = s.count;
    return STELLA_OK;
}
