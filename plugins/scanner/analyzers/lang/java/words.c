#include "words.h"

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static int is_word_byte(char c) {
    return (unsigned char)c > ' ' && c != 0x7f && c != '/' && c != '\\' && c != ':' && c != '$';
}

int java_is_word(stella_sv text) {
    if (text.len == 0 || text.len > JAVA_WORD_MAX || stella_sv_utf8_prefix(text) != text.len)
        return 0;
    for (size_t i = 0; i < text.len; i++)
        if (!is_word_byte(text.ptr[i]))
            return 0;
    return 1;
}

int java_is_group(stella_sv text) {
    if (text.len == 0 || text.len > JAVA_WORD_MAX || !is_letter(text.ptr[0]))
        return 0;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (!is_letter(c) && !(c >= '0' && c <= '9') && c != '.' && c != '-' && c != '_')
            return 0;
    }
    return 1;
}
