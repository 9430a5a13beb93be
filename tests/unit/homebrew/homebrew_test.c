#include "lang_run.h"

#include "homebrew/formula.h"

#define CELLAR "opt/homebrew/Cellar/"

static void finds_kegs_and_casks(void **state) {
    (void)state;
    matches_golden("homebrew", "prefix", 4, 1);
}

static void licenses_are_read_in_all_their_forms(void **state) {
    (void)state;
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"license \"MIT\"\nurl \"x\"", "MIT"},
        {"license any_of: [\"MIT\", 'Zlib']", "MIT OR Zlib"},
        {"license all_of: [\n\"MIT\",\n\"Zlib\"\n]\nurl \"x\"", "MIT"},
        {"license all_of: [\"MIT\", any_of: [\"A\", \"B\"]]", "MIT"},
        {"license \"A\" => { with: \"B\" }", "A WITH B"},
        {"license any_of: [\"A\", { \"C\" => { with: \"B\" } }]", "A OR C WITH B"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
        formula found = {.license_count = 0};
        assert_int_equal(formula_read(stella_sv_cstr(cases[i].text), arena, &found, NULL), STELLA_OK);
        assert_true(found.license_count > 0);
        assert_true(stella_sv_eq(found.licenses[0], stella_sv_cstr(cases[i].want)));
    }
}

static void a_tap_of_others_is_the_namespace(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file(CELLAR "x/1/INSTALL_RECEIPT.json", STELLA_SV("{\"source\": {\"tap\": \"some-org/some-tap\"}}"));
    assert_true(has(&text, "\"pkg:brew/some-org/some-tap/x@1\""));
}

static void receipts_elsewhere_and_of_wrong_types_are_survived(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf deep = run_file(CELLAR "x/1/lib/INSTALL_RECEIPT.json", STELLA_SV("{}"));
    assert_int_equal(count_of(&deep, "\"ref\""), 0);
    STELLA_AUTO(stella_buf_fini)
    stella_buf odd = run_file(CELLAR "x/1/INSTALL_RECEIPT.json",
                              STELLA_SV("{\"source\": 3, \"runtime_dependencies\": [1, {\"full_name\": []}]}"));
    assert_true(has(&odd, "\"pkg:brew/x@1\""));
    STELLA_AUTO(stella_buf_fini)
    stella_buf bad = run_file(CELLAR "x/1/INSTALL_RECEIPT.json", STELLA_SV("{\"source\": {\"tap\": \"../\\u0007\"}}"));
    assert_int_equal(count_of(&bad, "without a valid namespace"), 1);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {CELLAR "good/1/INSTALL_RECEIPT.json", STELLA_SV("{}"), "pkg:brew/good@1"};
    survives_beside(
        &good, CELLAR "good/1/.brew/good.rb",
        STELLA_SV("class Good\n  desc \"x\"\n  license any_of: [\"MIT\", \"Zlib\"]\n  def a\n  end\nend\n"));
    survives_beside(
        &good, CELLAR "bad/1/INSTALL_RECEIPT.json",
        STELLA_SV("{\"runtime_dependencies\": [{\"full_name\": \"a/b/good\"}], \"source\": {\"tap\": \"a/b\"}}"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/homebrew/prefix", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_kegs_and_casks),
        cmocka_unit_test(licenses_are_read_in_all_their_forms),
        cmocka_unit_test(a_tap_of_others_is_the_namespace),
        cmocka_unit_test(receipts_elsewhere_and_of_wrong_types_are_survived),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
