#include "diff_kit.h"

#define ARENA_BYTES (64u << 20)

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static int make_arena(void **state) {
    *state = stella_arena_create(ARENA_BYTES);
    return *state ? 0 : -1;
}

static int drop_arena(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static void compare(void **state, const char *old_layers, const kit_component *old, size_t old_count,
                    const char *new_layers, const kit_component *new, size_t new_count, diff_view view,
                    const char *expected) {
    STELLA_AUTO(stella_buf_fini) stella_buf told = stella_buf_of(1u << 20);
    stella_error err = {0};
    diff_side sides[2];
    diff_result result;
    kit_read(*state, kit_document(*state, old_layers, old, old_count), &sides[0]);
    kit_read(*state, kit_document(*state, new_layers, new, new_count), &sides[1]);
    assert_int_equal(diff_compare(&sides[0], &sides[1], view, *state, &result, &err), STELLA_OK);
    kit_tell(&result, &told);
    assert_string_equal(told.ptr ? told.ptr : "", expected);
}

#define COMPARE(old_layers, old, new_layers, new, expected)                                                            \
    compare(state, old_layers, old, COUNT(old), new_layers, new, COUNT(new), DIFF_INVENTORY, expected)

/* ---- pairing ------------------------------------------------------------------------------------------------------
 */

static void tells_what_was_added_removed_and_changed_below_its_layer(void **state) {
    const kit_component old[] = {{.type = "deb", .name = "a", .version = "1"},
                                 {.type = "deb", .name = "b", .version = "1"},
                                 {.type = "deb", .name = "c", .version = "1"}};
    const kit_component new[] = {{.type = "deb", .name = "a", .version = "2", .layer = 1},
                                 {.type = "deb", .name = "c", .version = "1", .license = "ISC"},
                                 {.type = "npm", .name = "d", .version = "1", .layer = 1}};
    COMPARE("x", old, "xy", new,
            "metadataChanged c@1 c@1 licenses new:0\n"
            "added - d@1 new:1\n"
            "removed b@1 - new:1 by 1-1\n"
            "versionChanged a@1 a@2 new:1 by 1-1\n");
}

static void a_package_of_another_type_or_namespace_is_another_one(void **state) {
    const kit_component old[] = {{.type = "deb", .namespace_ = "debian", .name = "a", .version = "1"}};
    const kit_component new[] = {{.type = "deb", .namespace_ = "ubuntu", .name = "a", .version = "1"},
                                 {.type = "npm", .namespace_ = "debian", .name = "a", .version = "1"}};
    COMPARE("x", old, "x", new, "added - a@1 new:0\nadded - a@1 new:0\nremoved a@1 - old:0\n");
}

static void several_versions_are_paired_from_the_highest_down(void **state) {
    const kit_component old[] = {{.type = "deb", .name = "linux", .version = "6.9"},
                                 {.type = "deb", .name = "linux", .version = "6.10"}};
    const kit_component new[] = {{.type = "deb", .name = "linux", .version = "6.11"}};
    COMPARE("x", old, "xy", new,
            "versionChanged linux@6.10 linux@6.11 new:0 by 1-1\nremoved linux@6.9 - new:1 by 1-1\n");
}

static void of_several_versions_an_equal_one_is_itself(void **state) {
    const kit_component old[] = {{.type = "npm", .name = "a", .version = "1", .path = "p/1"},
                                 {.type = "npm", .name = "a", .version = "2", .path = "p/2"}};
    const kit_component new[] = {{.type = "npm", .name = "a", .version = "2", .path = "p/2"},
                                 {.type = "npm", .name = "a", .version = "3", .path = "p/3"}};
    COMPARE("x", old, "x", new, "versionChanged a@1 a@3 locations new:0\n");
}

static void of_several_versions_those_at_one_place_are_one(void **state) {
    const kit_component old[] = {{.type = "npm", .name = "a", .version = "1", .path = "p/x"},
                                 {.type = "npm", .name = "a", .version = "5", .path = "p/y"}};
    const kit_component new[] = {{.type = "npm", .name = "a", .version = "7", .path = "p/x"},
                                 {.type = "npm", .name = "a", .version = "6", .path = "p/y"}};
    COMPARE("x", old, "x", new, "versionChanged a@5 a@6 new:0\nversionChanged a@1 a@7 new:0\n");
}

static void versions_are_paired_within_an_architecture_first(void **state) {
    const kit_component old[] = {{.type = "deb", .name = "a", .version = "1", .arch = "amd64"},
                                 {.type = "deb", .name = "a", .version = "2", .arch = "i386"}};
    const kit_component new[] = {{.type = "deb", .name = "a", .version = "4", .arch = "amd64"},
                                 {.type = "deb", .name = "a", .version = "3", .arch = "i386"}};
    COMPARE("x", old, "x", new, "versionChanged a@2 a@3 new:0\nversionChanged a@1 a@4 new:0\n");
}

static void another_architecture_of_one_version_is_a_change_of_metadata(void **state) {
    const kit_component old[] = {{.type = "deb", .name = "a", .version = "1", .arch = "amd64"}};
    const kit_component new[] = {{.type = "deb", .name = "a", .version = "1", .arch = "arm64"}};
    COMPARE("x", old, "y", new, "metadataChanged a@1 a@1 architecture new:0\n");
}

static void what_has_no_purl_is_the_same_at_the_same_place(void **state) {
    const kit_component old[] = {{.type = "bin", .name = "sha256:1", .path = "bin/tool"}};
    const kit_component new[] = {{.type = "bin", .name = "sha256:2", .version = "2", .path = "bin/tool"}};
    COMPARE("x", old, "x", new, "versionChanged sha256:1@ sha256:2@2 new:0\n");
}

static void versions_are_ordered_by_their_numbers(void **state) {
    static const char *const ascending[] = {"",
                                            "1.0~rc1",
                                            "1.0",
                                            "1.0-1",
                                            "1.0.1",
                                            "1.2",
                                            "1.10",
                                            "01.10a",
                                            "2",
                                            "18446744073709551616",
                                            "18446744073709551617"};
    (void)state;
    for (size_t i = 0; i < COUNT(ascending); i++)
        for (size_t k = 0; k < COUNT(ascending); k++) {
            const int order = diff_version_cmp(stella_sv_cstr(ascending[i]), stella_sv_cstr(ascending[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    assert_int_not_equal(diff_version_cmp(STELLA_SV("1.0"), STELLA_SV("1.00")), 0);
}

/* ---- layers -------------------------------------------------------------------------------------------------------
 */

static void a_layer_that_the_new_image_lacks_took_its_components_along(void **state) {
    const kit_component old[] = {{.type = "deb", .name = "a", .version = "1", .layer = 1}};
    const kit_component new[] = {{.type = "deb", .name = "b", .version = "1", .layer = 1}};
    COMPARE("xy", old, "xz", new, "added - b@1 new:1\nremoved a@1 - old:1 dropped\n");
}

static void which_of_several_layers_removed_it_is_not_guessed(void **state) {
    const kit_component old[] = {{.type = "deb", .name = "a", .version = "1"}};
    const kit_component new[] = {{.type = "deb", .name = "b", .version = "1", .layer = 3}};
    COMPARE("xw", old, "xywz", new, "removed a@1 - old:0 by 1-3\nadded - b@1 new:3\n");
}

static void a_changed_base_is_told(void **state) {
    const kit_component same[] = {{.type = "deb", .name = "a", .version = "1"}};
    diff_side sides[2];
    diff_result result;
    kit_read(*state, kit_document(*state, "xy", same, 1), &sides[0]);
    kit_read(*state, kit_document(*state, "zy", same, 1), &sides[1]);
    assert_int_equal(diff_compare(&sides[0], &sides[1], DIFF_INVENTORY, *state, &result, NULL), STELLA_OK);
    assert_int_equal(result.change_count, 0);
    assert_int_equal(result.layers.shared, 0);
    assert_true(result.is_base_changed);
    kit_read(*state, kit_document(*state, "xz", same, 1), &sides[1]);
    assert_int_equal(diff_compare(&sides[0], &sides[1], DIFF_INVENTORY, *state, &result, NULL), STELLA_OK);
    assert_int_equal(result.layers.shared, 1);
    assert_false(result.is_base_changed);
    sides[1].distro_version = STELLA_SV("13");
    assert_int_equal(diff_compare(&sides[0], &sides[1], DIFF_INVENTORY, *state, &result, NULL), STELLA_OK);
    assert_true(result.is_base_changed);
}

/* ---- views --------------------------------------------------------------------------------------------------------
 */

static void the_view_usage_compares_what_is_used(void **state) {
    const kit_component old[] = {{.type = "deb", .name = "a", .version = "1", .is_used = 1},
                                 {.type = "deb", .name = "b", .version = "1"}};
    const kit_component new[] = {{.type = "deb", .name = "a", .version = "1"},
                                 {.type = "deb", .name = "b", .version = "2"}};
    compare(state, "x", old, 2, "x", new, 2, DIFF_USAGE, "removed a@1 - old:0\n");
    compare(state, "x", old, 2, "x", new, 2, DIFF_INVENTORY,
            "versionChanged b@1 b@2 new:0\nmetadataChanged a@1 a@1 entrypoints usedByEntrypoint new:0\n");
}

static void the_view_usage_needs_two_sides_that_know_it(void **state) {
    diff_side sides[2] = {{.knows_usage = 1}};
    diff_result result = {.change_count = 77};
    stella_error err = {0};
    assert_int_equal(diff_compare(&sides[0], &sides[1], DIFF_USAGE, *state, &result, &err), STELLA_E_INVALID);
    assert_non_null(strstr(err.message, "the new side"));
    assert_int_equal(result.change_count, 77);
}

/* ---- properties ---------------------------------------------------------------------------------------------------
 */

#define RANDOM_MAX 40

static uint32_t next_random(uint32_t *seed) {
    *seed = *seed * 1664525u + 1013904223u;
    return *seed >> 16;
}

/* Few names and many versions, so that there is much to choose from. */
static size_t make_random(uint32_t *seed, kit_component *out) {
    static const char *const names[] = {"a", "b", "c"}, *const versions[] = {"1", "2", "3", "4", "5", "6"};
    static const char *const arches[] = {"amd64", "i386"}, *const paths[] = {"p", "q", "r", "s", "t"};
    const size_t count = next_random(seed) % RANDOM_MAX;
    size_t made = 0;
    for (size_t i = 0; i < count; i++) {
        kit_component c = {.type = next_random(seed) % 8 ? "npm" : "bin",
                           .name = names[next_random(seed) % 3],
                           .version = versions[next_random(seed) % 6],
                           .arch = arches[next_random(seed) % 2],
                           .path = paths[next_random(seed) % 5],
                           .license = next_random(seed) % 3 ? "MIT" : "ISC"};
        int is_there = 0; /* a ref is unique in a result */
        for (size_t k = 0; k < made; k++)
            is_there |=
                out[k].type == c.type && out[k].name == c.name && out[k].version == c.version && out[k].arch == c.arch;
        if (!is_there)
            out[made++] = c;
    }
    return made;
}

static int has_ref(const diff_side *side, stella_sv ref) {
    for (uint32_t i = 0; i < side->component_count; i++)
        if (stella_sv_eq(side->components[i].ref, ref))
            return 1;
    return 0;
}

/* Every component of either side is in one pair, or in one change, and pairs hold both ways. */
static void check_whole(const diff_result *r) {
    uint32_t old = 0, new = 0, pairs = r->counts.unchanged;
    for (uint32_t i = 0; i < r->change_count; i++) {
        old += r->changes[i].old != NULL;
        new += r->changes[i].new != NULL;
        if (r->changes[i].old && r->changes[i].new)
            assert_true(stella_sv_eq(r->changes[i].old->type, r->changes[i].new->type));
    }
    assert_int_equal(old + pairs, r->old->component_count);
    assert_int_equal(new + pairs, r->new->component_count);
    for (uint32_t i = 0; i < r->new->component_count; i++)
        if (r->new->components[i].pair != DIFF_NONE)
            assert_int_equal(r->old->components[r->new->components[i].pair].pair, i);
}

/* What is taken away and put in, in the old side, makes the new one. */
static void check_applied(const diff_result *r) {
    uint32_t count = r->old->component_count;
    for (uint32_t i = 0; i < r->change_count; i++) {
        const diff_change *c = &r->changes[i];
        assert_true(!c->old || has_ref(r->old, c->old->ref));
        assert_true(!c->new || has_ref(r->new, c->new->ref));
        count = count + (c->new != NULL) - (c->old != NULL);
    }
    assert_int_equal(count, r->new->component_count);
    for (uint32_t i = 0; i < r->old->component_count; i++) {
        const diff_component *c = &r->old->components[i];
        uint32_t touched = 0;
        for (uint32_t k = 0; k < r->change_count; k++)
            touched += r->changes[k].old == c;
        assert_int_equal(touched + has_ref(r->new, c->ref) > 0, 1); /* untouched: it is there still */
        assert_true(touched <= 1);
    }
}

static void check_mirrored(const diff_result *there, const diff_result *back) {
    assert_int_equal(there->change_count, back->change_count);
    assert_int_equal(there->counts.of[DIFF_ADDED], back->counts.of[DIFF_REMOVED]);
    for (uint32_t i = 0; i < there->change_count; i++) {
        const diff_change *a = &there->changes[i];
        uint32_t found = 0;
        for (uint32_t k = 0; k < back->change_count; k++) {
            const diff_change *b = &back->changes[k];
            found += !a->old == !b->new && !a->new == !b->old && (!a->old || stella_sv_eq(a->old->ref, b->new->ref)) &&
                     (!a->new || stella_sv_eq(a->new->ref, b->old->ref)) && a->fields == b->fields;
        }
        assert_int_equal(found, 1);
    }
}

static void random_results_are_compared_soundly(void **state) {
    (void)state;
    for (uint32_t seed = 1; seed <= 400; seed++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
        kit_component old[RANDOM_MAX], new[RANDOM_MAX];
        diff_side a, b, c, d, e, f;
        diff_result there, back, none;
        uint32_t random = seed;
        const size_t old_count = make_random(&random, old), new_count = make_random(&random, new);
        const stella_sv x = kit_document(arena, "x", old, old_count), y = kit_document(arena, "xy", new, new_count);
        kit_read(arena, x, &a), kit_read(arena, y, &b), kit_read(arena, x, &c), kit_read(arena, y, &d);
        kit_read(arena, x, &e), kit_read(arena, x, &f);
        assert_int_equal(diff_compare(&a, &b, DIFF_INVENTORY, arena, &there, NULL), STELLA_OK);
        assert_int_equal(diff_compare(&d, &c, DIFF_INVENTORY, arena, &back, NULL), STELLA_OK);
        assert_int_equal(diff_compare(&e, &f, DIFF_INVENTORY, arena, &none, NULL), STELLA_OK);
        check_whole(&there);
        check_applied(&there);
        check_mirrored(&there, &back);
        assert_int_equal(none.change_count, 0);
        assert_int_equal(none.counts.unchanged, old_count);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_what_was_added_removed_and_changed_below_its_layer),
        cmocka_unit_test(a_package_of_another_type_or_namespace_is_another_one),
        cmocka_unit_test(several_versions_are_paired_from_the_highest_down),
        cmocka_unit_test(of_several_versions_an_equal_one_is_itself),
        cmocka_unit_test(of_several_versions_those_at_one_place_are_one),
        cmocka_unit_test(versions_are_paired_within_an_architecture_first),
        cmocka_unit_test(another_architecture_of_one_version_is_a_change_of_metadata),
        cmocka_unit_test(what_has_no_purl_is_the_same_at_the_same_place),
        cmocka_unit_test(versions_are_ordered_by_their_numbers),
        cmocka_unit_test(a_layer_that_the_new_image_lacks_took_its_components_along),
        cmocka_unit_test(which_of_several_layers_removed_it_is_not_guessed),
        cmocka_unit_test(a_changed_base_is_told),
        cmocka_unit_test(the_view_usage_compares_what_is_used),
        cmocka_unit_test(the_view_usage_needs_two_sides_that_know_it),
        cmocka_unit_test(random_results_are_compared_soundly),
    };
    return cmocka_run_group_tests(tests, make_arena, drop_arena);
}
