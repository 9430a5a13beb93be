#include "data.h"
#include "os_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/opkg/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/opkg/"
#define STATUS "usr/lib/opkg/status"

static stella_buf run_root_in(const char *root, uint64_t chunk_bytes) {
    const stella_distro distro = {.id = STELLA_SV("openwrt"), .version_id = STELLA_SV("23.05.5")};
    return run_as(&distro, &root, 1, chunk_bytes);
}

static stella_buf run_text(stella_sv status) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, status);
    return run_root_in(root.path, 0);
}

static void finds_what_a_database_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(DATA "openwrt", 0);
    assert_true(stella_testing_golden(GOLDEN "openwrt.json", stella_buf_sv(&text)));
    STELLA_AUTO(stella_buf_fini) stella_buf cut = run_root_in(DATA "openwrt", 3);
    assert_string_equal(text.ptr, cut.ptr);
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "openwrt", 5);
}

static void a_control_file_of_another_version_says_nothing(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(DATA "openwrt", 0);
    assert_true(has(&text, "\"GPL-2.0\""));
    assert_false(has(&text, "GPL-3.0-only"));
    assert_false(has(&text, "other-version"));
    assert_int_equal(count_of(&text, "\"flags\": 1\n"), 1); /* etc/toybox.conf */
    assert_false(has(&text, "\"path\": \"etc\""));          /* a directory */
}

static void the_third_word_of_status_decides(void **state) {
    (void)state;
    static const struct {
        const char *status;
        uint32_t count;
    } cases[] = {
        {"install user installed", 1},
        {"install hold,user installed", 1},
        {"deinstall ok installed", 1},
        {"deinstall ok not-installed", 0},
        {"install user unpacked", 0},
        {"unknown ok not-installed", 0},
        {"installed", 0},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        char status[256];
        const int len = snprintf(status, sizeof status, "Package: a\nVersion: 1\nStatus: %s\n", cases[i].status);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_sv_of(status, (size_t)len));
        assert_int_equal(count_of(&text, "\"ref\""), cases[i].count);
    }
}

#define INSTALLED(name) "Package: " name "\nVersion: 1\nStatus: install user installed\n\n"

static void malformed_stanzas_are_noted_and_skipped(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_text(STELLA_SV("Version: 1\n\n" INSTALLED("../a") INSTALLED("a/b") INSTALLED(".a")
                               INSTALLED("\xff") "nonsense\n" INSTALLED("good")
                                   INSTALLED("good") "Package: last\nVersion: 2\nStatus: install user installed"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "without a valid Package"), 5);
    assert_int_equal(count_of(&text, "no \\\"Key: value\\\""), 1);
    assert_int_equal(count_of(&text, "again further down"), 1);
}

static void a_flood_of_malformed_stanzas_is_told_in_few_notes(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf status = stella_buf_of(1u << 20);
    for (int i = 0; i < 2000; i++)
        stella_buf_add(&status, STELLA_SV("Version: 1\n\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&status));
    assert_int_equal(count_of(&text, "\"message\""), 51);
}

static void a_field_of_ten_megabytes_is_cut_and_said(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf status = stella_buf_of(16u << 20);
    stella_buf_add(&status,
                   STELLA_SV(INSTALLED("x") "Package: a\nVersion: 1\nStatus: install user installed\nDepends: x"));
    while (status.len < 10u << 20)
        stella_buf_add(&status, STELLA_SV(", some-long-package-name"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_text(stella_buf_sv(&status));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_int_equal(count_of(&text, "was cut"), 1);
}

static void a_package_belongs_to_the_layer_that_brought_it(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    scratch_write(&base, STATUS, STELLA_SV(INSTALLED("a") INSTALLED("gone")));
    scratch_write(&upper, STATUS, STELLA_SV(INSTALLED("a") INSTALLED("b")));
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, layers, 2, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"introduced\": 0,\n   \"layers\": [\n    0,\n    1\n   ]"), 1);
    assert_int_equal(count_of(&text, "\"introduced\": 1"), 1);
}

static void a_published_status_file_gives_its_packages(void **state) {
    (void)state;
    char root[512];
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    snprintf(root, sizeof root, "%s/scanner/os-other/opkg-syft", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root_in(root, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_true(has(&text, "\"dropbear\",\n   \"version\": \"2024.85-r0\""));
    assert_true(has(&text, "\"kernel-modules\",\n   \"version\": \"6.6.0-r0\""));
    assert_true(has(&text, "\"BSD-3-Clause\""));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_database_holds),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(a_control_file_of_another_version_says_nothing),
        cmocka_unit_test(the_third_word_of_status_decides),
        cmocka_unit_test(malformed_stanzas_are_noted_and_skipped),
        cmocka_unit_test(a_flood_of_malformed_stanzas_is_told_in_few_notes),
        cmocka_unit_test(a_field_of_ten_megabytes_is_cut_and_said),
        cmocka_unit_test(a_package_belongs_to_the_layer_that_brought_it),
        cmocka_unit_test(a_published_status_file_gives_its_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
