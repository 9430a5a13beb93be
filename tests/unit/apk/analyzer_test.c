#include "apk_run.h"

static void finds_what_a_database_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "alpine");
    assert_true(stella_testing_golden(GOLDEN "alpine.json", stella_buf_sv(&text)));
}

static void does_not_depend_on_how_the_database_is_cut_up(void **state) {
    (void)state;
    const char *const root = DATA "alpine";
    STELLA_AUTO(stella_buf_fini) stella_buf whole = run_layers(&root, 1, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf sevens = run_layers(&root, 1, 7);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = run_layers(&root, 1, 1);
    assert_string_equal(whole.ptr, sevens.ptr);
    assert_string_equal(whole.ptr, bytes.ptr);
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "alpine", 10);
}

static void the_namespace_is_the_distribution_s_id(void **state) {
    (void)state;
    static const stella_distro distros[] = {
        {.id = STELLA_SV_INIT("wolfi"), .version_id = STELLA_SV_INIT("20230201")},
        {.id = STELLA_SV_INIT("chainguard"), .version_id = STELLA_SV_INIT("20230214")},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    const char *const layer = root.path;
    scratch_write(&root, "usr/" INSTALLED, STELLA_SV("P:a\nV:1-r0\nA:x86_64\n\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf wolfi = run_as(&distros[0], &layer, 1, 0);
    assert_true(has(&wolfi, "pkg:apk/wolfi/a@1-r0?arch=x86_64&distro=wolfi-20230201"));
    STELLA_AUTO(stella_buf_fini) stella_buf chainguard = run_as(&distros[1], &layer, 1, 0);
    assert_true(has(&chainguard, "pkg:apk/chainguard/a@1-r0?arch=x86_64&distro=chainguard-20230214"));
    STELLA_AUTO(stella_buf_fini) stella_buf unknown = run_as(NULL, &layer, 1, 0);
    assert_true(has(&unknown, "pkg:apk/alpine/a@1-r0?arch=x86_64\""));
}

static void a_database_of_a_merged_usr_counts_once(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_link(&root, "lib", "usr/lib");
    scratch_write(&root, "usr/" INSTALLED, STELLA_SV("P:a\nV:1-r0\n\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_int_equal(count_of(&text, "\"method\""), 1);
}

static int relates(const stella_buf *text, const char *from, const char *to) {
    char wanted[256];
    snprintf(
        wanted, sizeof wanted,
        "\"from\": \"pkg:apk/alpine/%s?distro=alpine-3.20.3\",\n   \"to\": \"pkg:apk/alpine/%s?distro=alpine-3.20.3\"",
        from, to);
    return has(text, wanted);
}

static void versions_choose_among_providers_and_conflicts_are_no_dependencies(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_text(STELLA_SV("P:app\nV:1\nD:sh-like>=2 so:x.so.1 !rival only<1 tagged@edge pc:z~2.1\n\n"
                           "P:old\nV:1\np:sh-like=1.9 so:x.so.1=1\n\nP:new\nV:1\np:sh-like=2.1_rc1\n\nP:rival\nV:1\n\n"
                           "P:only\nV:3\n\nP:tagged\nV:1\n\nP:zed\nV:9\np:pc:z=2.1.7\n\nP:zee\nV:9\np:pc:z=2.17\n\n"));
    assert_true(relates(&text, "app@1", "new@1"));
    assert_true(relates(&text, "app@1", "old@1")); /* for so:x.so.1 */
    assert_false(relates(&text, "app@1", "rival@1"));
    assert_true(relates(&text, "app@1", "only@3")); /* none will do: those that bear the name */
    assert_true(relates(&text, "app@1", "tagged@1"));
    assert_true(relates(&text, "app@1", "zed@9"));
    assert_false(relates(&text, "app@1", "zee@9"));
    assert_int_equal(count_of(&text, "\"from\""), 5);
}

static void a_package_belongs_to_the_layer_that_brought_it(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    scratch_write(&base, INSTALLED, STELLA_SV("P:a\nV:1\n\nP:b\nV:1\n\nP:gone\nV:1\n\n"));
    scratch_write(&upper, INSTALLED, STELLA_SV("P:a\nV:1\n\nP:b\nV:2\n\nP:c\nV:1\n\n"));
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_layers(layers, 2, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 3);
    assert_int_equal(count_of(&text, "\"introduced\": 0,\n   \"layers\": [\n    0,\n    1\n   ]"), 1);
    assert_int_equal(count_of(&text, "\"introduced\": 1"), 2);
    assert_false(has(&text, "gone"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_a_database_holds),
        cmocka_unit_test(does_not_depend_on_how_the_database_is_cut_up),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(the_namespace_is_the_distribution_s_id),
        cmocka_unit_test(a_database_of_a_merged_usr_counts_once),
        cmocka_unit_test(versions_choose_among_providers_and_conflicts_are_no_dependencies),
        cmocka_unit_test(a_package_belongs_to_the_layer_that_brought_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
