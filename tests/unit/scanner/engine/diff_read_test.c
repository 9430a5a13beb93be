#include "diff_kit.h"

#include <stella/terminal.h>

#define HEAD "{\"schema\":\"https://stella-ops.org/schema/result/0\","

static stella_status read_text(stella_arena *arena, const char *text, diff_side *out, stella_error *err) {
    return diff_read(stella_sv_cstr(text), arena, out, err);
}

static void refuses_what_is_no_result(void **state) {
    static const char *const texts[] = {
        "",
        "[]",
        "{}",
        "{\"schema\":\"https://stella-ops.org/schema/result/1\"}",
        "{\"schema\":7}",
        HEAD "\"components\":{}}",
        HEAD "\"components\":[7]}",
        HEAD "\"components\":[{\"ref\":\"a\"}]}",
        HEAD "\"components\":[{\"name\":\"a\"}]}",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":[]}]}",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":\"a\",\"introducedLayer\":-1}]}",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":\"a\",\"introducedLayer\":99999999}]}",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":\"a\",\"layers\":[\"x\"]}]}",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":\"a\",\"dev\":1}]}",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":\"a\",\"evidence\":[{\"path\":null}]}]}",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":\"a\"}]",
        HEAD "\"components\":[]} trailing",
        HEAD "\"components\":[{\"ref\":\"a\",\"name\":\"a\",\"usedByEntrypoint\":[0]}]}",
        HEAD "\"entrypoints\":[0]}",
        HEAD "\"subject\":\"x\"}",
        HEAD "\"subject\":{\"name\":\"\xff\"}}",
        HEAD "\"layers\":[[]]}",
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
        diff_side side = {.component_count = 77};
        stella_error err = {0};
        (void)state;
        assert_int_equal(read_text(arena, texts[i], &side, &err), STELLA_E_FORMAT);
        assert_int_equal(side.component_count, 77);
        assert_true(err.message[0] != 0);
    }
}

static void refuses_every_beginning_of_a_result(void **state) {
    const kit_component one[] = {{.type = "npm", .name = "a", .version = "1"}};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    const stella_sv whole = kit_document(arena, "xy", one, 1);
    diff_side side;
    (void)state;
    for (size_t len = 0; len < whole.len; len++)
        assert_int_not_equal(diff_read(stella_sv_first(whole, len), arena, &side, NULL), STELLA_OK);
    assert_int_equal(diff_read(whole, arena, &side, NULL), STELLA_OK);
}

static void names_its_limits(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf many = stella_buf_of(1u << 20);
    diff_side side;
    (void)state;
    stella_buf_add(&many, STELLA_SV(HEAD "\"layers\":["));
    for (uint32_t i = 0; i <= DIFF_LAYERS_MAX; i++)
        stella_buf_printf(&many, "%s{}", i ? "," : "");
    stella_buf_add(&many, STELLA_SV("]}"));
    assert_int_equal(diff_read(stella_buf_sv(&many), arena, &side, NULL), STELLA_E_LIMIT);
}

static void runs_out_of_memory_in_order(void **state) {
    const kit_component some[] = {{.type = "npm", .name = "a\"b", .version = "1"},
                                  {.type = "npm", .name = "c\nd", .version = "1"}};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *made = stella_arena_create(1u << 20);
    const stella_sv whole = kit_document(made, "xy", some, 2);
    uint32_t failures = 0;
    stella_status status = STELLA_E_NOMEM;
    (void)state;
    for (uint64_t budget = 64; status != STELLA_OK && budget < 1u << 20; budget += 64) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(budget);
        diff_side side;
        status = diff_read(whole, arena, &side, NULL);
        assert_true(status == STELLA_OK || status == STELLA_E_NOMEM || status == STELLA_E_LIMIT);
        failures += status != STELLA_OK;
    }
    assert_int_equal(status, STELLA_OK);
    assert_true(failures > 3);
}

