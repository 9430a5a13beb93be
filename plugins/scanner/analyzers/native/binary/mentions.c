#include "mentions.h"

#include <stella/auto.h>
#include <stella/sink.h>

int mentions_are_loaded(stella_sv names) {
    static const char *const loaders[] = {"dlopen",      "dlmopen",     "g_module_open", "apr_dso_load",
                                          "PR_LoadLibr", "SDL_LoadObj", "DSO_load",      "QLibrary"};
    for (size_t i = 0; names.len && i < sizeof loaders / sizeof loaders[0]; i++)
        if (memmem(names.ptr, names.len, loaders[i], strlen(loaders[i])))
            return 1;
    return 0;
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int may_be_in_name(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || c == '+' || c == '.' ||
           c == '-';
}

/* "", ".6", ".1.2.3": a digit behind each dot. */
static int is_version(stella_sv text) {
    for (size_t i = 0; i < text.len; i++) {
        const int is_dot = text.ptr[i] == '.';
        const int is_next_digit = i + 1 < text.len && is_digit(text.ptr[i + 1]);
        if ((i == 0 && !is_dot) || (is_dot && !is_next_digit) || (!is_dot && !is_digit(text.ptr[i])))
            return 0;
    }
    return 1;
}

/* The name or path around the ".so" at that offset; empty when it is none. */
static stella_sv name_around(stella_sv texts, size_t at) {
    size_t start = at, end = at + 3;
    while (start > 0 && at - start < MENTIONS_NAME_MAX &&
           (may_be_in_name(texts.ptr[start - 1]) || texts.ptr[start - 1] == '/'))
        start--;
    while (end < texts.len && end - at < MENTIONS_NAME_MAX && may_be_in_name(texts.ptr[end]))
        end++;
    const stella_sv all = stella_sv_of(texts.ptr + start, end - start);
    const size_t slash = stella_sv_rfind(stella_sv_first(all, at - start), '/');
    const stella_sv name = slash < at - start ? stella_sv_skip(all, slash + 1) : all;
    const int is_whole = end < texts.len && texts.ptr[end] == '\0' && all.len <= MENTIONS_NAME_MAX;
    return is_whole && stella_sv_starts(name, STELLA_SV("lib")) && is_version(stella_sv_skip(all, at + 3 - start))
               ? all
               : (stella_sv){0};
}

static int is_known(const stella_buf *found, stella_sv name) {
    stella_sv rest = stella_buf_sv(found), other;
    while (rest.len && stella_sv_split(&rest, '\0', &other))
        if (stella_sv_eq(other, name))
            return 1;
    return 0;
}

static stella_status add(stella_buf *found, stella_sv name) {
    const stella_status status = found->len ? stella_buf_u8(found, 0) : STELLA_OK;
    return status == STELLA_OK ? stella_buf_add(found, name) : status;
}

static stella_status find_in(stella_sv texts, stella_buf *found) {
    uint32_t count = 0;
    stella_status status = STELLA_OK;
    for (size_t at = 0; status == STELLA_OK && at < texts.len && count < MENTIONS_MAX;) {
        const char *hit = memmem(texts.ptr + at, texts.len - at, ".so", 3);
        if (!hit)
            break;
        const stella_sv name = name_around(texts, (size_t)(hit - texts.ptr));
        at = (size_t)(hit - texts.ptr) + 3;
        if (name.len == 0 || name.len + 1 > MENTIONS_BYTES_MAX - found->len || is_known(found, name))
            continue;
        status = add(found, name);
        count++;
    }
    return status;
}

stella_status mentions_find(const elf_file *elf, stella_arena *arena, stella_sv *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf found = stella_buf_of(MENTIONS_BYTES_MAX);
    elf_section constants;
    stella_sv names = {0};
    if (!elf_section_named(elf, STELLA_SV(".rodata"), &constants)) {
        *out = names;
        return STELLA_OK;
    }
    const stella_status status = find_in(constants.bytes, &found);
    if (status == STELLA_OK && found.len)
        names = stella_arena_dup(arena, stella_buf_sv(&found));
    if (status != STELLA_OK || (found.len && !names.ptr))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the libraries that a binary mentions");
    *out = names;
    return STELLA_OK;
}
