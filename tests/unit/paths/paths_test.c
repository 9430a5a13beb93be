#include "check.h"

#include "paths/paths.h"

#include <string.h>

static paths found(paths_origin origin) {
    paths p;
    stella_error err = {0};
    if (paths_of(&origin, &p, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return p;
}

static void follows_the_system_below_usr(void **state) {
    (void)state;
    const paths p = found((paths_origin){.executable = "/usr/bin/stella"});
    assert_string_equal(p.etc_dir, "/etc/stella");
    assert_string_equal(p.trust_dir, "/etc/stella/trust.d");
    assert_string_equal(p.plugin_dir, "/usr/lib/stella/plugins");
    assert_string_equal(p.state_dir, "/var/lib/stella");
    assert_string_equal(p.run_dir, "/run/stella");
}

static void takes_bin_for_usr_bin(void **state) {
    (void)state;
    const paths p = found((paths_origin){.executable = "/bin/stella"});
    assert_string_equal(p.etc_dir, "/etc/stella");
    assert_string_equal(p.plugin_dir, "/usr/lib/stella/plugins");
}

static void stays_inside_any_other_prefix(void **state) {
    (void)state;
    const paths p = found((paths_origin){.executable = "/home/me/src/build/bin/stella"});
    assert_string_equal(p.prefix, "/home/me/src/build");
    assert_string_equal(p.trust_dir, "/home/me/src/build/etc/stella/trust.d");
    assert_string_equal(p.plugin_dir, "/home/me/src/build/lib/stella/plugins");
    assert_string_equal(p.state_dir, "/home/me/src/build/var/lib/stella");
}

static void finds_the_users_own_by_xdg_then_home(void **state) {
    (void)state;
    const paths_origin both = {
        .executable = "/usr/bin/stella", .xdg_config_home = "/c", .xdg_data_home = "/d", .home = "/h"};
    assert_string_equal(found(both).user_trust_dir, "/c/stella/trust.d");
    assert_string_equal(found(both).user_plugin_dir, "/d/stella/plugins");
    const paths_origin home = {.executable = "/usr/bin/stella", .xdg_config_home = "relative", .home = "/h"};
    assert_string_equal(found(home).user_trust_dir, "/h/.config/stella/trust.d");
    assert_string_equal(found(home).user_plugin_dir, "/h/.local/share/stella/plugins");
}

static void has_no_user_directories_without_a_home(void **state) {
    (void)state;
    const paths p = found((paths_origin){.executable = "/usr/bin/stella"});
    assert_string_equal(p.user_trust_dir, "");
    assert_string_equal(p.user_plugin_dir, "");
}

static void refuses_a_path_that_is_too_long(void **state) {
    (void)state;
    char home[PATHS_BYTES];
    memset(home, 'a', sizeof home - 1);
    home[0] = '/';
    home[sizeof home - 1] = '\0';
    paths p;
    stella_error err = {0};
    const paths_origin origin = {.executable = "/usr/bin/stella", .home = home};
    assert_int_equal(paths_of(&origin, &p, &err), STELLA_E_LIMIT);
    assert_non_null(strstr(err.message, "1023"));
}

static void finds_the_running_program(void **state) {
    (void)state;
    paths p;
    assert_int_equal(paths_find(&p, NULL), STELLA_OK);
    assert_int_equal(p.prefix[0], '/');
}

int main(void) {
    const struct CMUnitTest places[] = {
        cmocka_unit_test(follows_the_system_below_usr),
        cmocka_unit_test(takes_bin_for_usr_bin),
        cmocka_unit_test(stays_inside_any_other_prefix),
        cmocka_unit_test(finds_the_users_own_by_xdg_then_home),
        cmocka_unit_test(has_no_user_directories_without_a_home),
        cmocka_unit_test(refuses_a_path_that_is_too_long),
        cmocka_unit_test(finds_the_running_program),
    };
    return cmocka_run_group_tests(places, NULL, NULL);
}
