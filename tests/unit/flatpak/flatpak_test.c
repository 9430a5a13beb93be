/* Deployments of Flatpak, with and without AppStream files; and broken ones. */
#include "lang_run.h"

#include "flatpak/deployment.h"

#define APP      "var/lib/flatpak/app/org.x.App/x86_64/stable/c0ffee/"
#define METADATA "[Application]\nname=org.x.App\nruntime=org.x.Platform/x86_64/23.08\n"

static void states_deployments_of_a_tree(void **state) {
    (void)state;
    matches_golden("flatpak", "tree", 4, 2);
}

static void paths_tell_deployments(void **state) {
    (void)state;
    deployment at;
    assert_true(deployment_of(STELLA_SV("home/u/.local/share/flatpak/app/a.b/x86_64/stable/01/files/x"), &at));
    assert_true(stella_sv_eq(at.folder, STELLA_SV("home/u/.local/share/flatpak/app/a.b/x86_64/stable/01")));
    assert_true(stella_sv_eq(at.rest, STELLA_SV("files/x")));
    assert_true(deployment_of(STELLA_SV("flatpak/x/flatpak/runtime/a/b/c/d/metadata"), &at));
    assert_true(stella_sv_eq(at.kind, STELLA_SV("runtime")));
    static const char *const others[] = {"",
                                         "flatpak",
                                         "flatpak/app/a/b/c/d",
                                         "flatpak/app/a//c/d/metadata",
                                         "flatpak/repo/a/b/c/d/metadata",
                                         "app/a/b/c/d/metadata"};
    for (size_t i = 0; i < STELLA_COUNT(others); i++)
        assert_false(deployment_of(stella_sv_cstr(others[i]), &at));
}

static void references_have_three_parts(void **state) {
    (void)state;
    stella_sv id, architecture, branch;
    assert_true(deployment_parse_ref(STELLA_SV("a/b/c"), &id, &architecture, &branch));
    assert_true(stella_sv_eq(branch, STELLA_SV("c")));
    static const char *const others[] = {"", "a", "a/b", "a//c", "a/b/c/d", "/a/b"};
    for (size_t i = 0; i < STELLA_COUNT(others); i++)
        assert_false(deployment_parse_ref(stella_sv_cstr(others[i]), &id, &architecture, &branch));
}

static stella_buf run_app(const char *metadata, const char *described) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, APP "metadata", stella_sv_cstr(metadata));
    scratch_write(&root, APP "files/share/metainfo/org.x.App.metainfo.xml", stella_sv_cstr(described));
    return run_root(root.path);
}

static void a_version_is_of_the_first_release_of_the_same_id(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_app(METADATA, "<component><id>org.x.App.desktop</id><releases><release version='2.0'/>"
                                        "<release version='1.0'/></releases></component>");
    assert_true(has(&text, "pkg:generic/flatpak/org.x.App@2.0\""));
    STELLA_AUTO(stella_buf_fini)
    stella_buf other = run_app(METADATA, "<component><id>org.x.Plugin</id><releases><release version='2.0'/>"
                                         "</releases></component>");
    assert_true(has(&other, "pkg:generic/flatpak/org.x.App\""));
    STELLA_AUTO(stella_buf_fini) stella_buf none = run_app(METADATA, "<component><id>org.x.App</id></component>");
    assert_true(has(&none, "pkg:generic/flatpak/org.x.App\""));
    STELLA_AUTO(stella_buf_fini)
    stella_buf bomb = run_app(METADATA, "<!DOCTYPE a [<!ENTITY b 'c'>]><component><id>org.x.App</id></component>");
    assert_true(has(&bomb, "pkg:generic/flatpak/org.x.App\""));
    assert_int_equal(count_of(&bomb, "\"severity\""), 1);
}

static void metadata_of_another_id_is_refused(void **state) {
    (void)state;
    static const char *const bad[] = {"", "[Application]\nname=org.x.Other\n", "[Runtime]\nname=org.x.App\n",
                                      "[Application]\nname=org.x.App\x1b\n"};
    for (size_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_app(bad[i], "<component/>");
        assert_int_equal(count_of(&text, "\"ref\""), 0);
        assert_true(has(&text, "does not name its folder"));
    }
}

static void a_broken_document_leaves_the_others_alone(void **state) {
    (void)state;
    const lang_good good = {APP "metadata", STELLA_SV(METADATA), "pkg:generic/flatpak/org.x.App\""};
    const char *bad = "var/lib/flatpak/app/org.x.Bad/x86_64/stable/c0ffee/";
    char path[200];
    snprintf(path, sizeof path, "%smetadata", bad);
    survives_beside(&good, path,
                    STELLA_SV("[Application]\nname=org.x.Bad\nruntime=a/b/c\n[Context]\nshared=network;\n"));
    snprintf(path, sizeof path, "%sfiles/share/appdata/org.x.Bad.appdata.xml", bad);
    survives_beside(&good, path, STELLA_SV("<component><id>org.x.Bad</id><summary>S</summary></component>"));
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/flatpak/tree", 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_deployments_of_a_tree),
        cmocka_unit_test(paths_tell_deployments),
        cmocka_unit_test(references_have_three_parts),
        cmocka_unit_test(a_version_is_of_the_first_release_of_the_same_id),
        cmocka_unit_test(metadata_of_another_id_is_refused),
        cmocka_unit_test(a_broken_document_leaves_the_others_alone),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
