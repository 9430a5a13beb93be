#include "session.h"

#include "connection.h"
#include "refusal.h"

#include <stella/auto.h>

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define ARENA_BYTES    (16u << 20) /* URLs and tokens of all attempts */
#define BACKOFF_MS_MAX 8000

const session_limits session_limits_default = {.transfer = {.connect_ms = 30000, .stall_s = 60},
                                               .document_ms = 60000,
                                               .token_ms = 30000,
                                               .attempts = 5,
                                               .backoff_ms = 500,
                                               .wait_ms = 60000,
                                               .waits_ms = 180000};

struct session {
    connection peer;
    session_limits limits;
    const stella_log *log;
    uint64_t waited_ms;
    transfer_answer answer; /* the last one */
};

/* One thing that is asked for, over all its attempts. */
typedef struct errand {
    const char *path;
    transfer_request request;
    stella_buf *document; /* begun anew with each attempt; NULL: a blob, which is taken up where it broke */
    uint64_t whole;       /* bytes of the blob */
    uint64_t length;      /* bytes wanted of it */
    uint32_t failures;    /* attempts in a row that brought nothing */
} errand;

static int is_success(const transfer_answer *answer) {
    return answer->status == 200 || answer->status == 206;
}

static int is_html(const transfer_answer *answer) {
    return stella_sv_ieq(stella_sv_cstr(answer->media_type), STELLA_SV("text/html"));
}

static int is_worth_another(const errand *e, stella_status status, const transfer_answer *answer) {
    if (status != STELLA_OK)
        return answer->is_broken;
    return is_success(answer) ? e->document == NULL
                              : answer->status == 429 || answer->status == 408 ||
                                    (answer->status >= 500 && answer->status <= 504 && answer->status != 501);
}

/* A blob whose answer came whole, by its own account, and yet is another size than the manifest says. */
static stella_status check_length(session *s, const errand *e, stella_error *err) {
    const transfer_answer *a = &s->answer;
    if (!is_success(a) || e->document || a->length < 0 || a->delivered == e->request.length)
        return STELLA_OK;
    if (is_html(a))
        return stella_error_at(err, STELLA_E_FORMAT, stella_sv_cstr(e->path),
                               "a web page instead of a blob: is %.*s a registry?",
                               STELLA_SV_FMT(s->peer.image.domain));
    return stella_error_at(err, STELLA_E_FORMAT, stella_sv_cstr(e->path),
                           "the registry's blob ends %" PRIu64 " bytes early: its descriptor says %" PRIu64,
                           e->request.length - a->delivered, e->whole);
}

static stella_status give_up(session *s, const errand *e, stella_status status, stella_error *err) {
    const refusal_context context = {
        .domain = s->peer.image.domain,
        .place = stella_arena_printf(s->peer.arena, "%.*s/%s", STELLA_SV_FMT(connection_place(&s->peer)), e->path),
        .has_credentials =
            s->peer.authorization != NULL &&
            (s->peer.granted.username.len || s->peer.granted.identity_token.len || s->peer.granted.registry_token.len)};
    if (status == STELLA_OK && !is_success(&s->answer))
        return refusal_error(&s->answer, &context, err);
    if (status != STELLA_OK && e->document)
        return status;
    stella_error inner = {.message = "the connection ended"};
    if (status != STELLA_OK && err)
        inner = *err;
    return stella_error_at(err, status == STELLA_OK ? STELLA_E_IO : status, context.place,
                           "cut short after %" PRIu64 " of %" PRIu64 " bytes: %.120s", e->length - e->request.length,
                           e->length, inner.message);
}

static void say_wait(const session *s, uint64_t ms) {
    char text[24], status[24];
    snprintf(text, sizeof text, "%" PRIu64, ms);
    snprintf(status, sizeof status, "%ld", s->answer.status);
    const stella_log_field fields[] = {{STELLA_SV("registry"), s->peer.image.domain},
                                       {STELLA_SV("status"), stella_sv_cstr(status)},
                                       {STELLA_SV("wait_ms"), stella_sv_cstr(text)}};
    if (s->log)
        s->log->write(s->log->self, STELLA_LOG_INFO, STELLA_SV("waiting before the next attempt"), fields,
                      sizeof fields / sizeof fields[0], sizeof fields[0]);
}

/* Returns 0 when the wait would be longer than is allowed. */
static int wait_for_next(session *s, const errand *e) {
    uint64_t ms = (uint64_t)s->limits.backoff_ms << (e->failures < 8 ? e->failures : 8);
    if (ms > BACKOFF_MS_MAX)
        ms = BACKOFF_MS_MAX;
    if (s->answer.retry_after_s > 0) {
        if ((uint64_t)s->answer.retry_after_s > s->limits.wait_ms / 1000)
            return 0;
        ms = (uint64_t)s->answer.retry_after_s * 1000;
    }
    if (s->waited_ms + ms > s->limits.waits_ms)
        return 0;
    s->waited_ms += ms;
    say_wait(s, ms);
    struct timespec left = {.tv_sec = (time_t)(ms / 1000), .tv_nsec = (long)(ms % 1000) * 1000000};
    while (nanosleep(&left, &left) != 0) {
    }
    return 1;
}

