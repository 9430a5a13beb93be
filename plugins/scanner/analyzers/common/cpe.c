#include "cpe.h"

#define TEXT_MAX 128

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

static int is_plain(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!is_letter(text.ptr[i]) && !is_digit(text.ptr[i]) && !memchr(".+-_~", text.ptr[i], 5))
            return 0;
    return text.len != 0 && text.len <= TEXT_MAX;
}

/* Lower case, with a backslash before what CPE 2.3 quotes (NISTIR 7695, 6.2). */
static void quote(stella_sv text, char out[2 * TEXT_MAX + 1]) {
    size_t len = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (c == '+' || c == '~')
            out[len++] = '\\';
        out[len++] = (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
    }
    out[len] = '\0';
}

stella_status cpe_add_candidate(stella_component *c, stella_sv name, stella_sv version, stella_arena *arena,
                                stella_error *err) {
    char product[2 * TEXT_MAX + 1], release[2 * TEXT_MAX + 1];
    if (!is_plain(name) || !is_letter(name.ptr[0]) || !is_plain(version) || !is_digit(version.ptr[0]))
        return STELLA_OK;
    quote(name, product);
    quote(version, release);
    const stella_sv text = stella_arena_printf(arena, "cpe:2.3:a:%s:%s:%s:*:*:*:*:*:*:*", product, product, release);
    if (!text.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a CPE name");
    stella_component_property(c, STELLA_SV(STELLA_PROPERTY_CPE), text);
    return STELLA_OK;
}
