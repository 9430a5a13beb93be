#include "check.h"

#include "log/log.h"

#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static int64_t fixed_ms(void) {
    return 1700000000123;
}

typedef struct fixture {
    int fds[2];
    logger *log;
    char text[LOG_LINE_MAX + 1];
} fixture;

static int open_pipe(void **state) {
    static fixture f;
    f = (fixture){.fds = {-1, -1}};
    assert_return_code(pipe2(f.fds, O_CLOEXEC), 0);
    fcntl(f.fds[0], F_SETFL, O_NONBLOCK);
    f.log = log_create(
        &(log_options){.fd = f.fds[1], .format = LOG_FORMAT_AUTO, .level = STELLA_LOG_INFO, .wall_ms = fixed_ms});
    *state = &f;
    return f.log ? 0 : -1;
}

static int close_pipe(void **state) {
    fixture *f = *state;
    log_destroy(f->log);
    close(f->fds[0]);
    close(f->fds[1]);
    return 0;
}

static const char *written(fixture *f) {
    const ssize_t got = read(f->fds[0], f->text, LOG_LINE_MAX);
    f->text[got > 0 ? got : 0] = '\0';
    return f->text;
}

static void writes_json_when_it_is_not_a_terminal(void **state) {
    fixture *f = *state;
    log_event(log_interface(f->log), STELLA_LOG_WARN, "job failed", "job_id", "42", "tenant", NULL, "plugin", "org.x",
              NULL);
    assert_string_equal(written(f), "{\"time\":\"2023-11-14T22:13:20.123Z\",\"level\":\"warn\",\"message\":\"job "
                                    "failed\",\"job_id\":\"42\",\"plugin\":\"org.x\"}\n");
}

static void writes_text_when_told_so(void **state) {
    fixture *f = *state;
    log_set(f->log, STELLA_LOG_DEBUG, LOG_FORMAT_TEXT);
    log_event(log_interface(f->log), STELLA_LOG_DEBUG, "ready", "socket", "/run/x", "note", "two words", NULL);
    assert_string_equal(written(f), "2023-11-14T22:13:20.123Z DEBUG ready socket=/run/x note=\"two words\"\n");
}

static void leaves_out_what_is_below_the_level(void **state) {
    fixture *f = *state;
    log_event(log_interface(f->log), STELLA_LOG_DEBUG, "detail", NULL);
    assert_string_equal(written(f), "");
}

static void escapes_what_a_terminal_would_obey(void **state) {
    fixture *f = *state;
    log_set(f->log, STELLA_LOG_INFO, LOG_FORMAT_TEXT);
    log_event(log_interface(f->log), STELLA_LOG_INFO, "bad\nname", "file", "a\x1b[2J\x7f\xc2\x9b\xff\"", NULL);
    assert_string_equal(written(f), "2023-11-14T22:13:20.123Z INFO  bad\\u000aname "
                                    "file=\"a\\u001b[2J\\u007f\\u009b\\ufffd\\\"\"\n");
}

static void keeps_a_line_within_a_pipe_s_atomic_size(void **state) {
    fixture *f = *state;
    char value[5000];
    memset(value, '\x01', sizeof value - 1);
    value[sizeof value - 1] = '\0';
    log_event(log_interface(f->log), STELLA_LOG_INFO, "first", "a", value, "b", "kept?", NULL);
    const char *line = written(f);
    assert_true(strlen(line) <= LOG_LINE_MAX);
    assert_non_null(strstr(line, ",\"truncated\":\"true\"}\n"));
    assert_null(strstr(line, "\\u0001"));
    log_event(log_interface(f->log), STELLA_LOG_INFO, value, NULL);
    assert_string_equal(strrchr(written(f), '"'), "\"}\n");
}

static void drops_and_counts_rather_than_wait_for_a_reader_that_stands_still(void **state) {
    fixture *f = *state;
    char filler[4096];
    memset(filler, ' ', sizeof filler);
    fcntl(f->fds[1], F_SETFL, O_NONBLOCK);
    while (write(f->fds[1], filler, sizeof filler) > 0)
        ;
    fcntl(f->fds[1], F_SETFL, 0);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    log_event(log_interface(f->log), STELLA_LOG_ERROR, "lost", NULL);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec <= 2);
    assert_int_equal(log_dropped(f->log), 1);
    while (read(f->fds[0], filler, sizeof filler) > 0)
        ;
    log_event(log_interface(f->log), STELLA_LOG_ERROR, "back", NULL);
    assert_non_null(strstr(written(f), "\"message\":\"back\",\"dropped\":\"1\""));
}

static void tells_code_and_path_of_a_failure(void **state) {
    fixture *f = *state;
    stella_error err;
    stella_error_set(&err, STELLA_E_IO, "/x", "disk full");
    log_failure(log_interface(f->log), STELLA_LOG_ERROR, "commit failed", &err);
    assert_non_null(strstr(written(f), "\"error\":\"disk full\",\"code\":\"io\",\"path\":\"/x\"}"));
}

#define LOG_TEST(function) cmocka_unit_test_setup_teardown(function, open_pipe, close_pipe)

int main(void) {
    const struct CMUnitTest log[] = {
        LOG_TEST(writes_json_when_it_is_not_a_terminal),
        LOG_TEST(writes_text_when_told_so),
        LOG_TEST(leaves_out_what_is_below_the_level),
        LOG_TEST(escapes_what_a_terminal_would_obey),
        LOG_TEST(keeps_a_line_within_a_pipe_s_atomic_size),
        LOG_TEST(drops_and_counts_rather_than_wait_for_a_reader_that_stands_still),
        LOG_TEST(tells_code_and_path_of_a_failure),
    };
    return cmocka_run_group_tests(log, NULL, NULL);
}
