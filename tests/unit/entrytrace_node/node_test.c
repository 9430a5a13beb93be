#include "hop_run.h"

#include "node/package.h"

static const hop_file tree[] = {
    {"!bin/node", "\x7f"
                  "ELF"},
    {"!lib/npm/bin/npm-cli.js", "#!/usr/bin/env node\n"},
    {"bin/npm", "->../lib/npm/bin/npm-cli.js"},
    {"bin/npx", "->../lib/npm/bin/npm-cli.js"},
    {"bin/yarn", "->../lib/npm/bin/npm-cli.js"},
    {"bin/pnpm", "->../lib/npm/bin/npm-cli.js"},
    {"bin/corepack", "->../lib/npm/bin/npm-cli.js"},
    {"app/package.json",
     "{\n \"name\": \"shop\",\n \"main\": \"lib/main.js\",\n \"scripts\": {\n  \"start\": \"node .\",\n"
     "  \"prestart\": \"node build.js\",\n  \"serve\": \"next start\",\n  \"poststart\": \"rm x\"\n },\n"
     " \"dependencies\": {\"dotenv\": \"1\", \"@scope/dep\": \"^2\", \"../evil\": \"1\", \"missing\": \"3\"}\n}\n"},
    {"node_modules/@scope/dep/package.json", "{}"},
    {"app/lib/main.js", "x"},
    {"app/server.js", "x"},
    {"app/node_modules/dotenv/package.json", "{\"main\": \"./lib/main.js\"}"},
    {"app/node_modules/dotenv/lib/main.js", "x"},
    {"app/node_modules/dotenv/config.js", "x"},
    {"deep/package.json", "{\"dependencies\": {\"shared\": \"1\"}}"},
    {"deep/main.js",
     "require('./near');import('dotenv/config');require('@scope/dep');require('fs');require('node:os');require('gone');"
     "require('exp/sub');require('shared')"},
    {"deep/near.js", "require('./main');require('.');require('./addon');require('/abs.js')"},
    {"deep/index.js", "x"},
    {"deep/addon.node", "x"},
    {"abs.js", "require(`near`)"},
    {"deep/node_modules/dotenv/package.json", "{}"},
    {"deep/node_modules/dotenv/config.js", "require('../fs')"},
    {"deep/node_modules/exp/package.json",
     "{\"exports\": {\"./sub\": {\"import\": \"./m.mjs\", \"require\": \"./c.cjs\"}}}"},
    {"deep/node_modules/exp/c.cjs", "x"},
    {"deep/node_modules/exp/m.mjs", "x"},
    {"usr/share/nodejs/shared/package.json", "{\"main\": \"lib\"}"},
    {"usr/share/nodejs/shared/lib/index.js", "x"},
    {"plain/package.json", "{}"},
    {"plain/server.js", "x"},
    {"broken/package.json", "{\"scripts\": {"},
};

HOP_SETUP(tree)

#define USES(path)    "\"says\": \"uses\",\"path\": \"" path "\",\"how\": \"node-module\""
#define ENDS_IN(main) "\"type\": \"node\",\"main\": \"" main "\""

static void what_the_package_says_it_needs_is_used(void **state) {
    EXPECT_SAYS(path_of(state), "node|server.js", NULL,
                "\"path\": \"app/package.json\",\"how\": \"node-package\",\"via\": \"app/server.js\"",
                USES("app/node_modules/dotenv/package.json"), USES("node_modules/@scope/dep/package.json"));
}

