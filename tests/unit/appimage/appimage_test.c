/* AppImages: a small ELF file with the sections of the real ones, unpacked ones, broken ones. */
#include "lang_run.h"

#include "appimage/image.h"

#define TREE  STELLA_SOURCE_DIR "/tests/data/appimage/tree"
#define IMAGE "opt/Krita-5.2.2-x86_64.AppImage"

static stella_sv read_image(stella_arena *arena) {
    FILE *file = fopen(TREE "/" IMAGE, "rb");
    assert_non_null(file);
    char *bytes = stella_arena_alloc(arena, 1, 1u << 16);
    const size_t len = fread(bytes, 1, 1u << 16, file);
    fclose(file);
    return stella_sv_of(bytes, len);
}

static void states_appimages_of_a_tree(void **state) {
    (void)state;
    matches_golden("appimage", "tree", 2, 0);
}

static void names_of_files_tell_names_and_versions(void **state) {
    (void)state;
    static const struct {
        const char *path, *name, *version;
    } cases[] = {
        {"opt/Krita-5.2.2-x86_64.AppImage", "Krita", "5.2.2"},
        {"nvim.appimage", "nvim", ""},
        {"x/Nextcloud-3.11.0-x86_64.AppImage", "Nextcloud", "3.11.0"},
        {"Obsidian-1.5.3-arm64.AppImage", "Obsidian", "1.5.3"},
        {"FreeCAD_0.21.2-Linux-x86_64.AppImage", "FreeCAD", "0.21.2"},
        {"tool-v1.0.AppImage", "tool", "1.0"},
        {"a-b-aarch64.AppImage", "a-b", ""},
        {"Cura-x86_64-5.6.0.AppImage", "Cura", "5.6.0"},
        {"plain", "plain", ""},
        {".AppImage", "", ""},
        {"", "", ""},
    };
    for (size_t i = 0; i < STELLA_COUNT(cases); i++) {
        const appimage_name got = appimage_name_of(stella_sv_cstr(cases[i].path));
        if (!stella_sv_eq(got.name, stella_sv_cstr(cases[i].name)) ||
            !stella_sv_eq(got.version, stella_sv_cstr(cases[i].version)))
            fail_msg("%s: %.*s, %.*s", cases[i].path, STELLA_SV_FMT(got.name), STELLA_SV_FMT(got.version));
    }
}

static void other_programs_are_none(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv good = read_image(arena);
    char *bytes = stella_arena_alloc(arena, 1, good.len);
    appimage image;
    memcpy(bytes, good.ptr, good.len);
    bytes[10] = 3;
    assert_false(appimage_read(stella_sv_of(bytes, good.len), &image));
    memset(bytes + 8, 0, 3);
    assert_false(appimage_read(stella_sv_of(bytes, good.len), &image));
    assert_false(appimage_read(STELLA_SV("\x7f"
                                         "ELF\2\1\1\0AI\2"),
                               &image));
    assert_false(appimage_read(STELLA_SV(""), &image));
}

static void a_section_table_beyond_the_end_is_noted(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv good = read_image(arena);
    char *bytes = stella_arena_alloc(arena, 1, good.len);
    memcpy(bytes, good.ptr, good.len);
    memset(bytes + 0x28, 0x7f, 8);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("opt/x.AppImage", stella_sv_of(bytes, good.len));
    assert_true(has(&text, "pkg:generic/appimage/x\""));
    assert_false(has(&text, "update-information"));
    assert_int_equal(count_of(&text, "\"severity\""), 1);
}

static void desktop_files_elsewhere_say_nothing(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("usr/share/applications/x.desktop", STELLA_SV("[Desktop Entry]\nName=X\n"));
    assert_false(has(&text, "\"ref\""));
}

static void an_unpacked_one_without_a_version_has_none(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "AppRun", STELLA_SV("#!/bin/sh\n"));
    scratch_write(&root, "org.x.Tool.desktop",
                  STELLA_SV("[Desktop Entry]\nName=A \"Tool\"\nX-AppImage-Name=a/b\nX-AppImage-Version=1 beta\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "pkg:generic/appimage/org.x.Tool\""));
}

static void a_broken_file_leaves_the_others_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const stella_sv image = read_image(arena);
    const lang_good good = {"a/Good-1.0.AppImage", image, "pkg:generic/appimage/Good@1.0\""};
    survives_beside(&good, "b/Bad-1.0.AppImage", image);
    survives_beside(&good, "a/AppRun", image);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(TREE, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(states_appimages_of_a_tree),
        cmocka_unit_test(names_of_files_tell_names_and_versions),
        cmocka_unit_test(other_programs_are_none),
        cmocka_unit_test(a_section_table_beyond_the_end_is_noted),
        cmocka_unit_test(desktop_files_elsewhere_say_nothing),
        cmocka_unit_test(an_unpacked_one_without_a_version_has_none),
        cmocka_unit_test(a_broken_file_leaves_the_others_alone),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
