#include "check.h"
#include "pack_kit.h"

#include "plugins/scanner/engine/view.h"

#include <stdio.h>

#define LAYERS_MAX 128

typedef struct image {
    kit *open; /* the layer that is being said */
    pack *packs[LAYERS_MAX];
    uint32_t count;
    view *view;
} image;

static kit *next_layer(image *i) {
    if (i->open)
        i->packs[i->count++] = kit_pack(i->open);
    return i->open = kit_create();
}

static void close_image(image *i) {
    if (i->open)
        i->packs[i->count++] = kit_pack(i->open);
    i->open = NULL;
    assert_int_equal(view_create((const pack *const *)i->packs, i->count, &i->view, NULL), STELLA_OK);
}

static int setup(void **state) {
    *state = calloc(1, sizeof(image));
    return *state ? 0 : -1;
}

static int teardown(void **state) {
    image *i = *state;
    view_destroy(i->view);
    for (uint32_t layer = 0; layer < i->count; layer++)
        pack_close(i->packs[layer]);
    free(i);
    return 0;
}

/* The kind of what stands at a path, 0 for nothing. */
static uint32_t kind_at(const image *i, const char *path) {
    view_entry entry;
    pack_row row;
    if (!view_at(i->view, stella_sv_cstr(path), &entry))
        return 0;
    view_facts(i->view, entry, &row);
    return row.kind;
}

static int layer_at(const image *i, const char *path) {
    view_entry entry;
    return view_at(i->view, stella_sv_cstr(path), &entry) ? (int)entry.layer : -1;
}

static void an_upper_file_replaces_a_lower_one(void **state) {
    image *i = *state;
    kit_file(next_layer(i), "etc/issue");
    kit_file(next_layer(i), "etc/issue");
    kit_file(next_layer(i), "etc/other");
    close_image(i);
    assert_int_equal(layer_at(i, "etc/issue"), 1);
    assert_int_equal(layer_at(i, "etc/other"), 2);
    assert_int_equal(layer_at(i, "etc/none"), -1);
}

static void a_whiteout_hides_what_lies_below_it_in_lower_layers(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_dir(base, "opt");
    kit_file(base, "opt/a/deep/file");
    kit_file(base, "opt/b");
    kit_whiteout(next_layer(i), "opt/a");
    close_image(i);
    assert_int_equal(kind_at(i, "opt/a"), 0);
    assert_int_equal(kind_at(i, "opt/a/deep/file"), 0);
    assert_int_equal(kind_at(i, "opt/b"), STELLA_FILE_REGULAR);
}

static void a_whiteout_leaves_entries_of_its_own_layer_alone(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_file(base, "opt/a/old");
    kit *top = next_layer(i);
    kit_whiteout(top, "opt/a");
    kit_file(top, "opt/a/new");
    close_image(i);
    assert_int_equal(kind_at(i, "opt/a/old"), 0);
    assert_int_equal(kind_at(i, "opt/a/new"), STELLA_FILE_REGULAR);
    assert_int_equal(kind_at(i, "opt/a"), STELLA_FILE_DIRECTORY);
}

static void a_whiteout_hides_no_neighbour_with_the_same_beginning(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_file(base, "opt/a/file");
    kit_file(base, "opt/a-b/file");
    kit_file(base, "opt/ab");
    kit_whiteout(next_layer(i), "opt/a");
    close_image(i);
    assert_int_equal(kind_at(i, "opt/a/file"), 0);
    assert_int_equal(kind_at(i, "opt/a-b/file"), STELLA_FILE_REGULAR);
    assert_int_equal(kind_at(i, "opt/ab"), STELLA_FILE_REGULAR);
}

static void an_opaque_directory_hides_lower_content_of_exactly_that_directory(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_file(base, "srv/www/old");
    kit_file(base, "srv/www/sub/old");
    kit_file(base, "srv/other");
    kit *top = next_layer(i);
    kit_opaque(top, "srv/www");
    kit_file(top, "srv/www/new");
    close_image(i);
    assert_int_equal(kind_at(i, "srv/www/old"), 0);
    assert_int_equal(kind_at(i, "srv/www/sub"), 0);
    assert_int_equal(kind_at(i, "srv/www/sub/old"), 0);
    assert_int_equal(kind_at(i, "srv/www/new"), STELLA_FILE_REGULAR);
    assert_int_equal(kind_at(i, "srv/www"), STELLA_FILE_DIRECTORY);
    assert_int_equal(kind_at(i, "srv/other"), STELLA_FILE_REGULAR);
}

