/* stella/purl.h - package URLs (ECMA-427; https://github.com/package-url/purl-spec): parse, normalise by type, build.
 */
#ifndef STELLA_PURL_H
#define STELLA_PURL_H

#include <stella/arena.h>
#include <stella/error.h>

STELLA_BEGIN_DECLS

#define STELLA_PURL_QUALIFIERS_MAX 32
#define STELLA_PURL_MAX            8192 /* bytes of a whole purl */

typedef struct stella_purl_qualifier {
    stella_sv key;
    stella_sv value;
} stella_purl_qualifier;

/* A plain value; parts are decoded text. Empty means absent. */
typedef struct stella_purl {
    stella_sv type;
    stella_sv namespace_; /* segments joined by '/' */
    stella_sv name;
    stella_sv version;
    stella_sv subpath;
    uint32_t qualifier_count;
    stella_purl_qualifier qualifiers[STELLA_PURL_QUALIFIERS_MAX];
} stella_purl;

/* Reads a purl and normalises it by the rules of its type; qualifiers come sorted, empty ones are left out. Forgiving
 * where the meaning is plain: "pkg://", upper-case qualifier keys, an unencoded npm scope. Parts live in the arena.
 * out  set on success
 * Returns STELLA_E_FORMAT with the part in err->path ("type", "name", "qualifiers", ...). [any thread] */
stella_status stella_purl_parse(stella_sv text, stella_arena *arena, stella_purl *out, stella_error *err);

/* Normalises by the rules of the type (case, separators, required or forbidden parts) and writes the canonical form:
 * qualifiers sorted, empty ones left out, percent-encoding as the specification has it.
 * text  set on success, in the arena, NUL-terminated behind its end
 * Returns STELLA_E_FORMAT with the part in err->path (empty when a part is not UTF-8), STELLA_E_LIMIT beyond
 * STELLA_PURL_MAX, STELLA_E_NOMEM. [any thread] */
stella_status stella_purl_build(const stella_purl *purl, stella_arena *arena, stella_sv *text, stella_error *err);

STELLA_END_DECLS

#endif
