#include "check.h"

#include "plugins/scanner/engine/bom_fragment.h"

#include <stella/analyzer.h>
#include <stella/auto.h>

#define LIST(array)                                                                                                    \
    { .items = (array), .count = STELLA_COUNT(array), .stride = sizeof((array)[0]) }
#define SV STELLA_SV_INIT

static const stella_bom_layer layers[] = {
    {.digest = SV("sha256:a"), .entries = 7}, {.diff_id = SV("sha256:b"), .entries = 9}, {.digest = SV("sha256:c")}};
static const uint32_t all_layers[] = {0, 1, 2};
static const stella_bom_evidence evidence[] = {{.path = SV("one"), .layer = 1}, {.path = SV("two"), .layer = 2}};

#define COMPONENT(text, from)                                                                                          \
    { .ref = SV(text), .introduced = (from), .layers = LIST(all_layers), .evidence = LIST(evidence) }

static const stella_bom_component components[] = {COMPONENT("a", 1), COMPONENT("b", 0), COMPONENT("c", 1),
                                                  COMPONENT("d", 1)};
static const stella_bom_relation relations[] = {
    {.from = 0, .to = 2, .kind = STELLA_RELATION_DEPENDS_ON, .flags = STELLA_RELATION_OPTIONAL},
    {.from = 1, .to = 2, .kind = STELLA_RELATION_DEPENDS_ON},
    {.from = 1, .to = 3, .kind = STELLA_RELATION_CONTAINS},
    {.from = STELLA_BOM_ROOT, .to = 0, .kind = STELLA_RELATION_DEPENDS_ON},
    {.from = STELLA_BOM_ROOT, .to = 1, .kind = STELLA_RELATION_DEPENDS_ON},
};
static const stella_bom_error errors[] = {{.code = SV("here"), .layer = 1},
                                          {.code = SV("above"), .layer = 2, .lost = 1},
                                          {.code = SV("everywhere"), .layer = -1},
                                          {.code = SV("lost"), .layer = -1, .lost = 1}};
static const stella_bom_pair counters[] = {{.name = SV("bytes"), .value = SV("100")}};
static const stella_bom whole = {.head = STELLA_HEAD(stella_bom),
                                 .subject_kind = SV("image"),
                                 .subject_name = SV("app:1"),
                                 .subject_digest = SV("sha256:manifest"),
                                 .subject_config_digest = SV("sha256:config"),
                                 .layers = LIST(layers),
                                 .components = LIST(components),
                                 .relations = LIST(relations),
                                 .errors = LIST(errors),
                                 .counters = LIST(counters)};

static int set_up(void **state) {
    *state = stella_arena_create(1u << 20);
    return *state ? 0 : -1;
}

static int tear_down(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static const stella_bom_component *component(const stella_bom *bom, uint32_t i) {
    return STELLA_AT(bom->components, stella_bom_component, i);
}

static void has_the_components_that_the_layer_introduces_and_no_others(void **state) {
    stella_bom got;
    assert_int_equal(bom_fragment(&whole, 1, *state, &got, NULL), STELLA_OK);
    assert_int_equal(got.components.count, 3);
    for (uint32_t i = 0; i < 3; i++) {
        const stella_bom_component *c = component(&got, i);
        assert_int_equal(c->ref.ptr[0], "acd"[i]);
        assert_int_equal(c->introduced, 0);
        assert_true(c->layers.count == 1 && *STELLA_AT(c->layers, uint32_t, 0) == 0);
        assert_int_equal(STELLA_AT(c->evidence, stella_bom_evidence, 0)->layer, 0);
        assert_int_equal(STELLA_AT(c->evidence, stella_bom_evidence, 1)->layer, STELLA_BOM_NO_LAYER);
    }
    assert_int_equal(STELLA_AT(whole.components, stella_bom_component, 0)->introduced, 1);
}

static void keeps_the_relations_among_them_and_finds_roots_of_its_own(void **state) {
    stella_bom got;
    assert_int_equal(bom_fragment(&whole, 1, *state, &got, NULL), STELLA_OK);
    assert_int_equal(got.relations.count, 3);
    const stella_bom_relation *r = STELLA_AT(got.relations, stella_bom_relation, 0);
    assert_true(r->from == 0 && r->to == 1 && r->flags == STELLA_RELATION_OPTIONAL);
    r = STELLA_AT(got.relations, stella_bom_relation, 1);
    assert_true(r->from == STELLA_BOM_ROOT && r->to == 0);
    r = STELLA_AT(got.relations, stella_bom_relation, 2);
    assert_true(r->from == STELLA_BOM_ROOT && r->to == 2);
}

static void is_about_the_layer(void **state) {
    stella_bom got = whole;
    assert_int_equal(bom_fragment(&got, 1, *state, &got, NULL), STELLA_OK); /* in place */
    assert_string_equal(got.subject_kind.ptr, "layer");
    assert_string_equal(got.subject_name.ptr, "app:1");
    assert_string_equal(got.subject_digest.ptr, "sha256:b"); /* it has no other */
    assert_int_equal(got.subject_config_digest.len, 0);
    assert_int_equal(got.layers.count, 1);
    assert_int_equal(STELLA_AT(got.layers, stella_bom_layer, 0)->entries, 9);
    assert_int_equal(got.counters.count, 1);
    assert_true(stella_sv_eq(STELLA_AT(got.counters, stella_bom_pair, 0)->value, STELLA_SV("9")));
    assert_int_equal(got.errors.count, 2);
    assert_string_equal(STELLA_AT(got.errors, stella_bom_error, 0)->code.ptr, "here");
    assert_int_equal(STELLA_AT(got.errors, stella_bom_error, 0)->layer, 0);
    assert_string_equal(STELLA_AT(got.errors, stella_bom_error, 1)->code.ptr, "lost");
}

static void a_layer_that_introduces_nothing_is_an_empty_result(void **state) {
    stella_bom got;
    assert_int_equal(bom_fragment(&whole, 2, *state, &got, NULL), STELLA_OK);
    assert_int_equal(got.components.count, 0);
    assert_int_equal(got.relations.count, 0);
}

static void says_when_there_is_no_memory(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *small = stella_arena_create(64);
    stella_bom got = {.created_ms = 77};
    assert_int_equal(bom_fragment(&whole, 1, small, &got, NULL), STELLA_E_NOMEM);
    assert_int_equal(got.created_ms, 77);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(has_the_components_that_the_layer_introduces_and_no_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(keeps_the_relations_among_them_and_finds_roots_of_its_own, set_up, tear_down),
        cmocka_unit_test_setup_teardown(is_about_the_layer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_layer_that_introduces_nothing_is_an_empty_result, set_up, tear_down),
        cmocka_unit_test(says_when_there_is_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