static void an_opaque_mark_over_a_symlink_does_not_touch_what_it_points_to(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_file(base, "usr/lib/libc.so");
    kit_link(base, "lib", "usr/lib");
    kit_opaque(next_layer(i), "lib");
    close_image(i);
    assert_int_equal(kind_at(i, "usr/lib/libc.so"), STELLA_FILE_REGULAR);
    assert_int_equal(kind_at(i, "lib"), STELLA_FILE_DIRECTORY);
    assert_int_equal(kind_at(i, "lib/libc.so"), 0);
}

static void an_opaque_root_hides_everything_underneath(void **state) {
    image *i = *state;
    kit_file(next_layer(i), "etc/old");
    kit *top = next_layer(i);
    kit_opaque(top, "");
    kit_file(top, "etc/new");
    close_image(i);
    assert_int_equal(kind_at(i, "etc/old"), 0);
    assert_int_equal(kind_at(i, "etc/new"), STELLA_FILE_REGULAR);
    assert_int_equal(view_end(i->view, STELLA_SV("etc/old"), 0), 1);
}

static void marks_in_the_lowest_layer_hide_nothing_and_are_no_files(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_whiteout(base, "gone");
    kit_opaque(base, "srv");
    kit_file(base, "srv/file");
    close_image(i);
    assert_int_equal(kind_at(i, "gone"), 0);
    assert_int_equal(kind_at(i, "srv/file"), STELLA_FILE_REGULAR);
    assert_int_equal(kind_at(i, "srv"), STELLA_FILE_DIRECTORY);
}

static void a_file_that_replaces_a_directory_hides_all_of_it(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_dir(base, "app");
    kit_file(base, "app/lib/code");
    kit_file(next_layer(i), "app");
    close_image(i);
    assert_int_equal(kind_at(i, "app"), STELLA_FILE_REGULAR);
    assert_int_equal(kind_at(i, "app/lib/code"), 0);
}

static void a_symlink_that_replaces_a_directory_hides_all_of_it(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_dir(base, "lib");
    kit_file(base, "lib/libc.so");
    kit_file(base, "usr/lib/libm.so");
    kit_link(next_layer(i), "lib", "usr/lib");
    close_image(i);
    assert_int_equal(kind_at(i, "lib"), STELLA_FILE_SYMLINK);
    assert_int_equal(kind_at(i, "lib/libc.so"), 0);
    assert_int_equal(kind_at(i, "usr/lib/libm.so"), STELLA_FILE_REGULAR);
}

static void a_directory_that_replaces_a_file_shows_its_own_content(void **state) {
    image *i = *state;
    kit_file(next_layer(i), "app");
    kit_file(next_layer(i), "app/code");
    close_image(i);
    assert_int_equal(kind_at(i, "app"), STELLA_FILE_DIRECTORY);
    assert_int_equal(kind_at(i, "app/code"), STELLA_FILE_REGULAR);
    assert_int_equal(view_end(i->view, STELLA_SV("app"), 0), 1);
}

static void a_directory_comes_back_empty_after_a_file_stood_in_its_place(void **state) {
    image *i = *state;
    kit_file(next_layer(i), "app/old");
    kit_file(next_layer(i), "app");
    kit_file(next_layer(i), "app/new");
    close_image(i);
    assert_int_equal(kind_at(i, "app/old"), 0);
    assert_int_equal(kind_at(i, "app/new"), STELLA_FILE_REGULAR);
}

static void directories_of_all_layers_are_joined(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_dir(base, "etc");
    kit_file(base, "etc/a");
    kit *top = next_layer(i);
    kit_file(top, "etc/b");
    close_image(i);
    assert_int_equal(kind_at(i, "etc/a"), STELLA_FILE_REGULAR);
    assert_int_equal(kind_at(i, "etc/b"), STELLA_FILE_REGULAR);
    /* The upper layer only implies the directory: its facts are those of the entry below. */
    assert_int_equal(layer_at(i, "etc"), 0);
}

