#include "options.h"

#include "text.h"

typedef struct item {
    stella_sv spellings; /* separated by commas */
    stella_sv meaning;
    enum { VALUE_NONE, VALUE_MAY, VALUE_MUST } value;
} item;

/* Takes the next item off the synopsis. */
static int item_next(stella_sv *rest, item *out) {
    stella_sv text;
    if (!text_word(rest, &text))
        return 0;
    const size_t end = text_span(text, "=[:");
    *out = (item){.spellings = stella_sv_first(text, end), .meaning = stella_sv_skip(text, end + 1)};
    if (end < text.len && text.ptr[end] == '=') {
        out->value = VALUE_MUST;
    } else if (end < text.len && text.ptr[end] == '[') {
        out->value = VALUE_MAY;
        out->meaning = stella_sv_of(text.ptr + end + 2, text.len - end - 3); /* "[=" and "]" */
    }
    return 1;
}

static stella_sv item_name(const item *it) {
    return stella_sv_first(it->spellings, stella_sv_find(it->spellings, ','));
}

static int all_digits(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return 0;
    return text.len > 0;
}

static int spelled(const item *it, stella_sv word) {
    stella_sv rest = it->spellings, one;
    while (stella_sv_split(&rest, ',', &one))
        if (stella_sv_eq(one, word) || (stella_sv_eq(one, STELLA_SV("-#")) && all_digits(stella_sv_skip(word, 1))))
            return 1;
    return 0;
}

static int is_beginning_of(const item *it, stella_sv word) {
    stella_sv rest = it->spellings, one;
    while (stella_sv_split(&rest, ',', &one))
        if (stella_sv_starts(one, word))
            return 1;
    return 0;
}

static int item_find(const char *synopsis, stella_sv word, item *out) {
    stella_sv rest = stella_sv_cstr(synopsis);
    for (item it; item_next(&rest, &it);)
        if (spelled(&it, word)) {
            *out = it;
            return 1;
        }
    return 0;
}

/* A long option that is cut: exactly one may begin so. */
static int item_find_cut(const char *synopsis, stella_sv word, item *out) {
    stella_sv rest = stella_sv_cstr(synopsis);
    uint32_t found = 0;
    for (item it; word.len > 2 && item_next(&rest, &it);)
        if (is_beginning_of(&it, word)) {
            *out = it;
            found++;
        }
    return found == 1;
}

options options_of(const char *synopsis, const stella_launch *launch) {
    return (options){
        .synopsis = synopsis, .args = launch->args, .count = launch->arg_count, .at = launch->arg_count ? 1 : 0};
}

/* Gives the item with its value: what is attached, or the next word when it must have one. */
static options_result found(options *o, const item *it, stella_sv attached, option *out) {
    const uint32_t at = o->at++;
    o->letter = 0;
    *out = (option){.name = item_name(it), .meaning = it->meaning, .at = at};
    if (it->value != VALUE_NONE && attached.ptr)
        out->value = (stella_word){.text = attached, .flags = o->args[at].flags & STELLA_WORD_UNKNOWN};
    if (it->value != VALUE_MUST || attached.ptr)
        return OPTIONS_FOUND;
    if (o->at >= o->count)
        return OPTIONS_STRANGE;
    out->value = o->args[o->at++];
    return OPTIONS_FOUND;
}

static options_result strange(options *o, option *out) {
    *out = (option){.name = o->args[o->at].text, .at = o->at};
    o->letter = 0;
    o->at++;
    return OPTIONS_STRANGE;
}

/* One letter of a group, "-vk5". */
static options_result letter_next(options *o, option *out) {
    const stella_sv word = o->args[o->at].text;
    const char name[] = {'-', word.ptr[o->letter]};
    const stella_sv behind = stella_sv_skip(word, o->letter + 1);
    item it;
    if (!item_find(o->synopsis, stella_sv_of(name, 2), &it))
        return strange(o, out);
    if (it.value != VALUE_NONE || !behind.len)
        return found(o, &it, behind.len ? behind : stella_sv_of(NULL, 0), out);
    o->letter++;
    *out = (option){.name = item_name(&it), .meaning = it.meaning, .at = o->at};
    return OPTIONS_FOUND;
}

static options_result word_next(options *o, stella_sv word, option *out) {
    const size_t equals = stella_sv_find(word, '=');
    const stella_sv name = stella_sv_first(word, equals);
    const stella_sv value = equals < word.len ? stella_sv_skip(word, equals + 1) : stella_sv_of(NULL, 0);
    const int is_long = stella_sv_starts(word, STELLA_SV("--"));
    item it;
    if (item_find(o->synopsis, word, &it))
        return found(o, &it, stella_sv_of(NULL, 0), out);
    if ((is_long || name.len > 2) && item_find(o->synopsis, name, &it))
        return found(o, &it, value, out);
    if (is_long)
        return item_find_cut(o->synopsis, name, &it) ? found(o, &it, value, out) : strange(o, out);
    if (o->is_whole)
        return strange(o, out);
    o->letter = 1;
    return letter_next(o, out);
}

options_result options_next(options *o, option *out) {
    if (o->at >= o->count)
        return OPTIONS_END;
    if (o->letter)
        return letter_next(o, out);
    const stella_word *word = &o->args[o->at];
    const int has_dash = word->text.len && word->text.ptr[0] == '-';
    if (!has_dash)
        return word->flags & STELLA_WORD_MANY ? OPTIONS_DYNAMIC : OPTIONS_END;
    if (stella_sv_eq(word->text, STELLA_SV("--"))) {
        o->at++;
        o->count = o->at; /* nothing behind it is an option any more */
        return OPTIONS_END;
    }
    item it;
    if (word->text.len == 1 && !item_find(o->synopsis, word->text, &it))
        return OPTIONS_END;
    return word_next(o, word->text, out);
}

int option_is(const option *o, const char *name) {
    return stella_sv_eq(o->name, stella_sv_cstr(name));
}
