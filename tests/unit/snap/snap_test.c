/* Snaps: mounted ones, their manifests, images; and broken ones. */
#include "lang_run.h"

#include "snap/document.h"

static void states_snaps_of_a_tree(void **state) {
    (void)state;
    matches_golden("snap", "tree", 5, 4);
}

static void parts_of_old_manifests_are_read(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("snap/x/x1/snap/manifest.yaml",
                 STELLA_SV("name: x\nparts:\n  a:\n    stage-packages: [a=1, b, '=2', ':x=1', 'c=']\n  b: {}\n"
                           "  c:\n    stage-packages: [d=1.2]\n    installed-packages: [e=1]\n"));
    assert_int_equal(count_of(&text, "\"ref\""), 2);
    assert_true(has(&text, "pkg:deb/ubuntu/a@1\""));
    assert_true(has(&text, "pkg:deb/ubuntu/d@1.2\""));
}

static void places_are_told_by_paths(void **state) {
    (void)state;
    const snap_place mounted = snap_place_of(STELLA_SV("snap/hello/42/meta/snap.yaml"));
    assert_true(stella_sv_eq(mounted.folder, STELLA_SV("snap/hello/42")));
    assert_true(stella_sv_eq(mounted.revision, STELLA_SV("42")));
    assert_true(stella_sv_eq(snap_place_of(STELLA_SV("snap/hello/x1/snap/manifest.yaml")).revision, STELLA_SV("x1")));
    assert_int_equal(snap_place_of(STELLA_SV("squashfs-root/meta/snap.yaml")).revision.len, 0);
    assert_int_equal(snap_place_of(STELLA_SV("meta/snap.yaml")).folder.len, 0);
    assert_int_equal(snap_place_of(STELLA_SV("snap.yaml")).folder.len, 0);
}

static void files_are_told_by_name_and_revision(void **state) {
    (void)state;
    static const char *const others[] = {"x/hello.snap", "x/_1.snap", "x/hello_.snap", "x/hello_1.core", ".snap", ""};
    stella_sv name, revision;
    for (size_t i = 0; i < STELLA_COUNT(others); i++)
        assert_false(snap_file_parse(stella_sv_cstr(others[i]), &name, &revision));
    assert_true(snap_file_parse(STELLA_SV("x/hello_work_42.snap"), &name, &revision));
    assert_true(stella_sv_eq(name, STELLA_SV("hello_work")));
    assert_true(stella_sv_eq(revision, STELLA_SV("42")));
}

static void a_broken_document_leaves_the_others_alone(void **state) {
    (void)state;
    const lang_good good = {"snap/good/1/meta/snap.yaml", STELLA_SV("name: good\nversion: '1'\n"),
                            "pkg:generic/snap/good@1\""};
    survives_beside(
        &good, "snap/bad/1/meta/snap.yaml",
        STELLA_SV("name: bad\nversion: 1.0\napps:\n  a: {command: x}\nplugs:\n  p: {default-provider: q}\n"));
    survives_beside(
        &good, "snap/bad/1/snap/manifest.yaml",
        STELLA_SV("name: bad\nprimed-stage-packages:\n- a=1\n- b:amd64=2\nparts: {a: {stage-packages: [c=1]}}\n"));
}

static void wrong_types_and_names_are_refused(void **state) {
    (void)state;
    static const char *const bad[] = {
        "version: '1'\n", "name: [a]\nversion: 1\n", "name: ../x\nversion: 1\n", "name: 'a b'\n",
        "- a\n- b\n",     "name: \"a\\u001b\"\n"};
    for (size_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("a/meta/snap.yaml", stella_sv_cstr(bad[i]));
        assert_int_equal(count_of(&text, "\"ref\""), 0);
        assert_int_equal(count_of(&text, "\"severity\""), 1);
    }
    STELLA_AUTO(stella_buf_fini)
    stella_buf odd =
        run_file("a/meta/snap.yaml", STELLA_SV("name: a\nversion: {x: 1}\napps: [1]\nplugs: x\nbase: []\n"));
    assert_true(has(&odd, "pkg:generic/snap/a\""));
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/snap/tree", 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_snaps_of_a_tree),
        cmocka_unit_test(parts_of_old_manifests_are_read),
        cmocka_unit_test(places_are_told_by_paths),
        cmocka_unit_test(files_are_told_by_name_and_revision),
        cmocka_unit_test(a_broken_document_leaves_the_others_alone),
        cmocka_unit_test(wrong_types_and_names_are_refused),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