static stella_status attempt(session *s, errand *e, stella_error *err) {
    if (e->document)
        e->document->len = 0;
    else
        e->request.is_part = e->request.offset != 0 || e->request.length != e->whole;
    memset(&s->answer, 0, sizeof s->answer);
    return connection_ask(&s->peer, e->path, &e->request, &s->answer, err);
}

/* Steps over what an attempt brought of a blob. Returns 1 when nothing is missing any more. */
static int advance(session *s, errand *e) {
    if (e->document)
        return 0;
    e->failures = s->answer.delivered ? 0 : e->failures;
    e->request.offset += s->answer.delivered;
    e->request.length -= s->answer.delivered;
    return e->request.length == 0;
}

static stella_status run(session *s, errand *e, stella_error *err) {
    for (uint32_t tries = 1;; tries++) {
        stella_status status = attempt(s, e, err);
        if (status == STELLA_OK && is_success(&s->answer) && e->document)
            return STELLA_OK;
        if (status == STELLA_OK)
            status = check_length(s, e, err);
        if (status != STELLA_OK && !s->answer.is_broken)
            return status;
        if (advance(s, e))
            return STELLA_OK;
        if (!is_worth_another(e, status, &s->answer) || ++e->failures >= s->limits.attempts ||
            tries == SESSION_ATTEMPTS_MAX || !wait_for_next(s, e))
            return give_up(s, e, status, err);
    }
}

stella_status session_read(session *s, const char *path, const char *accept, uint64_t max, stella_arena *arena,
                           session_document *out, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf body = stella_buf_of(max);
    const stella_sink sink = stella_buf_sink(&body);
    errand e = {.path = path,
                .document = &body,
                .request = {.accept = accept, .length = max, .total_ms = s->limits.document_ms, .out = &sink}};
    const stella_status status = run(s, &e, err);
    if (status != STELLA_OK)
        return status;
    if (is_html(&s->answer))
        return stella_error_at(err, STELLA_E_FORMAT, stella_sv_cstr(path),
                               "a web page instead of a document: is %.*s a registry?",
                               STELLA_SV_FMT(s->peer.image.domain));
    const session_document document = {.bytes = stella_arena_dup(arena, stella_buf_sv(&body)),
                                       .media_type = stella_arena_dup(arena, stella_sv_cstr(s->answer.media_type)),
                                       .digest = stella_arena_dup(arena, stella_sv_cstr(s->answer.digest))};
    if (body.len && !document.bytes.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, stella_sv_cstr(path), "no memory for %zu bytes", body.len);
    *out = document;
    return STELLA_OK;
}

stella_status session_fetch(session *s, stella_sv digest, uint64_t size, uint64_t offset, uint64_t length,
                            const stella_sink *out, stella_error *err) {
    const stella_sv path = stella_arena_printf(s->peer.arena, "blobs/%.*s", STELLA_SV_FMT(digest));
    errand e = {
        .path = path.ptr, .whole = size, .length = length, .request = {.offset = offset, .length = length, .out = out}};
    e.request.is_strict = length < size; /* the rest would be downloaded for nothing */
    if (!path.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a request");
    if (offset > size || length > size - offset)
        return stella_error_at(err, STELLA_E_INVALID, digest, "bytes beyond the end of the blob");
    return length ? run(s, &e, err) : STELLA_OK;
}

stella_status session_create(const reference *image, const grant *granted, const session_limits *limits,
                             const stella_log *log, session **out, stella_error *err) {
    STELLA_AUTO(session_destroyp) session *s = calloc(1, sizeof *s);
    url_origin origin = {0};
    if (s)
        s->peer.arena = stella_arena_create(ARENA_BYTES);
    const stella_sv url = s && s->peer.arena
                              ? stella_arena_printf(s->peer.arena, "https://%.*s/", STELLA_SV_FMT(image->host))
                              : (stella_sv){0};
    if (!url.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a session");
    if (!url_parse(url.ptr, s->peer.arena, &origin))
        return stella_error_at(err, STELLA_E_INVALID, image->domain, "this registry's name makes no URL");
    s->limits = *limits;
    s->log = log;
    s->peer.image = *image;
    s->peer.granted = *granted;
    s->peer.token_ms = limits->token_ms;
    s->peer.may_fall_back = granted->is_insecure || url_is_loopback(origin.host);
    const transfer_ways ways = {.ca = granted->ca, .proxy = granted->proxy, .no_proxy = granted->no_proxy};
    const stella_status status = transfer_create(&limits->transfer, &ways, &s->peer.wire, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(s);
    return status;
}

void session_destroy(session *s) {
    if (!s)
        return;
    transfer_destroy(s->peer.wire);
    stella_arena_destroy(s->peer.arena);
    free(s);
}

void session_destroyp(session **s) {
    session_destroy(*s);
    *s = NULL;
}
