/* url.h - scheme, host and port of a URL, by libcurl's own parser, so that what is checked is what is connected to. */
#ifndef SCANNER_SOURCES_REGISTRY_URL_H
#define SCANNER_SOURCES_REGISTRY_URL_H

#include <stella/arena.h>

#define URL_BYTES_MAX 8192

typedef struct url_origin {
    int is_https; /* else http */
    stella_sv host;
    stella_sv port; /* the scheme's own when the URL names none */
} url_origin;

/* Returns 0, leaving *out alone, for what is no absolute http or https URL, carries a user name, or is too long. Texts
 * live in the arena. */
int url_parse(const char *url, stella_arena *arena, url_origin *out);

/* 127.0.0.0/8, ::1 (with or without brackets), localhost and names below it. */
int url_is_loopback(stella_sv host);

int url_same_origin(const url_origin *a, const url_origin *b);

#endif
