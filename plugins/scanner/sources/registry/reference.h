/* reference.h - the name of an image in a registry, as Docker and OCI write it:
 *     [DOMAIN[:PORT]/]REPOSITORY[:TAG][@DIGEST]
 *
 * Without a domain docker.io is meant, there without a folder library/; without tag and digest the tag is "latest". With
 * both the digest decides, as everywhere. [any thread] */
#ifndef SCANNER_SOURCES_REGISTRY_REFERENCE_H
#define SCANNER_SOURCES_REGISTRY_REFERENCE_H

#include <stella/arena.h>
#include <stella/error.h>

#define REFERENCE_NAME_BYTES_MAX 255 /* domain, slash, repository */
#define REFERENCE_TAG_BYTES_MAX  128

typedef struct reference {
    stella_sv domain;     /* "docker.io", "localhost:5000", "[::1]:5000" */
    stella_sv host;       /* where its API is: the domain, but for docker.io */
    stella_sv repository; /* "library/alpine" */
    stella_sv tag;        /* empty when only a digest is given */
    stella_sv digest;     /* "sha256:<hex>" or empty */
} reference;

/* out is set on success; its texts live in the arena or are borrowed from text.
 * Returns STELLA_E_INVALID with what is wrong, STELLA_E_LIMIT for a name that is too long, STELLA_E_UNSUPPORTED for a
 * digest other than SHA-256, STELLA_E_NOMEM. */
stella_status reference_parse(stella_sv text, stella_arena *arena, reference *out, stella_error *err);

/* The full name, "docker.io/library/alpine:latest", with the digest instead of the tag where there is one; ptr NULL
 * when memory is short. Parsed again it gives the same image. */
stella_sv reference_text(const reference *r, stella_arena *arena);

/* What the API is asked for: digest, else tag. */
static inline stella_sv reference_selector(const reference *r) {
    return r->digest.len ? r->digest : r->tag;
}

#endif
