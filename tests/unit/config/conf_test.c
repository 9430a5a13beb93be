#include "check.h"

#include "config/conf.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char dir[64];

static void write_file(const char *name, const char *content) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(content, file);
    fclose(file);
}

static const char *at(const char *name) {
    static char path[256];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    return path;
}

static int make_dir(void **state) {
    (void)state;
    snprintf(dir, sizeof dir, "/tmp/conf_test.XXXXXX");
    if (!mkdtemp(dir))
        return -1;
    return mkdir(at("conf.d"), 0700);
}

static int remove_dir(void **state) {
    (void)state;
    char command[128];
    snprintf(command, sizeof command, "rm -rf %s", dir);
    return system(command);
}

static stella_status load(conf **out, stella_error *err) {
    char file[256], sub[256];
    snprintf(file, sizeof file, "%s/stella.conf", dir);
    snprintf(sub, sizeof sub, "%s/conf.d", dir);
    static const conf_preset presets[] = {
        {.key = CONF_STATE_DIR, .text = "/tmp/elsewhere", .origin = "--state-dir", .is_final = 1},
        {.key = CONF_HTTP_SOCKET, .text = "/run/x.sock", .origin = "default"},
    };
    const conf_source source = {.file = file, .dir = sub, .presets = presets, .preset_count = 2};
    return conf_load(&source, out, err);
}

static void runs_on_defaults_without_any_file(void **state) {
    (void)state;
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    assert_int_equal(load(&c, NULL), STELLA_OK);
    assert_string_equal(conf_text(c, CONF_LOG_LEVEL), "info");
    assert_int_equal(conf_number(c, CONF_HTTP_BODY_MAX_KB), 1024);
    assert_int_equal(conf_number(c, CONF_BUS_ENABLED), 1);
    assert_string_equal(conf_origin(c, CONF_LOG_LEVEL), "default");
}

static void lets_a_later_file_win_key_by_key_and_tells_the_origin(void **state) {
    (void)state;
    write_file("stella.conf", "log: { level = \"warn\"; format = \"json\"; };\nhttp: {\n  threads = 3;\n};\n");
    write_file("conf.d/20.conf", "\nlog: { level = \"debug\"; };\n");
    write_file("conf.d/10.conf", "log: { level = \"error\"; };\n");
    write_file("conf.d/note.txt", "nonsense");
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    assert_int_equal(load(&c, NULL), STELLA_OK);
    assert_string_equal(conf_text(c, CONF_LOG_LEVEL), "debug");
    assert_int_equal(conf_number(c, CONF_LOG_LEVEL), 3);
    assert_string_equal(conf_origin(c, CONF_LOG_LEVEL), at("conf.d/20.conf:2"));
    assert_string_equal(conf_text(c, CONF_LOG_FORMAT), "json");
    assert_int_equal(conf_number(c, CONF_HTTP_THREADS), 3);
    assert_string_equal(conf_origin(c, CONF_HTTP_THREADS), at("stella.conf:3"));
}

static void keeps_what_the_command_line_said(void **state) {
    (void)state;
    write_file("stella.conf", "state: { dir = \"/other\"; };\nhttp: { socket = \"/y.sock\"; };\n");
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    assert_int_equal(load(&c, NULL), STELLA_OK);
    assert_string_equal(conf_text(c, CONF_STATE_DIR), "/tmp/elsewhere");
    assert_string_equal(conf_origin(c, CONF_STATE_DIR), "--state-dir");
    assert_string_equal(conf_text(c, CONF_HTTP_SOCKET), "/y.sock");
}

static void refuses(const char *content, const char *line, const char *message) {
    write_file("stella.conf", content);
    conf *c = (conf *)1;
    stella_error err = {0};
    assert_int_equal(load(&c, &err), STELLA_E_FORMAT);
    assert_ptr_equal(c, (conf *)1);
    assert_string_equal(err.path, at(line));
    assert_string_equal(err.message, message);
}

