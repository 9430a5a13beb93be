#include "check.h"

#include "plugin/adopt.h"

/* An interface made for these tests: version one ends at first, this host knows second, a newer plugin has third. */
typedef struct shape_old {
    stella_abi_head head;
    uint64_t first;
} shape_old;

typedef struct shape {
    stella_abi_head head;
    uint64_t first, second;
} shape;

typedef struct shape_new {
    stella_abi_head head;
    uint64_t first, second, third;
} shape_new;

static const plugin_manifest manifest = {.id = "org.example.a", .version = "1.2.3"};

static void takes_what_an_older_plugin_lacks_as_zero(void **state) {
    (void)state;
    const shape_old theirs = {.head = STELLA_HEAD(shape_old), .first = 7};
    shape ours = {.second = 99};
    assert_int_equal(plugin_adopt(&theirs, sizeof ours, PLUGIN_UPTO(shape, first), "test/0", &ours, NULL), STELLA_OK);
    assert_int_equal(ours.first, 7);
    assert_int_equal(ours.second, 0);
    assert_false(STELLA_HAS(&ours, shape, second));
}

static void copies_no_more_than_this_host_knows(void **state) {
    (void)state;
    const shape_new theirs = {.head = STELLA_HEAD(shape_new), .first = 7, .second = 8, .third = 9};
    struct {
        shape ours;
        uint64_t behind;
    } room = {.behind = 1234};
    assert_int_equal(plugin_adopt(&theirs, sizeof(shape), PLUGIN_UPTO(shape, second), "test/0", &room.ours, NULL),
                     STELLA_OK);
    assert_int_equal(room.ours.second, 8);
    assert_int_equal(room.behind, 1234);
}

static void refuses_a_structure_that_lacks_a_needed_member(void **state) {
    (void)state;
    const shape_old theirs = {.head = STELLA_HEAD(shape_old), .first = 7};
    shape ours = {.first = 1};
    stella_error err = {0};
    assert_int_equal(plugin_adopt(&theirs, sizeof ours, PLUGIN_UPTO(shape, second), "test/0", &ours, &err),
                     STELLA_E_ABI);
    assert_string_equal(err.path, "test/0");
    assert_string_equal(err.message, "has 16 bytes, at least 24 are needed; rebuild the plugin");
    assert_int_equal(ours.first, 1);
}

static void refuses_another_major(void **state) {
    (void)state;
    const shape theirs = {.head = {.struct_size = sizeof theirs, .major = STELLA_ABI_MAJOR + 1}};
    shape ours;
    stella_error err = {0};
    assert_int_equal(plugin_adopt(&theirs, sizeof ours, sizeof ours, "test/0", &ours, &err), STELLA_E_ABI);
    assert_non_null(strstr(err.message, "built for ABI 2.0"));
}

static void takes_its_own_major_and_no_newer_minor(void **state) {
    (void)state;
    assert_true(plugin_abi_accepts(1, 4, 1, 0));
    assert_true(plugin_abi_accepts(1, 4, 1, 4));
    assert_false(plugin_abi_accepts(1, 4, 1, 5));
    assert_false(plugin_abi_accepts(1, 4, 2, 0));
    assert_false(plugin_abi_accepts(1, 4, 0, 1));
}

static const void *nothing(const char *id) {
    (void)id;
    return NULL;
}

static void refuses_an_entry_that_is_not_what_the_manifest_says(void **state) {
    (void)state;
    stella_plugin_entry theirs = {
        .head = STELLA_HEAD(stella_plugin_entry), .id = "org.example.b", .version = "1.2.3", .get_interface = nothing};
    stella_plugin_entry ours;
    stella_error err = {0};
    assert_int_equal(plugin_adopt_entry(&theirs, &manifest, &ours, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "id is \"org.example.b\" in the binary but \"org.example.a\" in plugin.json"));
    theirs.id = "org.example.a";
    theirs.version = "1.2.4";
    assert_int_equal(plugin_adopt_entry(&theirs, &manifest, &ours, &err), STELLA_E_FORMAT);
    theirs.version = NULL;
    assert_int_equal(plugin_adopt_entry(&theirs, &manifest, &ours, &err), STELLA_E_FORMAT);
    theirs.version = "1.2.3";
    assert_int_equal(plugin_adopt_entry(&theirs, &manifest, &ours, &err), STELLA_OK);
    theirs.get_interface = NULL;
    assert_int_equal(plugin_adopt_entry(&theirs, &manifest, &ours, &err), STELLA_E_ABI);
}

static void says_which_interface_is_missing(void **state) {
    (void)state;
    const stella_plugin_entry entry = {.id = "org.example.a", .get_interface = nothing};
    shape ours;
    stella_error err = {0};
    assert_int_equal(plugin_adopt_interface(&entry, "test/0", sizeof ours, sizeof ours, &ours, &err),
                     STELLA_E_NOTFOUND);
    assert_string_equal(err.path, "test/0");
}

int main(void) {
    const struct CMUnitTest adopt[] = {
        cmocka_unit_test(takes_what_an_older_plugin_lacks_as_zero),
        cmocka_unit_test(copies_no_more_than_this_host_knows),
        cmocka_unit_test(refuses_a_structure_that_lacks_a_needed_member),
        cmocka_unit_test(refuses_another_major),
        cmocka_unit_test(takes_its_own_major_and_no_newer_minor),
        cmocka_unit_test(refuses_an_entry_that_is_not_what_the_manifest_says),
        cmocka_unit_test(says_which_interface_is_missing),
    };
    return cmocka_run_group_tests(adopt, NULL, NULL);
}