static void a_missing_layer_says_nothing(void **state) {
    image *i = *state;
    kit_file(next_layer(i), "etc/a");
    close_image(i);
    view_destroy(i->view);
    const pack *packs[] = {i->packs[0], NULL, NULL};
    assert_int_equal(view_create(packs, 3, &i->view, NULL), STELLA_OK);
    assert_int_equal(kind_at(i, "etc/a"), STELLA_FILE_REGULAR);
    assert_int_equal(view_end(i->view, STELLA_SV("etc/a"), 0), 3);
}

static void an_image_without_layers_is_an_empty_root(void **state) {
    image *i = *state;
    close_image(i);
    char buf[PATH_BYTES_MAX];
    stella_sv canonical;
    view_entry entry;
    assert_int_equal(kind_at(i, "etc"), 0);
    assert_int_equal(view_resolve(i->view, STELLA_SV("/"), 1, buf, &canonical, &entry, NULL), STELLA_OK);
    assert_int_equal(canonical.len, 0);
}

static void history_tells_when_a_file_ended(void **state) {
    image *i = *state;
    kit_file(next_layer(i), "a/replaced");
    kit *one = next_layer(i);
    kit_file(one, "a/removed");
    kit_file(one, "b/stays");
    kit_file(next_layer(i), "a/replaced");
    kit_whiteout(next_layer(i), "a");
    kit_file(next_layer(i), "a/replaced");
    close_image(i);
    assert_int_equal(view_end(i->view, STELLA_SV("a/replaced"), 0), 2);
    assert_int_equal(view_end(i->view, STELLA_SV("a/replaced"), 2), 3);
    assert_int_equal(view_end(i->view, STELLA_SV("a/replaced"), 4), 5);
    assert_int_equal(view_end(i->view, STELLA_SV("a/removed"), 1), 3);
    assert_int_equal(view_end(i->view, STELLA_SV("b/stays"), 1), 5);
}

static void layers_up_to_the_limit_of_overlayfs_are_merged(void **state) {
    image *i = *state;
    for (int layer = 0; layer < 127; layer++) {
        char path[32];
        snprintf(path, sizeof path, "d/%d", layer);
        kit *k = next_layer(i);
        kit_file(k, path);
        kit_file(k, "d/same");
        if (layer == 100)
            kit_opaque(k, "d");
    }
    close_image(i);
    assert_int_equal(layer_at(i, "d/same"), 126);
    assert_int_equal(layer_at(i, "d/99"), -1);
    assert_int_equal(layer_at(i, "d/100"), 100);
    assert_int_equal(view_end(i->view, STELLA_SV("d/7"), 7), 100);
}

/* ---- links ------------------------------------------------------------------------------------------------------- */

static void assert_leads(const image *i, const char *path, int follow, const char *where) {
    char buf[PATH_BYTES_MAX];
    stella_sv canonical;
    view_entry entry;
    stella_error err = {0};
    assert_int_equal(view_resolve(i->view, stella_sv_cstr(path), follow, buf, &canonical, &entry, &err), STELLA_OK);
    buf[canonical.len] = '\0';
    assert_string_equal(buf, where);
}

static void links_are_followed_inside_the_root(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_file(base, "usr/lib/x/libc.so");
    kit_link(base, "lib", "usr/lib");
    kit_link(base, "usr/lib/abs", "/usr/lib/x");
    kit_link(base, "usr/lib/up", "../../../../../usr/lib/x/libc.so");
    kit_link(base, "usr/lib/last", "x/libc.so");
    kit_link(base, "self", ".");
    next_layer(i);
    close_image(i);
    assert_leads(i, "lib/x/libc.so", 1, "usr/lib/x/libc.so");
    assert_leads(i, "usr/lib/x/libc.so", 1, "usr/lib/x/libc.so");
    assert_leads(i, "/lib/abs/libc.so", 1, "usr/lib/x/libc.so");
    assert_leads(i, "lib/up", 1, "usr/lib/x/libc.so");
    assert_leads(i, "lib/last", 1, "usr/lib/x/libc.so");
    assert_leads(i, "lib/last", 0, "usr/lib/last");
    assert_leads(i, "self/self/lib/./abs/../x/libc.so", 1, "usr/lib/x/libc.so");
    assert_leads(i, "../../..", 1, "");
}

