#include "mtree.h"

#include "common/words.h"

static int is_octal(char c) {
    return c >= '0' && c <= '7';
}

/* Takes "\040" for a blank. Returns the length, 0 when it does not fit. */
static size_t unescape(stella_sv text, char out[FILES_PATH_MAX]) {
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (len == FILES_PATH_MAX)
            return 0;
        const char *at = text.ptr + i;
        if (at[0] == '\\' && text.len - i > 3 && is_octal(at[1]) && is_octal(at[2]) && is_octal(at[3])) {
            out[len++] = (char)((at[1] - '0') * 64 + (at[2] - '0') * 8 + (at[3] - '0'));
            i += 3;
        } else {
            out[len++] = at[0];
        }
    }
    return len;
}

static int is_sha256(stella_sv text) {
    if (text.len != SHA256_DIGITS)
        return 0;
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789abcdef", text.ptr[i], 16))
            return 0;
    return 1;
}

static void read_keywords(stella_sv rest, mtree_entry *entry) {
    stella_sv word;
    while (word_next(&rest, &word)) {
        const size_t equals = stella_sv_find(word, '=');
        const stella_sv key = stella_sv_first(word, equals), value = stella_sv_skip(word, equals + 1);
        if (stella_sv_eq(key, STELLA_SV("type")))
            entry->is_dir = stella_sv_eq(value, STELLA_SV("dir"));
        else if (stella_sv_eq(key, STELLA_SV("sha256digest")) && is_sha256(value))
            entry->sha256 = value;
    }
}

int mtree_read(mtree *reader, stella_sv line, char path[FILES_PATH_MAX], mtree_entry *out) {
    mtree_entry entry = {.is_dir = reader->default_is_dir};
    stella_sv word;
    if (!word_next(&line, &word))
        return 0;
    if (stella_sv_eq(word, STELLA_SV("/set"))) {
        read_keywords(line, &entry);
        reader->default_is_dir = entry.is_dir;
        return 0;
    }
    if (!stella_sv_starts(word, STELLA_SV("./")))
        return 0;
    entry.path = stella_sv_of(path, unescape(stella_sv_skip(word, 2), path));
    if (entry.path.len == 0)
        return 0;
    read_keywords(line, &entry);
    *out = entry;
    return 1;
}
