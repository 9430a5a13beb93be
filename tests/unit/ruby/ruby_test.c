#include "data.h"
#include "lang_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/ruby/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/ruby/"
#define SPECS  "var/lib/gems/3.1.0/specifications/"

static void finds_installed_gems(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "installed");
    assert_true(stella_testing_golden(GOLDEN "installed.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"from\""),
                     3); /* net-imap to two, net-protocol to io-wait: none of development */
}

static void names_what_rubygems_names(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "installed");
    stella_sv list = data_read(DATA "gems.tsv", arena), line;
    uint32_t count = 0;
    (void)state;
    while (stella_sv_split(&list, '\n', &line) && line.len) {
        stella_sv name, version, platform;
        stella_sv_split(&line, '\t', &name);
        stella_sv_split(&line, '\t', &version);
        stella_sv_split(&line, '\t', &platform);
        const int is_ruby = stella_sv_eq(platform, STELLA_SV("ruby"));
        const stella_sv purl =
            stella_arena_printf(arena, "\"pkg:gem/%.*s@%.*s%s%.*s\"", STELLA_SV_FMT(name), STELLA_SV_FMT(version),
                                is_ruby ? "" : "?platform=", is_ruby ? 0 : (int)platform.len, platform.ptr);
        if (!has(&text, purl.ptr))
            fail_msg("%s is missing", purl.ptr);
        count++;
    }
    assert_int_equal(count, 9);
    assert_int_equal(count_of(&text, "\"ref\""), count + 1); /* rake is there twice */
}

static void what_is_locked_is_declared(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "locked");
    assert_true(stella_testing_golden(GOLDEN "locked.json", stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), 13); /* as "bundle list" has it, itself left out */
    assert_int_equal(count_of(&text, "gem:direct"), 5);
}

static void texts_are_read_as_ruby_writes_them(void **state) {
    static const struct {
        const char *text, *says;
    } cases[] = {
        {"s.name = 'a'\ns.version = \"1\"\n", "pkg:gem/a@1"},
        {"s.name = %q{a}\ns.version = Gem::Version.new(\"1.0\")\n", "pkg:gem/a@1.0"},
        {"  spec.name=\"\\u0061b\".freeze # \"no\"\n  spec.version = '2'", "pkg:gem/ab@2"},
        {"s.name = \"a\"\ns.version = \"1\"\ns.homepage = \"https://x/#{s.name}\"", "https://x/a"},
        {"s.name = \"a\"\ns.version = \"1\"\ns.homepage = 'https://x/#{s.name}'", "https://x/#{s.name}"},
        {"s.name = \"a\"\ns.version = \"1\"\ns.summary = \"\\u{1F680 41}\\x42\\n\"", "\xf0\x9f\x9a\x80"
                                                                                     "AB"},
        {"s.name = \"a\"\ns.version = \"1\"\ns.licenses = [\"MIT\", 'Odd one']", "\"Odd one\""},
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(SPECS "x.gemspec", stella_sv_cstr(cases[i].text));
        if (!has(&text, cases[i].says) || has(&text, "\"message\""))
            fail_msg("%s: %s", cases[i].text, text.ptr);
    }
}

static void what_is_no_specification_is_noted(void **state) {
    static const char *const bad[] = {
        "",
        "s.name = \"a\"\n",
        "s.version = \"1\"\n",
        "s.name = \"a/b\"\ns.version = \"1\"\n",
        "s.name = \"..\"\ns.version = \"1\"\n",
        "s.name = \"a\\u0007\"\ns.version = \"1\"\n",
        "s.name = \"a\\xff\"\ns.version = \"1\"\n",
        "s.name = \"a\\ud800\"\ns.version = \"1\"\n",
        "s.name = \"a#{`id`}\"\ns.version = \"1\"\n",
        "s.name = \"a\ns.version = \"1\"\n",
        "s.name = \"a\"\ns.version = \"1 2\"\n",
        "s.name = \"a\"\ns.version = Foo::VERSION\n",
    };
    (void)state;
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(SPECS "x.gemspec", stella_sv_cstr(bad[i]));
        if (count_of(&text, "\"ref\"") != 0 || count_of(&text, "\"message\"") == 0)
            fail_msg("%s: %s", bad[i], text.ptr);
    }
}

