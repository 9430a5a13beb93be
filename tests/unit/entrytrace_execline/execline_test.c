#include "hop_run.h"

#include "execline/script.h"

#define ELF                                                                                                            \
    "\x7f"                                                                                                             \
    "ELF"

static const hop_file tree[] = {
    {"!bin/execlineb", ELF},
    {"!bin/foreground", ELF},
    {"!bin/importas", ELF},
    {"!bin/ifelse", ELF},
    {"!bin/cd", ELF},
    {"!bin/export", ELF},
    {"!bin/define", ELF},
    {"!bin/background", ELF},
    {"!bin/forx", ELF},
    {"!bin/backtick", ELF},
    {"!bin/emptyenv", ELF},
    {"!bin/elgetpositionals", ELF},
    {"!bin/exit", ELF},
    {"!bin/umask", "#!/bin/sh\n"},
    {"!init", "#!/bin/execlineb -P\n# a comment { \"\nforeground { /etc/start.sh \"a b\" }\ncd /srv\ns6-svscan .\n"},
    {"!run", "#!/bin/execlineb -S0\nexec $@ x${1}y $2\n"},
    {"!env", "#!/bin/execlineb\nelgetpositionals\nserve $1\n"},
    {"!open", "#!/bin/execlineb\nforeground { a\n"},
};

HOP_SETUP(tree)

static void a_script_is_one_command_line(void **state) {
    EXPECT_SAYS(path_of(state), "execlineb|-P|/init", NULL,
                "\"args\": [\"foreground\",\" /etc/start.sh\",\" a b\",\"\",\"cd\",\"/srv\",\"s6-svscan\",\".\"]");
    EXPECT_SAYS(path_of(state), "execlineb|-Pc|a { b { c } }", NULL, "\"args\": [\"a\",\" b\",\"  c\",\" \",\"\"]");
}

static void words_behind_a_script_take_their_places(void **state) {
    EXPECT_SAYS(path_of(state), "execlineb|-S0|/run|bash|./go", NULL,
                "\"args\": [\"exec\",\"bash\",\"./go\",\"xbashy\",\"./go\"]");
    EXPECT_SAYS(path_of(state), "execlineb|/env|web", NULL, "\"args\": [\"elgetpositionals\",\"serve\",\"$1\"]",
                "\"1\": \"web\"");
    EXPECT_SAYS(path_of(state), "elgetpositionals|serve|$1", "1=web|PATH=/bin", "\"args\": [\"serve\"");
}

static void a_command_becomes_the_rest_of_its_words(void **state) {
    EXPECT_SAYS(path_of(state), "foreground| /etc/start.sh| a b||cd|/srv", NULL,
                "\"kind\": \"run\",\"relation\": \"execline-block\",\"args\": [\"/etc/start.sh\",\"a b\"]",
                "\"kind\": \"main\",\"relation\": \"execline\",\"args\": [\"cd\",\"/srv\"]");
    EXPECT_SAYS(path_of(state), "background| a||b", NULL, "\"kind\": \"background\"", "\"args\": [\"b\"]");
    EXPECT_SAYS(path_of(state), "cd|sub|run", NULL, "\"args\": [\"run\"]", "\"directory\": \"/app/sub\"");
    EXPECT_SAYS(path_of(state), "export|A|b c|run", NULL, "\"A\": \"b c\"");
    EXPECT_SAYS(path_of(state), "emptyenv|-p|run", "A=1|PATH=/bin", "\"env\": {\"A\": null}");
}

static void what_a_condition_decides_is_possible(void **state) {
    EXPECT_SAYS(path_of(state), "ifelse| test|| one||two", NULL,
                "\"kind\": \"run\",\"relation\": \"execline-block\",\"args\": [\"test\"]",
                "\"kind\": \"main\",\"relation\": \"execline-block\",\"possible\": true,\"args\": [\"one\"]",
                "\"kind\": \"main\",\"relation\": \"execline\",\"possible\": true,\"args\": [\"two\"]");
}