static void the_fortieth_link_is_followed_and_no_more(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_file(base, "l0");
    for (int n = 1; n <= 41; n++) {
        char path[16], target[16];
        snprintf(path, sizeof path, "l%d", n);
        snprintf(target, sizeof target, "l%d", n - 1);
        kit_link(base, path, target);
    }
    kit_link(base, "loop", "loop");
    close_image(i);
    char buf[PATH_BYTES_MAX];
    stella_sv canonical = STELLA_SV("untouched");
    view_entry entry;
    assert_leads(i, "l40", 1, "l0");
    assert_int_equal(view_resolve(i->view, STELLA_SV("l41"), 1, buf, &canonical, &entry, NULL), STELLA_E_LIMIT);
    assert_int_equal(view_resolve(i->view, STELLA_SV("loop"), 1, buf, &canonical, &entry, NULL), STELLA_E_LIMIT);
    assert_int_equal(view_resolve(i->view, STELLA_SV("loop/x"), 0, buf, &canonical, &entry, NULL), STELLA_E_LIMIT);
    assert_true(stella_sv_eq(canonical, STELLA_SV("untouched")));
}

static void a_path_that_does_not_exist_is_resolved_as_far_as_it_does(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    kit_dir(base, "usr/lib");
    kit_link(base, "lib", "usr/lib");
    kit_file(base, "usr/file");
    close_image(i);
    char buf[PATH_BYTES_MAX];
    stella_sv canonical;
    view_entry entry;
    assert_int_equal(view_resolve(i->view, STELLA_SV("lib/none/x"), 1, buf, &canonical, &entry, NULL),
                     STELLA_E_NOTFOUND);
    assert_true(stella_sv_eq(canonical, STELLA_SV("usr/lib/none/x")));
    assert_int_equal(view_resolve(i->view, STELLA_SV("usr/file/x"), 1, buf, &canonical, &entry, NULL),
                     STELLA_E_NOTFOUND);
}

static void a_path_that_grows_without_end_is_refused(void **state) {
    image *i = *state;
    kit *base = next_layer(i);
    static char target[4001];
    memset(target, 'a', 4000);
    for (size_t at = 1; at < 4000; at += 2)
        target[at] = '/';
    memcpy(target, "x/", 2);
    kit_link(base, "x", target);
    close_image(i);
    char buf[PATH_BYTES_MAX];
    stella_sv canonical;
    view_entry entry;
    assert_int_equal(view_resolve(i->view, STELLA_SV("x"), 1, buf, &canonical, &entry, NULL), STELLA_E_LIMIT);
}

#define VIEW_TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
    const struct CMUnitTest tests[] = {
        VIEW_TEST(an_upper_file_replaces_a_lower_one),
        VIEW_TEST(a_whiteout_hides_what_lies_below_it_in_lower_layers),
        VIEW_TEST(a_whiteout_leaves_entries_of_its_own_layer_alone),
        VIEW_TEST(a_whiteout_hides_no_neighbour_with_the_same_beginning),
        VIEW_TEST(an_opaque_directory_hides_lower_content_of_exactly_that_directory),
        VIEW_TEST(an_opaque_mark_over_a_symlink_does_not_touch_what_it_points_to),
        VIEW_TEST(an_opaque_root_hides_everything_underneath),
        VIEW_TEST(marks_in_the_lowest_layer_hide_nothing_and_are_no_files),
        VIEW_TEST(a_file_that_replaces_a_directory_hides_all_of_it),
        VIEW_TEST(a_symlink_that_replaces_a_directory_hides_all_of_it),
        VIEW_TEST(a_directory_that_replaces_a_file_shows_its_own_content),
        VIEW_TEST(a_directory_comes_back_empty_after_a_file_stood_in_its_place),
        VIEW_TEST(directories_of_all_layers_are_joined),
        VIEW_TEST(a_missing_layer_says_nothing),
        VIEW_TEST(an_image_without_layers_is_an_empty_root),
        VIEW_TEST(history_tells_when_a_file_ended),
        VIEW_TEST(layers_up_to_the_limit_of_overlayfs_are_merged),
        VIEW_TEST(links_are_followed_inside_the_root),
        VIEW_TEST(the_fortieth_link_is_followed_and_no_more),
        VIEW_TEST(a_path_that_does_not_exist_is_resolved_as_far_as_it_does),
        VIEW_TEST(a_path_that_grows_without_end_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
