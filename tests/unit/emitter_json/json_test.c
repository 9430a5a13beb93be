#include "unit/emitter_run.h"

#include <stella/json.h>

#include <stdlib.h>

static void writes_everything_the_result_holds(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "result.json", stella_buf_sv(&text)));
}

static void writes_a_document_that_can_be_read_back(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    const stella_json *root;
    assert_int_equal(stella_json_parse(stella_buf_sv(&text), arena, &root, NULL), STELLA_OK);
    assert_int_equal(stella_json_get(root, "components")->count, 4);
    const stella_json *relation = stella_json_at(stella_json_get(root, "relations"), 3);
    assert_true(stella_json_is(stella_json_get(relation, "from"), STELLA_JSON_NULL));
}

/* The schema that users are given, by a validator that is not ours. */
static void holds_to_its_schema(void **state) {
    (void)state;
    if (system("python3 -c 'import jsonschema' 2>/dev/null") != 0) {
        print_message("python3-jsonschema is missing: this part is skipped\n");
        skip();
    }
    assert_int_equal(
        system("python3 -c \"import json, jsonschema; jsonschema.Draft7Validator(json.load(open('" STELLA_SOURCE_DIR
               "/docs/api/result-0.schema.json'))).validate(json.load(open('" GOLDEN "result.json')))\""),
        0);
}

static void ends_with_the_error_of_a_full_output(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf small = stella_buf_of(100);
    assert_int_equal(stella_testing_emit(&stella_plugin, stella_testing_bom(arena, 0), 0, 0, &small, NULL),
                     STELLA_E_LIMIT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(writes_everything_the_result_holds),
        cmocka_unit_test(writes_a_document_that_can_be_read_back),
        cmocka_unit_test(holds_to_its_schema),
        cmocka_unit_test(ends_with_the_error_of_a_full_output),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
