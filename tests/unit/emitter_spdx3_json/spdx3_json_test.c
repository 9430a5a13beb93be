#include "unit/spdx_schema.h"

#include <stella/json.h>
#include <stella/spdx.h>

static const stella_json *graph_of(const stella_buf *text, stella_arena *arena) {
    const stella_json *root = NULL;
    stella_error err = {0};
    if (stella_json_parse(stella_buf_sv(text), arena, &root, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
    return stella_json_get(root, "@graph");
}

static stella_sv member(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

/* The first element whose member has that value, or NULL. */
static const stella_json *find(const stella_json *list, const char *key, stella_sv value) {
    for (uint32_t i = 0; list && i < list->count; i++)
        if (stella_sv_eq(member(stella_json_at(list, i), key), value))
            return stella_json_at(list, i);
    return NULL;
}

static int is_type(const stella_json *element, const char *type) {
    return stella_sv_eq(member(element, "type"), stella_sv_cstr(type));
}

static void assert_resolves(const stella_json *graph, const stella_json *value) {
    if (!value)
        return;
    if (stella_json_is(value, STELLA_JSON_STRING))
        assert_non_null(find(graph, "spdxId", stella_json_str(value)));
    for (uint32_t i = 0; stella_json_is(value, STELLA_JSON_ARRAY) && i < value->count; i++)
        assert_non_null(find(graph, "spdxId", stella_json_str(stella_json_at(value, i))));
}

/* What must hold whatever the result says: ids are unique, what is pointed at is there. */
static void check_graph(const stella_json *graph, const stella_bom *bom, stella_arena *arena) {
    static const char *const pointers[] = {"from",      "to",           "element",    "rootElement", "dataLicense",
                                           "createdBy", "createdUsing", "suppliedBy", "originatedBy"};
    uint32_t packages = 0;
    for (uint32_t i = 0; i < graph->count; i++) {
        const stella_json *element = stella_json_at(graph, i);
        const stella_sv id = member(element, "spdxId");
        for (uint32_t k = 0; k < STELLA_COUNT(pointers); k++)
            assert_resolves(graph, stella_json_get(element, pointers[k]));
        packages += is_type(element, "software_Package") ? 1 : 0;
        if (is_type(element, "CreationInfo"))
            continue;
        assert_ptr_equal(find(graph, "spdxId", id), element);
        assert_true(stella_sv_starts(id, STELLA_SV("https://stella-ops.org/spdx/image/")));
        if (is_type(element, "simplelicensing_LicenseExpression"))
            assert_non_null(stella_spdx_expression(member(element, "simplelicensing_licenseExpression"), arena).ptr);
    }
    assert_int_equal(packages, bom->components.count + 1);
}

static void writes_the_sample_as_it_did(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "spdx3.json", stella_buf_sv(&text)));
}

static void ids_are_unique_and_resolve(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_bom *bom = stella_testing_bom(arena, 0), *hostile = hostile_bom(arena);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(bom, 0, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf awful = emit_bom(hostile, 0, 0);
    check_graph(graph_of(&text, arena), bom, arena);
    check_graph(graph_of(&awful, arena), hostile, arena);
}

static const stella_json *relationship(const stella_json *graph, const char *type) {
    return find(graph, "relationshipType", stella_sv_cstr(type));
}

static void optional_and_dev_are_told_by_type_and_scope(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(hostile_bom(arena), 0, 0);
    const stella_json *graph = graph_of(&text, arena);
    assert_non_null(relationship(graph, "hasOptionalComponent"));
    const stella_json *contains = relationship(graph, "contains");
    assert_true(is_type(contains, "LifecycleScopedRelationship"));
    assert_string_equal(stella_arena_cstr(arena, member(contains, "scope")), "development");
    uint32_t optional = 0, inferred = 0;
    for (uint32_t i = 0; i < graph->count; i++) {
        const stella_json *element = stella_json_at(graph, i);
        if (!stella_sv_eq(member(element, "relationshipType"), STELLA_SV("hasOptionalDependency")))
            continue;
        optional++;
        inferred += stella_sv_eq(member(element, "comment"), STELLA_SV("inferred")) ? 1 : 0;
    }
    assert_int_equal(optional, 2);
    assert_int_equal(inferred, 1);
}

static void free_license_names_have_their_text(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    const stella_json *graph = graph_of(&text, arena);
    const stella_json *expression =
        find(graph, "simplelicensing_licenseExpression",
             STELLA_SV("Apache-2.0 AND (GPL-2.0-or-later OR LicenseRef-Artistic) AND LicenseRef-Some-free-words"));
    const stella_json *map = stella_json_get(expression, "simplelicensing_customIdToUri");
    assert_int_equal(map->count, 2);
    const stella_json *entry = find(map, "key", STELLA_SV("LicenseRef-Some-free-words"));
    const stella_json *license = find(graph, "spdxId", member(entry, "value"));
    assert_string_equal(stella_arena_cstr(arena, member(license, "simplelicensing_licenseText")),
                        "Some \"free\" words");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_the_sample_as_it_did),
        cmocka_unit_test(ids_are_unique_and_resolve),
        cmocka_unit_test(optional_and_dev_are_told_by_type_and_scope),
        cmocka_unit_test(free_license_names_have_their_text),
        cmocka_unit_test(holds_to_the_official_schema),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
