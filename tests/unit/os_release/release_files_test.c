/* Systems that have no os-release, and how long a release is supported. */
#include "os_run.h"

#include "os-release/end_of_life.h"
#include "os-release/release_file.h"

static stella_buf run_file(const char *path, stella_sv text) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    const char *const layer = root.path;
    scratch_write(&root, path, text);
    return run_as(NULL, &layer, 1, 0);
}

static void each_family_s_file_names_its_system(void **state) {
    (void)state;
    static const struct {
        const char *path, *text, *id, *version;
    } cases[] = {
        {"etc/lsb-release", "DISTRIB_ID=Ubuntu\nDISTRIB_RELEASE=12.04\nDISTRIB_CODENAME=precise\n", "ubuntu", "12.04"},
        {"etc/alpine-release", "3.10.2\n", "alpine", "3.10.2"},
        {"etc/centos-release", "CentOS release 6.10 (Final)\n", "centos", "6.10"},
        {"etc/redhat-release", "Red Hat Enterprise Linux Server release 5.11 (Tikanga)\n", "rhel", "5.11"},
        {"etc/redhat-release", "Scientific Linux release 7.9 (Nitrogen)\n", "scientific", "7.9"},
        {"etc/fedora-release", "Fedora release 20 (Heisenbug)\n", "fedora", "20"},
        {"etc/oracle-release", "Oracle Linux Server release 6.10\n", "ol", "6.10"},
        {"etc/system-release", "Amazon Linux AMI release 2018.03\n", "amzn", "2018.03"},
        {"etc/mariner-release", "CBL-Mariner 2.0.20220804\n", "mariner", "2.0.20220804"},
        {"etc/rocky-release", "Rocky Linux release 8.5 (Green Obsidian)\n", "rocky", "8.5"},
        {"etc/SuSE-release", "SUSE Linux Enterprise Server 11 (x86_64)\nVERSION = 11\nPATCHLEVEL = 4\n", "sles",
         "11.4"},
        {"etc/SuSE-release", "openSUSE 13.1 (x86_64)\nVERSION = 13.1\nCODENAME = Bottle\n", "opensuse", "13.1"},
        {"etc/debian_version", "6.0.10\n", "debian", "6"},
        {"etc/debian_version", "bookworm/sid\n", "debian", ""},
        {"etc/arch-release", "", "arch", ""},
        {"etc/gentoo-release", "Gentoo Base System release 2.14\n", "gentoo", "2.14"},
        {"etc/apk/repositories", "# x\nhttps://dl-cdn.alpinelinux.org/alpine/v3.18/main\n", "alpine", "3.18"},
        {"etc/apk/repositories", "@edge https://dl-cdn.alpinelinux.org/alpine/edge/testing\n", "alpine", "edge"},
        {"etc/apk/repositories", "https://packages.wolfi.dev/os\n", "wolfi", ""},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        char wanted[128];
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(cases[i].path, stella_sv_cstr(cases[i].text));
        snprintf(wanted, sizeof wanted, "\"operating-system:%s@%s\"", cases[i].id, cases[i].version);
        if (!has(&text, wanted))
            fail_msg("%s: no %s in %s", cases[i].path, wanted, text.ptr);
        assert_int_equal(count_of(&text, "\"ref\""), 1);
        assert_true(has(&text, STELLA_DISTRO_KIND));
    }
}

static void files_that_name_no_known_system_are_passed_over(void **state) {
    (void)state;
    static const struct {
        const char *path, *text;
    } cases[] = {
        {"etc/lsb-release", "LSB_VERSION=1.4\n"},
        {"etc/redhat-release", "Some Other Linux release 1\n"},
        {"etc/redhat-release", ""},
        {"etc/alpine-release", "\xff\xfe\n"},
        {"etc/SuSE-release", "openSUSE without a version\n"},
        {"etc/debian_version", "\n\n"},
        {"etc/gentoo-release", "release 1"},
        {"etc/apk/repositories", "/media/cdrom/apks\nhttps://example.org/alpine/x\n"},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(cases[i].path, stella_sv_cstr(cases[i].text));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
    }
}

static void os_release_comes_first_and_the_point_release_is_added(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    const char *const layer = root.path;
    scratch_write(&root, "etc/os-release", STELLA_SV("ID=debian\nVERSION_ID=\"12\"\n"));
    scratch_write(&root, "etc/debian_version", STELLA_SV("12.5\n"));
    scratch_write(&root, "etc/alpine-release", STELLA_SV("3.1\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, &layer, 1, 0);
    assert_true(has(&text, "\"operating-system:debian@12\""));
    assert_true(has(&text, "\"os-release:full-version\",\n     \"value\": \"12.5\""));
    assert_false(has(&text, "alpine"));
}

static void another_system_s_point_release_is_not_taken(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    const char *const layer = root.path;
    scratch_write(&root, "etc/os-release", STELLA_SV("ID=ubuntu\nVERSION_ID=\"12\"\n"));
    scratch_write(&root, "etc/debian_version", STELLA_SV("12.5\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, &layer, 1, 0);
    assert_false(has(&text, "full-version"));
}

static void says_until_when_a_release_is_supported_and_by_which_data(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("etc/os-release", STELLA_SV("ID=alpine\nVERSION_ID=3.9.6\n"));
    assert_true(has(&text, "\"os:end-of-life\",\n     \"value\": \"2020-11-01\""));
    assert_true(has(&text, "\"os:end-of-life-as-of\""));
    STELLA_AUTO(stella_buf_fini) stella_buf none = run_file("etc/os-release", STELLA_SV("ID=alpine\nVERSION_ID=0.1\n"));
    assert_false(has(&none, "end-of-life"));
}

static void a_release_ends_where_its_text_is_no_utf8(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf alpine = run_file("etc/alpine-release", STELLA_SV("3.10.2\xff\n"));
    assert_true(has(&alpine, "operating-system:alpine@3.10.2\""));
    STELLA_AUTO(stella_buf_fini)
    stella_buf suse = run_file("etc/SuSE-release", STELLA_SV("openSUSE 13.2\nVERSION = 13.2\xff\n"));
    assert_true(has(&suse, "operating-system:opensuse@13.2\""));
}

static const char *eol_of(const char *id, const char *version) {
    const stella_distro distro = {.id = stella_sv_cstr(id), .version_id = stella_sv_cstr(version)};
    const end_of_life *row = end_of_life_of(&distro);
    return row ? row->date.ptr : NULL;
}

static void a_release_is_found_by_its_longest_known_beginning(void **state) {
    (void)state;
    assert_string_equal(eol_of("debian", "8"), "2018-06-17");
    assert_string_equal(eol_of("rhel", "9.3"), "2032-05-31");
    assert_string_equal(eol_of("ubuntu", "22.04"), "2027-06-01");
    assert_string_equal(eol_of("sles", "15.7"), "2031-07-31");
    assert_string_equal(eol_of("sles", "15"), eol_of("sles", "15.0"));
    assert_null(eol_of("debian", ""));
    assert_null(eol_of("", "8"));
    assert_null(eol_of("debian", "80"));
    assert_null(eol_of("nothing", "8"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_family_s_file_names_its_system),
        cmocka_unit_test(files_that_name_no_known_system_are_passed_over),
        cmocka_unit_test(os_release_comes_first_and_the_point_release_is_added),
        cmocka_unit_test(another_system_s_point_release_is_not_taken),
        cmocka_unit_test(says_until_when_a_release_is_supported_and_by_which_data),
        cmocka_unit_test(a_release_ends_where_its_text_is_no_utf8),
        cmocka_unit_test(a_release_is_found_by_its_longest_known_beginning),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
