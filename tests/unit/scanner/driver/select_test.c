#include "check.h"

#include "select.h"

static roster_plugin plugins[] = {
    {.id = "org.stella-ops.analyzer.dpkg", .tags = "os debian", .is_analyzer = 1},
    {.id = "org.stella-ops.analyzer.node", .tags = "language javascript", .is_analyzer = 1},
    {.id = "org.stella-ops.analyzer.os-release", .tags = "os identity", .is_analyzer = 1},
    {.id = "org.stella-ops.analyzer.python", .tags = "language python pypi", .is_analyzer = 1},
    {.id = "org.stella-ops.emitter.json", .tags = ""},
};
static roster all = {.count = 5, .list = plugins};

/* Which are left, a letter each: d n o p. */
static const char *left(const char *select, const char *exclude) {
    static char out[8];
    stella_error err = {0};
    const scan_options options = {
        .select = &select, .select_count = select != NULL, .exclude = &exclude, .exclude_count = exclude != NULL};
    if (select_analyzers(&options, &all, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    size_t used = 0;
    for (uint32_t i = 0; i < 4; i++)
        if (!plugins[i].is_deselected)
            out[used++] = "dnop"[i];
    out[used] = 0;
    assert_int_equal(plugins[4].is_deselected, 0);
    return out;
}

static void without_a_word_all_are_used(void **state) {
    (void)state;
    assert_string_equal(left(NULL, NULL), "dnop");
}

static void names_ids_and_tags_choose_and_who_tells_the_system_stays(void **state) {
    (void)state;
    assert_string_equal(left("node", NULL), "no");
    assert_string_equal(left("org.stella-ops.analyzer.node", NULL), "no");
    assert_string_equal(left("language", NULL), "nop");
    assert_string_equal(left("dpkg,pypi", NULL), "dop");
}

static void what_is_excluded_goes_whatever_was_selected(void **state) {
    (void)state;
    assert_string_equal(left(NULL, "os"), "np");
    assert_string_equal(left("language", "node"), "op");
    assert_string_equal(left("language", "identity,python"), "n");
    assert_string_equal(left("node", "node,os-release"), "");
}

static void expect_refusal(const char *word, const char *near) {
    stella_error err = {0};
    const scan_options options = {.select = &word, .select_count = 1};
    assert_int_equal(select_analyzers(&options, &all, &err), STELLA_E_INVALID);
    if (!strstr(err.message, near))
        fail_msg("\"%s\" does not say: %s", err.message, near);
}

static void a_word_that_nobody_goes_by_is_refused_with_those_near_it(void **state) {
    (void)state;
    expect_refusal("nod", "near it: node;");
    expect_refusal("pyhton", "near it: python;");
    expect_refusal("javasript", "near it: javascript;");
    expect_refusal("dpgk", "near it: dpkg;");
    expect_refusal("zzz", "\"zzz\"; nor one near it;");
    expect_refusal("json", "no analyzer has the name or tag \"json\""); /* a plugin, but no analyzer */
    expect_refusal("", "\"\"");
    expect_refusal("node,", "\"\"");
    expect_refusal("node,,dpkg", "\"\"");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_word_all_are_used),
        cmocka_unit_test(names_ids_and_tags_choose_and_who_tells_the_system_stays),
        cmocka_unit_test(what_is_excluded_goes_whatever_was_selected),
        cmocka_unit_test(a_word_that_nobody_goes_by_is_refused_with_those_near_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
