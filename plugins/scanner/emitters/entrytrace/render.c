#include "render.h"

#include <stella/auto.h>

/* Marks that turn the direction of what is shown: U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069. */
static int turns_direction(stella_sv text) {
    const unsigned char *b = (const unsigned char *)text.ptr;
    if (text.len < 3 || b[0] != 0xe2)
        return 0;
    return (b[1] == 0x80 && (b[2] == 0x8e || b[2] == 0x8f || (b[2] >= 0xaa && b[2] <= 0xae))) ||
           (b[1] == 0x81 && b[2] >= 0xa6 && b[2] <= 0xa9);
}

void render_text(stella_sv text, size_t max, stella_buf *out) {
    const int is_cut = text.len > max;
    stella_sv rest = stella_sv_first(text, max);
    while (rest.len) {
        const size_t len = stella_sv_utf8(rest);
        const unsigned char first = (unsigned char)rest.ptr[0];
        const int is_plain = len && first >= 0x20 && first != 0x7f && !turns_direction(rest) &&
                             !(len == 2 && first == 0xc2 && (unsigned char)rest.ptr[1] < 0xa0);
        stella_buf_add(out, is_plain ? stella_sv_first(rest, len) : STELLA_SV("?"));
        rest = stella_sv_skip(rest, len ? len : 1);
    }
    if (is_cut)
        stella_buf_add(out, STELLA_SV("..."));
}

void render_command(const stella_trace_node *node, size_t max, stella_buf *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf words = stella_buf_of(1u << 20);
    for (uint32_t i = 0; i < node->args.count; i++) {
        if (i)
            stella_buf_add(&words, STELLA_SV(" "));
        stella_buf_add(&words, STELLA_AT(node->args, stella_word, i)->text);
    }
    render_text(node->args.count ? stella_buf_sv(&words) : node->name, max, out);
}
