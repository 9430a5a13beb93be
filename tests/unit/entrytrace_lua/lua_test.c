#include "hop_run.h"

static const hop_file tree[] = {
    {"!bin/lua5.4", "\x7f"
                    "ELF"},
    {"!bin/luajit", "\x7f"
                    "ELF"},
    {"app/run.lua", "x"},
};

HOP_SETUP(tree)

static void a_script_is_where_the_way_ends(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "lua5.4|-W|-l|socket|run.lua|-e", NULL, "\"language\": \"lua\"",
                "\"type\": \"lua\",\"main\": \"app/run.lua\"");
    EXPECT_SAYS(root, "luajit|-joff|-O3|run.lua", NULL, "\"type\": \"lua\",\"main\": \"app/run.lua\"");
}

static void what_is_missing_is_told(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "luajit|no.lua", NULL, "\"reason\": \"missing-file\",\"detail\": \"no.lua\"");
}

static void a_program_among_the_words_has_no_file(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "lua5.4|-e|x", NULL, "\"confidence\": 70");
    EXPECT_SAYS(root, "lua5.4|-", NULL, "\"confidence\": 60");
}

static void short_memory_is_told(void **state) {
    const char *root = path_of(state);
    hop_fails_each_allocation(root, "luajit|run.lua", NULL, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_where_the_way_ends),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(a_program_among_the_words_has_no_file),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