static void a_script_is_found_as_require_finds_it(void **state) {
    EXPECT_SAYS(path_of(state), "node|--max-old-space-size=512|--enable-source-maps|server.js|-r|x", NULL,
                "\"language\": \"node\"", ENDS_IN("app/server.js"));
    EXPECT_SAYS(path_of(state), "node|server", NULL, ENDS_IN("app/server.js"));
    EXPECT_SAYS(path_of(state), "node|.", NULL, ENDS_IN("app/lib/main.js"));
    EXPECT_SAYS(path_of(state), "node|none.js", NULL, "\"reason\": \"module-not-found\",\"detail\": \"none.js\"");
    EXPECT_SAYS(path_of(state), "node|$MAIN", NULL, "\"reason\": \"dynamic-reference\"");
    EXPECT_SAYS(path_of(state), "node|$*OPTIONS|server.js", NULL, "\"reason\": \"dynamic-reference\"",
                ENDS_IN("app/server.js"));
    EXPECT_SAYS(path_of(state), "node|-e|1", NULL, "\"type\": \"node\",\"confidence\": 70");
    EXPECT_SAYS(path_of(state), "node|-v", NULL, "[{\"says\": \"language\",\"language\": \"node\"}]");
}

static void what_is_required_first_is_used(void **state) {
    EXPECT_SAYS(path_of(state), "node|-r|dotenv/config|--import=dotenv|server.js", NULL,
                USES("app/node_modules/dotenv/config.js"), USES("app/node_modules/dotenv/lib/main.js"));
    EXPECT_SAYS(path_of(state), "node|-r|none|server.js", NULL,
                "\"reason\": \"module-not-found\",\"detail\": \"none\"");
    EXPECT_SAYS(path_of(state), "node|server.js", "NODE_OPTIONS=--no-warnings -r dotenv|PATH=/bin",
                USES("app/node_modules/dotenv/lib/main.js"));
}

static void a_script_of_the_package_is_run_by_a_shell(void **state) {
    EXPECT_SAYS(path_of(state), "npm|start|--|--port|80 81", NULL,
                "\"kind\": \"run\",\"relation\": \"npm-script\",\"args\": [\"sh\",\"-c\",\"node build.js\"]",
                "\"kind\": \"main\",\"relation\": \"npm-script\",\"args\": [\"sh\",\"-c\",\"node . --port '80 81'\"]",
                "\"PATH\": \"/app/node_modules/.bin:/bin\"", "\"npm_package_name\": \"shop\"",
                "\"span\": {\"path\": \"app/package.json\",\"line\": 5",
                "\"possible\": true,\"args\": [\"sh\",\"-c\",\"rm x\"]");
    EXPECT_SAYS(path_of(state), "npm|--silent|run|serve|-s|x", NULL, "[\"sh\",\"-c\",\"next start x\"]");
    EXPECT_SAYS(path_of(state), "yarn|serve|-s|x", NULL, "[\"sh\",\"-c\",\"next start -s x\"]");
    EXPECT_SAYS(path_of(state), "corepack|pnpm|run|serve", NULL, "[\"sh\",\"-c\",\"next start\"]");
    EXPECT_SAYS(path_of(state), "node|/lib/npm/bin/npm-cli.js|run|serve", NULL, "[\"sh\",\"-c\",\"next start\"]");
    EXPECT_SAYS(path_of(state), "npm|--prefix|/plain|start", NULL, "[\"sh\",\"-c\",\"node server.js\"]",
                "\"directory\": \"/plain\"");
}

static void a_program_of_the_dependencies_is_found_in_the_path(void **state) {
    EXPECT_SAYS(path_of(state), "npx|-y|next|start|-p", NULL,
                "\"relation\": \"npm-exec\",\"args\": [\"next\",\"start\",\"-p\"]",
                "\"PATH\": \"/app/node_modules/.bin:/bin\"");
    EXPECT_SAYS(path_of(state), "pnpm|exec|tsx|a", NULL, "\"args\": [\"tsx\",\"a\"]");
    EXPECT_SAYS(path_of(state), "yarn|next", NULL, "\"args\": [\"next\"]");
}

