#include "unit/emitter_run.h"

#include <stella/analyzer.h>

#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))
#define LIST(array)                                                                                                    \
    { .items = (array), .count = COUNT(array), .stride = sizeof(array)[0] }

/* What is said of it; the caller frees it. */
static stella_buf explain(const stella_bom *bom, const char *wanted, stella_status expected) {
    stella_buf text = stella_buf_of(1u << 20);
    const stella_emission how = {.head = STELLA_HEAD(stella_emission), .template_text = stella_sv_cstr(wanted)};
    stella_error err = {0};
    assert_int_equal(stella_testing_emit_as(&stella_plugin, bom, &how, &text, &err), expected);
    stella_buf_add(&text, STELLA_SV(""));
    return text;
}

static const stella_bom_component components[] = {{.ref = STELLA_SV_INIT("a"),
                                                   .type = STELLA_SV_INIT("npm"),
                                                   .name = STELLA_SV_INIT("a"),
                                                   .version = STELLA_SV_INIT("1")},
                                                  {.ref = STELLA_SV_INIT("b"),
                                                   .type = STELLA_SV_INIT("npm"),
                                                   .name = STELLA_SV_INIT("b"),
                                                   .version = STELLA_SV_INIT("1")},
                                                  {.ref = STELLA_SV_INIT("c"),
                                                   .type = STELLA_SV_INIT("npm"),
                                                   .name = STELLA_SV_INIT("c"),
                                                   .version = STELLA_SV_INIT("1")},
                                                  {.ref = STELLA_SV_INIT("c2"),
                                                   .type = STELLA_SV_INIT("npm"),
                                                   .name = STELLA_SV_INIT("c"),
                                                   .version = STELLA_SV_INIT("2")}};
static const stella_bom_relation relations[] = {{.from = 0, .to = 1, .kind = STELLA_RELATION_DEPENDS_ON},
                                                {.from = 0, .to = 2, .kind = STELLA_RELATION_DEPENDS_ON},
                                                {.from = 1, .to = 0, .kind = STELLA_RELATION_DEPENDS_ON},
                                                {.from = 1, .to = 2, .kind = STELLA_RELATION_DEPENDS_ON},
                                                {.from = STELLA_BOM_ROOT, .to = 0},
                                                {.from = STELLA_BOM_ROOT, .to = 3}};
static const stella_bom bom = {.head = STELLA_HEAD(stella_bom),
                               .subject_name = STELLA_SV_INIT("app"),
                               .components = LIST(components),
                               .relations = LIST(relations)};

static void tells_everything_of_the_sample(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = explain(stella_testing_bom(arena, 0), "openssl", STELLA_OK);
    assert_true(stella_testing_golden(GOLDEN "explain.txt", stella_buf_sv(&text)));
}

static void the_shortest_way_goes_first_and_circles_end(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = explain(&bom, "c@1", STELLA_OK);
    assert_string_equal(text.ptr, "c 1 (npm)\n  ref: c\n  pulled in by app -> a 1 -> c 1\n"
                                  "  pulled in by app -> a 1 -> b 1 -> c 1\n");
}

static void all_that_are_meant_are_told(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = explain(&bom, "c", STELLA_OK);
    assert_non_null(strstr(text.ptr, "c 1 (npm)"));
    assert_non_null(strstr(text.ptr, "\n\nc 2 (npm)"));
}

static void what_is_not_there_is_refused(void **state) {
    static const char *const absent[] = {"d", "c@3", "@", "", "c@", "npm"};
    (void)state;
    for (size_t i = 0; i < COUNT(absent); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = explain(&bom, absent[i], STELLA_E_INVALID);
        assert_int_equal(text.len, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tells_everything_of_the_sample), cmocka_unit_test(the_shortest_way_goes_first_and_circles_end),
        cmocka_unit_test(all_that_are_meant_are_told), cmocka_unit_test(what_is_not_there_is_refused)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
