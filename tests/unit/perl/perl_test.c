#include "perl/meta.h"
#include "perl/packlist.h"

#include "data.h"
#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/perl/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/perl/"
#define ARCH   "app/local/lib/perl5/x86_64-linux-gnu-thread-multi/"
#define INFO   ARCH ".meta/x/install.json"

static void finds_what_cpanm_has_installed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "cpanm");
    assert_true(stella_testing_golden(GOLDEN "cpanm.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 3); /* as ExtUtils::Installed */
    assert_true(has(&text, "pkg:cpan/Alpha-Beta@1.02?author=ANN"));
    assert_true(has(&text, "pkg:cpan/Delta@0.07_01\""));
    assert_true(has(&text, "pkg:cpan/Gamma@v2.0.1?author=GAMMA"));
    assert_true(has(&text, "app/local/lib/perl5/Alpha/Beta/More.pm"));
    assert_int_equal(count_of(&text, "\"from\""), 1);
}

static void what_carton_has_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "locked");
    assert_true(stella_testing_golden(GOLDEN "locked.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"from\""), 1);
}

static void versions_are_found_in_modules(void **state) {
    static const struct {
        const char *text, *version;
    } cases[] = {
        {"our $VERSION = '1.02';", "1.02"},
        {"$Foo::VERSION='0.1_2';", "0.1_2"},
        {"use version; our $VERSION = qv('v1.2.3');", "v1.2.3"},
        {"our $VERSION = version->declare(\"v1.2\");", "v1.2"},
        {"package Foo 3.4;\n", "3.4"},
        {"package Foo 3.4 {", "3.4"},
        {"package Foo;\nmy $x = $VERSION == 2;\n# $VERSION = 9\n__END__\n$VERSION = 3", ""},
        {"", ""},
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        const stella_sv version = packlist_module_version(stella_sv_cstr(cases[i].text));
        if (!stella_sv_eq(version, stella_sv_cstr(cases[i].version)))
            fail_msg("%s: %.*s", cases[i].text, STELLA_SV_FMT(version));
    }
}

static void distributions_are_split_at_their_version(void **state) {
    static const char *const cases[][3] = {
        {"Alpha-Beta-1.02", "Alpha-Beta", "1.02"},
        {"Gamma-v2.0.1", "Gamma", "v2.0.1"},
        {"Foo-2-Bar-1.0", "Foo-2-Bar", "1.0"},
        {"Foo-1.0-TRIAL", "Foo", "1.0-TRIAL"},
        {"NoVersion", "NoVersion", ""},
        {"-1", "-1", ""},
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        stella_sv name, version;
        meta_split(stella_sv_cstr(cases[i][0]), &name, &version);
        assert_true(stella_sv_eq(name, stella_sv_cstr(cases[i][1])));
        assert_true(stella_sv_eq(version, stella_sv_cstr(cases[i][2])));
    }
}

static void a_version_that_was_replaced_is_left_out(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, ARCH ".meta/A-1.0/install.json",
                  STELLA_SV("{\"name\":\"A\",\"dist\":\"A-1.0\",\"version\":\"1.0\"}"));
    scratch_write(&root, ARCH ".meta/A-1.1/install.json",
                  STELLA_SV("{\"name\":\"A\",\"dist\":\"A-1.1\",\"version\":1.1}"));
    scratch_write(&root, ARCH "auto/A/.packlist", STELLA_SV("/app/local/lib/perl5/A.pm\n"));
    scratch_write(&root, "app/local/lib/perl5/A.pm", STELLA_SV("package A; our $VERSION = '1.1';"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "pkg:cpan/A@1.1\""));
}

static void a_module_without_version_stands(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file(ARCH "auto/A/B/.packlist", STELLA_SV("/app/../etc/x\nrelative\n/app/A/B.pm type=file\r\n"));
    assert_true(has(&text, "\"pkg:cpan/A-B\""));
    assert_int_equal(count_of(&text, "\"path\": \"app/A/B.pm\""), 1);
    assert_false(has(&text, ".."));
    STELLA_AUTO(stella_buf_fini)
    stella_buf core = run_file("usr/lib/perl/auto/.packlist", STELLA_SV("/usr/bin/perl\n"));
    assert_int_equal(count_of(&core, "\"ref\""), 0);
}

static void what_is_malformed_is_noted(void **state) {
    static const char *const bad[] = {
        "",
        "[]",
        "{\"name\":\"A\"}",
        "{\"dist\":\"A-1\"}",
        "{\"name\":\"A\",\"dist\":\"A/B-1\"}",
        "{\"name\":\"A\",\"dist\":\"A-1\\u0001\"}",
        "{\"name\":7,\"dist\":\"A-1\"}",
        "{\"name\":\"A\",\"dist\":\"A-1\"",
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(INFO, stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("cpanfile.snapshot", STELLA_SV("DISTRIBUTIONS\n  A-1\n"));
    assert_int_equal(count_of(&text, "\"message\""), 1);
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {ARCH "auto/Good/.packlist", STELLA_SV("/app/Good.pm\n"), "pkg:cpan/Good"};
    (void)state;
    survives_beside(&good, INFO, data_read(DATA "cpanm/" ARCH ".meta/Alpha-Beta-1.02/install.json", arena));
    survives_beside(&good, ARCH "auto/Alpha/Beta/.packlist",
                    data_read(DATA "cpanm/" ARCH "auto/Alpha/Beta/.packlist", arena));
    survives_beside(&good, "cpanfile.snapshot", data_read(DATA "locked/cpanfile.snapshot", arena));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "cpanm", 8);
    fail_each_allocation(DATA "locked", 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_cpanm_has_installed),
        cmocka_unit_test(what_carton_has_locked_is_declared),
        cmocka_unit_test(versions_are_found_in_modules),
        cmocka_unit_test(distributions_are_split_at_their_version),
        cmocka_unit_test(a_version_that_was_replaced_is_left_out),
        cmocka_unit_test(a_module_without_version_stands),
        cmocka_unit_test(what_is_malformed_is_noted),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
