#include "words.h"

#include <stella/auto.h>
#include <stella/spdx.h>

int word_is_plain(stella_sv text) {
    if (text.len == 0 || text.len > WORD_MAX)
        return 0;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return 0;
    return 1;
}

static int is_blank(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

int word_next(stella_sv *rest, stella_sv *out) {
    size_t start = 0;
    while (start < rest->len && is_blank(rest->ptr[start]))
        start++;
    size_t end = start;
    while (end < rest->len && !is_blank(rest->ptr[end]))
        end++;
    if (end == start)
        return 0;
    *out = stella_sv_of(rest->ptr + start, end - start);
    *rest = stella_sv_skip(*rest, end);
    return 1;
}

stella_sv words_whole(stella_sv list) {
    size_t end = list.len;
    while (end && !is_blank(list.ptr[end - 1]))
        end--;
    return stella_sv_first(list, end);
}

static void add_word(stella_component *c, stella_sv word, stella_arena *scratch) {
    const stella_sv expression = stella_spdx_expression(word, scratch);
    stella_component_license(c, expression.ptr ? STELLA_LICENSE_EXPRESSION : STELLA_LICENSE_NAME,
                             expression.ptr ? expression : word);
    stella_arena_reset(scratch);
}

stella_status words_add_license(stella_component *c, stella_sv text, stella_error *err) {
    text = stella_sv_trim(stella_sv_first(text, WORDS_LICENSE_MAX));
    if (text.len == 0)
        return STELLA_OK;
    /* Of its own, with room for any text: an expression that is none then means that the text is none. */
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create((uint64_t)8 * WORDS_LICENSE_MAX);
    if (!scratch)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a license");
    const stella_sv whole = stella_spdx_expression(text, scratch);
    if (whole.ptr) {
        stella_component_license(c, STELLA_LICENSE_EXPRESSION, whole);
        return STELLA_OK;
    }
    stella_arena_reset(scratch);
    for (stella_sv word; word_next(&text, &word);)
        add_word(c, word, scratch);
    return STELLA_OK;
}
