/* purl_types.h - what the definitions of package-url/purl-spec say of each type. */
#ifndef STELLA_SRC_PURL_TYPES_H
#define STELLA_SRC_PURL_TYPES_H

#include <stella/purl.h>

/* Whether a type has a namespace. */
enum { NS_OPTIONAL, NS_REQUIRED, NS_FORBIDDEN };

/* How the bytes of a part are normalised. */
enum {
    KEEP,
    LOWER,
    UPPER,
    DASHES,       /* '_' becomes '-' */
    LOWER_DASHES, /* lower case, '_' becomes '-' */
    WORD,         /* lower case, everything but letters and digits becomes '_' */
};

typedef struct purl_type {
    stella_sv type;
    uint8_t ns; /* NS_* */
    uint8_t ns_map, name_map, version_map, subpath_map;
    stella_sv qualifier; /* one that must be there, or empty */
    /* What else the type demands; NULL: nothing. Returns the part that is wrong, or NULL. */
    const char *(*check)(const stella_purl *purl);
} purl_type;

/* The rules of a type, met in any case; types that are not registered get rules that demand and change nothing. */
const purl_type *stella_purl_type(stella_sv type);

/* The map for the name, which for some types depends on the other parts. */
unsigned stella_purl_name_map(const purl_type *type, const stella_purl *purl);

/* Whether the parts (not yet mapped) are there, allowed, and well-formed by the type's rules. */
stella_status stella_purl_check(const stella_purl *purl, const purl_type *type, stella_error *err);

static inline unsigned char purl_lower(unsigned char c) {
    return (unsigned char)(c >= 'A' && c <= 'Z' ? c | 0x20 : c);
}

static inline int purl_is_alnum(unsigned char c) {
    return (c >= '0' && c <= '9') || (purl_lower(c) >= 'a' && purl_lower(c) <= 'z');
}

static inline unsigned char purl_map(unsigned map, unsigned char c) {
    switch (map) {
    case LOWER:
        return purl_lower(c);
    case UPPER:
        return (unsigned char)(c >= 'a' && c <= 'z' ? c - 0x20 : c);
    case DASHES:
        return c == '_' ? '-' : c;
    case LOWER_DASHES:
        return c == '_' ? '-' : purl_lower(c);
    case WORD:
        return purl_is_alnum(c) ? purl_lower(c) : '_';
    default:
        return c;
    }
}

#endif