static void what_it_does_not_know_is_skipped(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    diff_side side;
    (void)state;
    const char *text =
        HEAD "\"future\":{\"a\":[1,{}]},\"subject\":{\"createdMs\":5000,\"x\":null},"
             "\"errors\":[{\"lost\":true,\"code\":\"x\"},{\"lost\":false}],"
             "\"components\":[{\"ref\":\"pkg:rpm/a@1?arch=x&epoch=2#p\",\"purl\":\"pkg:rpm/a@1?arch=x&epoch=2#p\","
             "\"name\":\"a\",\"files\":[{\"path\":\"x\"}],\"introducedLayer\":3,"
             "\"evidence\":[{\"path\":\"p\",\"line\":1},{\"path\":\"p\",\"line\":2},{\"path\":\"q\"}]}]}";
    assert_int_equal(read_text(arena, text, &side, NULL), STELLA_OK);
    assert_int_equal(side.created_ms, 5000);
    assert_int_equal(side.lost, 1);
    assert_int_equal(side.component_count, 1);
    assert_int_equal(side.components[0].location_count, 2);
    assert_int_equal(side.components[0].layer, DIFF_NONE); /* there is no such layer */
    assert_true(stella_sv_eq(side.components[0].epoch, STELLA_SV("2")));
    assert_true(stella_sv_eq(side.components[0].fields[DIFF_FIELD_LOCATIONS], STELLA_SV("p, q")));
    assert_false(side.knows_usage);
    assert_false(side.is_tree);
}

static void write_all(diff_writer *write, int is_by_layer, const diff_result *r, stella_buf *out) {
    const stella_sink sink = stella_buf_sink(out);
    const diff_form form = {.sink = &sink, .is_by_layer = is_by_layer};
    assert_int_equal(write(r, &form, NULL), STELLA_OK);
    stella_buf_add(out, STELLA_SV(""));
}

static void hostile_names_do_no_harm(void **state) {
    const kit_component old[] = {{.type = "npm", .name = "\033]0;x\a|<b>[x](y)`", .version = "1"}};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf table = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf page = stella_buf_of(1u << 20);
    diff_side sides[2];
    diff_result result;
    (void)state;
    kit_read(arena, kit_document(arena, "x", old, 1), &sides[0]);
    kit_read(arena, kit_document(arena, "x", NULL, 0), &sides[1]);
    assert_int_equal(diff_compare(&sides[0], &sides[1], DIFF_INVENTORY, arena, &result, NULL), STELLA_OK);
    write_all(diff_write_table, 1, &result, &table);
    write_all(diff_write_markdown, 0, &result, &page);
    assert_null(memchr(table.ptr, '\033', table.len));
    assert_null(memchr(page.ptr, '\033', page.len));
    assert_null(strstr(page.ptr, "<b>"));
    assert_non_null(strstr(page.ptr, "\\|&lt;b>\\[x\\](y)\\`"));
}

static void told_twice_it_is_the_same_bytes(void **state) {
    const kit_component old[] = {{.type = "npm", .name = "a", .version = "1"}};
    const kit_component new[] = {{.type = "npm", .name = "a", .version = "2"}, {.type = "npm", .name = "b"}};
    static diff_writer *const writers[] = {diff_write_json, diff_write_table, diff_write_markdown};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    (void)state;
    for (size_t i = 0; i < sizeof writers / sizeof writers[0]; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf first = stella_buf_of(1u << 20);
        STELLA_AUTO(stella_buf_fini) stella_buf again = stella_buf_of(1u << 20);
        stella_buf *const texts[] = {&first, &again};
        for (int k = 0; k < 2; k++) {
            diff_side sides[2];
            diff_result result;
            kit_read(arena, kit_document(arena, "x", old, 1), &sides[0]);
            kit_read(arena, kit_document(arena, "xy", new, 2), &sides[1]);
            assert_int_equal(diff_compare(&sides[0], &sides[1], DIFF_INVENTORY, arena, &result, NULL), STELLA_OK);
            result.generated_ms = 1700000000000;
            write_all(writers[i], 1, &result, texts[k]);
        }
        assert_true(first.len > 100);
        assert_string_equal(first.ptr, again.ptr);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refuses_what_is_no_result),
        cmocka_unit_test(refuses_every_beginning_of_a_result),
        cmocka_unit_test(names_its_limits),
        cmocka_unit_test(runs_out_of_memory_in_order),
        cmocka_unit_test(what_it_does_not_know_is_skipped),
        cmocka_unit_test(hostile_names_do_no_harm),
        cmocka_unit_test(told_twice_it_is_the_same_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
