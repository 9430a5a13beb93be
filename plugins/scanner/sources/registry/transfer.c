#include "transfer.h"

#include <stella/auto.h>

#include <curl/curl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define USER_AGENT "stella-scanner/0.1"

struct transfer {
    CURL *curl;
    transfer_limits limits;
    stella_sv ca;
    char *proxy, *no_proxy; /* empty: none */
    char message[CURL_ERROR_SIZE];
};

/* One exchange under way. */
typedef struct exchange {
    CURL *curl;
    const transfer_request *request;
    transfer_answer *answer;
    stella_error *err;
    stella_status status; /* why we stopped it */
    int is_done;          /* all that was wanted is here */
    int has_begun;        /* the body */
    uint64_t skip;        /* bytes before the first wanted one */
    uint64_t header_bytes;
    size_t refusal_len; /* of the body of an answer that is no success */
    char range[128];    /* Content-Range */
} exchange;

static void free_list(struct curl_slist **list) {
    curl_slist_free_all(*list);
}

/* Keeps a field's text, cut to the room there is. */
static void keep(char *room, size_t size, stella_sv value) {
    const stella_sv text = stella_sv_first(value, size - 1);
    memcpy(room, text.ptr, text.len);
    room[text.len] = '\0';
}

static void join(char *room, size_t size, stella_sv value) {
    const size_t used = strlen(room);
    if (used && used + 2 < size)
        memcpy(room + used, ", ", 3);
    const size_t at = strlen(room);
    keep(room + at, size - at, value);
}

static void take_field(exchange *x, stella_sv name, stella_sv value) {
    if (!value.len)
        return;
    if (stella_sv_ieq(name, STELLA_SV("content-type")))
        keep(x->answer->media_type, sizeof x->answer->media_type, header_media_type(value));
    else if (stella_sv_ieq(name, STELLA_SV("docker-content-digest")))
        keep(x->answer->digest, sizeof x->answer->digest, value);
    else if (stella_sv_ieq(name, STELLA_SV("www-authenticate")))
        join(x->answer->challenge, sizeof x->answer->challenge, value);
    else if (stella_sv_ieq(name, STELLA_SV("content-range")))
        keep(x->range, sizeof x->range, value);
}

static size_t stop(exchange *x, stella_status status) {
    x->status = status;
    return 0; /* libcurl: not taken, which ends the transfer */
}

static size_t on_header(char *bytes, size_t size, size_t count, void *data) {
    exchange *x = data;
    const stella_sv line = stella_sv_of(bytes, size * count);
    const size_t colon = stella_sv_find(line, ':');
    x->header_bytes += line.len;
    if (x->header_bytes > TRANSFER_HEADER_BYTES_MAX)
        return stop(x, stella_error_set(x->err, STELLA_E_LIMIT, NULL, "an answer with more than %u KiB of header",
                                        TRANSFER_HEADER_BYTES_MAX >> 10));
    if (stella_sv_starts(line, STELLA_SV("HTTP/"))) /* of the final answer: an interim one may come before */
        x->answer->media_type[0] = x->answer->digest[0] = x->answer->challenge[0] = x->range[0] = '\0';
    else if (colon < line.len)
        take_field(x, stella_sv_first(line, colon), stella_sv_trim(stella_sv_skip(line, colon + 1)));
    return line.len;
}

/* At the first byte of a success: where in the blob are we? A server may ignore the range and begin at the front. */
static stella_status begin_body(exchange *x) {
    uint64_t first = 0;
    x->has_begun = 1;
    if (x->request->is_strict && x->answer->status != 206)
        return stella_error_set(x->err, STELLA_E_UNSUPPORTED, NULL, "the server sends no parts of a blob");
    x->skip = x->answer->status == 206 ? 0 : x->request->offset;
    if (x->answer->status == 206 &&
        (!header_range_first(stella_sv_cstr(x->range), &first) || first != x->request->offset))
        return stella_error_set(x->err, STELLA_E_FORMAT, NULL, "bytes from %" PRIu64 " were asked for, %s came",
                                x->request->offset, x->range[0] ? x->range : "an unknown part");
    return STELLA_OK;
}

