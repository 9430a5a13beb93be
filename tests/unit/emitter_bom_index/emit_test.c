#include "unit/emitter_bom_index/bom_kit.h"
#include "unit/emitter_hostile.h"

static void components_of_one_identity_are_one_entry(void **state) {
    (void)state;
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    components[0].purl = STELLA_SV("pkg:npm/c"); /* {0}, reached by 1; and {1}, reached by none */
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const bom_index index = index_of(&bom, &text);
    const bom_index_row row = row_of(&index, "pkg:npm/c");
    assert_int_equal(index.component_count, 2);
    assert_int_equal(row.layers.count, 2);
    assert_int_equal(row.entrypoints.count, 1);
    assert_true(roaring_has(&row.entrypoints, 1));
}

static void a_component_without_package_url_goes_by_its_reference(void **state) {
    (void)state;
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    components[0].purl = STELLA_SV("");
    components[0].ref = STELLA_SV("operating-system:debian@12");
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const bom_index index = index_of(&bom, &text);
    assert_int_equal(row_of(&index, "operating-system:debian@12").layers.count, 1);
}

static void a_time_in_milliseconds_is_one_in_microseconds(void **state) {
    (void)state;
    static const struct {
        int64_t ms, us;
    } all[] = {{0, 0},
               {-1, 0}, /* none */
               {1700000000123, INT64_C(1700000000123000)},
               {-2, -2000},
               {INT64_MAX, INT64_C(9223372036854775000)},
               {INT64_MIN, INT64_C(-9223372036854775000)}};
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    for (size_t i = 0; i < STELLA_COUNT(all); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
        bom.created_ms = all[i].ms;
        assert_int_equal(index_of(&bom, &text).generated_us, all[i].us);
    }
}

static void a_layer_goes_by_what_is_known_of_it(void **state) {
    (void)state;
    const stella_bom_layer layers[] = {{.diff_id = STELLA_SV("sha256:d")}, {.created_by = STELLA_SV("RUN x")}};
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    bom.layers = LIST(layers);
    bom.subject_digest = STELLA_SV("");
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const bom_index index = index_of(&bom, &text);
    stella_sv digest;
    bom_index_texts at = bom_index_layers(&index);
    assert_true(bom_index_text_next(&at, &digest) && stella_sv_eq(digest, STELLA_SV("sha256:d")));
    assert_true(bom_index_text_next(&at, &digest) && digest.len == 0);
    assert_int_equal(index.image_digest.len, 0);
}

static void what_is_no_utf8_is_replaced_and_put_in_order(void **state) {
    (void)state;
    const stella_bom_entrypoint entrypoints[] = {{.launcher = STELLA_SV("/a\xf0")}, {.launcher = STELLA_SV("/a\xfe")}};
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    bom.entrypoints = LIST(entrypoints);
    components[0].purl = STELLA_SV("pkg:npm/\xff");
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const bom_index index = index_of(&bom, &text);
    stella_sv launcher;
    bom_index_texts at = bom_index_entrypoints(&index);
    assert_int_equal(index.entrypoint_count, 1);
    assert_true(bom_index_text_next(&at, &launcher) && stella_sv_eq(launcher, STELLA_SV("/a\xef\xbf\xbd")));
    assert_int_equal(row_of(&index, "pkg:npm/\xef\xbf\xbd").entrypoints.count, 1);
    assert_int_equal(row_of(&index, "pkg:npm/b").entrypoints.count, 1);
}

/* The order of components is the identities', whatever their order in the result is; and it does not change a byte. */
static void the_order_of_a_result_does_not_change_a_byte(void **state) {
    (void)state;
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    STELLA_AUTO(stella_buf_fini) stella_buf straight = emit_bom(&bom, 0, 0);
    const stella_bom_component first = components[0];
    components[0] = components[2];
    components[2] = first;
    STELLA_AUTO(stella_buf_fini) stella_buf turned = emit_bom(&bom, 0, 0);
    assert_int_equal(straight.len, turned.len);
    assert_memory_equal(straight.ptr, turned.ptr, straight.len);
}

static void sets_name_only_what_there_is(void **state) {
    (void)state;
    static const uint32_t far[] = {0, 1, 2, 4000000000u};
    stella_bom bom;
    stella_bom_component components[3];
    vector_bom(&bom, components);
    components[2].layers = LIST(far);
    components[2].entrypoints = LIST(far);
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const bom_index index = index_of(&bom, &text);
    assert_int_equal(row_of(&index, "pkg:npm/c").layers.count, 2);
    assert_int_equal(row_of(&index, "pkg:npm/c").entrypoints.count, 2);
}

static void a_hostile_result_makes_a_valid_index(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    assert_int_equal(index_of(hostile_bom(arena), &text).component_count, 3);
}

static void an_identity_that_is_too_long_is_named(void **state) {
    (void)state;
    static char name[65536];
    stella_bom bom;
    stella_bom_component components[3];
    stella_error err = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    memset(name, 'p', sizeof name);
    vector_bom(&bom, components);
    components[2].purl = stella_sv_of(name, sizeof name);
    assert_int_equal(stella_testing_emit(&stella_plugin, &bom, 0, 0, &text, &err), STELLA_E_LIMIT);
    assert_string_equal(err.path, "components/2");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(components_of_one_identity_are_one_entry),
        cmocka_unit_test(a_component_without_package_url_goes_by_its_reference),
        cmocka_unit_test(a_time_in_milliseconds_is_one_in_microseconds),
        cmocka_unit_test(a_layer_goes_by_what_is_known_of_it),
        cmocka_unit_test(what_is_no_utf8_is_replaced_and_put_in_order),
        cmocka_unit_test(the_order_of_a_result_does_not_change_a_byte),
        cmocka_unit_test(sets_name_only_what_there_is),
        cmocka_unit_test(a_hostile_result_makes_a_valid_index),
        cmocka_unit_test(an_identity_that_is_too_long_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
