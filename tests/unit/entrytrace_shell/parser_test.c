/* The parser: trees of real constructions, faults with their places, limits, and every script of this machine. */
#include "check.h"

#include "shell/shell_parse.h"

#include <stella/auto.h>
#include <stella/testing.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static stella_arena *arena;

static int set_up(void **state) {
    (void)state;
    arena = stella_arena_create((uint64_t)256 << 20);
    return arena == NULL;
}

static int tear_down(void **state) {
    (void)state;
    stella_arena_destroy(arena);
    return 0;
}

static const shell_script *parsed(const char *text) {
    const shell_script *script = NULL;
    stella_error err = {0};
    assert_int_equal(shell_parse(stella_sv_cstr(text), arena, &script, &err), STELLA_OK);
    return script;
}

static void expect_fault(const char *text, uint32_t line, const char *what) {
    const shell_script *script = parsed(text);
    if (!script->has_fault)
        fail_msg("accepted: %s", text);
    assert_int_equal(script->fault_at.first_line, line);
    if (!strstr(script->fault.message, what))
        fail_msg("%s: %s", text, script->fault.message);
}

static void trees_of_real_constructions_are_as_before(void **state) {
    (void)state;
    static char text[65536];
    FILE *in = fopen(STELLA_SOURCE_DIR "/tests/data/entrytrace_shell/constructions.sh", "re");
    assert_non_null(in);
    const size_t size = fread(text, 1, sizeof text - 1, in);
    fclose(in);
    text[size] = '\0';
    const shell_script *script = parsed(text);
    assert_false(script->has_fault);
    STELLA_AUTO(stella_buf_fini) stella_buf json = stella_buf_of((size_t)16 << 20);
    const stella_sink sink = stella_buf_sink(&json);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 1);
    shell_ast_json(script, &w);
    assert_int_equal(stella_json_finish(&w, NULL), STELLA_OK);
    assert_true(stella_testing_golden(STELLA_SOURCE_DIR "/tests/golden/entrytrace_shell/constructions.json",
                                      stella_buf_sv(&json)));
}

static void a_quote_that_never_ends_is_named_with_its_line(void **state) {
    (void)state;
    expect_fault("echo a\necho 'b\nc\n", 2, "quote ' that begins here never ends");
    expect_fault("a\nb\n\"c", 3, "quote \" that begins here never ends");
    expect_fault("x=`ls\n", 1, "quote ` that begins here never ends");
    expect_fault("echo ${a", 1, "never ends");
    expect_fault("echo $(a\nb\n", 1, "substitution that begins here never ends");
}

static void what_lacks_its_end_is_named(void **state) {
    (void)state;
    expect_fault("if a; then b\n", 2, "fi is missing");
    expect_fault("while a; do b\n", 2, "done is missing");
    expect_fault("case a in\nb) c\n", 3, "esac or ;; is missing");
    expect_fault("{ a; \n", 2, "} is missing");
    expect_fault("( a\n", 2, "\")\" is missing");
    expect_fault("[[ -f a ", 1, "]] is missing");
    expect_fault("a &&", 1, "no command behind");
    expect_fault("a=(b", 1, "array that begins here never ends");
    expect_fault("fi", 1, "begins no command");
    expect_fault("a )", 1, "not expected");
}

static void commands_before_a_fault_stand(void **state) {
    (void)state;
    const shell_script *script = parsed("echo a\nexit 0\n)))) not shell");
    assert_true(script->has_fault);
    assert_non_null(script->body);
    assert_non_null(script->body->next);
    assert_null(script->body->next->next);
}

