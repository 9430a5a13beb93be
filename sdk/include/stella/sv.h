/* stella/sv.h - borrowed text: pointer and length, not NUL-terminated. Frozen. */
#ifndef STELLA_SV_H
#define STELLA_SV_H

#include <stella/abi.h>

#include <string.h>

STELLA_BEGIN_DECLS

typedef struct stella_sv {
    const char *ptr; /* may be NULL when len is 0 */
    size_t len;      /* bytes */
} stella_sv;

/* A view of a string literal, also in static initialisers. */
#ifdef __cplusplus
#define STELLA_SV(literal)                                                                                             \
    stella_sv {                                                                                                        \
        "" literal, sizeof(literal) - 1                                                                                \
    }
#else
#define STELLA_SV(literal)                                                                                             \
    (stella_sv) {                                                                                                      \
        "" literal, sizeof(literal) - 1                                                                                \
    }
#endif
#define STELLA_SV_INIT(literal)                                                                                        \
    { "" literal, sizeof(literal) - 1 }

/* printf("%.*s", STELLA_SV_FMT(view)); a view longer than INT_MAX is cut. */
#define STELLA_SV_FMT(sv) (int)((sv).len > 0x7fffffff ? 0x7fffffff : (sv).len), ((sv).ptr ? (sv).ptr : "")

/* All functions here: [any thread], no allocation, results borrow from the argument. */

static inline stella_sv stella_sv_of(const char *ptr, size_t len) {
    stella_sv sv;
    sv.ptr = ptr;
    sv.len = len;
    return sv;
}

/* The view of a NUL-terminated string; NULL gives the empty view. */
static inline stella_sv stella_sv_cstr(const char *text) {
    return stella_sv_of(text, text ? strlen(text) : 0);
}

static inline int stella_sv_eq(stella_sv a, stella_sv b) {
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

/* Byte order, shorter first among equal beginnings: negative, 0 or positive. */
static inline int stella_sv_cmp(stella_sv a, stella_sv b) {
    const size_t shorter = a.len < b.len ? a.len : b.len;
    const int order = shorter ? memcmp(a.ptr, b.ptr, shorter) : 0;
    return order ? order : (a.len > b.len) - (a.len < b.len);
}

static inline int stella_sv_starts(stella_sv sv, stella_sv prefix) {
    return sv.len >= prefix.len && (prefix.len == 0 || memcmp(sv.ptr, prefix.ptr, prefix.len) == 0);
}

static inline int stella_sv_ends(stella_sv sv, stella_sv suffix) {
    return sv.len >= suffix.len &&
           (suffix.len == 0 || memcmp(sv.ptr + sv.len - suffix.len, suffix.ptr, suffix.len) == 0);
}

/* Drops up to count bytes from the front or from the back. */
static inline stella_sv stella_sv_skip(stella_sv sv, size_t count) {
    const size_t drop = count < sv.len ? count : sv.len;
    return drop ? stella_sv_of(sv.ptr + drop, sv.len - drop) : sv;
}

static inline stella_sv stella_sv_first(stella_sv sv, size_t count) {
    return stella_sv_of(sv.ptr, count < sv.len ? count : sv.len);
}

/* ASCII case-insensitive equality. */
int stella_sv_ieq(stella_sv a, stella_sv b);

/* The offset of the first or last such byte, or sv.len when there is none. */
size_t stella_sv_find(stella_sv sv, char byte);
size_t stella_sv_rfind(stella_sv sv, char byte);

/* Without ASCII blanks (space, \t, \r, \n, \v, \f) at both ends. */
stella_sv stella_sv_trim(stella_sv sv);

/* Takes the text up to the first separator off *rest (all of it when there is none) and steps over the separator.
 * Returns 0, leaving *out alone, once *rest is exhausted (its ptr is then NULL). An empty view yields one empty part.
 */
int stella_sv_split(stella_sv *rest, char separator, stella_sv *out);

/* Bytes of the well-formed UTF-8 sequence at the front (1 to 4; Unicode 15, table 3-7), or 0 when there is none. */
size_t stella_sv_utf8(stella_sv sv);

/* Bytes of well-formed UTF-8 at the front: all of them when the text is UTF-8. */
size_t stella_sv_utf8_prefix(stella_sv sv);

/* An unsigned decimal number that fills the whole view, without sign or blanks. Returns 0, leaving *out alone, when it
 * is none or exceeds max. */
int stella_sv_u64(stella_sv sv, uint64_t max, uint64_t *out);

STELLA_END_DECLS

#endif
