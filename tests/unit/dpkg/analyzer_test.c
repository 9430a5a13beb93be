#include "analyzer_run.h"

#define INSTALLED(name, more)                                                                                          \
    "Package: " name "\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1.0\n" more "\n"

static void finds_what_a_real_bookworm_root_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "bookworm");
    assert_true(stella_testing_golden(GOLDEN "bookworm.json", stella_buf_sv(&text)));
}

static void does_not_depend_on_how_the_status_file_is_cut_up(void **state) {
    (void)state;
    const char *const root = DATA "bookworm";
    STELLA_AUTO(stella_buf_fini) stella_buf whole = run_layers(&root, 1, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf sevens = run_layers(&root, 1, 7);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = run_layers(&root, 1, 1);
    assert_string_equal(whole.ptr, sevens.ptr);
    assert_string_equal(whole.ptr, bytes.ptr);
}

static void finds_packages_of_a_distroless_image(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "distroless");
    assert_true(stella_testing_golden(GOLDEN "distroless.json", stella_buf_sv(&text)));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    const char *const root = DATA "bookworm";
    const stella_testing_options options = {.struct_size = sizeof options, .layers = &root, .layer_count = 1};
    uint64_t runs = 0;
    stella_error err = {0};
    if (stella_testing_fail_each(&stella_plugin, &options, &runs, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_true(runs > 100);
}

static void takes_debian_for_the_namespace_when_nothing_says_which_system_it_is(void **state) {
    (void)state;
    const char *const root = DATA "distroless";
    const stella_testing_options options = {.struct_size = sizeof options, .layers = &root, .layer_count = 1};
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    assert_int_equal(stella_testing_run(&stella_plugin, &options, &text, NULL), STELLA_OK);
    assert_true(has(&text, "\"pkg:deb/debian/libsqlite3-0@3.34.1-3?arch=arm64\""));
}

static void the_third_word_of_status_decides(void **state) {
    (void)state;
    static const struct {
        const char *status;
        int is_installed, is_noted;
    } cases[] = {
        {"install ok installed", 1, 0},
        {"hold ok installed", 1, 0},
        {"deinstall ok installed", 1, 0},
        {"purge ok installed", 1, 0},
        {"install ok triggers-awaited", 1, 0},
        {"install ok triggers-pending", 1, 0},
        {"deinstall ok config-files", 0, 0},
        {"unknown ok not-installed", 0, 0},
        {"install ok unpacked", 0, 1},
        {"install ok half-configured", 0, 1},
        {"install reinstreq half-installed", 0, 1},
        {"installed", 0, 1},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
        char status[256];
        const int len =
            snprintf(status, sizeof status, "Package: a\nStatus: %s\nVersion: 1\nArchitecture: all\n", cases[i].status);
        scratch_write(&root, STATUS, stella_sv_of(status, (size_t)len));
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
        assert_int_equal(has(&text, "pkg:deb/debian/a@1"), cases[i].is_installed);
        assert_int_equal(has(&text, "only partly installed"), cases[i].is_noted);
    }
}

static void a_status_file_without_status_lists_nothing(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV("Package: a\nVersion: 1\nArchitecture: all\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 0);
}

static void takes_source_name_and_version(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a", "Source: src (2:3.4)\n")));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "\"sourceName\": \"src\""));
    assert_true(has(&text, "\"sourceVersion\": \"2:3.4\""));
}

static int relates(const stella_buf *text, const char *from, const char *to) {
    char wanted[256];
    snprintf(wanted, sizeof wanted,
             "\"from\": \"pkg:deb/debian/%s@1.0?arch=amd64&distro=debian-12\",\n   \"to\": "
             "\"pkg:deb/debian/%s@1.0?arch=amd64&distro=debian-12\"",
             from, to);
    return has(text, wanted);
}

static void links_alternatives_provided_names_and_pre_dependencies(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS,
                  STELLA_SV(INSTALLED("app", "Depends: missing | one, two (>= 0.5) | three (>= 9), virtual,\n"
                                             " versioned (>= 2), unversioned-virtual (>= 1)\nPre-Depends: four:any\n"
                                             "Recommends: five\n") INSTALLED("one", "") INSTALLED("two", "")
                                INSTALLED("three", "") INSTALLED("four", "") INSTALLED("five", "")
                                    INSTALLED("six", "Provides: virtual, versioned (= 2.1)\n")
                                        INSTALLED("seven", "Provides: versioned (= 1.9), unversioned-virtual\n")));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(relates(&text, "app", "one"));
    assert_true(relates(&text, "app", "two"));
    assert_false(relates(&text, "app", "three")); /* installed, but too old for its alternative */
    assert_true(relates(&text, "app", "four"));
    assert_false(relates(&text, "app", "five"));
    assert_true(relates(&text, "app", "six"));
    assert_false(relates(&text, "app", "seven"));
}

