#include "hop_run.h"

static const hop_file tree[] = {
    {"!bin/perl", "\x7f"
                  "ELF"},
    {"app/run.pl", "x"},
};

HOP_SETUP(tree)

static void a_script_is_where_the_way_ends(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "perl|-w|-I|lib|-MFoo=x|-T|run.pl|-e", NULL, "\"language\": \"perl\"",
                "\"type\": \"perl\",\"main\": \"app/run.pl\"");
}

static void what_is_missing_or_not_known_is_told(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "perl|no.pl", NULL, "\"reason\": \"missing-file\",\"detail\": \"no.pl\"");
    EXPECT_SAYS(root, "perl|$X", NULL, "\"reason\": \"dynamic-reference\"");
}

static void a_program_among_the_words_has_no_file(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "perl|-lne|print", NULL, "\"type\": \"perl\",\"confidence\": 70");
    EXPECT_SAYS(root, "perl|-v", NULL, "[{\"says\": \"language\",\"language\": \"perl\"}]");
}

static void short_memory_is_told(void **state) {
    const char *root = path_of(state);
    hop_fails_each_allocation(root, "perl|run.pl", NULL, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_script_is_where_the_way_ends),
        cmocka_unit_test(what_is_missing_or_not_known_is_told),
        cmocka_unit_test(a_program_among_the_words_has_no_file),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
