#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/ocaml/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/ocaml/"
#define STATE  "root/.opam/default/.opam-switch/switch-state"

static void finds_what_opam_installed(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "switch");
    assert_true(stella_testing_golden(GOLDEN "switch.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_true(has(&text, "_opam/lib/toylib/META"));
}

static void what_is_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "locked");
    assert_true(stella_testing_golden(GOLDEN "locked.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
}

static void only_one_version_is_a_lock(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(
        "a.opam.locked", STELLA_SV("depends: [ \"a\" {>= \"1\"} \"b\" \"c\" { = \"3\" } (* \"x\" {= \"1\"} *)\n"
                                   "\"d\" {!= \"4\"} \"e\" {build & = \"5~rc\"} ] # end\nurl { src: \"f\" {= \"6\"} }\n"
                                   "conflicts: [\"g\" {= \"7\"}]"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "pkg:opam/c@3"));
    assert_true(has(&text, "pkg:opam/e@5~rc"));
}

static void a_switch_without_descriptions_still_has_its_packages(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(STATE, STELLA_SV("installed: [\"a.1.2\" \"b\" \"../../etc.1\" \"c\xff.1\" \".1\"]"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "pkg:opam/a@1.2"));
    assert_true(has(&text, "\"pkg:opam/b\""));
    assert_int_equal(count_of(&text, "without a valid"), 3);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {STATE, STELLA_SV("installed: [\"good.1\" \"bad.1\"]"), "pkg:opam/good@1"};
    survives_beside(&good, "root/.opam/default/.opam-switch/packages/bad.1/opam",
                    STELLA_SV("license: \"MIT\"\ndepends: [\"good\" {>= \"1\"}]\nsynopsis: \"\"\"a\"\"\"\n"));
    survives_beside(&good, "root/.opam/default/.opam-switch/install/good.changes",
                    STELLA_SV("added: [ \"lib/a\" {\"D\"} \"lib/a/META\" {\"F:12\"} ]\n"));
    survives_beside(&good, "other/.opam-switch/switch-state", STELLA_SV("installed: [\"a.1\" \"b.2\"]\n"));
    survives_beside(&good, "x.opam.locked", STELLA_SV("depends: [\"a\" {= \"1\"} \"b\" {= \"2\" & with-test}]\n"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "switch", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_opam_installed),
        cmocka_unit_test(what_is_locked_is_declared),
        cmocka_unit_test(only_one_version_is_a_lock),
        cmocka_unit_test(a_switch_without_descriptions_still_has_its_packages),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
