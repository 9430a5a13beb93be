#include "dependency.h"

#include "common/words.h"

static size_t span(stella_sv text, const char *set, int want) {
    size_t len = 0;
    while (len < text.len && (strchr(set, text.ptr[len]) != NULL && text.ptr[len] != '\0') == want)
        len++;
    return len;
}

int apk_dependency_next(stella_sv *list, apk_dependency *out) {
    stella_sv word;
    while (word_next(list, &word)) {
        apk_dependency d = {.is_conflict = word.ptr[0] == '!'};
        word = stella_sv_skip(word, d.is_conflict ? 1 : 0);
        d.name = stella_sv_first(word, span(word, "<>=~@", 0));
        word = stella_sv_skip(word, d.name.len);
        d.relation = stella_sv_first(word, span(word, "<>=~", 1));
        d.version = stella_sv_skip(word, d.relation.len);
        d.version = stella_sv_first(d.version, stella_sv_find(d.version, '@'));
        if (d.relation.len == 0)
            d.version = STELLA_SV("");
        if (d.name.len == 0)
            continue;
        *out = d;
        return 1;
    }
    return 0;
}
