#include "name.h"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_name_byte(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '+' || c == '-' || c == '_' ||
           c == '.';
}

static int is_plain(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_name_byte(text.ptr[i]))
            return 0;
    return text.len != 0 && text.len <= 256 && text.ptr[0] != '-' && text.ptr[0] != '.';
}

static size_t take_digits(stella_sv text, size_t at) {
    while (at < text.len && is_digit(text.ptr[at]))
        at++;
    return at;
}

/* "_alpha", "_p1", ...: the offset behind them. */
static size_t take_suffixes(stella_sv text, size_t at) {
    static const stella_sv suffixes[] = {STELLA_SV_INIT("_alpha"), STELLA_SV_INIT("_beta"), STELLA_SV_INIT("_pre"),
                                         STELLA_SV_INIT("_rc"), STELLA_SV_INIT("_p")};
    for (size_t i = 0; i < sizeof suffixes / sizeof suffixes[0];) {
        if (!stella_sv_starts(stella_sv_skip(text, at), suffixes[i])) {
            i++;
            continue;
        }
        at = take_digits(text, at + suffixes[i].len);
        i = 0;
    }
    return at;
}

/* 1.2.3a_rc1-r4, the whole text. */
static int is_version(stella_sv text) {
    size_t at = take_digits(text, 0);
    if (at == 0)
        return 0;
    while (at + 1 < text.len && text.ptr[at] == '.' && is_digit(text.ptr[at + 1]))
        at = take_digits(text, at + 1);
    if (at < text.len && text.ptr[at] >= 'a' && text.ptr[at] <= 'z')
        at++;
    at = take_suffixes(text, at);
    if (stella_sv_starts(stella_sv_skip(text, at), STELLA_SV("-r")) && at + 2 < text.len && is_digit(text.ptr[at + 2]))
        at = take_digits(text, at + 2);
    return at == text.len;
}

/* The offset of the dash before the version, or the length: a name may hold dashes and digits of its own. */
static size_t find_version(stella_sv text) {
    for (size_t i = 1; i + 1 < text.len; i++)
        if (text.ptr[i] == '-' && is_version(stella_sv_skip(text, i + 1)))
            return i;
    return text.len;
}

int portage_name_parse(stella_sv path, portage_name *out) {
    const stella_sv dir = STELLA_SV(NAME_DIR "/");
    stella_sv rest = stella_sv_skip(path, dir.len), category, package;
    if (!stella_sv_starts(path, dir) || !stella_sv_split(&rest, '/', &category) || !rest.ptr ||
        !stella_sv_split(&rest, '/', &package) || !rest.ptr)
        return 0;
    const size_t dash = find_version(package);
    if (dash == package.len || !is_plain(category) || !is_plain(package))
        return 0;
    *out = (portage_name){.folder = stella_sv_first(path, dir.len + category.len + 1 + package.len),
                          .category = category,
                          .name = stella_sv_first(package, dash),
                          .version = stella_sv_skip(package, dash + 1)};
    return 1;
}

int portage_atom_parse(stella_sv word, stella_sv *out) {
    size_t operator_len = 0, end = 0;
    while (operator_len < word.len && memchr("<>=~", word.ptr[operator_len], 4))
        operator_len++;
    word = stella_sv_skip(word, operator_len);
    while (end < word.len && (is_name_byte(word.ptr[end]) || word.ptr[end] == '/' || word.ptr[end] == '*'))
        end++;
    if (end < word.len && word.ptr[end] != ':' && word.ptr[end] != '[')
        return 0;
    word = stella_sv_first(word, end);
    if (stella_sv_ends(word, STELLA_SV("*")))
        word = stella_sv_first(word, word.len - 1);
    const size_t slash = stella_sv_find(word, '/');
    const stella_sv name = stella_sv_skip(word, slash + 1);
    if (!is_plain(stella_sv_first(word, slash)) || !is_plain(name))
        return 0;
    *out = operator_len ? stella_sv_first(word, slash + 1 + find_version(name)) : word;
    return 1;
}
