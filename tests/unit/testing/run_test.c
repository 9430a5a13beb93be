#include "subject.h"

static int set_up(void **state) {
    static scratch_root root;
    root = scratch_root_create();
    scratch_write(&root, "a.txt", STELLA_SV("content"));
    scratch_write(&root, "a.db", STELLA_SV("0123456789"));
    scratch_write(&root, "unforeseen", STELLA_SV("read on demand"));
    *state = &root;
    return 0;
}

static int tear_down(void **state) {
    scratch_root_destroy(*state);
    return 0;
}

static stella_testing_options options_of(const scratch_root *root, const char **layer) {
    *layer = root->path;
    return (stella_testing_options){.struct_size = sizeof(stella_testing_options), .layers = layer, .layer_count = 1};
}

/* ---- the second round ----------------------------------------------------------------------------------------------
 */

static uint32_t visits;

static stella_status read_the_unforeseen(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_file file = STELLA_FILE_INIT;
    visits++;
    const stella_status status = stella_view_read(job, STELLA_SV("unforeseen"), &file, NULL);
    if (status == STELLA_E_PENDING) {
        stella_file first = STELLA_FILE_INIT;
        assert_int_equal(stella_view_stat(job, STELLA_SV("a.txt"), &first, NULL), STELLA_OK);
        subject_add(job, STELLA_SV("thrown-away"), &first);
        stella_note(job, STELLA_NOTE_INFO, first.path, 1, STELLA_SV("thrown away, too"));
        return STELLA_OK;
    }
    assert_int_equal(status, STELLA_OK);
    stella_component_property(subject_add(job, STELLA_SV("found"), &file), STELLA_SV("content"), file.bytes);
    return STELLA_OK;
}

static void a_file_that_was_not_kept_comes_with_the_second_call_and_the_first_is_forgotten(void **state) {
    stella_error err = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const char *const layer = ((const scratch_root *)*state)->path;
    visits = 0;
    subject_is(subject_no_probe, read_the_unforeseen);
    assert_int_equal(subject_run(&layer, 1, &text, &err), STELLA_OK);
    assert_int_equal(visits, 2);
    assert_true(subject_says(&text, "\"found\""));
    assert_true(subject_says(&text, "read on demand"));
    assert_false(subject_says(&text, "thrown"));
}

static stella_status wish_again(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_file file = STELLA_FILE_INIT;
    const stella_status first = stella_view_read(job, STELLA_SV("unforeseen"), &file, NULL);
    assert_int_equal(first, visits++ ? STELLA_OK : STELLA_E_PENDING);
    if (visits >= 2)
        assert_int_equal(stella_view_read(job, STELLA_SV("second"), &file, NULL),
                         visits == 2 ? STELLA_E_PENDING : STELLA_OK);
    if (visits == 3)
        assert_int_equal(stella_view_read(job, STELLA_SV("third"), &file, NULL), STELLA_E_LIMIT);
    return STELLA_OK;
}

static void a_wish_that_is_new_in_the_last_call_is_refused(void **state) {
    stella_error err = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const char *const layer = ((const scratch_root *)*state)->path;
    visits = 0;
    scratch_write(*state, "second", STELLA_SV("2"));
    scratch_write(*state, "third", STELLA_SV("3"));
    subject_is(subject_no_probe, wish_again);
    assert_int_equal(subject_run(&layer, 1, &text, &err), STELLA_OK);
    assert_int_equal(visits, 3);
}

static void a_file_that_was_kept_needs_one_call(void **state) {
    stella_error err = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const char *const layer = ((const scratch_root *)*state)->path;
    subject_is(subject_no_probe, subject_lists_files);
    assert_int_equal(subject_run(&layer, 1, &text, &err), STELLA_OK);
    assert_true(subject_says(&text, "\"value\": \"content\""));
    assert_false(subject_says(&text, "unforeseen"));
}

/* ---- cancellation --------------------------------------------------------------------------------------------------
 */

static uint32_t polls;

static stella_status poll_a_hundred_times(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    for (polls = 1; polls <= 100; polls++)
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "cancelled");
    return STELLA_OK;
}

static void the_chosen_call_of_cancelled_answers_yes(void **state) {
    const char *layer;
    stella_testing_options options = options_of(*state, &layer);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    subject_is(subject_no_probe, poll_a_hundred_times);
    options.cancel_call = 7;
    assert_int_equal(stella_testing_run(&subject, &options, &text, NULL), STELLA_E_CANCELLED);
    assert_int_equal(polls, 7);
    assert_int_equal(text.len, 0);
    options.cancel_call = 0;
    assert_int_equal(stella_testing_run(&subject, &options, &text, NULL), STELLA_OK);
    assert_int_equal(polls, 101);
}

/* ---- pieces --------------------------------------------------------------------------------------------------------
 */

static uint32_t longest_piece, pieces;

static stella_status measure_pieces(void *self, stella_probe *probe, stella_error *err) {
    (void)self;
    stella_sv chunk;
    stella_status status;
    while ((status = stella_probe_read(probe, &chunk, err)) == STELLA_OK && chunk.len) {
        pieces++;
        longest_piece = chunk.len > longest_piece ? (uint32_t)chunk.len : longest_piece;
    }
    return status;
}