static void names_file_line_key_and_what_was_expected(void **state) {
    (void)state;
    refuses("log: {\n  levle = \"info\";\n};", "stella.conf:2",
            "log.levle: there is no such key; did you mean log.level?");
    refuses("\n\nzzz = 1;", "stella.conf:3", "zzz: there is no such key");
    refuses("http: { threads = 0; };", "stella.conf:1", "http.threads: expected a whole number from 1 to 64");
    refuses("http: { threads = \"2\"; };", "stella.conf:1", "http.threads: expected a whole number from 1 to 64");
    refuses("http: { threads = { a = 1; }; };", "stella.conf:1", "http.threads: expected a whole number from 1 to 64");
    refuses("http: { timeout_s = 5000; };", "stella.conf:1",
            "http.timeout_s: expected a whole number from 1 to 3600 seconds");
    refuses("log: { level = \"loud\"; };", "stella.conf:1",
            "log.level: expected one of \"error\", \"warn\", \"info\", \"debug\"");
    refuses("http: { socket = \"x\"; };", "stella.conf:1", "http.socket: expected an absolute path in quotes");
    refuses("bus: { enabled = 1; };", "stella.conf:1", "bus.enabled: expected true or false");
    refuses("plugins: { dirs = [\"rel\"]; };", "stella.conf:1",
            "plugins.dirs: expected a list of absolute paths: [\"/a\", \"/b\"]");
    refuses("log = {", "stella.conf:1", "syntax error");
    refuses("log: {};\n@include \"/etc/passwd\"\n", "stella.conf",
            "@include is not supported; put the file into conf.d");
}

static void count_problem(void *context, const stella_error *error) {
    (void)error;
    ++*(int *)context;
}

static void reports_every_problem_of_every_file(void **state) {
    (void)state;
    write_file("stella.conf", "a = 1;\nb = 2;\n");
    write_file("conf.d/x.conf", "http: { threads = -1; };");
    int problems = 0;
    char file[256], sub[256];
    snprintf(file, sizeof file, "%s/stella.conf", dir);
    snprintf(sub, sizeof sub, "%s/conf.d", dir);
    const conf_source source = {.file = file, .dir = sub, .problem = count_problem, .context = &problems};
    conf *c = NULL;
    assert_int_equal(conf_load(&source, &c, NULL), STELLA_E_FORMAT);
    assert_int_equal(problems, 3);
}

static void misses_a_file_that_was_asked_for(void **state) {
    (void)state;
    conf *c = NULL;
    stella_error err;
    const conf_source source = {.file = at("none.conf"), .file_required = 1};
    assert_int_equal(conf_load(&source, &c, &err), STELLA_E_NOTFOUND);
    assert_string_equal(err.path, at("none.conf"));
}

static void shows_values_as_a_file_would_hold_them(void **state) {
    (void)state;
    write_file("stella.conf", "plugins: { dirs = [\"/a\\\"b\", \"/c\"]; };");
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    assert_int_equal(load(&c, NULL), STELLA_OK);
    STELLA_AUTO(stella_buf_fini) stella_buf shown = stella_buf_of(4096);
    const stella_sink sink = stella_buf_sink(&shown);
    conf_show_value(c, CONF_PLUGINS_DIRS, &sink, NULL);
    conf_show_value(c, CONF_BUS_ENABLED, &sink, NULL);
    assert_string_equal(shown.ptr, "[\"/a\\\"b\", \"/c\"]true");
}

static void sees_which_keys_a_reload_changes(void **state) {
    (void)state;
    STELLA_AUTO(conf_destroyp) conf *a = NULL;
    STELLA_AUTO(conf_destroyp) conf *b = NULL;
    assert_int_equal(load(&a, NULL), STELLA_OK);
    write_file("stella.conf", "plugins: { dirs = [\"/a\"]; };");
    assert_int_equal(load(&b, NULL), STELLA_OK);
    assert_true(conf_differs(a, b, CONF_PLUGINS_DIRS));
    assert_false(conf_differs(a, b, CONF_LOG_LEVEL));
}

static void has_the_documentation_that_is_checked_in(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf doc = stella_buf_of(1u << 20);
    const stella_sink sink = stella_buf_sink(&doc);
    assert_int_equal(conf_write_doc(&sink, NULL), STELLA_OK);
    static char checked_in[1u << 18];
    FILE *file = fopen(STELLA_SOURCE_DIR "/docs/configuration.md", "r");
    assert_non_null(file);
    checked_in[fread(checked_in, 1, sizeof checked_in - 1, file)] = '\0';
    fclose(file);
    assert_string_equal(doc.ptr, checked_in); /* stellad --print-config-doc > docs/configuration.md */
}

#define CONF_TEST(function) cmocka_unit_test_setup_teardown(function, make_dir, remove_dir)

int main(void) {
    const struct CMUnitTest all[] = {
        CONF_TEST(runs_on_defaults_without_any_file),
        CONF_TEST(lets_a_later_file_win_key_by_key_and_tells_the_origin),
        CONF_TEST(keeps_what_the_command_line_said),
        CONF_TEST(names_file_line_key_and_what_was_expected),
        CONF_TEST(reports_every_problem_of_every_file),
        CONF_TEST(misses_a_file_that_was_asked_for),
        CONF_TEST(shows_values_as_a_file_would_hold_them),
        CONF_TEST(sees_which_keys_a_reload_changes),
        CONF_TEST(has_the_documentation_that_is_checked_in),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
