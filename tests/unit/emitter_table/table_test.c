#include "unit/emitter_run.h"

#include <stella/terminal.h>

#include <stdio.h>

static void writes_the_whole_sample_into_a_pipe(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 0);
    assert_true(stella_testing_golden(GOLDEN "table-pipe.txt", stella_buf_sv(&text)));
}

static void fits_a_terminal_of_eighty_columns(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(0, 80);
    stella_sv rest = stella_buf_sv(&text), line;
    assert_true(stella_testing_golden(GOLDEN "table-80.txt", rest));
    while (stella_sv_split(&rest, '\n', &line) && line.len)
        assert_true(stella_terminal_width(line) <= 80);
}

static void keeps_control_characters_from_the_terminal(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf plain = emit_sample(0, 80);
    for (size_t i = 0; i < plain.len; i++)
        assert_true((unsigned char)plain.ptr[i] >= 0x20 || plain.ptr[i] == '\n');
}

static void colours_only_when_told_to(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf plain = emit_sample(0, 80);
    STELLA_AUTO(stella_buf_fini) stella_buf colored = emit_sample(STELLA_EMIT_COLOR, 80);
    assert_null(strchr(plain.ptr, '\033'));
    assert_non_null(strstr(colored.ptr, "\033[31merror\033[0m"));
}

/* Where the first line that begins with the text stands; fails when there is none. */
static size_t line_of(const stella_buf *text, const char *start) {
    char wanted[64];
    snprintf(wanted, sizeof wanted, "\n%s", start);
    const char *at = strstr(text->ptr, wanted);
    assert_non_null(at);
    return (size_t)(at - text->ptr);
}

static void shows_a_package_before_those_whose_names_continue_it(void **state) {
    (void)state;
    static const stella_bom_component components[] = {
        {.ref = STELLA_SV_INIT("pkg:deb/a-b@1"),
         .purl = STELLA_SV_INIT("pkg:deb/a-b@1"),
         .name = STELLA_SV_INIT("a-b")},
        {.ref = STELLA_SV_INIT("pkg:deb/a@1"), .purl = STELLA_SV_INIT("pkg:deb/a@1"), .name = STELLA_SV_INIT("a")},
    };
    const stella_bom bom = {.head = STELLA_HEAD(stella_bom),
                            .subject_kind = STELLA_SV("image"),
                            .components = {.items = components, .count = 2, .stride = sizeof components[0]}};
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_bom(&bom, 0, 0);
    assert_true(line_of(&text, "a ") < line_of(&text, "a-b "));
}

static void tells_of_layers_only_where_there_are_some(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    stella_bom bom = *stella_testing_bom(arena, 0);
    bom.subject_kind = STELLA_SV("directory");
    STELLA_AUTO(stella_buf_fini) stella_buf image = emit_sample(0, 0);
    STELLA_AUTO(stella_buf_fini) stella_buf directory = emit_bom(&bom, 0, 0);
    assert_non_null(strstr(image.ptr, "LAYER"));
    assert_non_null(strstr(image.ptr, ", 2 layers\n"));
    assert_null(strstr(directory.ptr, "LAYER"));
    assert_null(strstr(directory.ptr, " layers\n"));
}

static void counts_columns_not_bytes(void **state) {
    (void)state;
    assert_int_equal(stella_terminal_width(STELLA_SV("h\xc3\xa9llo")), 5);
    assert_int_equal(stella_terminal_width(STELLA_SV("e\xcc\x81")), 1);
    assert_int_equal(stella_terminal_width(STELLA_SV("\xe4\xb8\x96\xe7\x95\x8c")), 4);
    assert_int_equal(stella_terminal_width(STELLA_SV("")), 0);
    assert_int_equal(stella_terminal_fit(STELLA_SV("\xe4\xb8\x96\xe7\x95\x8c"), 3).len, 3); /* never half a character */
    assert_int_equal(stella_terminal_width(STELLA_SV("a\xe4\xb8")), 3); /* cut bytes: one column each */
}

static void below_headings_each_component_is_below_its_layer(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = emit_sample(STELLA_EMIT_BY_LAYER, 0);
    assert_true(stella_testing_golden(GOLDEN "table-by-layer.txt", stella_buf_sv(&text)));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(below_headings_each_component_is_below_its_layer),
        cmocka_unit_test(writes_the_whole_sample_into_a_pipe),
        cmocka_unit_test(fits_a_terminal_of_eighty_columns),
        cmocka_unit_test(keeps_control_characters_from_the_terminal),
        cmocka_unit_test(colours_only_when_told_to),
        cmocka_unit_test(shows_a_package_before_those_whose_names_continue_it),
        cmocka_unit_test(tells_of_layers_only_where_there_are_some),
        cmocka_unit_test(counts_columns_not_bytes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