static void a_probe_is_given_pieces_of_the_chosen_size(void **state) {
    const char *layer;
    stella_testing_options options = options_of(*state, &layer);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    subject_is(measure_pieces, subject_lists_files);
    options.chunk_bytes = 7;
    pieces = longest_piece = 0;
    assert_int_equal(stella_testing_run(&subject, &options, &text, NULL), STELLA_OK);
    assert_int_equal(pieces, 2);
    assert_int_equal(longest_piece, 7);
}

/* ---- memory --------------------------------------------------------------------------------------------------------
 */

static stella_status use_the_arena(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(0); stella_files_next(job, &it, &file);) {
        const stella_sv name = stella_arena_printf(job->arena, "name of %.*s", STELLA_SV_FMT(file.path));
        if (!name.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
        subject_add(job, name, &file);
    }
    return STELLA_OK;
}

static stella_status take_no_memory_for_nothing_found(void *self, stella_analysis *job, stella_error *err) {
    const stella_status status = use_the_arena(self, job, err);
    return status == STELLA_E_NOMEM ? STELLA_OK : status;
}

static void every_allocation_is_made_to_fail_once(void **state) {
    const char *layer;
    const stella_testing_options options = options_of(*state, &layer);
    uint64_t runs = 0;
    subject_is(subject_no_probe, use_the_arena);
    assert_int_equal(stella_testing_fail_each(&subject, &options, &runs, NULL), STELLA_OK);
    assert_int_equal(runs, 1);
}

static void a_plugin_that_takes_no_memory_for_nothing_found_is_named(void **state) {
    const char *layer;
    const stella_testing_options options = options_of(*state, &layer);
    uint64_t runs = 77;
    stella_error err = {0};
    subject_is(subject_no_probe, take_no_memory_for_nothing_found);
    assert_int_equal(stella_testing_fail_each(&subject, &options, &runs, &err), STELLA_E_INTERNAL);
    assert_non_null(strstr(err.message, "allocation 1 failed"));
    assert_int_equal(runs, 77);
}

/* ---- golden files --------------------------------------------------------------------------------------------------
 */

static void a_golden_file_holds_this_text_or_does_not(void **state) {
    char path[128];
    const scratch_root *root = *state;
    snprintf(path, sizeof path, "%s/a.txt", root->path);
    unsetenv("STELLA_UPDATE_GOLDEN");
    assert_true(stella_testing_golden(path, STELLA_SV("content")));
    assert_false(stella_testing_golden(path, STELLA_SV("content\n")));
    assert_false(stella_testing_golden("/nonexistent/file", STELLA_SV("content")));
    setenv("STELLA_UPDATE_GOLDEN", "1", 1);
    assert_true(stella_testing_golden(path, STELLA_SV("other")));
    unsetenv("STELLA_UPDATE_GOLDEN");
    assert_true(stella_testing_golden(path, STELLA_SV("other")));
}

#define WITH_ROOT(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

/* ---- names of directories ------------------------------------------------------------------------------------------
 */

static stella_status lists_by_directory(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_file file = STELLA_FILE_INIT;
    for (uint32_t interest = 3; interest <= 4; interest++)
        for (stella_files it = stella_files_of(interest); stella_files_next(job, &it, &file);)
            stella_component_property(subject_add(job, file.path, &file), STELLA_SV("found"), STELLA_SV("1"));
    return STELLA_OK;
}

static void interests_by_the_name_of_a_directory_are_kept_to(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "lib/a-1.dist-info/METADATA", STELLA_SV("1"));
    scratch_write(&root, "lib/b-1/METADATA", STELLA_SV("1"));
    scratch_write(&root, "lib/c-1.dist-info/sub/METADATA", STELLA_SV("1"));
    scratch_write(&root, "METADATA", STELLA_SV("1"));
    scratch_write(&root, "app/node_modules/d/package.json", STELLA_SV("1"));
    scratch_write(&root, "app/my_node_modules/e/package.json", STELLA_SV("1"));
    scratch_write(&root, "package.json", STELLA_SV("1"));
    stella_error err = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    const char *const layer = root.path;
    subject_is(subject_no_probe, lists_by_directory);
    assert_int_equal(subject_run(&layer, 1, &text, &err), STELLA_OK);
    assert_true(subject_says(&text, "\"lib/a-1.dist-info/METADATA\""));
    assert_true(subject_says(&text, "\"app/node_modules/d/package.json\""));
    static const char *const others[] = {"b-1", "c-1", "\"METADATA\"", "my_node_modules", "\"package.json\""};
    for (uint32_t i = 0; i < STELLA_COUNT(others); i++)
        assert_false(subject_says(&text, others[i]));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(interests_by_the_name_of_a_directory_are_kept_to),
        WITH_ROOT(a_file_that_was_not_kept_comes_with_the_second_call_and_the_first_is_forgotten),
        WITH_ROOT(a_wish_that_is_new_in_the_last_call_is_refused),
        WITH_ROOT(a_file_that_was_kept_needs_one_call),
        WITH_ROOT(the_chosen_call_of_cancelled_answers_yes),
        WITH_ROOT(a_probe_is_given_pieces_of_the_chosen_size),
        WITH_ROOT(every_allocation_is_made_to_fail_once),
        WITH_ROOT(a_plugin_that_takes_no_memory_for_nothing_found_is_named),
        WITH_ROOT(a_golden_file_holds_this_text_or_does_not),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