static void too_many_dependencies_are_a_limit(void **state) {
    STELLA_AUTO(stella_buf_fini) stella_buf spec = stella_buf_of(1u << 20);
    (void)state;
    stella_buf_add(&spec, STELLA_SV("s.name = \"a\"\ns.version = \"1\"\n"));
    for (int i = 0; i < 513; i++)
        stella_buf_printf(&spec, "s.add_dependency(%%q<b%d>)\n", i);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file(SPECS "x.gemspec", stella_buf_sv(&spec));
    assert_true(has(&text, "more than 512 dependencies"));
}

static void lock_files_within_gems_are_stepped_over(void **state) {
    (void)state;
    const stella_sv lock = STELLA_SV("GEM\n  specs:\n    inner (1)\n");
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, SPECS "a-1.gemspec", STELLA_SV("s.name = 'a'\ns.version = '1'\n"));
    scratch_write(&root, "var/lib/gems/3.1.0/gems/a-1/Gemfile.lock", lock);
    scratch_write(&root, "b/bundler/gems/x-0123/Gemfile.lock", lock);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_false(has(&text, "inner"));
    scratch_write(&root, "src/gems/mine/Gemfile.lock", lock); /* a folder that merely has the name */
    STELLA_AUTO(stella_buf_fini) stella_buf more = run_root(root.path);
    assert_true(has(&more, "pkg:gem/inner@1"));
}

static void platforms_sources_and_conflicts_of_a_lock_file(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("app/gems.locked", STELLA_SV("\xef\xbb\xbfGEM\r\n  remote: https://gems.example.org/\r\n  specs:\r\n"
                                              "    a (1.0-x86_64-linux)\r\n      b (>= 1)\r\n    b (2)\r\n    c\r\n"
                                              "<<<<<<< HEAD\nPLUGIN SOURCE\n  remote: x\n  specs:\n    p (3)\n"
                                              "UNKNOWN\n    q (4)\n"));
    assert_true(has(&text, "pkg:gem/a@1.0?platform=x86_64-linux&repository_url=https:%2F%2Fgems.example.org%2F"));
    assert_int_equal(count_of(&text, "\"from\""), 1);
    assert_true(has(&text, "pkg:gem/p@3"));
    assert_false(has(&text, "pkg:gem/q"));
    assert_int_equal(count_of(&text, "none of a lock file"), 2);
}

static void broken_files_take_nothing_with_them(void **state) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {SPECS "good.gemspec", STELLA_SV("s.name = 'good'\ns.version = '1'\n"), "pkg:gem/good@1"};
    (void)state;
    survives_beside(&good, SPECS "bad.gemspec",
                    data_read(DATA "installed/" SPECS "fast-cafe-1.2.0.pre1-x86_64-linux.gemspec", arena));
    survives_beside(&good, "Gemfile.lock", data_read(DATA "locked/Gemfile.lock", arena));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "installed", 5);
    fail_each_allocation(DATA "locked", 5);
}

static void published_lock_files_give_their_gems(void **state) {
    char root[512];
    (void)state;
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    snprintf(root, sizeof root, "%s/scanner/lang/gem/bundler2", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root);
    assert_int_equal(count_of(&text, "\"ref\""), 8);
    assert_int_equal(count_of(&text, "\"from\""), 4);
    assert_true(has(&text, "pkg:gem/pry@0.14.1"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_installed_gems),
        cmocka_unit_test(names_what_rubygems_names),
        cmocka_unit_test(what_is_locked_is_declared),
        cmocka_unit_test(texts_are_read_as_ruby_writes_them),
        cmocka_unit_test(what_is_no_specification_is_noted),
        cmocka_unit_test(too_many_dependencies_are_a_limit),
        cmocka_unit_test(lock_files_within_gems_are_stepped_over),
        cmocka_unit_test(platforms_sources_and_conflicts_of_a_lock_file),
        cmocka_unit_test(broken_files_take_nothing_with_them),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(published_lock_files_give_their_gems),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
