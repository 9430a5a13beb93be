#include "store_path.h"

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_name_byte(char c) {
    return is_letter(c) || (c >= '0' && c <= '9') || (c != '\0' && strchr("+-._?=", c) != NULL);
}

static int is_hash(stella_sv text) {
    static const char digits[] = "0123456789abcdfghijklmnpqrsvwxyz";
    for (size_t i = 0; i < text.len; i++)
        if (!memchr(digits, text.ptr[i], sizeof digits - 1))
            return 0;
    return text.len == STORE_HASH_SIZE;
}

static int is_name(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_name_byte(text.ptr[i]))
            return 0;
    return text.len != 0 && text.len <= STORE_NAME_MAX;
}

/* The offset of the dash before the version, or the length. */
static size_t find_version(stella_sv name) {
    for (size_t i = 1; i + 1 < name.len; i++)
        if (name.ptr[i] == '-' && !is_letter(name.ptr[i + 1]))
            return i;
    return name.len;
}

static stella_sv take_output(stella_sv *version) {
    static const stella_sv outputs[] = {
        STELLA_SV_INIT("bin"),    STELLA_SV_INIT("data"), STELLA_SV_INIT("debug"),   STELLA_SV_INIT("dev"),
        STELLA_SV_INIT("devdoc"), STELLA_SV_INIT("dist"), STELLA_SV_INIT("doc"),     STELLA_SV_INIT("getent"),
        STELLA_SV_INIT("info"),   STELLA_SV_INIT("lib"),  STELLA_SV_INIT("libgcc"),  STELLA_SV_INIT("man"),
        STELLA_SV_INIT("out"),    STELLA_SV_INIT("py"),   STELLA_SV_INIT("static"),  STELLA_SV_INIT("terminfo"),
        STELLA_SV_INIT("tools"),  STELLA_SV_INIT("xz"),   STELLA_SV_INIT("include"), STELLA_SV_INIT("plugins"),
    };
    const size_t dash = stella_sv_rfind(*version, '-');
    const stella_sv last = stella_sv_skip(*version, dash + 1);
    for (size_t i = 0; dash < version->len && i < sizeof outputs / sizeof outputs[0]; i++)
        if (stella_sv_eq(last, outputs[i])) {
            *version = stella_sv_first(*version, dash);
            return stella_sv_eq(last, STELLA_SV("out")) ? STELLA_SV("") : last;
        }
    return STELLA_SV("");
}

int store_path_parse(stella_sv base, store_path *out) {
    store_path p = {.base = base, .hash = stella_sv_first(base, STORE_HASH_SIZE)};
    const stella_sv whole = stella_sv_skip(base, STORE_HASH_SIZE + 1);
    if (!is_hash(p.hash) || base.len <= STORE_HASH_SIZE || base.ptr[STORE_HASH_SIZE] != '-' || !is_name(whole) ||
        stella_sv_ends(whole, STELLA_SV(".drv")))
        return 0;
    const size_t dash = find_version(whole);
    p.name = stella_sv_first(whole, dash);
    p.version = stella_sv_skip(whole, dash + 1);
    p.output = take_output(&p.version);
    if (p.version.len == 0)
        return 0;
    *out = p;
    return 1;
}

stella_sv store_path_of(stella_sv path, int *is_below) {
    const stella_sv dir = STELLA_SV(STORE_DIR "/");
    if (!stella_sv_starts(path, dir))
        return STELLA_SV("");
    const stella_sv rest = stella_sv_skip(path, dir.len);
    const size_t slash = stella_sv_find(rest, '/');
    *is_below = slash < rest.len;
    return stella_sv_first(rest, slash);
}
