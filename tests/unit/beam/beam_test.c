#include "data.h"
#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/beam/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/beam/"
#define APP    "usr/lib/erlang/lib/a-1/ebin/a.app"

static void finds_installed_applications(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "installed");
    assert_true(stella_testing_golden(GOLDEN "installed.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:otp/"), 3);
    assert_int_equal(count_of(&text, "\"from\""), 3); /* crypto to both others, stdlib to kernel */
    assert_true(has(&text, "pkg:otp/crypto@5.1.2"));
}

static void what_mix_has_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "mix");
    assert_true(stella_testing_golden(GOLDEN "mix.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 4);
    assert_int_equal(count_of(&text, "\"from\""), 2);
    assert_true(has(&text, "pkg:hex/jason@1.4.1"));
    assert_true(has(&text, "pkg:hex/acme/private@0.1.0"));
    assert_true(has(&text, "pkg:otp/gitdep@2130e49a504455a1a30899ec865ff9f2f7060263?vcs_url=git%2B"));
}

static void what_rebar_has_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "rebar");
    assert_true(stella_testing_golden(GOLDEN "rebar.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 4);
    assert_true(has(&text, "pkg:hex/cowlib@2.11.0"));
    assert_true(has(&text, "pkg:otp/gd@1.2.3"));
}

static void an_application_from_hex_is_named_so(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "release");
    assert_true(stella_testing_golden(GOLDEN "release.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:hex/jason@1.4.1\""), 2); /* declared, and installed */
    assert_true(has(&text, "pkg:otp/demo@0.1.0"));
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "lib/x/ebin/x.app", STELLA_SV("{application,x,[{vsn,\"1\"}]}."));
    scratch_write(&root, "lib/x/hex_metadata.config", STELLA_SV("{<<\"name\">>,<<\"x\">>}."));
    STELLA_AUTO(stella_buf_fini) stella_buf unpacked = run_root(root.path);
    assert_true(has(&unpacked, "pkg:hex/x@1"));
}

static void an_application_without_version_stands(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(APP, STELLA_SV("\xef\xbb\xbf{application, a, [{unknown,{}},{vsn,git}]}."));
    assert_true(has(&text, "pkg:otp/a@git"));
    STELLA_AUTO(stella_buf_fini) stella_buf none = run_file(APP, STELLA_SV("{application, a, []}."));
    assert_true(has(&none, "\"pkg:otp/a\""));
}

static void what_is_malformed_is_noted(void **state) {
    static const char *const bad[] = {
        "",
        "{library,a,[]}.",
        "{application}.",
        "{application,'a/b',[{vsn,\"1\"}]}.",
        "{application,'',[{vsn,\"1\"}]}.",
        "{application,a,[{vsn,\"1 2\"}]}.",
        "{application,a,[{vsn,\"\x01\"}]}.",
        "{application,\"\xff\",[{vsn,\"1\"}]}.",
        "{application,a,[{vsn,\"1\"}",
        "{application,{a},[{vsn,\"1\"}]}.",
    };
    static const char *const locks[] = {"",      "%{\"a\": {:hex, :a}}", "%{\"a\": {:path, \"x\"}}",
                                        "%{:a}", "%{\"a\" => 1",         "x"};
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(APP, stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
    for (uint32_t i = 0; i < STELLA_COUNT(locks); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("mix.lock", stella_sv_cstr(locks[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") != 1)
            fail_msg("%s: %s", locks[i], text.ptr);
    }
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("rebar.lock", STELLA_SV("[{<<\"a\">>,{pkg,<<\"a\">>,<<\"1\">>},0},7]."));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "\"message\""), 1);
}

static void lock_files_of_dependencies_are_stepped_over(void **state) {
    static const char *const inner[] = {"app/deps/jason/mix.lock", "app/_build/default/lib/a/mix.lock"};
    const stella_sv lock = STELLA_SV("%{\"a\": {:hex, :a, \"1\", \"x\", [:mix], [], \"hexpm\", \"y\"}}");
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(inner); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(inner[i], lock);
        assert_int_equal(count_of(&text, "\"ref\""), 0);
    }
    STELLA_AUTO(stella_buf_fini) stella_buf outer = run_file("deps/mix.lock", lock);
    assert_int_equal(count_of(&outer, "\"ref\""), 1);
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {"lib/good/ebin/good.app", STELLA_SV("{application,good,[{vsn,\"1\"}]}."), "pkg:otp/good@1"};
    (void)state;
    survives_beside(&good, APP, data_read(DATA "release/app/_build/prod/lib/jason/ebin/jason.app", arena));
    survives_beside(&good, "mix.lock", data_read(DATA "mix/mix.lock", arena));
    survives_beside(&good, "rebar.lock", data_read(DATA "rebar/rebar.lock", arena));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "installed", 5);
    fail_each_allocation(DATA "release", 5);
}

static void a_published_lock_file_gives_its_packages(void **state) {
    char root[512];
    (void)state;
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    snprintf(root, sizeof root, "%s/scanner/lang/mix/happy", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root);
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:hex/"), 4);
    assert_true(has(&text, "pkg:hex/credo@1.6.6"));
    assert_true(has(&text, "pkg:otp/esaml@4294a3ac5262582144e117c10a1537287b6c1fe8"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_installed_applications),
        cmocka_unit_test(what_mix_has_locked_is_declared),
        cmocka_unit_test(what_rebar_has_locked_is_declared),
        cmocka_unit_test(an_application_from_hex_is_named_so),
        cmocka_unit_test(an_application_without_version_stands),
        cmocka_unit_test(what_is_malformed_is_noted),
        cmocka_unit_test(lock_files_of_dependencies_are_stepped_over),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(a_published_lock_file_gives_its_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
