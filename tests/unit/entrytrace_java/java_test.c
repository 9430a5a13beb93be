#include "hop_run.h"
#include "zip_make.h"

#include "java/arguments.h"

static const hop_file tree[] = {
    {"!bin/java", "\x7f"
                  "ELF"},
    {"app/lib/a.jar", "x"},
    {"app/lib/b.jar", "x"},
    {"app/lib/notes.txt", "x"},
    {"app/classes/Main.class", "x"},
    {"app/agent.jar", "x"},
    {"app/broken.jar", "no archive"},
    {"app/words", "-cp \"lib/a.jar:classes\" # both\n\\\n org.example.Main\n"},
    {"app/Hello.java", "class Hello {}"},
};

static void write_jar(const scratch_root *root, const char *path, const char *manifest) {
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin();
    zip_make_add(
        &z, (zip_member){.name = STELLA_SV("META-INF/MANIFEST.MF"), .content = stella_sv_cstr(manifest), .method = 8});
    const stella_sv bytes = zip_make_end(&z, 0);
    scratch_write(root, path, bytes);
}

static int make_root(void **state) {
    static scratch_root root;
    root = hop_root(tree, STELLA_COUNT(tree));
    write_jar(&root, "app/app.jar",
              "Manifest-Version: 1.0\r\nMain-Class: org.exam\r\n ple.Main\r\nClass-Path: lib/a.jar li\r\n b/b.jar "
              "lib/no.jar\r\n\r\n"
              "Name: x\r\nMain-Class: y\r\n");
    write_jar(&root, "app/library.jar", "Manifest-Version: 1.0\n\n");
    *state = &root;
    return 0;
}

static int drop_root(void **state) {
    scratch_root_destroy(*state);
    return 0;
}

#define USES(path)    "\"says\": \"uses\",\"path\": \"" path "\",\"how\": \"class-path\""
#define ENDS_IN(main) "\"type\": \"java\",\"main\": \"" main "\""

static void an_archive_is_run_with_what_its_manifest_names(void **state) {
    EXPECT_SAYS(path_of(state), "java|-Xmx1g|-Dx=y|-jar|app.jar|--port|1", NULL, "\"language\": \"java\"",
                USES("app/app.jar"), USES("app/lib/a.jar") ",\"via\": \"app/app.jar\"", USES("app/lib/b.jar"),
                ENDS_IN("app/app.jar"));
}

static void what_is_not_known_before_it_hides_nothing(void **state) {
    EXPECT_SAYS(path_of(state), "java|$*JAVA_OPTS|-Dspring=$P|-jar|/app/app.jar", NULL, ENDS_IN("app/app.jar"));
    EXPECT_SAYS(path_of(state), "java|$*JAVA_OPTS", NULL, "\"reason\": \"dynamic-reference\"");
    EXPECT_SAYS(path_of(state), "java|-jar|$JAR", NULL, "\"reason\": \"dynamic-reference\",\"detail\": \"$JAR\"");
}

static void an_archive_that_is_missing_or_none_is_told(void **state) {
    EXPECT_SAYS(path_of(state), "java|-jar|no.jar", NULL, "\"reason\": \"jar-not-found\",\"detail\": \"no.jar\"");
    EXPECT_SAYS(path_of(state), "java|-jar|broken.jar", NULL, "\"reason\": \"unsupported-syntax\"",
                ENDS_IN("app/broken.jar"));
    EXPECT_SAYS(path_of(state), "java|-jar|library.jar", NULL, "\"reason\": \"module-not-found\"");
}

static void class_paths_have_files_directories_and_stars(void **state) {
    EXPECT_SAYS(path_of(state), "java|-cp|lib/*:classes:none.jar|org.example.Main", NULL, USES("app/lib/a.jar"),
                USES("app/lib/b.jar"), USES("app/classes"), "\"type\": \"java\",\"confidence\": 95");
    EXPECT_SAYS(path_of(state), "java|org.example.Main", "CLASSPATH=/app/lib/b.jar|PATH=/bin", USES("app/lib/b.jar"));
    EXPECT_SAYS(path_of(state), "java|-cp|/:classes|org.example.Main", NULL, USES("app/classes"),
                ENDS_IN("app/classes"));
    EXPECT_SAYS(path_of(state), "java|--module-path=lib|-m|org.x/org.x.Main", NULL, USES("app/lib/a.jar"));
}

static void words_come_from_files_and_variables(void **state) {
    EXPECT_SAYS(path_of(state), "java|@words|@none", NULL, USES("app/lib/a.jar"), USES("app/classes"), "95}]");
    EXPECT_SAYS(path_of(state), "java|@none|-jar|app.jar", NULL, "\"reason\": \"missing-file\",\"detail\": \"none\"");
    EXPECT_SAYS(path_of(state), "java|-jar|app.jar", "JAVA_TOOL_OPTIONS=-Xmx1g -javaagent:/app/agent.jar=x|PATH=/bin",
                USES("app/agent.jar"));
    EXPECT_SAYS(path_of(state), "java|Main", "JDK_JAVA_OPTIONS=-cp 'classes'|PATH=/bin", USES("app/classes"));
}

static void sources_are_run_and_questions_are_not(void **state) {
    EXPECT_SAYS(path_of(state), "java|Hello.java", NULL, ENDS_IN("app/Hello.java"));
    EXPECT_SAYS(path_of(state), "java|-version", NULL, "[{\"says\": \"language\",\"language\": \"java\"}]");
}

static void a_file_of_words_keeps_what_is_quoted(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_word *words = NULL;
    uint32_t count = 0;
    assert_int_equal(arguments_parse(STELLA_SV("a\"b c\"'d\\n' # e\n f\\\n  g \"\""), arena, &words, &count, NULL),
                     STELLA_OK);
    assert_int_equal(count, 3);
    assert_true(stella_sv_eq(words[0].text, STELLA_SV("ab cd\n")));
    assert_true(stella_sv_eq(words[1].text, STELLA_SV("fg")));
    assert_int_equal(words[2].text.len, 0);
}

static void short_memory_is_told(void **state) {
    hop_fails_each_allocation(path_of(state), "java|-jar|app.jar", NULL, 4);
    hop_fails_each_allocation(path_of(state), "java|@words|x", NULL, 4);
    hop_fails_each_allocation(path_of(state), "java|-cp|lib/*|x", NULL, 4);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_archive_is_run_with_what_its_manifest_names),
        cmocka_unit_test(what_is_not_known_before_it_hides_nothing),
        cmocka_unit_test(an_archive_that_is_missing_or_none_is_told),
        cmocka_unit_test(class_paths_have_files_directories_and_stars),
        cmocka_unit_test(words_come_from_files_and_variables),
        cmocka_unit_test(sources_are_run_and_questions_are_not),
        cmocka_unit_test(a_file_of_words_keeps_what_is_quoted),
        cmocka_unit_test(short_memory_is_told),
    };
    return cmocka_run_group_tests(tests, make_root, drop_root);
}