static void binary_input_is_refused(void **state) {
    (void)state;
    const shell_script *script = NULL;
    stella_error err = {0};
    assert_int_equal(shell_parse(STELLA_SV("\177ELF\2\1\1\0\0\0\0"), arena, &script, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "line 1: binary, not a script");
    assert_null(script);
}

static void a_nul_further_down_ends_the_script(void **state) {
    (void)state;
    const shell_script *script = NULL;
    assert_int_equal(shell_parse(STELLA_SV("echo a\nexit\n\0\1\2"), arena, &script, NULL), STELLA_OK);
    assert_true(script->has_fault);
    assert_int_equal(script->fault_at.first_line, 3);
}

static void a_script_of_ten_megabytes_is_refused_by_its_size(void **state) {
    (void)state;
    const shell_script *script = NULL;
    stella_error err = {0};
    const size_t size = (size_t)10 << 20;
    char *text = malloc(size);
    assert_non_null(text);
    memset(text, '\n', size);
    assert_int_equal(shell_parse(stella_sv_of(text, size), arena, &script, &err), STELLA_E_LIMIT);
    assert_non_null(strstr(err.message, "10485760 bytes"));
    free(text);
}

static void nesting_has_a_limit(void **state) {
    (void)state;
    static char text[100001];
    memset(text, '(', sizeof text - 1);
    expect_fault(text, 1, "nested deeper");
    for (size_t i = 0; i + 2 < sizeof text; i += 2)
        memcpy(text + i, "$(", 2);
    expect_fault(text, 1, "nested deeper");
}

static void nodes_have_a_limit(void **state) {
    (void)state;
    const size_t size = 1u << 20;
    char *text = malloc(size + 1);
    assert_non_null(text);
    for (size_t i = 0; i < size; i += 2)
        memcpy(text + i, "a ", 2);
    text[size] = '\0';
    const shell_script *script = parsed(text);
    assert_true(script->has_fault);
    assert_int_equal(script->fault.code, STELLA_E_LIMIT);
    free(text);
}

/* ---- every script of this machine --------------------------------------------------------------------------------- */

typedef struct tally {
    uint32_t scripts, accepted;
} tally;

/* Which shell reads it, by its first line; NULL: none of ours. */
static const char *shell_of(const char *text) {
    char line[80];
    snprintf(line, sizeof line, "%.*s", (int)strcspn(text, "\n"), text);
    if (strncmp(line, "#!", 2) != 0)
        return NULL;
    if (strstr(line, "bash"))
        return "/bin/bash";
    return strstr(line, "/sh") || strstr(line, "/dash") || strstr(line, "env sh") ? "/bin/dash" : NULL;
}

static int accepts(const char *shell, const char *path) {
    char command[1200];
    snprintf(command, sizeof command, "%s -n -- '%s' >/dev/null 2>&1", shell, path);
    return system(command) == 0; // NOLINT(cert-env33-c): the shells are what is compared with
}

static void try_file(const char *path, tally *t) {
    static char text[SHELL_SCRIPT_MAX];
    FILE *in = strchr(path, '\'') ? NULL : fopen(path, "re");
    if (!in)
        return;
    const size_t size = fread(text, 1, sizeof text - 1, in);
    fclose(in);
    text[size] = '\0';
    const char *shell = size < sizeof text - 1 && strlen(text) == size ? shell_of(text) : NULL;
    if (!shell || !accepts(shell, path))
        return;
    const shell_script *script = NULL;
    stella_arena_reset(arena);
    t->scripts++;
    const stella_status status = shell_parse(stella_sv_of(text, size), arena, &script, NULL);
    if (status == STELLA_OK && !script->has_fault)
        t->accepted++;
    else
        print_message("not accepted: %s: %s\n", path, status == STELLA_OK ? script->fault.message : "refused");
}

static void try_folder(const char *folder, tally *t) {
    DIR *dir = opendir(folder);
    for (const struct dirent *entry; dir && (entry = readdir(dir));) {
        char path[1024];
        snprintf(path, sizeof path, "%s/%s", folder, entry->d_name);
        if (entry->d_type != DT_DIR)
            try_file(path, t);
    }
    if (dir)
        closedir(dir);
}

static void what_bash_and_dash_accept_is_accepted(void **state) {
    (void)state;
    static const char *const folders[] = {"/usr/bin", "/usr/sbin", "/etc/init.d", "/usr/lib/init",
                                          "/var/lib/dpkg/info"};
    tally t = {0};
    for (size_t i = 0; i < sizeof folders / sizeof folders[0]; i++)
        try_folder(folders[i], &t);
    print_message("%u of %u scripts accepted\n", t.accepted, t.scripts);
    assert_true(t.scripts >= 50);
    assert_true(t.accepted * 100 >= t.scripts * 99);
}

static void every_allocation_may_fail(void **state) {
    (void)state;
    const stella_sv text =
        STELLA_SV("f() { case \"$1\" in a|b) x=(1 $(ls)) ;; esac; }\nfor i in a `b`; do cat <<E\n$i\nE\ndone\n");
    uint32_t refused = 0;
    for (uint64_t budget = 64; budget < 20000; budget += 64) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *small = stella_arena_create(budget);
        const shell_script *script = NULL;
        const stella_status status = shell_parse(text, small, &script, NULL);
        assert_true(status == STELLA_OK || status == STELLA_E_NOMEM);
        assert_true((status == STELLA_OK) == (script != NULL));
        assert_true(!script || !script->has_fault);
        refused += status == STELLA_E_NOMEM ? 1 : 0;
    }
    assert_true(refused >= 10);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(trees_of_real_constructions_are_as_before, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_quote_that_never_ends_is_named_with_its_line, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_lacks_its_end_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(commands_before_a_fault_stand, set_up, tear_down),
        cmocka_unit_test_setup_teardown(binary_input_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_nul_further_down_ends_the_script, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_script_of_ten_megabytes_is_refused_by_its_size, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nesting_has_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nodes_have_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_bash_and_dash_accept_is_accepted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
