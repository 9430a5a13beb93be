/* decode.c - percent-decoding of what stands in a request's first line. */
#include "http/router.h"

#include <stella/encoding.h>

/* Length of the valid, printable UTF-8 sequence that begins at text; 0 for a control character or anything else. */
static size_t printable(stella_sv text) {
    const unsigned char *b = (const unsigned char *)text.ptr;
    if (b[0] < 0x80)
        return b[0] >= 0x20 && b[0] != 0x7f ? 1 : 0;
    const size_t need = b[0] >= 0xc2 && b[0] < 0xe0   ? 2
                        : b[0] >= 0xe0 && b[0] < 0xf0 ? 3
                        : b[0] >= 0xf0 && b[0] < 0xf5 ? 4
                                                      : 0;
    if (need == 0 || need > text.len)
        return 0;
    for (size_t i = 1; i < need; i++)
        if ((b[i] & 0xc0) != 0x80)
            return 0;
    if ((b[0] == 0xe0 && b[1] < 0xa0) || (b[0] == 0xf0 && b[1] < 0x90) || (b[0] == 0xed && b[1] > 0x9f) ||
        (b[0] == 0xf4 && b[1] > 0x8f) || (b[0] == 0xc2 && b[1] < 0xa0))
        return 0;
    return need;
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
