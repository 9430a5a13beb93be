/* What is taken for the name of an image, and what is not. */
#include "check.h"

#include "target.h"

static stella_arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = stella_arena_create(1u << 20);
    return arena ? 0 : -1;
}

static int tear_down(void **state) {
    (void)state;
    stella_arena_destroy(arena);
    return 0;
}

static void assert_remote(const char *text, const char *scheme, const char *name, int is_implied) {
    target t = {.fd = 7};
    stella_error err = {0};
    if (target_open(text, NULL, arena, &t, &err) != STELLA_OK)
        fail_msg("%s: %s", text, err.message);
    assert_true(t.is_remote);
    assert_int_equal(t.fd, -1);
    assert_int_equal(t.is_implied, is_implied);
    assert_true(stella_sv_eq(t.scheme, stella_sv_cstr(scheme)));
    assert_true(stella_sv_eq(t.name, stella_sv_cstr(name)));
}

static void assert_refused(const char *text, stella_status status) {
    target untouched = {.fd = 77};
    assert_int_equal(target_open(text, NULL, arena, &untouched, NULL), status);
    assert_int_equal(untouched.fd, 77);
}

static void a_scheme_says_that_it_is_remote(void **state) {
    (void)state;
    assert_remote("registry:alpine:3.20", "registry", "alpine:3.20", 0);
    assert_remote("docker:alpine", "docker", "alpine", 0);
    assert_remote("podman:localhost/app:1", "podman", "localhost/app:1", 0);
}

static void a_name_that_is_no_file_is_an_image_s(void **state) {
    (void)state;
    assert_remote("no-such-image", "registry", "no-such-image", 1);
    assert_remote("no-such-image:3.20", "registry", "no-such-image:3.20", 1);
    assert_remote("r.example:5000/team/app:1.2", "registry", "r.example:5000/team/app:1.2", 1);
}

static void what_looks_like_a_path_is_one(void **state) {
    (void)state;
    assert_refused("/no/such/file", STELLA_E_NOTFOUND);
    assert_refused("./no-such-file", STELLA_E_NOTFOUND);
    assert_refused("../no-such-file", STELLA_E_NOTFOUND);
    assert_refused("~/no-such-file", STELLA_E_NOTFOUND);
}

static void a_kind_of_file_is_no_name(void **state) {
    (void)state;
    assert_refused("docker-archive:missing", STELLA_E_NOTFOUND);
    assert_refused("oci-layout:missing", STELLA_E_NOTFOUND);
    assert_refused("tar:missing.tar", STELLA_E_NOTFOUND);
}

static void what_no_image_can_be_called_is_a_missing_file(void **state) {
    (void)state;
    assert_refused("No Such File", STELLA_E_NOTFOUND);
    assert_refused("UPPER", STELLA_E_NOTFOUND);
}

static void a_slip_in_a_scheme_is_no_image(void **state) {
    static const char *const slips[] = {"podmann:x", "podma:x", "pdoman:x",    "dokcer:alpine",  "regstry:a/b",
                                        "fiel:x",    "sbomz:x", "containrd:x", "docker-archiv:x"};
    (void)state;
    for (size_t i = 0; i < sizeof slips / sizeof slips[0]; i++) {
        target untouched = {.fd = 77};
        stella_error err = {0};
        assert_int_equal(target_open(slips[i], NULL, arena, &untouched, &err), STELLA_E_INVALID);
        assert_int_equal(untouched.fd, 77);
        assert_string_equal(err.path, slips[i]);
        assert_non_null(strstr(err.message, " meant?"));
    }
    assert_remote("podmaxx:1", "registry", "podmaxx:1", 1);
    assert_remote("star:1", "registry", "star:1", 1);
    assert_remote("ruby:3", "registry", "ruby:3", 1);
}

static void a_remote_target_must_name_something(void **state) {
    (void)state;
    assert_refused("registry:", STELLA_E_INVALID);
    assert_refused("docker:", STELLA_E_INVALID);
}

static int knows_attic(void *self, stella_sv scheme) {
    ++*(int *)self;
    return stella_sv_eq(scheme, STELLA_SV("attic"));
}

static void plugins_add_schemes(void **state) {
    (void)state;
    int asked = 0;
    const target_rules rules = {.self = &asked, .has_remote = knows_attic};
    target t = {.fd = 7};
    assert_int_equal(target_open("attic:box", &rules, arena, &t, NULL), STELLA_OK);
    assert_true(t.is_remote && stella_sv_eq(t.scheme, STELLA_SV("attic")));
    assert_int_equal(target_open("cellar:box", &rules, arena, &t, NULL), STELLA_OK);
    assert_true(t.is_implied && stella_sv_eq(t.name, STELLA_SV("cellar:box")));
    assert_int_equal(asked, 2);
}

static void standard_input_is_not_a_daemon_s_to_read(void **state) {
    (void)state;
    assert_refused("-", STELLA_E_INVALID);
    assert_refused("docker-archive:-", STELLA_E_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_scheme_says_that_it_is_remote),
        cmocka_unit_test(a_name_that_is_no_file_is_an_image_s),
        cmocka_unit_test(what_looks_like_a_path_is_one),
        cmocka_unit_test(a_kind_of_file_is_no_name),
        cmocka_unit_test(what_no_image_can_be_called_is_a_missing_file),
        cmocka_unit_test(a_slip_in_a_scheme_is_no_image),
        cmocka_unit_test(a_remote_target_must_name_something),
        cmocka_unit_test(plugins_add_schemes),
        cmocka_unit_test(standard_input_is_not_a_daemon_s_to_read),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
