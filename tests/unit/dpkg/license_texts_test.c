/* Texts of licenses in copyright files. */
#define LICENSE_PATH "usr/share/doc/x/copyright"
#include "license_tests.h"

static void put_package(const scratch_root *root, int stated) {
    (void)stated; /* a copyright file does, see below */
    scratch_write(
        root, "var/lib/dpkg/status",
        STELLA_SV("Package: x\nStatus: install ok installed\nVersion: 1\nArchitecture: all\nDescription: x\n"));
}

static void a_text_is_only_evidence_beside_a_stated_license(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    put_package(&root, 0);
    const stella_sv mit = data_read(STELLA_SOURCE_DIR "/tests/data/license_text/MIT", arena);
    const stella_sv both =
        stella_arena_printf(arena, "%.*s\n/usr/share/common-licenses/Apache-2.0\n", STELLA_SV_FMT(mit));
    scratch_write(&root, LICENSE_PATH, both);
    STELLA_AUTO(stella_buf_fini) stella_buf text = license_run(root.path, STELLA_OPTION_LICENSE_TEXTS);
    assert_true(has(&text, "\"MIT 100% " LICENSE_PATH "\""));
    assert_true(has(&text, "\"Apache-2.0\""));
    assert_false(has(&text, "\"MIT\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_the_option_texts_say_nothing),
        cmocka_unit_test(a_text_is_the_license_of_what_states_none),
        cmocka_unit_test(a_text_is_only_evidence_beside_a_stated_license),
        cmocka_unit_test(every_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
