/* conda-meta: packages of a prefix. */
#include "os_run.h"

#include "conda/meta.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/conda"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/conda/"
#define META   "opt/conda/conda-meta/"

static stella_buf run_root(const char *root) {
    return run_as(NULL, &root, 1, 0);
}

static void finds_what_a_prefix_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA);
    assert_true(stella_testing_golden(GOLDEN "prefix.json", stella_buf_sv(&text)));
    assert_true(has(&text, "pkg:conda/openssl@1.1.1q?build=h7f8727e_0&channel=main&subdir=linux-64&type=conda\""));
    assert_true(has(&text, "fc2a6b708cccb8ba90d20e54a9b07257fce009bf315a36f73d3e542dd8674921")); /* as it lies there */
    assert_false(has(&text, "etc/passwd"));
    assert_int_equal(count_of(&text, "\"from\""), 1);
}

static void the_channel_is_the_last_part_that_is_no_subdirectory(void **state) {
    (void)state;
    static const stella_sv cases[][3] = {
        {STELLA_SV_INIT("https://conda.anaconda.org/conda-forge/linux-64"), STELLA_SV_INIT("linux-64"),
         STELLA_SV_INIT("conda-forge")},
        {STELLA_SV_INIT("https://repo.anaconda.com/pkgs/main/noarch/"), STELLA_SV_INIT("noarch"),
         STELLA_SV_INIT("main")},
        {STELLA_SV_INIT("defaults"), STELLA_SV_INIT("linux-64"), STELLA_SV_INIT("defaults")},
        {STELLA_SV_INIT("a b"), STELLA_SV_INIT(""), STELLA_SV_INIT("")},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        assert_true(stella_sv_eq(meta_channel(cases[i][0], cases[i][1]), cases[i][2]));
}

static void prefixes_do_not_see_each_other(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, META "a.json", STELLA_SV("{\"name\": \"a\", \"version\": \"1\", \"depends\": [\"b >=1\"]}"));
    scratch_write(&root, "opt/conda/envs/x/conda-meta/b.json", STELLA_SV("{\"name\": \"b\", \"version\": \"1\"}"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_int_equal(count_of(&text, "\"from\""), 0);
}

static void what_is_malformed_is_noted_and_loses_nothing_else(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf deep = stella_buf_of(1u << 20);
    for (int i = 0; i < 5000; i++)
        stella_buf_add(&deep, STELLA_SV("["));
    scratch_write(&root, META "cut.json", STELLA_SV("{\"name\": \"a\", \"vers"));
    scratch_write(&root, META "deep.json", stella_buf_sv(&deep));
    scratch_write(&root, META "none.json", STELLA_SV("{\"name\": \"a\"}"));
    scratch_write(&root, META "path.json", STELLA_SV("{\"name\": \"../a\", \"version\": \"1\"}"));
    scratch_write(&root, META "control.json", STELLA_SV("{\"name\": \"a\\u0007\", \"version\": \"1\"}"));
    scratch_write(&root, META "kinds.json", STELLA_SV("{\"name\": 1, \"version\": [], \"files\": {}}"));
    scratch_write(&root, META "latin.json", STELLA_SV("{\"name\": \"\xe9\", \"version\": \"1\"}"));
    scratch_write(&root, META "good.json",
                  STELLA_SV("{\"name\": \"good\", \"version\": \"1\", \"files\": [3, \"x\"]}"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "\"path\": \"opt/conda/x\""));
    assert_int_equal(count_of(&text, "no valid name and version: it was skipped"), 4);
    assert_true(has(&text, "cut.json") && has(&text, "deep.json") && has(&text, "latin.json"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA, 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_prefix_holds),
        cmocka_unit_test(the_channel_is_the_last_part_that_is_no_subdirectory),
        cmocka_unit_test(prefixes_do_not_see_each_other),
        cmocka_unit_test(what_is_malformed_is_noted_and_loses_nothing_else),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
