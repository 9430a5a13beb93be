#include "hop_run.h"

static const hop_file tree[] = {
    {"!usr/share/dotnet/dotnet", "\x7f"
                                 "ELF"},
    {"bin/dotnet", "->/usr/share/dotnet/dotnet"},
    {"app/Shop.dll", "MZ"},
    {"app/Shop.deps.json", "{}"},
    {"app/Shop.runtimeconfig.json", "{}"},
};

HOP_SETUP(tree)

static void an_assembly_is_where_the_way_ends(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "dotnet|Shop.dll|--urls|x", NULL, "\"language\": \"dotnet\"", "\"path\": \"app/Shop.deps.json\"",
                "\"path\": \"app/Shop.runtimeconfig.json\"", "\"type\": \"dotnet\",\"main\": \"app/Shop.dll\"");
    EXPECT_SAYS(root, "dotnet|exec|--depsfile|x.json|--roll-forward=Major|/app/Shop.dll", NULL,
                "\"type\": \"dotnet\",\"main\": \"app/Shop.dll\"");
}

static void what_is_missing_or_not_known_is_told(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "dotnet|None.dll", NULL, "\"reason\": \"missing-file\",\"detail\": \"None.dll\"");
    EXPECT_SAYS(root, "dotnet|$X.dll", NULL, "\"reason\": \"dynamic-reference\"");
    EXPECT_SAYS(root, "dotnet|run", NULL, "\"reason\": \"unsupported-syntax\",\"detail\": \"run\"");
}

static void a_question_runs_nothing(void **state) {
    const char *root = path_of(state);
    EXPECT_SAYS(root, "dotnet|--info", NULL, "[{\"says\": \"language\",\"language\": \"dotnet\"}]");
}

static void short_memory_is_told(void **state) {
    const char *root = path_of(state);
    hop_fails_each_allocation(root, "dotnet|Shop.dll", NULL, 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_assembly_is_where_the_way_ends),
        cmocka_unit_test(what_is_missing_or_not_known_is_told),
        cmocka_unit_test(a_question_runs_nothing),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