static stella_status deliver(exchange *x, stella_sv bytes) {
    const uint64_t left = x->request->length - x->answer->delivered;
    if (bytes.len > left && !x->request->is_part)
        return stella_error_set(x->err, STELLA_E_LIMIT, NULL, "the answer goes on behind %" PRIu64 " bytes",
                                x->request->length);
    const stella_sv wanted = stella_sv_first(bytes, (size_t)(left < bytes.len ? left : bytes.len));
    const stella_status status = wanted.len ? stella_sink_write(x->request->out, wanted, x->err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    x->answer->delivered += wanted.len;
    x->is_done = x->request->is_part && x->answer->delivered == x->request->length;
    return STELLA_OK;
}

static size_t on_body(char *ptr, size_t size, size_t count, void *data) {
    exchange *x = data;
    stella_sv bytes = stella_sv_of(ptr, size * count);
    const size_t taken = bytes.len;
    curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &x->answer->status);
    if (x->answer->status != 200 && x->answer->status != 206) {
        keep(x->answer->refusal + x->refusal_len, sizeof x->answer->refusal - x->refusal_len, bytes);
        const size_t room = TRANSFER_REFUSAL_BYTES_MAX - x->refusal_len;
        x->refusal_len += bytes.len < room ? bytes.len : room;
        x->is_done = x->refusal_len == TRANSFER_REFUSAL_BYTES_MAX; /* that much says it */
        return x->is_done ? 0 : taken;
    }
    stella_status status = x->has_begun ? STELLA_OK : begin_body(x);
    const uint64_t skipped = x->skip < bytes.len ? x->skip : bytes.len;
    x->skip -= skipped;
    bytes = stella_sv_skip(bytes, (size_t)skipped);
    if (status == STELLA_OK && bytes.len)
        status = deliver(x, bytes);
    if (status != STELLA_OK)
        return stop(x, status);
    return x->is_done ? 0 : taken;
}

static stella_status set_headers(CURL *curl, const transfer_request *request, struct curl_slist **list) {
    const char *const names[] = {"Accept", "Authorization"};
    const char *const values[] = {request->accept, request->authorization};
    for (int i = 0; i < 2; i++) {
        STELLA_AUTO(stella_freep) char *line = NULL;
        if (!values[i])
            continue;
        if (asprintf(&line, "%s: %s", names[i], values[i]) < 0) {
            line = NULL;
            return STELLA_E_NOMEM;
        }
        struct curl_slist *longer = curl_slist_append(*list, line);
        if (!longer)
            return STELLA_E_NOMEM;
        *list = longer;
    }
    return curl_easy_setopt(curl, CURLOPT_HTTPHEADER, *list) == CURLE_OK ? STELLA_OK : STELLA_E_NOMEM;
}

static void set_range(CURL *curl, const transfer_request *request) {
    char range[64];
    if (!request->is_part || !request->length)
        return;
    snprintf(range, sizeof range, "%" PRIu64 "-%" PRIu64, request->offset, request->offset + request->length - 1);
    curl_easy_setopt(curl, CURLOPT_RANGE, range);
}

static void set_tls(transfer *t, const transfer_request *request) {
    const struct curl_blob ca = {.data = (void *)(uintptr_t)t->ca.ptr, .len = t->ca.len, .flags = CURL_BLOB_NOCOPY};
    curl_easy_setopt(t->curl, CURLOPT_SSLVERSION, (long)CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYPEER, request->is_unverified ? 0L : 1L);
    curl_easy_setopt(t->curl, CURLOPT_SSL_VERIFYHOST, request->is_unverified ? 0L : 2L);
    if (t->ca.len)
        curl_easy_setopt(t->curl, CURLOPT_CAINFO_BLOB, &ca);
}

static void set_options(transfer *t, const transfer_request *request, exchange *x) {
    CURL *curl = t->curl;
    curl_easy_reset(curl); /* options, not connections */
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, t->message);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_USERAGENT, USER_AGENT);
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)(request->connect_ms ? request->connect_ms : t->limits.connect_ms));
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_LIMIT, 1L);
    curl_easy_setopt(curl, CURLOPT_LOW_SPEED_TIME, (long)t->limits.stall_s);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, (long)request->total_ms);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 256L << 10);
    curl_easy_setopt(curl, CURLOPT_URL, request->url);
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, x);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, x);
    curl_easy_setopt(curl, CURLOPT_PROXY, request->is_direct ? "" : t->proxy); /* "": not the environment's either */
    curl_easy_setopt(curl, CURLOPT_NOPROXY, t->no_proxy);
    if (request->form)
        curl_easy_setopt(curl, CURLOPT_COPYPOSTFIELDS, request->form);
    set_range(curl, request);
    set_tls(t, request);
}

