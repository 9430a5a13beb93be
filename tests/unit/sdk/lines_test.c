#include "check.h"

#include <stella/lines.h>

#include <stdio.h>

/* A probe over a text, handed out in pieces of the same size. */
typedef struct pieces {
    stella_probe probe;
    stella_sv rest;
    size_t size;
    int fails_at_end;
} pieces;

static stella_status read_piece(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    pieces *p = (pieces *)probe;
    if (p->rest.len == 0 && p->fails_at_end)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the layer ends");
    *chunk = stella_sv_first(p->rest, p->size);
    p->rest = stella_sv_skip(p->rest, p->size);
    return STELLA_OK;
}

static pieces pieces_of(stella_sv text, size_t size) {
    static const stella_probe_ops ops = {.head = STELLA_HEAD(stella_probe_ops), .read = read_piece};
    return (pieces){.probe = {.head = STELLA_HEAD(stella_probe), .ops = &ops}, .rest = text, .size = size};
}

/* All lines as "number:text" with '!' behind a cut one, separated by '|'. */
static const char *lines_of(stella_sv text, size_t piece, uint64_t max) {
    static char seen[512];
    size_t len = 0;
    pieces p = pieces_of(text, piece);
    stella_lines lines;
    stella_sv line;
    seen[0] = '\0';
    stella_lines_init(&lines, &p.probe, max);
    for (;;) {
        assert_int_equal(stella_lines_next(&lines, &line, NULL), STELLA_OK);
        if (!line.ptr)
            break;
        len += (size_t)snprintf(seen + len, sizeof seen - len, "%s%u:%.*s%s", len ? "|" : "", lines.number,
                                STELLA_SV_FMT(line), lines.is_cut ? "!" : "");
    }
    stella_lines_fini(&lines);
    return seen;
}

static void yields_the_same_lines_however_the_pieces_are_cut(void **state) {
    (void)state;
    const stella_sv text = STELLA_SV("first\n\r\n\nlonger line\r\nx\ry\r\nlast");
    for (size_t piece = 1; piece <= text.len; piece++)
        assert_string_equal(lines_of(text, piece, 100), "1:first|2:|3:|4:longer line|5:x\ry|6:last");
}

static void cuts_long_lines_at_the_same_byte_however_the_pieces_are_cut(void **state) {
    (void)state;
    const stella_sv text = STELLA_SV("12345\n123456\n12345\r\n12345\rx\n123456\r\nok\n1234567");
    for (size_t piece = 1; piece <= text.len; piece++)
        assert_string_equal(lines_of(text, piece, 5), "1:12345|2:12345!|3:12345|4:12345!|5:12345!|6:ok|7:12345!");
}

static void has_no_line_behind_the_last_newline(void **state) {
    (void)state;
    for (size_t piece = 1; piece < 5; piece++) {
        assert_string_equal(lines_of(STELLA_SV(""), piece, 10), "");
        assert_string_equal(lines_of(STELLA_SV("a\n"), piece, 10), "1:a");
        assert_string_equal(lines_of(STELLA_SV("\n"), piece, 10), "1:");
        assert_string_equal(lines_of(STELLA_SV("a"), piece, 10), "1:a");
    }
}

static void passes_on_what_the_probe_says(void **state) {
    (void)state;
    pieces p = pieces_of(STELLA_SV("whole\nhalf a li"), 4);
    p.fails_at_end = 1;
    stella_lines lines;
    stella_sv line;
    stella_error err = {0};
    stella_lines_init(&lines, &p.probe, 100);
    assert_int_equal(stella_lines_next(&lines, &line, &err), STELLA_OK);
    assert_int_equal(stella_lines_next(&lines, &line, &err), STELLA_E_FORMAT);
    assert_string_equal(err.message, "the layer ends");
    stella_lines_fini(&lines);
}

int main(void) {
    const struct CMUnitTest lines[] = {
        cmocka_unit_test(yields_the_same_lines_however_the_pieces_are_cut),
        cmocka_unit_test(cuts_long_lines_at_the_same_byte_however_the_pieces_are_cut),
        cmocka_unit_test(has_no_line_behind_the_last_newline),
        cmocka_unit_test(passes_on_what_the_probe_says),
    };
    return cmocka_run_group_tests(lines, NULL, NULL);
}
