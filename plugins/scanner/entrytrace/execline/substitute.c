#include "substitute.h"

/* Where the name is used in the text: [at, at + length). Returns 0 when it is not. */
static int find_use(stella_sv text, stella_sv name, size_t *at, size_t *length) {
    for (size_t i = stella_sv_find(text, '$'); i < text.len;
         i += 1 + stella_sv_find(stella_sv_skip(text, i + 1), '$')) {
        const stella_sv behind = stella_sv_skip(text, i + 1);
        const int is_braced = stella_sv_starts(behind, STELLA_SV("{")) &&
                              stella_sv_starts(stella_sv_skip(behind, 1), name) && behind.len > name.len + 1 &&
                              behind.ptr[name.len + 1] == '}';
        *at = i;
        *length = name.len + (is_braced ? 3 : 1);
        if (is_braced || stella_sv_eq(behind, name))
            return 1;
    }
    return 0;
}

/* One word with one value in the place of every use. */
static stella_word put_value(stella_arena *arena, stella_sv text, stella_sv name, const stella_word *value) {
    stella_sv done = STELLA_SV("");
    size_t at, length;
    stella_word out = {.flags = value->flags & STELLA_WORD_UNKNOWN};
    while (done.ptr && find_use(text, name, &at, &length)) {
        done = stella_arena_printf(arena, "%.*s%.*s%.*s", STELLA_SV_FMT(done), STELLA_SV_FMT(stella_sv_first(text, at)),
                                   STELLA_SV_FMT(value->text));
        text = stella_sv_skip(text, at + length);
    }
    out.text = done.ptr ? stella_arena_printf(arena, "%.*s%.*s", STELLA_SV_FMT(done), STELLA_SV_FMT(text)) : done;
    if ((value->flags & STELLA_WORD_MANY) && !text.len)
        out.flags |= STELLA_WORD_MANY;
    return out;
}

stella_status substitute(stella_arena *arena, stella_launch *launch, uint32_t from, const substitution *what,
                         stella_error *err) {
    stella_word *words = stella_arena_alloc(arena, LAUNCH_WORDS_MAX, sizeof *words);
    uint32_t count = 0;
    size_t at, length;
    if (!words)
        return hop_nomem(err);
    for (uint32_t i = 0; i < launch->arg_count; i++) {
        const stella_word *word = &launch->args[i];
        const int is_used = i >= from && word_is_known(word) && find_use(word->text, what->name, &at, &length);
        for (uint32_t k = 0; k < (is_used ? what->count : 1); k++) {
            if (count == LAUNCH_WORDS_MAX)
                return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d words", LAUNCH_WORDS_MAX);
            words[count] = is_used ? put_value(arena, word->text, what->name, &what->values[k]) : *word;
            if (!words[count++].text.ptr && word->text.len)
                return hop_nomem(err);
        }
    }
    launch->args = words;
    launch->arg_count = count;
    return STELLA_OK;
}
