/* What hosts write to standard error becomes lines in the log, and a tail for their obituary. */
#include "check.h"

#include "worker/log_lines.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

typedef struct heard {
    int count;
    int32_t level;
    char message[LOG_LINES_LINE_MAX + 1];
    char fields[512]; /* key=value; of the last event */
} heard;

static void hear(void *self, int32_t level, stella_sv message, const stella_log_field *fields, uint32_t field_count,
                 uint32_t field_stride) {
    heard *h = self;
    size_t used = 0;
    assert_int_equal(field_stride, sizeof *fields);
    h->count++;
    h->level = level;
    snprintf(h->message, sizeof h->message, "%.*s", STELLA_SV_FMT(message));
    for (uint32_t i = 0; i < field_count; i++)
        used += (size_t)snprintf(h->fields + used, sizeof h->fields - used, "%.*s=%.*s;", STELLA_SV_FMT(fields[i].key),
                                 STELLA_SV_FMT(fields[i].value));
}

static void feed(log_lines *l, stella_sv bytes) {
    int ends[2];
    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    fcntl(ends[0], F_SETFL, O_NONBLOCK);
    assert_int_equal(write(ends[1], bytes.ptr, bytes.len), (ssize_t)bytes.len);
    assert_int_equal(log_lines_read(l, ends[0]), 1);
    close(ends[0]);
    close(ends[1]);
}

static void a_plain_line_is_a_warning(void **state) {
    (void)state;
    heard h = {0};
    const stella_log log = {.head = STELLA_HEAD(stella_log), .self = &h, .write = hear};
    log_lines l = {.log = &log, .source = "scan"};
    feed(&l, STELLA_SV("half a li"));
    assert_int_equal(h.count, 0);
    feed(&l, STELLA_SV("ne\n"));
    assert_int_equal(h.count, 1);
    assert_int_equal(h.level, STELLA_LOG_WARN);
    assert_string_equal(h.message, "half a line");
    assert_string_equal(h.fields, "host=scan;");
}

static void a_line_says_which_input_it_is_about(void **state) {
    (void)state;
    heard h = {0};
    const stella_log log = {.head = STELLA_HEAD(stella_log), .self = &h, .write = hear};
    log_lines l = {.log = &log, .source = "scan/layer", .input = "layer sha256:abc"};
    feed(&l, STELLA_SV("a line\n"));
    assert_string_equal(h.fields, "host=scan/layer;input=layer sha256:abc;");
}

static void what_a_flood_lost_is_said_at_its_end(void **state) {
    (void)state;
    static char lines[4000];
    heard h = {0};
    const stella_log log = {.head = STELLA_HEAD(stella_log), .self = &h, .write = hear};
    log_lines l = {.log = &log, .source = "scan"};
    for (size_t i = 0; i < sizeof lines; i++)
        lines[i] = i % 2 ? '\n' : 'x';
    feed(&l, stella_sv_of(lines, sizeof lines));
    feed(&l, stella_sv_of(lines, sizeof lines));
    assert_true(h.count < 1000); /* of 4000: 200 a second */
    log_lines_end(&l, -1);
    assert_non_null(strstr(h.message, "lines of output were dropped"));
}

static void an_event_keeps_its_level_and_fields(void **state) {
    (void)state;
    heard h = {0};
    const stella_log log = {.head = STELLA_HEAD(stella_log), .self = &h, .write = hear};
    log_lines l = {.log = &log, .source = "scan/layer"};
    feed(&l, STELLA_SV("\x01"
                       "3found it\x1f"
                       "path\x1e"
                       "a=b\x1f"
                       "n\x1e"
                       "1\n"));
    assert_int_equal(h.level, STELLA_LOG_INFO);
    assert_string_equal(h.message, "found it");
    assert_string_equal(h.fields, "host=scan/layer;path=a=b;n=1;");
}

static void a_flood_is_cut(void **state) {
    (void)state;
    heard h = {0};
    const stella_log log = {.head = STELLA_HEAD(stella_log), .self = &h, .write = hear};
    log_lines l = {.log = &log};
    for (int i = 0; i < 100; i++)
        feed(&l, STELLA_SV("x\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\nx\n"));
    assert_in_range(h.count, 200, 600); /* of 2,000, in one second or two */
}

static void a_line_without_end_is_cut_into_lines(void **state) {
    (void)state;
    heard h = {0};
    const stella_log log = {.head = STELLA_HEAD(stella_log), .self = &h, .write = hear};
    log_lines l = {.log = &log};
    char bytes[LOG_LINES_LINE_MAX * 3];
    memset(bytes, 'y', sizeof bytes);
    feed(&l, stella_sv_of(bytes, sizeof bytes));
    assert_int_equal(h.count, 3);
    assert_int_equal(strlen(h.message), LOG_LINES_LINE_MAX);
}

static void the_tail_holds_the_last_bytes_harmless(void **state) {
    (void)state;
    log_lines l = {0};
    char tail[16], whole[LOG_LINES_TAIL + 1];
    feed(&l, STELLA_SV("first\n\x1b[31mred\nlast"));
    log_lines_tail(&l, whole, sizeof whole);
    assert_string_equal(whole, "first\n [31mred\nlast");
    log_lines_tail(&l, tail, sizeof tail);
    assert_string_equal(tail, "t\n [31mred\nlast");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plain_line_is_a_warning),
        cmocka_unit_test(a_line_says_which_input_it_is_about),
        cmocka_unit_test(what_a_flood_lost_is_said_at_its_end),
        cmocka_unit_test(an_event_keeps_its_level_and_fields),
        cmocka_unit_test(a_flood_is_cut),
        cmocka_unit_test(a_line_without_end_is_cut_into_lines),
        cmocka_unit_test(the_tail_holds_the_last_bytes_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
