/* The daemon's answers, good and bad, through a socket whose other end the test holds. */
#include "check.h"

#include "api.h"
#include "daemon_image.h"

#include <stella/auto.h>

#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct outcome {
    stella_status status;
    api_answer answer;
    stella_error error;
    char body[256];
} outcome;

/* What comes of these bytes, after which the daemon closes. */
static outcome hear_for(const char *bytes, size_t len, uint32_t total_ms, int is_closed) {
    STELLA_AUTO(stella_buf_fini) stella_buf body = stella_buf_of(1u << 20);
    const stella_sink sink = stella_buf_sink(&body);
    const api_request request = {.path = "/images/app/json", .total_ms = total_ms, .stall_s = 5, .out = &sink};
    outcome o = {.status = STELLA_OK};
    int ends[2];
    char asked[512] = {0};
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    assert_int_equal(send(ends[1], bytes, len, MSG_NOSIGNAL), len);
    if (is_closed)
        shutdown(ends[1], SHUT_WR);
    o.status = api_get(ends[0], &request, &o.answer, &o.error);
    assert_true(recv(ends[1], asked, sizeof asked - 1, 0) > 0);
    assert_true(strncmp(asked, "GET /images/app/json HTTP/1.1\r\n", 31) == 0);
    memcpy(o.body, body.len ? body.ptr : "", body.len < sizeof o.body ? body.len : sizeof o.body - 1);
    close(ends[0]);
    close(ends[1]);
    return o;
}

static outcome hear(const char *text) {
    return hear_for(text, strlen(text), 5000, 1);
}

static void reads_a_body_of_a_stated_length(void **state) {
    (void)state;
    const outcome o =
        hear("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\ncontent-length:  5 \r\n\r\nhello, more");
    assert_int_equal(o.status, STELLA_OK);
    assert_int_equal(o.answer.status, 200);
    assert_string_equal(o.answer.media_type, "application/json");
    assert_string_equal(o.body, "hello");
}

static void reads_chunks_with_extensions_and_trailers(void **state) {
    (void)state;
    const outcome o = hear("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                           "5;name=value\r\nhello\r\nB\r\n, and more.\r\n0\r\nTrailer: x\r\n\r\n");
    assert_int_equal(o.status, STELLA_OK);
    assert_string_equal(o.body, "hello, and more.");
    assert_int_equal(o.answer.delivered, 16);
}

static void reads_to_the_end_when_no_length_is_said(void **state) {
    (void)state;
    const outcome o = hear("HTTP/1.0 200 OK\r\n\r\neverything");
    assert_int_equal(o.status, STELLA_OK);
    assert_string_equal(o.body, "everything");
}

static void passes_over_an_interim_answer(void **state) {
    (void)state;
    const outcome o = hear("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
    assert_int_equal(o.answer.status, 200);
    assert_string_equal(o.body, "ok");
}

static void keeps_a_refusal_from_the_sink(void **state) {
    (void)state;
    const outcome o = hear("HTTP/1.1 404 Not Found\r\nContent-Length: 3\r\n\r\nno!");
    assert_int_equal(o.status, STELLA_OK);
    assert_int_equal(o.answer.status, 404);
    assert_string_equal(o.answer.refusal, "no!");
    assert_string_equal(o.body, "");
}

static void a_body_that_breaks_off_is_an_error(void **state) {
    (void)state;
    assert_int_equal(hear("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf").status, STELLA_E_IO);
    assert_int_equal(hear("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nhalf").status, STELLA_E_IO);
    assert_int_equal(hear("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n").status, STELLA_E_IO);
    assert_int_equal(hear("HTTP/1.1 200 OK\r\nContent-").status, STELLA_E_IO);
    assert_int_equal(hear("").status, STELLA_E_IO);
}

static void what_is_no_http_is_refused(void **state) {
    (void)state;
    static const char *const texts[] = {
        "SSH-2.0-OpenSSH\r\n\r\n",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 abc\r\n\r\n",
        "HTTP/1.1 999 Odd\r\n\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffffff\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabXX\r\n",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        if (hear(texts[i]).status != STELLA_E_FORMAT)
            fail_msg("taken: %s", texts[i]);
}

static void a_header_without_end_is_refused(void **state) {
    (void)state;
    static char text[70000];
    memset(text, 'x', sizeof text);
    memcpy(text, "HTTP/1.1 200 OK\r\nA: ", 20);
    assert_int_equal(hear_for(text, sizeof text, 5000, 1).status, STELLA_E_LIMIT);
}

static void a_daemon_that_says_nothing_is_not_waited_for(void **state) {
    (void)state;
    assert_int_equal(hear_for("HTTP/1.1 200 OK\r\n", 17, 50, 0).status, STELLA_E_TIMEOUT);
}

static void names_are_escaped(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(65536);
    assert_string_equal(api_escape(STELLA_SV("r.example:5000/a/b@sha256:0"), arena), "r.example:5000/a/b@sha256:0");
    assert_string_equal(api_escape(STELLA_SV("a b\r\nX: y?%"), arena), "a%20b%0D%0AX:%20y%3F%25");
}

static void an_image_is_asked_for_by_one_name(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(65536);
    const stella_sv id = STELLA_SV("sha256:0123456789abcdef");
    const struct {
        stella_sv name, selector;
    } cases[] = {{STELLA_SV_INIT("alpine"), STELLA_SV_INIT("alpine:latest")},
                 {STELLA_SV_INIT("alpine:3"), STELLA_SV_INIT("alpine:3")},
                 {STELLA_SV_INIT("localhost:5000/a"), STELLA_SV_INIT("localhost:5000/a:latest")},
                 {STELLA_SV_INIT("a@sha256:00"), STELLA_SV_INIT("a@sha256:00")},
                 {STELLA_SV_INIT("012345"), STELLA_SV_INIT("sha256:0123456789abcdef")},
                 {STELLA_SV_INIT("sha256:01234567"), STELLA_SV_INIT("sha256:0123456789abcdef")}};
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(stella_sv_eq(daemon_image_selector(cases[i].name, id, arena), cases[i].selector));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_a_body_of_a_stated_length),
        cmocka_unit_test(reads_chunks_with_extensions_and_trailers),
        cmocka_unit_test(reads_to_the_end_when_no_length_is_said),
        cmocka_unit_test(passes_over_an_interim_answer),
        cmocka_unit_test(keeps_a_refusal_from_the_sink),
        cmocka_unit_test(a_body_that_breaks_off_is_an_error),
        cmocka_unit_test(what_is_no_http_is_refused),
        cmocka_unit_test(a_header_without_end_is_refused),
        cmocka_unit_test(a_daemon_that_says_nothing_is_not_waited_for),
        cmocka_unit_test(names_are_escaped),
        cmocka_unit_test(an_image_is_asked_for_by_one_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
