#include "check.h"

#include <stella/auto.h>
#include <stella/distro.h>

static const stella_distro bookworm = {.id = STELLA_SV_INIT("raspbian"),
                                       .id_like = STELLA_SV_INIT("debian ubuntu"),
                                       .version_id = STELLA_SV_INIT("12"),
                                       .codename = STELLA_SV_INIT("bookworm"),
                                       .name = STELLA_SV_INIT("Raspbian GNU/Linux 12 (bookworm)")};

static void gives_back_what_was_encoded(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(4096);
    assert_int_equal(stella_distro_encode(&bookworm, &buf), STELLA_OK);
    stella_distro got;
    assert_int_equal(stella_distro_decode(stella_buf_sv(&buf), &got, NULL), STELLA_OK);
    assert_true(stella_sv_eq(got.id, bookworm.id));
    assert_true(stella_sv_eq(got.id_like, bookworm.id_like));
    assert_true(stella_sv_eq(got.version_id, bookworm.version_id));
    assert_true(stella_sv_eq(got.codename, bookworm.codename));
    assert_true(stella_sv_eq(got.name, bookworm.name));
}

static void refuses_every_cut_and_leaves_the_output_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(4096);
    assert_int_equal(stella_distro_encode(&bookworm, &buf), STELLA_OK);
    for (size_t cut = 0; cut < buf.len; cut++) {
        stella_distro got = {.id = STELLA_SV("untouched")};
        stella_error err = {0};
        assert_int_equal(stella_distro_decode(stella_sv_of(buf.ptr, cut), &got, &err), STELLA_E_FORMAT);
        assert_string_equal(err.path, STELLA_DISTRO_KIND);
        assert_true(stella_sv_eq(got.id, STELLA_SV("untouched")));
    }
}

static void refuses_another_format_and_reads_past_later_members(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(4096);
    assert_int_equal(stella_distro_encode(&bookworm, &buf), STELLA_OK);
    assert_int_equal(stella_buf_add(&buf, STELLA_SV("\x03new")), STELLA_OK);
    stella_distro got;
    assert_int_equal(stella_distro_decode(stella_buf_sv(&buf), &got, NULL), STELLA_OK);
    buf.ptr[0] = 2;
    assert_int_equal(stella_distro_decode(stella_buf_sv(&buf), &got, NULL), STELLA_E_FORMAT);
}

static void cuts_a_member_that_is_too_long(void **state) {
    (void)state;
    static char text[2 * STELLA_DISTRO_TEXT_MAX];
    memset(text, 'a', sizeof text);
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(4096);
    const stella_distro distro = {.id = stella_sv_of(text, sizeof text)};
    assert_int_equal(stella_distro_encode(&distro, &buf), STELLA_OK);
    stella_distro got;
    assert_int_equal(stella_distro_decode(stella_buf_sv(&buf), &got, NULL), STELLA_OK);
    assert_int_equal(got.id.len, STELLA_DISTRO_TEXT_MAX);
}

static void knows_what_a_derivative_is_like(void **state) {
    (void)state;
    assert_true(stella_distro_is_like(&bookworm, STELLA_SV("raspbian")));
    assert_true(stella_distro_is_like(&bookworm, STELLA_SV("debian")));
    assert_true(stella_distro_is_like(&bookworm, STELLA_SV("ubuntu")));
    assert_false(stella_distro_is_like(&bookworm, STELLA_SV("deb")));
}

int main(void) {
    const struct CMUnitTest distro[] = {
        cmocka_unit_test(gives_back_what_was_encoded),
        cmocka_unit_test(refuses_every_cut_and_leaves_the_output_alone),
        cmocka_unit_test(refuses_another_format_and_reads_past_later_members),
        cmocka_unit_test(cuts_a_member_that_is_too_long),
        cmocka_unit_test(knows_what_a_derivative_is_like),
    };
    return cmocka_run_group_tests(distro, NULL, NULL);
}