static void variables_are_put_into_the_words(void **state) {
    EXPECT_SAYS(path_of(state), "importas|-i|PORT|WEB_PORT|run|--port=${PORT}| ${PORT}", "PATH=/bin|WEB_PORT=80",
                "\"args\": [\"run\",\"--port=80\",\" 80\"]");
    EXPECT_SAYS(path_of(state), "importas|-s|OPTS|OPTS|run|${OPTS}|end", "OPTS=-a  -b|PATH=/bin",
                "\"args\": [\"run\",\"-a\",\"-b\",\"end\"]");
    EXPECT_SAYS(path_of(state), "importas|-D|8080|PORT|PORT|run|${PORT}", NULL, "\"args\": [\"run\",\"8080\"]");
    EXPECT_SAYS(path_of(state), "importas|PORT|PORT|run|${PORT}", NULL, "\"args\": [\"run\"]");
    EXPECT_SAYS(path_of(state), "define|A|b|run|${A}${A}", NULL, "\"args\": [\"run\",\"bb\"]");
    EXPECT_SAYS(path_of(state), "importas|A|A|run|x${A}", "A=$ASK|PATH=/bin", "{\"unknown\": \"x${A}\"}");
    EXPECT_SAYS(path_of(state), "backtick|A| date||run", NULL, "\"A\": \"?\"", "\"args\": [\"date\"]");
}

static void what_is_not_understood_is_told(void **state) {
    EXPECT_SAYS(path_of(state), "execlineb|/open", NULL, "\"reason\": \"unsupported-syntax\"", "without its '}'");
    EXPECT_SAYS(path_of(state), "execlineb|/none", NULL, "\"reason\": \"missing-file\"");
    EXPECT_SAYS(path_of(state), "execlineb|$SCRIPT", NULL, "\"reason\": \"dynamic-reference\"");
    EXPECT_SAYS(path_of(state), "execlineb|-Z|/init", NULL, "\"reason\": \"unsupported-syntax\"");
    EXPECT_SAYS(path_of(state), "foreground| a| b", NULL, "a block without end");
    EXPECT_SAYS(path_of(state), "forx|A| a||b", NULL, "\"reason\": \"unsupported-syntax\",\"detail\": \"forx\"");
    EXPECT_SAYS(path_of(state), "umask|022", NULL, "\"relation\": \"shebang\",\"args\": [\"/bin/sh\"");
    stella_status status;
    STELLA_AUTO(stella_buf_fini) stella_buf text = hop_says(path_of(state), "exit|1|run", NULL, 0, &status);
    assert_false(has(&text, "\"run\""));
}

static void limits_are_kept(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    stella_word *words = NULL;
    uint32_t count = 7;
    for (uint32_t i = 0; i <= SCRIPT_DEPTH_MAX; i++)
        stella_buf_add(&text, STELLA_SV("{ "));
    assert_int_equal(script_words(stella_buf_sv(&text), arena, &words, &count, NULL), STELLA_E_LIMIT);
    text.len = 0;
    for (uint32_t i = 0; i <= LAUNCH_WORDS_MAX; i++)
        stella_buf_add(&text, STELLA_SV("a "));
    assert_int_equal(script_words(stella_buf_sv(&text), arena, &words, &count, NULL), STELLA_E_LIMIT);
    assert_int_equal(script_words(STELLA_SV("a }"), arena, &words, &count, NULL), STELLA_E_FORMAT);
    assert_int_equal(script_words(STELLA_SV("a \"b"), arena, &words, &count, NULL), STELLA_E_FORMAT);
    assert_int_equal(count, 7);
}

static void short_memory_is_told(void **state) {
    hop_fails_each_allocation(path_of(state), "execlineb|-S0|/run|bash|./go", NULL, 5);
    hop_fails_each_allocation(path_of(state), "importas|-i|PORT|PORT|run|--port=${PORT}", "PATH=/bin|PORT=80", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_one_command_line),
        cmocka_unit_test(words_behind_a_script_take_their_places),
        cmocka_unit_test(a_command_becomes_the_rest_of_its_words),
        cmocka_unit_test(what_a_condition_decides_is_possible),
        cmocka_unit_test(variables_are_put_into_the_words),
        cmocka_unit_test(what_is_not_understood_is_told),
        cmocka_unit_test(limits_are_kept),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
