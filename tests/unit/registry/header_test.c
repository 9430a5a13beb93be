/* WWW-Authenticate, Content-Range, Content-Type. */
#include "header.h"

#include "check.h"

static int set_up(void **state) {
    *state = stella_arena_create(1u << 20);
    return *state ? 0 : -1;
}

static int tear_down(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static challenge read_challenge(void **state, const char *text) {
    challenge c = {0};
    stella_error err = {0};
    if (header_challenge(stella_sv_cstr(text), *state, &c, &err) != STELLA_OK)
        fail_msg("%s: %s", text, err.message);
    return c;
}

#define assert_text(sv, text) assert_true(stella_sv_eq(sv, STELLA_SV(text)))

static void a_bearer_challenge_names_service_and_scope(void **state) {
    const challenge c = read_challenge(state, "Bearer realm=\"https://auth.docker.io/token\",service=\"registry.docker."
                                              "io\",scope=\"repository:a/b:pull,push\"");
    assert_true(c.has_bearer && !c.has_basic);
    assert_text(c.realm, "https://auth.docker.io/token");
    assert_text(c.service, "registry.docker.io");
    assert_text(c.scope, "repository:a/b:pull,push");
}

static void several_challenges_are_told_apart(void **state) {
    const challenge c = read_challenge(
        state, "Negotiate , NTLM abc/def==, Basic realm=\"x, Bearer realm=y\", bearer REALM = token , SCOPE=\"e\"");
    assert_true(c.has_bearer && c.has_basic);
    assert_text(c.realm, "token");
    assert_text(c.scope, "e");
    assert_text(c.service, "");
}

static void the_first_of_two_bearer_challenges_counts(void **state) {
    const challenge c = read_challenge(state, "Bearer realm=\"a\", Bearer realm=\"b\",service=\"s\"");
    assert_text(c.realm, "a");
    assert_text(c.service, "");
}

static void escapes_are_taken_off(void **state) {
    assert_text(read_challenge(state, "Bearer realm=\"a\\\"b\\\\c\"").realm, "a\"b\\c");
}

static void no_field_is_no_challenge(void **state) {
    const challenge c = read_challenge(state, " , ,");
    assert_false(c.has_bearer || c.has_basic);
}

static void assert_refused(void **state, const char *text, stella_status expected) {
    challenge c = {.has_basic = 7};
    stella_error err = {0};
    assert_int_equal(header_challenge(stella_sv_cstr(text), *state, &c, &err), expected);
    assert_string_equal(err.path, "WWW-Authenticate");
    assert_int_equal(c.has_basic, 7);
}

static void broken_challenges_are_refused(void **state) {
    assert_refused(state, "Bearer realm=\"a", STELLA_E_FORMAT);
    assert_refused(state, "Bearer realm=\"a\\", STELLA_E_FORMAT);
    assert_refused(state, "\"Bearer\"", STELLA_E_FORMAT);
    assert_refused(state, "= x", STELLA_E_FORMAT);
}

static void there_are_only_so_many_challenges_and_parameters(void **state) {
    char text[HEADER_CHALLENGE_BYTES_MAX + 2] = "";
    for (int i = 0; i <= HEADER_CHALLENGES_MAX; i++)
        strcat(text, "Basic, ");
    assert_refused(state, text, STELLA_E_LIMIT);
    strcpy(text, "Basic ");
    for (int i = 0; i <= HEADER_PARAMETERS_MAX; i++)
        strcat(text, "a=b,");
    assert_refused(state, text, STELLA_E_LIMIT);
    memset(text, 'a', sizeof text - 1);
    text[sizeof text - 1] = '\0';
    assert_refused(state, text, STELLA_E_LIMIT);
}

static void a_content_range_says_where_it_begins(void **state) {
    (void)state;
    uint64_t first = 99;
    assert_true(header_range_first(STELLA_SV("bytes 500-999/8000"), &first));
    assert_int_equal(first, 500);
    assert_true(header_range_first(STELLA_SV(" bytes 0-0/*"), &first));
    assert_int_equal(first, 0);
}

static void a_content_range_that_makes_no_sense_is_none(void **state) {
    (void)state;
    static const char *const wrong[] = {"",
                                        "bytes",
                                        "bytes 5",
                                        "bytes 5-4/10",
                                        "bytes 0-9/9",
                                        "bytes -5/10",
                                        "bytes */10",
                                        "items 0-9/10",
                                        "bytes 0-9",
                                        "bytes 0-99999999999999999999/*"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        uint64_t first = 99;
        if (header_range_first(stella_sv_cstr(wrong[i]), &first))
            fail_msg("taken: %s", wrong[i]);
        assert_int_equal(first, 99);
    }
}

static void a_media_type_is_read_without_its_parameters(void **state) {
    (void)state;
    assert_text(header_media_type(STELLA_SV("application/json ; charset=utf-8")), "application/json");
    assert_text(header_media_type(STELLA_SV("")), "");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bearer_challenge_names_service_and_scope),
                                       cmocka_unit_test(several_challenges_are_told_apart),
                                       cmocka_unit_test(the_first_of_two_bearer_challenges_counts),
                                       cmocka_unit_test(escapes_are_taken_off),
                                       cmocka_unit_test(no_field_is_no_challenge),
                                       cmocka_unit_test(broken_challenges_are_refused),
                                       cmocka_unit_test(there_are_only_so_many_challenges_and_parameters),
                                       cmocka_unit_test(a_content_range_says_where_it_begins),
                                       cmocka_unit_test(a_content_range_that_makes_no_sense_is_none),
                                       cmocka_unit_test(a_media_type_is_read_without_its_parameters)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
