#include "workshop.h"

#include "plugin/path_safety.h"

static void expect(const char *path, stella_status status, const char *component) {
    stella_error err = {0};
    assert_int_equal(path_safety_check(path, &err), status);
    assert_string_equal(err.path, component);
}

static void accepts_a_private_folder_below_a_sticky_one(void **state) {
    const workshop *w = *state;
    expect(w->plugins, STELLA_OK, "");
    expect(in(w, w->plugins, ".././/plugins/"), STELLA_OK, "");
}

static void names_the_component_that_others_can_write(void **state) {
    const workshop *w = *state;
    chmod(w->root, 0775);
    expect(w->plugins, STELLA_E_DENIED, w->root);
}

static void refuses_a_sticky_folder_as_the_place_itself(void **state) {
    (void)state;
    expect("/tmp", STELLA_E_DENIED, "/tmp");
}

static void looks_at_what_a_symbolic_link_leads_to(void **state) {
    const workshop *w = *state;
    const char *loose = in(w, w->root, "loose"), *link = in(w, w->root, "link");
    assert_int_equal(mkdir(loose, 0755) | chmod(loose, 0777) | symlink("loose", link), 0);
    expect(link, STELLA_E_DENIED, loose);
    chmod(loose, 0755);
    expect(link, STELLA_OK, "");
}

static void ends_on_links_that_go_in_a_circle(void **state) {
    const workshop *w = *state;
    const char *a = in(w, w->root, "a"), *b = in(w, w->root, "b");
    assert_int_equal(symlink("b", a) | symlink(a, b), 0);
    expect(a, STELLA_E_LIMIT, a);
}

static void refuses_what_belongs_to_somebody_else(void **state) {
    const workshop *w = *state;
    if (geteuid() != 0)
        skip(); /* only root can give a folder away */
    assert_int_equal(chown(w->plugins, 65534, 65534), 0);
    expect(w->plugins, STELLA_E_DENIED, w->plugins);
}

static void tells_a_missing_path_from_an_unsafe_one(void **state) {
    const workshop *w = *state;
    const char *absent = in(w, w->root, "absent");
    expect(absent, STELLA_E_NOTFOUND, absent);
}

static void looks_at_the_last_component_alone_when_the_parent_was_checked(void **state) {
    const workshop *w = *state;
    const char *loose = in(w, w->root, "loose"), *link = in(w, w->root, "link");
    stella_error err = {0};
    assert_int_equal(mkdir(loose, 0755) | chmod(loose, 0777) | symlink("loose", link), 0);
    chmod(w->root, 0775);
    assert_int_equal(path_safety_check_last(w->plugins, &err), STELLA_OK);
    assert_int_equal(path_safety_check_last(loose, &err), STELLA_E_DENIED);
    assert_string_equal(err.path, loose);
    chmod(loose, 0755);
    assert_int_equal(path_safety_check_last(link, &err), STELLA_E_DENIED); /* all the way, then */
    assert_string_equal(err.path, w->root);
    assert_int_equal(path_safety_check_last(in(w, w->root, "none"), &err), STELLA_E_NOTFOUND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, open_workshop, close_workshop)

int main(void) {
    const struct CMUnitTest safety[] = {
        TEST(accepts_a_private_folder_below_a_sticky_one),
        TEST(names_the_component_that_others_can_write),
        TEST(refuses_a_sticky_folder_as_the_place_itself),
        TEST(looks_at_what_a_symbolic_link_leads_to),
        TEST(ends_on_links_that_go_in_a_circle),
        TEST(refuses_what_belongs_to_somebody_else),
        TEST(tells_a_missing_path_from_an_unsafe_one),
        TEST(looks_at_the_last_component_alone_when_the_parent_was_checked),
    };
    return cmocka_run_group_tests(safety, NULL, NULL);
}
