#include "panic_paths.h"

#include <stdlib.h>

#define FOLDER_MAX 128 /* bytes of the name of the registry's folder, or of a crate's */

static int is_slash(char c) {
    return c == '/' || c == '\\';
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Takes the text before the next slash off *rest. Returns 0 when none is near. */
static int take_folder(stella_sv *rest, stella_sv *out) {
    size_t len = 0;
    while (len < rest->len && len < FOLDER_MAX && !is_slash(rest->ptr[len]) && rest->ptr[len] > ' ')
        len++;
    if (len == 0 || len == rest->len || !is_slash(rest->ptr[len]))
        return 0;
    *out = stella_sv_first(*rest, len);
    *rest = stella_sv_skip(*rest, len + 1);
    return 1;
}

static int is_crate_letter(char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '_';
}

static int is_version_letter(char c) {
    return is_crate_letter(c) || c == '.' || c == '+';
}

/* "windows-sys-0.48.0": the version begins behind the first dash that "N.N" follows. */
static int split_folder(stella_sv folder, panic_crate *out) {
    for (size_t i = 1; i + 3 < folder.len; i++) {
        size_t end = i + 1;
        while (end < folder.len && is_digit(folder.ptr[end]))
            end++;
        if (folder.ptr[i] != '-' || end == i + 1 || end + 1 >= folder.len || folder.ptr[end] != '.' ||
            !is_digit(folder.ptr[end + 1]))
            continue;
        *out = (panic_crate){.name = stella_sv_first(folder, i), .version = stella_sv_skip(folder, i + 1)};
        for (size_t k = 0; k < out->name.len; k++)
            if (!is_crate_letter(out->name.ptr[k]))
                return 0;
        for (size_t k = 0; k < out->version.len; k++)
            if (!is_version_letter(out->version.ptr[k]))
                return 0;
        return 1;
    }
    return 0;
}

/* The next crate that is named in the constants. Returns 0 at the end. */
static int next_crate(stella_sv *rest, panic_crate *out) {
    static const stella_sv before = STELLA_SV_INIT("registry");
    const char *at;
    while (rest->len && (at = memmem(rest->ptr, rest->len, before.ptr, before.len))) {
        *rest = stella_sv_skip(*rest, (size_t)(at - rest->ptr) + before.len);
        if (rest->len < 5 || !is_slash(rest->ptr[0]) || memcmp(rest->ptr + 1, "src", 3) != 0 || !is_slash(rest->ptr[4]))
            continue;
        stella_sv path = stella_sv_skip(*rest, 5), registry, folder;
        if (take_folder(&path, &registry) && take_folder(&path, &folder) && split_folder(folder, out))
            return 1;
    }
    return 0;
}

static int crate_cmp(const void *a, const void *b) {
    const panic_crate *x = a, *y = b;
    const int order = stella_sv_cmp(x->name, y->name);
    return order ? order : stella_sv_cmp(x->version, y->version);
}

static uint32_t without_repeats(panic_crate *crates, uint32_t count) {
    uint32_t kept = 0;
    qsort(crates, count, sizeof *crates, crate_cmp);
    for (uint32_t i = 0; i < count; i++)
        if (kept == 0 || crate_cmp(&crates[kept - 1], &crates[i]) != 0)
            crates[kept++] = crates[i];
    return kept;
}

stella_status panic_paths_find(const binary *b, stella_arena *arena, const panic_crate **crates, uint32_t *count,
                               stella_error *err) {
    static const stella_sv sections[] = {STELLA_SV_INIT(".rodata"), STELLA_SV_INIT(".rdata"), STELLA_SV_INIT(".const"),
                                         STELLA_SV_INIT(".cstring")};
    panic_crate crate, *all;
    stella_sv bytes;
    uint32_t met = 0, kept = 0;
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (binary_section(b, sections[i], &bytes))
            while (met < PANIC_PATHS_MAX && next_crate(&bytes, &crate))
                met++;
    all = stella_arena_alloc(arena, met, sizeof *all);
    if (!all)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for names of crates");
    for (size_t i = 0; i < sizeof sections / sizeof sections[0]; i++)
        if (binary_section(b, sections[i], &bytes))
            while (kept < met && next_crate(&bytes, &crate))
                all[kept++] = crate;
    *count = without_repeats(all, kept);
    *crates = all;
    return STELLA_OK;
}
