#include "check.h"

#include "cli/progress.h"

#include <stdlib.h>

static void draws_a_live_line_on_terminals_only(void **state) {
    (void)state;
    assert_int_equal(progress_mode_of(NULL, 1), PROGRESS_LIVE);
    assert_int_equal(progress_mode_of("auto", 0), PROGRESS_NONE);
    assert_int_equal(progress_mode_of("plain", 1), PROGRESS_PLAIN);
    assert_int_equal(progress_mode_of("none", 1), PROGRESS_NONE);
}

static void tells_layers_bytes_and_files(void **state) {
    (void)state;
    char text[128];
    progress_text(&(scan_progress){2, 5, 31200000, 118400000, 12345}, text);
    assert_string_equal(text, "layers 2/5, 31.2 of 118.4 MB, 12345 files");
    progress_text(&(scan_progress){.layers_total = 1}, text);
    assert_string_equal(text, "layers 0/1");
}

static void tells_a_layer_once_when_it_is_plain(void **state) {
    (void)state;
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    progress line = {.mode = PROGRESS_PLAIN, .err = out};
    const scan_progress before = {.layers_total = 2}, after = {.layers_done = 1, .layers_total = 2};
    progress_show(&line, &before);
    progress_show(&line, &after);
    progress_show(&line, &after);
    progress_wipe(&line);
    fclose(out);
    assert_string_equal(text, "layers 1/2\n");
    free(text);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_a_live_line_on_terminals_only),
        cmocka_unit_test(tells_layers_bytes_and_files),
        cmocka_unit_test(tells_a_layer_once_when_it_is_plain),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
