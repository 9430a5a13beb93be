#include "lang_run.h"

#define STATUS "opt/installed/vcpkg/status"
#define SPDX   "usr/share/x/vcpkg.spdx.json"

static void finds_what_is_installed_and_overridden(void **state) {
    (void)state;
    matches_golden("vcpkg", "tree", 5, 3); /* fmt is stated by the database and by its own document */
}

static void the_last_paragraph_about_a_package_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file(STATUS, STELLA_SV("Package: a\nVersion: 1\nStatus: install ok installed\n\n\n"
                                   "Package: a\r\nVersion: 2\r\nStatus: install ok installed\r\n\r\n"
                                   "Package: a\nArchitecture: x86-windows\nVersion: 3\nStatus: install ok "
                                   "installed\n\nPackage: b\nVersion: 1\nStatus: install ok half-installed\n\n"
                                   "Version: 1\nStatus: install ok installed\n\nPackage: c\nVersion: 1"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "\"pkg:vcpkg/a@2\""));
    assert_true(has(&text, "\"pkg:vcpkg/a@3?triplet=x86-windows\""));
}

static void a_document_alone_proves_a_package(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(SPDX, STELLA_SV("{\"packages\": [3, {\"SPDXID\": \"SPDXRef-port\", \"name\": \"x\", "
                                               "\"versionInfo\": \"1.0#2\", \"licenseConcluded\": \"NOASSERTION\"}]}"));
    assert_true(has(&text, "\"pkg:vcpkg/x@1.0?port_version=2\""));
    assert_int_equal(count_of(&text, "\"licenses\""), 0);
}

static void names_that_are_none_are_noted(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file(STATUS, STELLA_SV("Package: ../a\nVersion: 1\nStatus: install ok installed\n\n"
                                                 "Package: a\xff\nVersion: 1\nStatus: install ok installed\n\n"
                                                 "Package: b\nVersion: 1\x07\nStatus: install ok installed\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
    assert_int_equal(count_of(&text, "without a valid"), 3);
}

static void databases_of_others_are_left_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("opt/my-vcpkg/status", STELLA_SV("Package: a\nVersion: 1\nStatus: install ok installed\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void broken_files_take_nothing_with_them(void **state) {
    (void)state;
    const lang_good good = {STATUS, STELLA_SV("Package: good\nVersion: 1\nStatus: install ok installed\n"),
                            "pkg:vcpkg/good@1"};
    survives_beside(
        &good, "x/vcpkg/status",
        STELLA_SV("Package: a\nVersion: 1\nArchitecture: x\nDepends: b, c\nStatus: install ok installed\n"));
    survives_beside(&good, SPDX, STELLA_SV("{\"packages\": [{\"SPDXID\": \"SPDXRef-port\", \"name\": \"a\"}]}"));
    survives_beside(&good, "vcpkg.json", STELLA_SV("{\"overrides\": [{\"name\": \"a\", \"version\": \"1\"}]}"));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/vcpkg/tree", 3);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_is_installed_and_overridden),
        cmocka_unit_test(the_last_paragraph_about_a_package_holds),
        cmocka_unit_test(a_document_alone_proves_a_package),
        cmocka_unit_test(names_that_are_none_are_noted),
        cmocka_unit_test(databases_of_others_are_left_alone),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
