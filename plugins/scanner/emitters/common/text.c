#include "common/text.h"

static int is_alphanumeric(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* Of printable ASCII all but a few. */
static int is_of_address(char c) {
    return is_alphanumeric(c) || (c > 0x20 && c < 0x7f && !memchr("<>\"{}|\\^`", c, 9));
}

int text_is_web_address(stella_sv text) {
    if (!stella_sv_starts(text, STELLA_SV("http://")) && !stella_sv_starts(text, STELLA_SV("https://")))
        return 0;
    for (size_t i = 0; i < text.len; i++)
        if (!is_of_address(text.ptr[i]))
            return 0;
    return 1;
}

int text_is_cpe(stella_sv text) {
    const stella_sv prefix = STELLA_SV("cpe:2.3:");
    if (!stella_sv_starts(text, prefix))
        return 0;
    text = stella_sv_skip(text, prefix.len);
    uint32_t colons = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (c == ':')
            colons++;
        else if (c == '\\' && i + 1 < text.len && text.ptr[i + 1] > 0x20)
            i++;
        else if (!is_alphanumeric(c) && !memchr("._-~%*?", c, 7))
            return 0;
        if (c == ':' && (i == 0 || text.ptr[i - 1] == ':'))
            return 0;
    }
    return colons == 10 && memchr("aho*-", text.ptr[0], 5) && text.ptr[1] == ':' && text.ptr[text.len - 1] != ':';
}
