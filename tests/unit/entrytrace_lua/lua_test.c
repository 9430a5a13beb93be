#include "hop_run.h"

static const hop_file tree[] = {
    {"!bin/lua5.4", "\x7f"
                    "ELF"},
    {"!bin/luajit", "\x7f"
                    "ELF"},
    {"app/run.lua", "x"},
};

static int make_root(void **state) {
    static scratch_root root;
    root = hop_root(tree, STELLA_COUNT(tree));
    *state = &root;
    return 0;
}

static int drop_root(void **state) {
    scratch_root_destroy(*state);
    return 0;
}

static void a_script_is_where_the_way_ends(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    EXPECT_SAYS(root, "lua5.4|-W|-l|socket|run.lua|-e", NULL, "\"language\": \"lua\"",
                "\"type\": \"lua\",\"main\": \"app/run.lua\"");
    EXPECT_SAYS(root, "luajit|-joff|-O3|run.lua", NULL, "\"type\": \"lua\",\"main\": \"app/run.lua\"");
}

static void what_is_missing_is_told(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    EXPECT_SAYS(root, "luajit|no.lua", NULL, "\"reason\": \"missing-file\",\"detail\": \"no.lua\"");
}

static void a_program_among_the_words_has_no_file(void **state) {
    const char *root = ((scratch_root *)*state)->path;
    EXPECT_SAYS(root, "lua5.4|-e|x", NULL, "\"confidence\": 70");
    EXPECT_SAYS(root, "lua5.4|-", NULL, "\"confidence\": 60");
}

static void short_memory_is_told(void **state) {
    const char *root = ((scratch_root *)*state)->path;
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
