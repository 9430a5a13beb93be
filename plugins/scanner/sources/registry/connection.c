#include "connection.h"

#include "token.h"

/* Where a request goes. */
typedef struct route {
    const char *url;
    url_origin origin;
    int is_own; /* the registry itself, not where it redirects to */
} route;

stella_sv connection_place(const connection *c) {
    return stella_arena_printf(c->arena, "%.*s/%.*s", STELLA_SV_FMT(c->image.domain),
                               STELLA_SV_FMT(c->image.repository));
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a request");
}

static stella_status route_to_registry(const connection *c, const char *path, route *out, stella_error *err) {
    const stella_sv url = stella_arena_printf(c->arena, "%s://%.*s/v2/%.*s/%s", c->is_plain ? "http" : "https",
                                              STELLA_SV_FMT(c->image.host), STELLA_SV_FMT(c->image.repository), path);
    if (!url.ptr)
        return no_memory(err);
    if (!url_parse(url.ptr, c->arena, &out->origin))
        return stella_error_at(err, STELLA_E_INVALID, c->image.domain, "this registry's name makes no URL");
    out->url = url.ptr;
    out->is_own = 1;
    return STELLA_OK;
}

/* Never from HTTPS to HTTP; to HTTP only where it would have been allowed at once. */
static int may_go_plain(const connection *c, const route *from, const url_origin *to, const url_origin *registry) {
    return !from->origin.is_https &&
           (url_is_loopback(to->host) || (c->granted.is_insecure && stella_sv_ieq(to->host, registry->host)));
}

static stella_status redirect(const connection *c, const transfer_answer *answer, const url_origin *registry, route *at,
                              stella_error *err) {
    route next = {.url = stella_arena_cstr(c->arena, stella_sv_cstr(answer->location))};
    if (!next.url)
        return no_memory(err);
    if (!url_parse(next.url, c->arena, &next.origin))
        return stella_error_at(err, STELLA_E_FORMAT, connection_place(c), "redirected to what is no URL: %.80s",
                               next.url);
    if (!next.origin.is_https && !may_go_plain(c, at, &next.origin, registry))
        return stella_error_at(err, STELLA_E_DENIED, connection_place(c), "redirected to plain HTTP (%.*s): refused",
                               STELLA_SV_FMT(stella_sv_first(next.origin.host, 80)));
    next.is_own = url_same_origin(&next.origin, registry);
    *at = next;
    return STELLA_OK;
}

static int is_redirect(const transfer_answer *answer) {
    return answer->location[0] && (answer->status == 301 || answer->status == 302 || answer->status == 303 ||
                                   answer->status == 307 || answer->status == 308);
}

/* Gets what a 401 asks for. Leaves authorization alone when we have nothing to offer: the 401 stands then. */
static stella_status authorize(connection *c, const transfer_answer *answer, const url_origin *registry, int *changed,
                               stella_error *err) {
    challenge asked;
    stella_status status = header_challenge(stella_sv_cstr(answer->challenge), c->arena, &asked, err);
    *changed = 0;
    if (status != STELLA_OK)
        return status;
    if (asked.has_bearer && c->granted.registry_token.len && !c->authorization) {
        c->authorization = stella_arena_printf(c->arena, "Bearer %.*s", STELLA_SV_FMT(c->granted.registry_token)).ptr;
    } else if (asked.has_bearer && asked.realm.len) {
        const token_request request = {
            .asked = &asked,
            .granted = &c->granted,
            .repository = c->image.repository,
            .registry = *registry,
            .total_ms = c->token_ms,
            .context = {.domain = c->image.domain,
                        .place = connection_place(c),
                        .has_credentials = c->granted.username.len > 0 || c->granted.identity_token.len > 0}};
        status = token_obtain(c->wire, &request, c->arena, &c->authorization, err);
    } else if (asked.has_basic && c->granted.username.len) {
        status = token_basic(&c->granted, c->arena, &c->authorization, err);
    } else {
        return STELLA_OK;
    }
    if (status == STELLA_OK && !c->authorization)
        return no_memory(err);
    *changed = status == STELLA_OK;
    return status;
}

static stella_status locate(const connection *c, const route *at, stella_status status, stella_error *err) {
    if (status == STELLA_OK || !err || err->path[0])
        return status;
    const stella_error inner = *err;
    if (at->is_own)
        return stella_error_at(err, status, connection_place(c), "%s", inner.message);
    return stella_error_at(err, status, connection_place(c), "redirected to %.*s: %.150s",
                           STELLA_SV_FMT(stella_sv_first(at->origin.host, 80)), inner.message);
}

/* One exchange where the route leads. again: the same has to be asked once more, in HTTP or with credentials. */
static stella_status ask_once(connection *c, const route *at, transfer_request *request, transfer_answer *answer,
                              int *again, stella_error *err) {
    *again = 0;
    request->url = at->url;
    request->authorization = at->is_own ? c->authorization : NULL;
    request->is_unverified = at->is_own && c->granted.is_insecure;
    request->is_direct = url_is_loopback(at->origin.host);
    request->connect_ms = at->is_own && c->may_fall_back ? CONNECTION_TLS_MS : 0;
    const stella_status status = transfer_run(c->wire, request, answer, err);
    if (at->is_own && c->may_fall_back && answer->is_not_tls) {
        c->is_plain = *again = 1;
        c->may_fall_back = 0;
        return STELLA_OK;
    }
    if (status != STELLA_OK)
        return locate(c, at, status, err);
    c->may_fall_back = 0;
    if (!at->is_own || answer->status != 401 || c->is_renewed)
        return STELLA_OK;
    c->is_renewed = 1;
    return locate(c, at, authorize(c, answer, &at->origin, again, err), err);
}

stella_status connection_ask(connection *c, const char *path, transfer_request *request, transfer_answer *answer,
                             stella_error *err) {
    route at = {0};
    int hops = 0, again = 0;
    stella_status status = route_to_registry(c, path, &at, err);
    url_origin registry = at.origin;
    c->is_renewed = 0;
    while (status == STELLA_OK) {
        status = ask_once(c, &at, request, answer, &again, err);
        if (status != STELLA_OK || (!again && !is_redirect(answer)))
            break;
        if (!again && ++hops > CONNECTION_REDIRECTS_MAX)
            return stella_error_at(err, STELLA_E_LIMIT, connection_place(c), "redirected more than %d times",
                                   CONNECTION_REDIRECTS_MAX);
        if (again) {
            status = route_to_registry(c, path, &at, err); /* a token's answer may have come over a redirect */
            registry = at.origin;
        } else {
            status = redirect(c, answer, &registry, &at, err);
        }
    }
    return status;
}
