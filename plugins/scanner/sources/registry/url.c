#include "url.h"

#include <stella/auto.h>

#include <arpa/inet.h>
#include <curl/curl.h>
#include <string.h>

static void close_url(CURLU **url) {
    curl_url_cleanup(*url);
}

static void free_text(char **text) {
    curl_free(*text);
}

/* A part's text in the arena; the empty view when it is absent. */
static stella_sv part_of(CURLU *url, CURLUPart part, unsigned flags, stella_arena *arena) {
    STELLA_AUTO(free_text) char *text = NULL;
    if (curl_url_get(url, part, &text, flags) != CURLUE_OK || !text)
        return (stella_sv){0};
    return stella_arena_dup(arena, stella_sv_cstr(text));
}

int url_parse(const char *url, stella_arena *arena, url_origin *out) {
    STELLA_AUTO(close_url) CURLU *parsed = curl_url();
    if (!parsed || strlen(url) > URL_BYTES_MAX || curl_url_set(parsed, CURLUPART_URL, url, 0) != CURLUE_OK)
        return 0;
    const stella_sv scheme = part_of(parsed, CURLUPART_SCHEME, 0, arena);
    const url_origin origin = {.is_https = stella_sv_eq(scheme, STELLA_SV("https")),
                               .host = part_of(parsed, CURLUPART_HOST, 0, arena),
                               .port = part_of(parsed, CURLUPART_PORT, CURLU_DEFAULT_PORT, arena)};
    if ((!origin.is_https && !stella_sv_eq(scheme, STELLA_SV("http"))) || !origin.host.len || !origin.port.len ||
        part_of(parsed, CURLUPART_USER, 0, arena).ptr)
        return 0;
    *out = origin;
    return 1;
}

int url_is_loopback(stella_sv host) {
    char text[INET6_ADDRSTRLEN];
    struct in_addr v4;
    struct in6_addr v6;
    if (host.len > 2 && host.ptr[0] == '[' && host.ptr[host.len - 1] == ']')
        host = stella_sv_of(host.ptr + 1, host.len - 2);
    if (stella_sv_ieq(host, STELLA_SV("localhost")))
        return 1;
    if (host.len > 10 && stella_sv_ieq(stella_sv_skip(host, host.len - 10), STELLA_SV(".localhost")))
        return 1;
    if (!host.len || host.len >= sizeof text)
        return 0;
    memcpy(text, host.ptr, host.len);
    text[host.len] = '\0';
    if (inet_pton(AF_INET, text, &v4) == 1)
        return (ntohl(v4.s_addr) >> 24) == 127;
    return inet_pton(AF_INET6, text, &v6) == 1 && IN6_IS_ADDR_LOOPBACK(&v6);
}

int url_same_origin(const url_origin *a, const url_origin *b) {
    return a->is_https == b->is_https && stella_sv_ieq(a->host, b->host) && stella_sv_eq(a->port, b->port);
}
