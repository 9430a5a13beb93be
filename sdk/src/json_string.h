/* json_string.h - the inside of JSON strings, shared by reader, writer and canonical form. */
#ifndef STELLA_SRC_JSON_STRING_H
#define STELLA_SRC_JSON_STRING_H

#include <stella/sink.h>

/* The first byte that is a control character, a quote or a backslash, or does not begin well-formed UTF-8; else end. */
const char *stella_json_text_end(const char *at, const char *end);

/* Reads a string up to and with its closing quote.
 * at    in: behind the opening quote; out: behind the closing one, or at the byte that is wrong
 * out   the text: a view of the input when it holds no escape, else of scratch, which is emptied first
 * what  set when the string is refused: a static sentence
 * Returns STELLA_E_FORMAT, or STELLA_E_LIMIT / STELLA_E_NOMEM when the text exceeds scratch. */
stella_status stella_json_unescape(const char **at, const char *end, stella_buf *scratch, stella_sv *out,
                                   const char **what);

/* The escape of a byte below 0x20, a quote or a backslash, as RFC 8785 wants it. Returns its length, 2 or 6. */
size_t stella_json_escape(unsigned char byte, char out[6]);

#endif