static void what_is_missing_is_told(void **state) {
    EXPECT_SAYS(path_of(state), "npm|run|none", NULL, "\"reason\": \"missing-file\",\"detail\": \"script none\"");
    EXPECT_SAYS(path_of(state), "npm|-C|/bin|run|x", NULL, "\"detail\": \"package.json for x\"");
    EXPECT_SAYS(path_of(state), "npm|--prefix=/broken|start", NULL,
                "\"reason\": \"unsupported-syntax\",\"detail\": \"broken/package.json\"");
    EXPECT_SAYS(path_of(state), "npm|run|$S", NULL, "\"reason\": \"dynamic-reference\"");
    EXPECT_SAYS(path_of(state), "npm|install", NULL, "\"type\": \"node\",\"main\": \"lib/npm/bin/npm-cli.js\"");
}

static void the_last_of_two_keys_counts(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    package p = {0};
    assert_int_equal(
        package_parse(STELLA_SV("\xef\xbb\xbf{\"scripts\":{\"a\":\"x\",\"b\":[1],\n\"a\":\"y\"},\"main\":1}"), arena,
                      &p, NULL),
        STELLA_OK);
    assert_int_equal(p.script_count, 1);
    assert_true(stella_sv_eq(package_find(&p, STELLA_SV("a"))->line, STELLA_SV("y")));
    assert_int_equal(p.scripts[0].at, 2);
    static const char *const bad[] = {"", "[]", "{", "{\"scripts\":{\"a\":\"", "{\"a\":\xff}", "\"x\"", "{\"a\" 1}"};
    for (uint32_t i = 0; i < STELLA_COUNT(bad); i++)
        assert_int_equal(package_parse(stella_sv_cstr(bad[i]), arena, &p, NULL), STELLA_E_FORMAT);
    assert_int_equal(p.script_count, 1);
}

static void short_memory_is_told(void **state) {
    hop_fails_each_allocation(path_of(state), "npm|start|--|x", NULL, 5);
    hop_fails_each_allocation(path_of(state), "node|-r|dotenv|.", NULL, 4);
}

#define LOADS(path) "\"says\": \"uses\",\"path\": \"" path "\",\"how\": \"node-module\""

static void packages_are_found_where_debian_has_them(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "node|/deep/main.js", NULL, LOADS("usr/share/nodejs/shared/package.json"));
}

static void deep_usage_follows_what_files_require(void **state) {
    const char *root = path_of(state);
    stella_status status;
    hop_options = STELLA_OPTION_USAGE_DEEP;
    EXPECT_SAYS(root, "node|/deep/main.js", NULL, LOADS("deep/near.js"), LOADS("deep/index.js"),
                LOADS("deep/addon.node"), LOADS("abs.js"), LOADS("deep/node_modules/dotenv/package.json"),
                LOADS("deep/node_modules/dotenv/config.js"), LOADS("node_modules/@scope/dep/package.json"),
                LOADS("deep/node_modules/exp/c.cjs"), LOADS("usr/share/nodejs/shared/lib/index.js"));
    STELLA_AUTO(stella_buf_fini) stella_buf said = hop_says(root, "node|/deep/main.js", NULL, 0, &status);
    assert_null(strstr(said.ptr, "m.mjs"));
    assert_null(strstr(said.ptr, "gone"));
    hop_fails_each_allocation(root, "node|/deep/main.js", NULL, 5);
    hop_options = 0;
    STELLA_AUTO(stella_buf_fini) stella_buf plain = hop_says(root, "node|/deep/main.js", NULL, 0, &status);
    assert_null(strstr(plain.ptr, "near.js"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_the_package_says_it_needs_is_used),
        cmocka_unit_test(a_script_is_found_as_require_finds_it),
        cmocka_unit_test(what_is_required_first_is_used),
        cmocka_unit_test(a_script_of_the_package_is_run_by_a_shell),
        cmocka_unit_test(a_program_of_the_dependencies_is_found_in_the_path),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(the_last_of_two_keys_counts),
        cmocka_unit_test(short_memory_is_told),
        cmocka_unit_test(packages_are_found_where_debian_has_them),
        cmocka_unit_test(deep_usage_follows_what_files_require),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