static void a_dependency_stays_in_its_architecture(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(
        &root, STATUS,
        STELLA_SV("Package: app\nStatus: install ok installed\nArchitecture: i386\nVersion: 1\nDepends: lib\n\n"
                  "Package: lib\nStatus: install ok installed\nArchitecture: amd64\nVersion: 1\nMulti-Arch: same\n\n"
                  "Package: lib\nStatus: install ok installed\nArchitecture: i386\nVersion: 1\nMulti-Arch: same\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "\"to\": \"pkg:deb/debian/lib@1?arch=i386&distro=debian-12\""));
    assert_false(has(&text, "\"to\": \"pkg:deb/debian/lib@1?arch=amd64&distro=debian-12\""));
}

static void names_files_from_lists_sums_and_conffiles(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS,
                  STELLA_SV(INSTALLED("a", "Conffiles:\n /etc/a.conf 0123456789abcdef0123456789abcdef\n"
                                           " /etc/old.conf 0123456789abcdef0123456789abcdea obsolete\n")));
    scratch_write(&root, "var/lib/dpkg/info/a:amd64.list",
                  STELLA_SV("/.\n/usr\n/usr/bin\n/usr/bin/tool\n/usr/bin/tool-link\n/usr/empty\n/etc\n/etc/a.conf\n"));
    scratch_write(&root, "var/lib/dpkg/info/a.list", STELLA_SV("/usr/bin/of-another-architecture\n"));
    scratch_write(&root, "var/lib/dpkg/info/a.md5sums", STELLA_SV("ffffffffffffffffffffffffffffffff  usr/bin/tool\n"));
    scratch_write(&root, "usr/empty/.keep", STELLA_SV(""));
    scratch_write(&root, "usr/bin/tool", STELLA_SV("x"));
    scratch_link(&root, "usr/bin/tool-link", "tool");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "     \"path\""), 1 + 4); /* the evidence's own, and the files */
    assert_true(has(&text, "\"usr/bin/tool\",\n     \"md5\": \"ffffffffffffffffffffffffffffffff\""));
    assert_true(has(&text, "\"etc/a.conf\",\n     \"md5\": \"0123456789abcdef0123456789abcdef\",\n     \"flags\": 1"));
    assert_true(has(&text, "\"etc/old.conf\""));
    assert_true(has(&text, "\"usr/bin/tool-link\""));
    assert_false(has(&text, "of-another-architecture"));
}

static void a_link_to_a_directory_is_an_owned_file_but_for_the_aliases_of_a_merged_usr(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS,
                  STELLA_SV("Package: a\nStatus: install ok installed\nVersion: 1\nArchitecture: all\n"));
    scratch_write(&root, "var/lib/dpkg/info/a.list",
                  STELLA_SV("/.\n/lib\n/var\n/var/lock\n/opt\n/usr\n/usr/share\n/usr/share/a\n/usr/share/a/hooks\n"));
    scratch_write(&root, "usr/lib/marker", STELLA_SV(""));
    scratch_write(&root, "usr/opt/marker", STELLA_SV(""));
    scratch_write(&root, "run/lock/marker", STELLA_SV(""));
    scratch_write(&root, "usr/share/core/hooks/marker", STELLA_SV(""));
    scratch_link(&root, "lib", "usr/lib");
    scratch_link(&root, "opt", "/usr/opt");
    scratch_link(&root, "var/lock", "/run/lock");
    scratch_link(&root, "usr/share/a/hooks", "../core/hooks");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "\"usr/share/a/hooks\""));
    assert_true(has(&text, "\"var/lock\""));
    assert_false(has(&text, "\"lib\""));
    assert_false(has(&text, "\"opt\""));
    assert_false(has(&text, "\"var\""));
}

