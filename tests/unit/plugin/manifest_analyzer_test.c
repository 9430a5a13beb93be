#include "check.h"

#include "plugin/manifest.h"

#include <stella/auto.h>

#include <stdio.h>

/* A manifest that is good but for what is in the member "analyzer"; empty: without it. */
static stella_status parse(stella_arena *arena, const char *analyzer, plugin_manifest *out, stella_error *err) {
    const stella_sv text = stella_arena_printf(
        arena,
        "{\"schema\":\"" PLUGIN_MANIFEST_SCHEMA "\",\"id\":\"org.example.analyzer.x\",\"version\":\"1.0.0\","
        "\"title\":\"X\",\"license\":\"MIT\",\"abi\":{\"major\":%d,\"minor\":%d},\"file\":\"x.so\",\"fileSize\":1,"
        "\"fileDigest\":\"sha256:0000000000000000000000000000000000000000000000000000000000000000\","
        "\"role\":\"scan\",\"provides\":[\"stella.analyzer/1\"]%s%s}",
        STELLA_ABI_MAJOR, STELLA_ABI_MINOR, analyzer[0] ? ",\"analyzer\":" : "", analyzer);
    return plugin_manifest_parse(text, arena, out, err);
}

static int set_up(void **state) {
    *state = stella_arena_create(8u << 20);
    return *state ? 0 : -1;
}

static int tear_down(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static void has_tags_what_it_reads_and_what_it_says(void **state) {
    plugin_manifest m;
    assert_int_equal(parse(*state,
                           "{\"tags\":[\"language\",\"c++\"],\"reads\":[\"package.json\"],"
                           "\"says\":[\"installed\",\"direct-only\"],\"more\":1}",
                           &m, NULL),
                     STELLA_OK);
    assert_int_equal(m.analyzer.tags_count, 2);
    assert_string_equal(m.analyzer.tags[0], "language");
    assert_string_equal(m.analyzer.tags[1], "c++");
    assert_int_equal(m.analyzer.reads_count, 1);
    assert_string_equal(m.analyzer.reads[0], "package.json");
    assert_int_equal(m.analyzer.says_count, 2);
    assert_string_equal(m.analyzer.says[1], "direct-only");
}

static void may_say_nothing(void **state) {
    plugin_manifest m;
    assert_int_equal(parse(*state, "", &m, NULL), STELLA_OK);
    assert_int_equal(m.analyzer.tags_count + m.analyzer.reads_count + m.analyzer.says_count, 0);
    assert_int_equal(parse(*state, "{}", &m, NULL), STELLA_OK);
}

static void every_word_of_the_list_may_be_said(void **state) {
    for (const char *const *word = plugin_analyzer_words; *word; word++) {
        plugin_manifest m;
        char text[128];
        snprintf(text, sizeof text, "{\"says\":[\"%s\"]}", *word);
        assert_int_equal(parse(*state, text, &m, NULL), STELLA_OK);
    }
}

static void what_is_no_such_statement_is_refused_where_it_stands(void **state) {
    static const struct {
        const char *text, *at;
    } bad[] = {{"[]", "/analyzer"},
               {"\"x\"", "/analyzer"},
               {"{\"tags\":\"os\"}", "/analyzer/tags"},
               {"{\"tags\":[1]}", "/analyzer/tags"},
               {"{\"tags\":[\"\"]}", "/analyzer/tags"},
               {"{\"tags\":[\"-x\"]}", "/analyzer/tags"},
               {"{\"tags\":[\"Os\"]}", "/analyzer/tags"},
               {"{\"tags\":[\"a b\"]}", "/analyzer/tags"},
               {"{\"tags\":[\"os\",\"os\"]}", "/analyzer/tags"},
               {"{\"tags\":[\"a23456789012345678901234567890123\"]}", "/analyzer/tags"},
               {"{\"tags\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\",\"i\",\"j\",\"k\",\"l\",\"m\",\"n\","
                "\"o\",\"p\",\"q\"]}",
                "/analyzer/tags"},
               {"{\"reads\":[\"a\\nb\"]}", "/analyzer/reads"},
               {"{\"reads\":{}}", "/analyzer/reads"},
               {"{\"says\":[\"everything\"]}", "/analyzer/says"},
               {"{\"says\":[\"version\",\"version\"]}", "/analyzer/says"},
               {"{\"says\":[null]}", "/analyzer/says"}};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        plugin_manifest m;
        stella_error err = {0};
        if (parse(*state, bad[i].text, &m, &err) != STELLA_E_FORMAT)
            fail_msg("taken: %s", bad[i].text);
        assert_string_equal(err.path, bad[i].at);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(has_tags_what_it_reads_and_what_it_says),
        TEST(may_say_nothing),
        TEST(every_word_of_the_list_may_be_said),
        TEST(what_is_no_such_statement_is_refused_where_it_stands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
