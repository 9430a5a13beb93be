#include "refusal.h"

#include <stella/json.h>

#include <stdio.h>

#define REASON_BYTES_MAX 80

/* The message (else the code) of the first error in {"errors":[{"code","message"}]}, or a token service's "details". */
static stella_sv json_reason(stella_sv body, stella_arena *arena) {
    const stella_json *root = NULL;
    if (stella_json_parse(body, arena, &root, NULL) != STELLA_OK)
        return (stella_sv){0};
    const stella_json *first = stella_json_at(stella_json_get(root, "errors"), 0);
    const stella_sv texts[] = {
        stella_json_str(stella_json_get(first, "message")), stella_json_str(stella_json_get(first, "code")),
        stella_json_str(stella_json_get(root, "details")), stella_json_str(stella_json_get(root, "error_description")),
        stella_json_str(stella_json_get(root, "message"))};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (texts[i].len)
            return texts[i];
    return (stella_sv){0};
}

static int is_html(const transfer_answer *answer) {
    const stella_sv body = stella_sv_trim(stella_sv_cstr(answer->refusal));
    return stella_sv_ieq(stella_sv_cstr(answer->media_type), STELLA_SV("text/html")) ||
           stella_sv_ieq(stella_sv_first(body, 5), STELLA_SV("<html")) ||
           stella_sv_ieq(stella_sv_first(body, 9), STELLA_SV("<!doctype"));
}

/* One line of printable text: a server must not write to the user's terminal. */
static void make_printable(char *text) {
    for (; *text; text++)
        if ((unsigned char)*text < 0x20 || (unsigned char)*text >= 0x7f)
            *text = *text == '\n' || *text == '\t' || *text == '\r' ? ' ' : '?';
}

/* ": " and what the registry says of the failure, made printable; nothing when it says nothing. */
static void read_reason(const transfer_answer *answer, char *text, size_t room) {
    stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv body = stella_sv_trim(stella_sv_cstr(answer->refusal));
    stella_sv reason = {0};
    if (arena && body.len && body.ptr[0] == '{')
        reason = json_reason(body, arena);
    else if (!is_html(answer))
        reason = stella_sv_first(body, stella_sv_find(body, '\n'));
    text[0] = '\0';
    if (reason.len)
        snprintf(text, room, ": %.*s", STELLA_SV_FMT(stella_sv_first(reason, REASON_BYTES_MAX)));
    make_printable(text);
    stella_arena_destroy(arena);
}

static stella_status refuse_access(const transfer_answer *answer, const refusal_context *c, const char *reason,
                                   stella_error *err) {
    const char *what = answer->status == 403 ? "no right to read it" : "the registry refuses the credentials";
    if (!c->has_credentials)
        return stella_error_at(err, STELLA_E_DENIED, c->place,
                               "private or not there; to log in: docker login %.*s (HTTP %ld%s)",
                               STELLA_SV_FMT(c->domain), answer->status, reason);
    return stella_error_at(err, STELLA_E_DENIED, c->place, "%s; log in again: docker login %.*s (HTTP %ld%s)", what,
                           STELLA_SV_FMT(c->domain), answer->status, reason);
}

static stella_status refuse_rate(const transfer_answer *answer, const refusal_context *c, const char *reason,
                                 stella_error *err) {
    char when[64] = "";
    if (answer->retry_after_s > 0)
        snprintf(when, sizeof when, " in %lld seconds", (long long)answer->retry_after_s);
    return stella_error_at(err, STELLA_E_BUSY, c->place,
                           "rate limit reached: try again%s%s%.*s for a higher one (HTTP 429%s)", when,
                           c->has_credentials ? ", or ask " : ", or docker login ", STELLA_SV_FMT(c->domain), reason);
}

stella_status refusal_error(const transfer_answer *answer, const refusal_context *c, stella_error *err) {
    char reason[REASON_BYTES_MAX + 4];
    read_reason(answer, reason, sizeof reason);
    if (answer->status == 401 || answer->status == 403)
        return refuse_access(answer, c, reason, err);
    if (answer->status == 404)
        return stella_error_at(err, STELLA_E_NOTFOUND, c->place, "not in the registry (HTTP 404%s)", reason);
    if (answer->status == 429)
        return refuse_rate(answer, c, reason, err);
    if (answer->status == 503)
        return stella_error_at(err, STELLA_E_BUSY, c->place, "the registry is not ready, try later (HTTP 503%s)",
                               reason);
    if (answer->status >= 500)
        return stella_error_at(err, STELLA_E_IO, c->place, "the registry fails, try later (HTTP %ld%s)", answer->status,
                               reason);
    if (is_html(answer))
        return stella_error_at(err, STELLA_E_FORMAT, c->place, "a web page (HTTP %ld): is %.*s a registry?",
                               answer->status, STELLA_SV_FMT(c->domain));
    return stella_error_at(err, STELLA_E_IO, c->place, "an unexpected answer (HTTP %ld%s)", answer->status, reason);
}
