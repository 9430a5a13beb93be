#include "token.h"

#include <stella/auto.h>
#include <stella/encoding.h>
#include <stella/json.h>

#include <curl/curl.h>
#include <stdlib.h>

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for credentials");
}

static stella_sv escaped(stella_sv text, stella_arena *arena) {
    char *coded = text.len <= INT32_MAX ? curl_easy_escape(NULL, text.len ? text.ptr : "", (int)text.len) : NULL;
    const stella_sv out = coded ? stella_arena_dup(arena, stella_sv_cstr(coded)) : (stella_sv){0};
    curl_free(coded);
    return out;
}

stella_status token_basic(const grant *granted, stella_arena *arena, const char **out, stella_error *err) {
    const stella_sv pair =
        stella_arena_printf(arena, "%.*s:%.*s", STELLA_SV_FMT(granted->username), STELLA_SV_FMT(granted->password));
    const stella_sv coded = pair.ptr ? stella_base64(pair, arena) : (stella_sv){0};
    const stella_sv value = coded.ptr ? stella_arena_printf(arena, "Basic %.*s", STELLA_SV_FMT(coded)) : (stella_sv){0};
    if (!value.ptr)
        return no_memory(err);
    *out = value.ptr;
    return STELLA_OK;
}

/* Credentials go to the service in clear only where the registry itself is spoken to in clear, and it is the same host
 * or this one. */
static stella_status check_realm(const token_request *r, transfer_request *wire, stella_arena *arena,
                                 stella_error *err) {
    url_origin service;
    if (!url_parse(wire->url, arena, &service))
        return stella_error_at(err, STELLA_E_FORMAT, r->context.place, "its token service \"%.80s\" is no URL",
                               wire->url);
    const int may_be_plain =
        !r->registry.is_https && (url_is_loopback(service.host) || stella_sv_ieq(service.host, r->registry.host));
    if (!service.is_https && !may_be_plain)
        return stella_error_at(err, STELLA_E_DENIED, r->context.place,
                               "its token service is plain HTTP (%.*s): refused", STELLA_SV_FMT(service.host));
    wire->is_direct = url_is_loopback(service.host);
    return STELLA_OK;
}

/* The fields that GET and POST share, URL-encoded, without a leading '&'. */
static stella_sv fields_of(const token_request *r, stella_arena *arena) {
    stella_sv scope = r->asked->scope;
    if (!scope.len)
        scope = stella_arena_printf(arena, "repository:%.*s:pull", STELLA_SV_FMT(r->repository));
    return stella_arena_printf(arena, "service=%.*s&scope=%.*s", STELLA_SV_FMT(escaped(r->asked->service, arena)),
                               STELLA_SV_FMT(escaped(scope, arena)));
}

static stella_status build(const token_request *r, stella_arena *arena, transfer_request *out, stella_error *err) {
    const stella_sv fields = fields_of(r, arena);
    const stella_sv realm = stella_arena_dup(arena, r->asked->realm);
    if (!fields.ptr || !realm.ptr)
        return no_memory(err);
    if (r->granted->identity_token.len) {
        const stella_sv refresh = escaped(r->granted->identity_token, arena);
        out->url = stella_arena_cstr(arena, realm);
        out->form = stella_arena_printf(arena, "grant_type=refresh_token&client_id=stella&%.*s&refresh_token=%.*s",
                                        STELLA_SV_FMT(fields), STELLA_SV_FMT(refresh))
                        .ptr;
        return out->url && out->form ? STELLA_OK : no_memory(err);
    }
    const char join = stella_sv_find(realm, '?') < realm.len ? '&' : '?';
    out->url = stella_arena_printf(arena, "%.*s%c%.*s", STELLA_SV_FMT(realm), join, STELLA_SV_FMT(fields)).ptr;
    if (!out->url)
        return no_memory(err);
    return r->granted->username.len ? token_basic(r->granted, arena, &out->authorization, err) : STELLA_OK;
}

static int is_token(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] <= 0x20 || (unsigned char)text.ptr[i] >= 0x7f)
            return 0;
    return text.len > 0 && text.len <= TOKEN_BYTES_MAX;
}

stella_status token_read(stella_sv body, stella_sv place, stella_arena *arena, const char **out, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = stella_arena_create(TOKEN_ANSWER_BYTES_MAX * 16ull);
    const stella_json *root = NULL;
    if (!scratch)
        return no_memory(err);
    if (stella_json_parse(body, scratch, &root, NULL) != STELLA_OK)
        return stella_error_at(err, STELLA_E_FORMAT, place,
                               "its token service answers something else than "
                               "JSON");
    stella_sv token = stella_json_str(stella_json_get(root, "token"));
    if (!token.len)
        token = stella_json_str(stella_json_get(root, "access_token"));
    if (!is_token(token))
        return stella_error_at(err, STELLA_E_FORMAT, place, "its token service answers without a token");
    const stella_sv value = stella_arena_printf(arena, "Bearer %.*s", STELLA_SV_FMT(token));
    if (!value.ptr)
        return no_memory(err);
    *out = value.ptr;
    return STELLA_OK;
}

stella_status token_obtain(transfer *t, const token_request *request, stella_arena *arena, const char **out,
                           stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf body = stella_buf_of(TOKEN_ANSWER_BYTES_MAX);
    STELLA_AUTO(stella_freep) transfer_answer *answer = calloc(1, sizeof *answer);
    const stella_sink sink = stella_buf_sink(&body);
    transfer_request wire = {
        .accept = "application/json", .length = TOKEN_ANSWER_BYTES_MAX, .total_ms = request->total_ms, .out = &sink};
    if (!answer)
        return no_memory(err);
    stella_status status = build(request, arena, &wire, err);
    if (status == STELLA_OK)
        status = check_realm(request, &wire, arena, err);
    if (status != STELLA_OK)
        return status;
    status = transfer_run(t, &wire, answer, err);
    if (status != STELLA_OK && err) {
        const stella_error inner = *err;
        return stella_error_at(err, status, request->context.place, "its token service: %.150s", inner.message);
    }
    if (status != STELLA_OK)
        return status;
    if (answer->status != 200)
        return refusal_error(answer, &request->context, err);
    return token_read(stella_buf_sv(&body), request->context.place, arena, out, err);
}