static void read_answer(const exchange *x) {
    curl_off_t length = -1, retry_after = 0;
    char *location = NULL;
    curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &x->answer->status);
    curl_easy_getinfo(x->curl, CURLINFO_CONTENT_LENGTH_DOWNLOAD_T, &length);
    curl_easy_getinfo(x->curl, CURLINFO_RETRY_AFTER, &retry_after);
    curl_easy_getinfo(x->curl, CURLINFO_REDIRECT_URL, &location);
    x->answer->length = length;
    x->answer->retry_after_s = retry_after;
    if (location && strlen(location) <= URL_BYTES_MAX)
        keep(x->answer->location, sizeof x->answer->location, stella_sv_cstr(location));
}

/* Some servers wait for the rest of what they take for a line of HTTP. */
static int is_silent_to_tls(const transfer *t) {
    curl_off_t secured = 0;
    curl_easy_getinfo(t->curl, CURLINFO_APPCONNECT_TIME_T, &secured);
    return secured == 0;
}

static stella_status connection_failed(const transfer *t, CURLcode code, transfer_answer *answer, stella_error *err) {
    const char *why = t->message[0] ? t->message : curl_easy_strerror(code);
    switch (code) {
    case CURLE_OPERATION_TIMEDOUT:
        answer->is_broken = 1;
        answer->is_not_tls = is_silent_to_tls(t);
        return stella_error_set(err, STELLA_E_TIMEOUT, NULL, "%s", why);
    case CURLE_PEER_FAILED_VERIFICATION:
        return stella_error_set(err, STELLA_E_DENIED, NULL, "its certificate is not trusted (%s)", why);
    case CURLE_SSL_CACERT_BADFILE:
        return stella_error_set(err, STELLA_E_DENIED, NULL, "the certificate authorities cannot be read (%s)", why);
    case CURLE_SSL_CONNECT_ERROR:
        answer->is_not_tls = 1;
        return stella_error_set(err, STELLA_E_IO, NULL, "no TLS connection (%s)", why);
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_WEIRD_SERVER_REPLY:
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "what answers is no HTTP server (%s)", why);
    case CURLE_OUT_OF_MEMORY:
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the transfer");
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT:
    case CURLE_URL_MALFORMAT:
        return stella_error_set(err, STELLA_E_IO, NULL, "%s", why);
    default:
        answer->is_broken = 1;
        return stella_error_set(err, STELLA_E_IO, NULL, "%s", why);
    }
}

stella_status transfer_run(transfer *t, const transfer_request *request, transfer_answer *answer, stella_error *err) {
    STELLA_AUTO(free_list) struct curl_slist *headers = NULL;
    exchange x = {.curl = t->curl, .request = request, .answer = answer, .err = err};
    *answer = (transfer_answer){.length = -1};
    t->message[0] = '\0';
    set_options(t, request, &x);
    if (set_headers(t->curl, request, &headers) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a request");
    const CURLcode code = curl_easy_perform(t->curl);
    read_answer(&x);
    if (x.status != STELLA_OK)
        return x.status;
    if (code != CURLE_OK && !(x.is_done && code == CURLE_WRITE_ERROR))
        return connection_failed(t, code, answer, err);
    return STELLA_OK;
}

static char *copy(stella_sv text) {
    return strndup(text.ptr ? text.ptr : "", text.len);
}

stella_status transfer_create(const transfer_limits *limits, const transfer_ways *ways, transfer **out,
                              stella_error *err) {
    STELLA_AUTO(transfer_destroyp) transfer *t = calloc(1, sizeof *t);
    if (t) {
        t->curl = curl_easy_init();
        t->proxy = copy(ways->proxy);
        t->no_proxy = copy(ways->no_proxy);
    }
    if (!t || !t->curl || !t->proxy || !t->no_proxy)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a connection");
    t->limits = *limits;
    t->ca = ways->ca;
    *out = STELLA_TAKE(t);
    return STELLA_OK;
}

void transfer_destroy(transfer *t) {
    if (!t)
        return;
    curl_easy_cleanup(t->curl);
    free(t->proxy);
    free(t->no_proxy);
    free(t);
}

void transfer_destroyp(transfer **t) {
    transfer_destroy(*t);
    *t = NULL;
}
