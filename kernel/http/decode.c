/* decode.c - percent-decoding of what stands in a request's first line. */
#include "http/router.h"

#include <stella/encoding.h>

/* Length of the well-formed sequence that begins at text; 0 for a control character (C0, DEL, C1) or anything else. */
static size_t printable(stella_sv text) {
    const unsigned char *b = (const unsigned char *)text.ptr;
    const size_t length = stella_sv_utf8(text);
    const int is_control = b[0] < 0x20 || b[0] == 0x7f || (b[0] == 0xc2 && length == 2 && b[1] < 0xa0);
    return is_control ? 0 : length;
}

static int is_printable(stella_sv text) {
    while (text.len) {
        const size_t length = printable(text);
        if (length == 0)
            return 0;
        text = stella_sv_skip(text, length);
    }
    return 1;
}

stella_status router_decode(stella_sv text, stella_arena *arena, stella_sv *out, stella_error *err) {
    if (text.len > ROUTER_PATH_MAX)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a path or argument has at most %u bytes",
                                ROUTER_PATH_MAX);
    char *bytes = stella_arena_alloc(arena, text.len + 1, 1);
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the path");
    size_t used = 0;
    while (text.len) {
        const int is_escape = text.ptr[0] == '%';
        if (is_escape && (text.len < 3 || !stella_unhex(stella_sv_of(text.ptr + 1, 2), bytes + used, 1)))
            return stella_error_set(err, STELLA_E_INVALID, NULL, "a %% is not followed by two hex digits");
        if (!is_escape)
            bytes[used] = text.ptr[0];
        used++;
        text = stella_sv_skip(text, is_escape ? 3 : 1);
    }
    if (!is_printable(stella_sv_of(bytes, used)))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a control character or invalid UTF-8");
    *out = stella_sv_of(bytes, used);
    return STELLA_OK;
}
