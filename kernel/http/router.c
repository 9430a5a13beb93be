#include "http/router.h"

#include <stdio.h>
#include <stdlib.h>

static int is_parameter(stella_sv segment) {
    return segment.len > 2 && segment.ptr[0] == '{' && segment.ptr[segment.len - 1] == '}';
}

/* Splits "/a/b" into segments. Returns 0 for what does not begin with a slash, has empty segments ("/" alone has none),
 * or too many. */
static int split(stella_sv path, stella_sv *segments, uint32_t *count) {
    if (path.len == 0 || path.ptr[0] != '/')
        return 0;
    *count = 0;
    stella_sv rest = stella_sv_skip(path, 1);
    if (rest.len == 0)
        return 1;
    for (stella_sv segment; stella_sv_split(&rest, '/', &segment);) {
        if (segment.len == 0 || *count == ROUTER_SEGMENTS_MAX)
            return 0;
        segments[(*count)++] = segment;
    }
    return 1;
}

static int is_method(const char *method) {
    return strcmp(method, "GET") == 0 || strcmp(method, "POST") == 0 || strcmp(method, "PUT") == 0 ||
           strcmp(method, "DELETE") == 0;
}

/* Two patterns collide when they match the same paths: parameters' names do not count. */
static int collides(const router_route *a, const router_route *b) {
    if (strcmp(a->method, b->method) != 0 || a->segment_count != b->segment_count)
        return 0;
    for (uint32_t i = 0; i < a->segment_count; i++) {
        const int both = is_parameter(a->segments[i]) && is_parameter(b->segments[i]);
        if (!both && !stella_sv_eq(a->segments[i], b->segments[i]))
            return 0;
    }
    return 1;
}

stella_status router_add(router *r, const char *method, const char *pattern, uint32_t flags,
                         stella_http_handler handler, void *context, stella_error *err) {
    if (r->count == ROUTER_ROUTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, pattern, "there are %u routes already", ROUTER_ROUTES_MAX);
    router_route route = {.flags = flags, .handler = handler, .context = context};
    route.pattern = strdup(pattern);
    route.method = strdup(method);
    stella_status status = STELLA_OK;
    if (!route.pattern || !route.method)
        status = stella_error_set(err, STELLA_E_NOMEM, pattern, "no memory");
    else if (!is_method(method) || !split(stella_sv_cstr(route.pattern), route.segments, &route.segment_count))
        status = stella_error_set(err, STELLA_E_INVALID, pattern, "a route is GET, POST, PUT or DELETE of /a/{b}");
    for (uint32_t i = 0; status == STELLA_OK && i < r->count; i++)
        if (collides(&r->routes[i], &route))
            status = stella_error_set(err, STELLA_E_EXISTS, pattern, "the route is taken: %s", r->routes[i].pattern);
    if (status != STELLA_OK) {
        free((void *)(uintptr_t)route.pattern);
        free((void *)(uintptr_t)route.method);
        return status;
    }
    r->routes[r->count++] = route;
    return STELLA_OK;
}

void router_fini(router *r) {
    for (uint32_t i = 0; i < r->count; i++) {
        free((void *)(uintptr_t)r->routes[i].pattern);
        free((void *)(uintptr_t)r->routes[i].method);
    }
    r->count = 0;
}

/* Whether the path fits, and how well: one bit a segment, literal above parameter, first segment highest. */
static int fits(const router_route *route, const stella_sv *segments, uint32_t count, uint32_t *literal) {
    *literal = 0;
    if (route->segment_count != count)
        return 0;
    for (uint32_t i = 0; i < count; i++) {
        const int is_same = stella_sv_eq(route->segments[i], segments[i]) && !is_parameter(route->segments[i]);
        if (!is_same && !is_parameter(route->segments[i]))
            return 0;
        *literal = *literal << 1 | (uint32_t)is_same;
    }
    return 1;
}

static int is_for(const router_route *route, stella_sv method) {
    const stella_sv own = stella_sv_cstr(route->method);
    return stella_sv_eq(own, method) ||
           (stella_sv_eq(method, STELLA_SV("HEAD")) && stella_sv_eq(own, STELLA_SV("GET")));
}

static void allow(router_match *match, const char *method) {
    const size_t used = strlen(match->allow);
    if (!strstr(match->allow, method))
        snprintf(match->allow + used, sizeof match->allow - used, "%s%s%s", used ? ", " : "", method,
                 strcmp(method, "GET") == 0 ? ", HEAD" : "");
}

static stella_status decode_segments(stella_sv path, stella_arena *arena, stella_sv *segments, uint32_t *count,
                                     stella_error *err) {
    if (path.len > ROUTER_PATH_MAX)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a path has at most %u bytes", ROUTER_PATH_MAX);
    if (!split(path, segments, count))
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "there is nothing at this path");
    for (uint32_t i = 0; i < *count; i++) {
        const stella_status status = router_decode(segments[i], arena, &segments[i], err);
        if (status != STELLA_OK)
            return status;
        if (stella_sv_eq(segments[i], STELLA_SV(".")) || stella_sv_eq(segments[i], STELLA_SV("..")))
            return stella_error_set(err, STELLA_E_INVALID, NULL, "a path without . and .. is expected");
    }
    return STELLA_OK;
}

stella_status router_find(const router *r, stella_sv method, stella_sv path, stella_arena *arena, router_match *out,
                          stella_error *err) {
    router_match match = {0};
    uint32_t count = 0, best = 0;
    const stella_status status = decode_segments(path, arena, match.values, &count, err);
    if (status != STELLA_OK)
        return status;
    for (uint32_t i = 0; i < r->count; i++) {
        uint32_t literal;
        const router_route *route = &r->routes[i];
        if (!fits(route, match.values, count, &literal))
            continue;
        allow(&match, route->method);
        if (is_for(route, method) && (!match.route || literal > best)) {
            match.route = route;
            best = literal;
        }
    }
    if (!match.allow[0])
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "there is nothing at this path");
    if (!match.route) {
        memcpy(out->allow, match.allow, sizeof out->allow);
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "the path takes %s", match.allow);
    }
    *out = match;
    return STELLA_OK;
}

stella_sv router_param(const router_match *match, const char *name) {
    const stella_sv wanted = stella_sv_cstr(name);
    for (uint32_t i = 0; i < match->route->segment_count; i++) {
        const stella_sv segment = match->route->segments[i];
        if (is_parameter(segment) && stella_sv_eq(stella_sv_of(segment.ptr + 1, segment.len - 2), wanted))
            return match->values[i];
    }
    return STELLA_SV("");
}
