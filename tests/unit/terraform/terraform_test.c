#include "lang_run.h"

#define LOCK "app/.terraform.lock.hcl"

static void finds_what_init_selected_and_installed(void **state) {
    (void)state;
    matches_golden("terraform", "init", 4, 0);
}

static void what_is_no_provider_is_left_out(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(LOCK, STELLA_SV("/* provider \"a.b/c/d\" {} */ other \"a.b/c/e\" { version = \"1\" }\n"
                                               "provider \"a.b/c/f\" { constraints = \"2\" x { version = \"3\" } }\n"
                                               "provider \"a.b/c/g\" { version = \"4\" } # end\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "pkg:terraform/a.b/c/g@4"));
}

static void the_lock_of_a_fetched_module_is_not_the_projects(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("app/.terraform/modules/x/.terraform.lock.hcl", STELLA_SV("provider \"a.b/c/d\" { version = \"1\" }"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void an_installed_provider_is_known_by_its_path(void **state) {
    (void)state;
    static const char *const paths[] = {
        "root/.terraform.d/plugins/example.org/ns/toy/1.0/linux_amd64/terraform-provider-toy",
        "x/terraform.d/plugins/example.org/ns/toy/1.0/linux_arm64/terraform-provider-toy_v1.0"};
    static const char *const others[] = {
        "app/.terraform/providers/example.org/ns/toy/1.0/linux_amd64/LICENSE.txt",
        "app/.terraform/providers/example.org/ns/toy/1.0/linux_amd64/terraform-provider-other",
        "app/.terraform/providers/toy/1.0/linux_amd64/terraform-provider-toy", "app/.terraform/terraform-provider-toy",
        "app/providers/example.org/ns/toy/1/a/terraform-provider-toy"};
    for (uint32_t i = 0; i < STELLA_COUNT(paths); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(paths[i], STELLA_SV("x"));
        assert_true(has(&text, "pkg:terraform/example.org/ns/toy@1.0"));
    }
    for (uint32_t i = 0; i < STELLA_COUNT(others); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(others[i], STELLA_SV("x"));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
    }
}

static void bad_addresses_are_noted(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file(LOCK, STELLA_SV("provider \"../../x\" { version = \"1\" }\nprovider \"a/ b\" { version = "
                                 "\"1\" }\nprovider \"a/b\" { version = \"1\\n\" }\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, "without a valid"), 3);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {LOCK, STELLA_SV("provider \"a.b/c/good\" { version = \"1\" }"),
                            "pkg:terraform/a.b/c/good@1"};
    survives_beside(&good, "bad/.terraform.lock.hcl",
                    STELLA_SV("# c\nprovider \"a.b/c/d\" {\n  version = \"1.0\"\n  hashes = [\"h1:x\"]\n}\n"));
    survives_beside(&good, "bad/.terraform/modules/modules.json",
                    STELLA_SV("{\"Modules\": [{\"Source\": \"a.b/c/d/e\", \"Version\": \"1\"}, {\"Key\": 1}]}"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/terraform/init", 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_init_selected_and_installed),
        cmocka_unit_test(what_is_no_provider_is_left_out),
        cmocka_unit_test(the_lock_of_a_fetched_module_is_not_the_projects),
        cmocka_unit_test(an_installed_provider_is_known_by_its_path),
        cmocka_unit_test(bad_addresses_are_noted),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
