#include "check.h"

#include "cli/client.h"

static stella_arena *arena;

static int make_arena(void **state) {
    (void)state;
    arena = stella_arena_create(1u << 20);
    return arena ? 0 : -1;
}

static int drop_arena(void **state) {
    (void)state;
    stella_arena_destroyp(&arena);
    return 0;
}

static void gives_the_body_of_a_success(void **state) {
    (void)state;
    stella_sv body = {0};
    assert_int_equal(
        client_read_answer(STELLA_SV("HTTP/1.1 202 Accepted\r\nA: b\r\n\r\n{}\r\n\r\n"), arena, &body, NULL),
        STELLA_OK);
    assert_true(stella_sv_eq(body, STELLA_SV("{}\r\n\r\n")));
}

static void gives_the_daemon_s_own_error(void **state) {
    (void)state;
    stella_sv body = STELLA_SV("before");
    stella_error err;
    assert_int_equal(client_read_answer(STELLA_SV("HTTP/1.0 409 Conflict\r\n\r\n{\"detail\":\"taken\",\"code\":"
                                                  "\"exists\",\"at\":\"/x\"}"),
                                        arena, &body, &err),
                     STELLA_E_EXISTS);
    assert_string_equal(err.message, "taken");
    assert_string_equal(err.path, "/x");
    assert_string_equal(body.ptr, "before");
    /* "not found" is kept for a daemon that does not answer at all */
    assert_int_equal(client_read_answer(STELLA_SV("HTTP/1.0 404 x\r\n\r\n{\"detail\":\"d\",\"code\":\"not-found\"}"),
                                        arena, &body, &err),
                     STELLA_E_INVALID);
    assert_int_equal(client_read_answer(STELLA_SV("HTTP/1.0 502 x\r\n\r\n<html>"), arena, &body, &err), STELLA_E_IO);
    assert_string_equal(err.message, "the daemon answers with status 502");
}

static void refuses_what_is_no_answer(void **state) {
    (void)state;
    const stella_sv replies[] = {STELLA_SV_INIT(""), STELLA_SV_INIT("HTTP/1.1 200 OK\r\n"),
                                 STELLA_SV_INIT("SSH-2.0-x\r\n\r\n"), STELLA_SV_INIT("HTTP/1.1 \r\n\r\n"),
                                 STELLA_SV_INIT("HTTP/1.1 2x0 OK\r\n\r\n")};
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++) {
        stella_sv body = {0};
        assert_int_equal(client_read_answer(replies[i], arena, &body, NULL), STELLA_E_FORMAT);
        assert_null(body.ptr);
    }
}

#define CLIENT_TEST(function) cmocka_unit_test_setup_teardown(function, make_arena, drop_arena)

int main(void) {
    const struct CMUnitTest all[] = {
        CLIENT_TEST(gives_the_body_of_a_success),
        CLIENT_TEST(gives_the_daemon_s_own_error),
        CLIENT_TEST(refuses_what_is_no_answer),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
