/* header.h - the values of HTTP header fields that a registry's answers carry, read as bytes from outside.
 * [any thread] */
#ifndef SCANNER_SOURCES_REGISTRY_HEADER_H
#define SCANNER_SOURCES_REGISTRY_HEADER_H

#include <stella/arena.h>
#include <stella/error.h>

#define HEADER_CHALLENGE_BYTES_MAX 8192
#define HEADER_CHALLENGES_MAX      16
#define HEADER_PARAMETERS_MAX      64 /* of all challenges */

/* What WWW-Authenticate asks for: of several challenges the first of each kind that we know. */
typedef struct challenge {
    int has_basic, has_bearer;
    stella_sv realm, service, scope; /* of the bearer challenge; may be empty */
} challenge;

/* Reads the value of WWW-Authenticate (RFC 9110, 11.6.1); several fields are joined with commas.
 * out  set on success; its texts are borrowed or live in the arena
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT or STELLA_E_NOMEM. */
stella_status header_challenge(stella_sv value, stella_arena *arena, challenge *out, stella_error *err);

/* "bytes FIRST-LAST/SIZE" of Content-Range; SIZE may be "*". Returns 0, leaving *first alone, for anything else. */
int header_range_first(stella_sv value, uint64_t *first);

/* The media type of Content-Type: without parameters and blanks. */
stella_sv header_media_type(stella_sv value);

#endif
