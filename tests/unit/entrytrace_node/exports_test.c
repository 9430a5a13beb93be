#include "check.h"

#include "node/exports.h"

#include <stella/file.h>

#include <stella/auto.h>

static void finds(const char *text, const char *subpath, int is_import, int is_there, const char *wanted) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    int found = 7;
    stella_sv target = STELLA_SV("?");
    assert_int_equal(
        exports_find(stella_sv_cstr(text), stella_sv_cstr(subpath), is_import, arena, &found, &target, NULL),
        STELLA_OK);
    assert_int_equal(found, is_there);
    if (!stella_sv_eq(target, stella_sv_cstr(wanted)))
        fail_msg("%s of %s: %.*s", subpath, text, STELLA_SV_FMT(target));
}

static void a_package_without_exports_says_so(void **state) {
    (void)state;
    static const char *const texts[] = {"{}", "[]", "{", "", "{\"exports\":null}", "{\"main\":\"x\"}", "1"};
    for (size_t i = 0; i < STELLA_COUNT(texts); i++)
        finds(texts[i], ".", 0, 0, "");
}

static void one_target_is_the_package_itself(void **state) {
    (void)state;
    finds("{\"exports\":\"./a.js\"}", ".", 0, 1, "./a.js");
    finds("{\"exports\":\"./a.js\"}", "./b", 0, 1, "");
    finds("{\"exports\":[{\"browser\":\"./x\"},\"./a.js\"]}", ".", 0, 1, "./a.js");
}

static void the_first_condition_that_applies_counts(void **state) {
    (void)state;
    static const char text[] =
        "{\"exports\":{\".\":{\"types\":\"./t\",\"import\":{\"browser\":\"./x\",\"node\":\"./m.mjs\"},"
        "\"require\":\"./c.cjs\",\"default\":\"./d\"}}}";
    finds(text, ".", 1, 1, "./m.mjs");
    finds(text, ".", 0, 1, "./c.cjs");
    finds("{\"exports\":{\"default\":\"./d\",\"require\":\"./c\"}}", ".", 0, 1, "./d");
}

static void subpaths_are_found_by_name_then_by_the_longest_pattern(void **state) {
    (void)state;
    static const char text[] = "{\"exports\":{\"./*\":\"./all/*.js\",\"./lib/*\":\"./l/*/i.js\",\"./lib/a\":\"./own\","
                               "\"./lib/*.css\":null,\"./no/*\":null}}";
    finds(text, "./lib/a", 0, 1, "./own");
    finds(text, "./lib/b/c", 0, 1, "./l/b/c/i.js");
    finds(text, "./x", 0, 1, "./all/x.js");
    finds(text, "./no/x", 0, 1, "");
    finds(text, ".", 0, 1, "");
}

static void conditions_within_conditions_end(void **state) {
    (void)state;
    char text[2000] = "{\"exports\":";
    for (int i = 0; i < 40; i++)
        strcat(text, "{\"node\":");
    strcat(text, "\"./x\"");
    for (int i = 0; i < 40; i++)
        strcat(text, "}");
    strcat(text, "}");
    finds(text, ".", 0, 1, "");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_package_without_exports_says_so),
        cmocka_unit_test(one_target_is_the_package_itself),
        cmocka_unit_test(the_first_condition_that_applies_counts),
        cmocka_unit_test(subpaths_are_found_by_name_then_by_the_longest_pattern),
        cmocka_unit_test(conditions_within_conditions_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
