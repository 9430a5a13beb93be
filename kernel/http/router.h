/* router.h - which handler answers which method and path, and what the path's parameters are. */
#ifndef KERNEL_HTTP_ROUTER_H
#define KERNEL_HTTP_ROUTER_H

#include <stella/http.h>

#define ROUTER_ROUTES_MAX   128u
#define ROUTER_SEGMENTS_MAX 12u
#define ROUTER_PATH_MAX     2048u /* bytes of a path or query argument as received */

typedef struct router_route {
    const char *method;
    const char *pattern;
    uint32_t flags;
    stella_http_handler handler;
    void *context;
    uint32_t segment_count;
    stella_sv segments[ROUTER_SEGMENTS_MAX]; /* of pattern; "{name}" for a parameter */
} router_route;

typedef struct router {
    router_route routes[ROUTER_ROUTES_MAX];
    uint32_t count;
} router;

typedef struct router_match {
    const router_route *route;
    stella_sv values[ROUTER_SEGMENTS_MAX]; /* decoded segments of the path */
    char allow[48];                        /* "GET, HEAD, POST": of the path when the method fits none */
} router_match;

/* method and pattern are copied; freed by router_fini. As stella_http.route. */
stella_status router_add(router *r, const char *method, const char *pattern, uint32_t flags,
                         stella_http_handler handler, void *context, stella_error *err);
void router_fini(router *r);

/* Finds the route of a request; parameters are decoded into the arena.
 * out  set on success; on STELLA_E_UNSUPPORTED only allow
 * Returns STELLA_E_INVALID for a malformed path, STELLA_E_NOTFOUND, STELLA_E_UNSUPPORTED when only the method does not
 * fit, STELLA_E_NOMEM. [any thread, once routes are no longer added] */
stella_status router_find(const router *r, stella_sv method, stella_sv path, stella_arena *arena, router_match *out,
                          stella_error *err);

/* The value of {name} in the match, or the empty view. */
stella_sv router_param(const router_match *match, const char *name);

/* Decodes %XX. Control characters, NUL and invalid UTF-8 are refused, encoded or not.
 * Returns STELLA_E_INVALID or STELLA_E_NOMEM. */
stella_status router_decode(stella_sv text, stella_arena *arena, stella_sv *out, stella_error *err);

#endif