static void a_diverted_file_is_named_where_it_lies(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a", "") INSTALLED("b", "")));
    scratch_write(&root, "var/lib/dpkg/info/a.list", STELLA_SV("/bin/sh\n"));
    scratch_write(&root, "var/lib/dpkg/info/b.list", STELLA_SV("/bin/sh\n"));
    scratch_write(&root, "var/lib/dpkg/diversions", STELLA_SV("/bin/sh\n/bin/sh.distrib\nb\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"bin/sh\""), 1);
    assert_int_equal(count_of(&text, "\"bin/sh.distrib\""), 1);
}

static void reads_the_copyright_file_behind_a_linked_folder(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a", "") INSTALLED("b", "") INSTALLED("c", "")));
    scratch_write(&root, "usr/share/doc/b/copyright",
                  STELLA_SV("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n\n"
                            "Files: *\nLicense: ISC\n"));
    scratch_link(&root, "usr/share/doc/a", "b");
    scratch_write(&root, "opt/elsewhere", STELLA_SV("Files: *\nLicense: Zlib\n"));
    scratch_link(&root, "usr/share/doc/c/copyright", "/opt/elsewhere"); /* comes with the second call */
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"expression\": \"ISC\""), 2);
    assert_int_equal(count_of(&text, "\"expression\": \"Zlib\""), 1);
}

static void a_package_belongs_to_the_layer_that_introduced_it(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    scratch_write(&base, STATUS, STELLA_SV(INSTALLED("a", "") INSTALLED("gone", "")));
    scratch_write(&upper, STATUS, STELLA_SV(INSTALLED("a", "") INSTALLED("b", "")));
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_layers(layers, 2, 0);
    assert_true(has(&text, "\"sourceName\": \"a\",\n   \"sourceVersion\": \"1.0\",\n   \"architecture\": \"amd64\",\n  "
                           " \"introduced\": 0,\n   \"layers\": [\n    0,\n    1\n   ],"));
    assert_true(has(&text, "\"sourceName\": \"b\",\n   \"sourceVersion\": \"1.0\",\n   \"architecture\": \"amd64\",\n  "
                           " \"introduced\": 1"));
    assert_false(has(&text, "gone"));
}

static void a_package_that_is_listed_twice_counts_once(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, STATUS, STELLA_SV(INSTALLED("a", "Homepage: first\n") INSTALLED("a", "Homepage: second\n")));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "\"homepage\": \"second\""));
    assert_true(has(&text, "lists again further down"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_real_bookworm_root_holds),
        cmocka_unit_test(does_not_depend_on_how_the_status_file_is_cut_up),
        cmocka_unit_test(finds_packages_of_a_distroless_image),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(takes_debian_for_the_namespace_when_nothing_says_which_system_it_is),
        cmocka_unit_test(the_third_word_of_status_decides),
        cmocka_unit_test(a_status_file_without_status_lists_nothing),
        cmocka_unit_test(takes_source_name_and_version),
        cmocka_unit_test(links_alternatives_provided_names_and_pre_dependencies),
        cmocka_unit_test(a_dependency_stays_in_its_architecture),
        cmocka_unit_test(names_files_from_lists_sums_and_conffiles),
        cmocka_unit_test(a_diverted_file_is_named_where_it_lies),
        cmocka_unit_test(a_link_to_a_directory_is_an_owned_file_but_for_the_aliases_of_a_merged_usr),
        cmocka_unit_test(reads_the_copyright_file_behind_a_linked_folder),
        cmocka_unit_test(a_package_belongs_to_the_layer_that_introduced_it),
        cmocka_unit_test(a_package_that_is_listed_twice_counts_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
