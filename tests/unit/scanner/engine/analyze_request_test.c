#include "check.h"

#include "plugins/scanner/engine/analyze_request.h"

#include <stella/auto.h>

static void assert_refused(const char *json, stella_status code, const char *path, const char *message) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    analyze_request request = {.round = 77};
    stella_error err = {0};
    assert_int_equal(analyze_request_parse(stella_sv_cstr(json), 2, arena, &request, &err), code);
    assert_string_equal(err.path, path);
    assert_non_null(strstr(err.message, message));
    assert_int_equal(request.round, 77);
}

static void reads_everything_the_driver_says(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    analyze_request r;
    const char *json =
        "{\"image\":{\"kind\":\"image\",\"digest\":\"sha256:a\",\"os\":\"linux\",\"createdMs\":9},"
        "\"subject\":\"s\",\"round\":2,\"memoryBytes\":5,"
        "\"layers\":[{\"digest\":\"sha256:b\",\"size\":3,\"pack\":0,\"supplement\":1},{\"missing\":true}],"
        "\"outputs\":[{\"format\":\"json\",\"fd\":1,\"color\":true,\"width\":80}],"
        "\"errors\":[{\"plugin\":\"p\",\"code\":\"c\",\"layer\":1,\"lost\":true},{\"layer\":2}],"
        "\"counters\":[{\"name\":\"files\",\"value\":3},{\"name\":\"bytes\",\"value\":\"4\"}]}";
    assert_int_equal(analyze_request_parse(stella_sv_cstr(json), 2, arena, &r, NULL), STELLA_OK);
    assert_int_equal(r.round, 2);
    assert_int_equal(r.created_ms, 9);
    assert_int_equal(r.memory_bytes, 5);
    assert_int_equal(r.layer_count, 2);
    assert_int_equal(r.layers[0].pack, 0);
    assert_int_equal(r.layers[0].supplement, 1);
    assert_int_equal(r.layers[0].facts.size, 3);
    assert_int_equal(r.layers[1].pack, ANALYZE_NO_FD);
    assert_true(r.output_count == 1 && r.outputs[0].fd == 1 && r.outputs[0].is_color && r.outputs[0].width == 80);
    assert_true(r.error_count == 2 && r.errors[0].lost == 1 && r.errors[0].layer == 1);
    assert_int_equal(r.errors[1].layer, -1); /* of a layer that the image does not have */
    assert_true(stella_sv_eq(r.counters[0].value, STELLA_SV("3")) && stella_sv_eq(r.counters[1].value, STELLA_SV("4")));
}

static void refuses_what_breaks_the_protocol_by_name(void **state) {
    (void)state;
    assert_refused("[]", STELLA_E_FORMAT, "", "not an object");
    assert_refused("{}", STELLA_E_FORMAT, "round", "none from 1 to 24");
    assert_refused("{\"round\":25}", STELLA_E_FORMAT, "round", "none from 1 to 24");
    assert_refused("{\"round\":1,\"layers\":{}}", STELLA_E_FORMAT, "layers", "not an array");
    assert_refused("{\"round\":1,\"layers\":[{}]}", STELLA_E_FORMAT, "pack", "layer 0 has none and is not missing");
    assert_refused("{\"round\":1,\"layers\":[{\"pack\":2}]}", STELLA_E_FORMAT, "pack", "descriptor 2 of 2");
    assert_refused("{\"round\":1,\"layers\":[{\"pack\":-2}]}", STELLA_E_FORMAT, "pack", "descriptor -2 of 2");
    assert_refused("{\"round\":1,\"layers\":[{\"pack\":\"0\"}]}", STELLA_E_FORMAT, "pack", "not a whole number");
    assert_refused("{\"round\":1,\"outputs\":[{\"fd\":1}]}", STELLA_E_FORMAT, "outputs", "output 0 has no format");
    assert_refused("{\"round\":1,\"outputs\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]}", STELLA_E_LIMIT, "outputs",
                   "17 elements, at most 16");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_everything_the_driver_says),
        cmocka_unit_test(refuses_what_breaks_the_protocol_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
