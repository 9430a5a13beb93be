#include "subject.h"

typedef struct layers {
    scratch_root base, top;
    stella_buf text;
} layers;

static int set_up(void **state) {
    static layers l;
    l = (layers){.base = scratch_root_create(), .top = scratch_root_create()};
    subject_is(subject_no_probe, subject_lists_files);
    *state = &l;
    return 0;
}

static int tear_down(void **state) {
    layers *l = *state;
    scratch_root_destroy(&l->base);
    scratch_root_destroy(&l->top);
    stella_buf_fini(&l->text);
    return 0;
}

static void put(const scratch_root *root, const char *path) {
    scratch_write(root, path, stella_sv_cstr(path));
}

static void run_both(layers *l) {
    const char *const folders[] = {l->base.path, l->top.path};
    stella_error err = {0};
    if (subject_run(folders, 2, &l->text, &err) != STELLA_OK)
        fail_msg("%s: %s", err.path, err.message);
}

static int lists(const layers *l, const char *path) {
    char quoted[64];
    snprintf(quoted, sizeof quoted, "\"name\": \"%s\"", path);
    return subject_says(&l->text, quoted);
}

static void a_whiteout_hides_a_file_or_a_whole_folder(void **state) {
    layers *l = *state;
    put(&l->base, "a.txt");
    put(&l->base, "b.txt");
    put(&l->base, "d/x.txt");
    put(&l->base, "d2/x.txt");
    put(&l->top, ".wh.a.txt");
    put(&l->top, ".wh.d");
    run_both(l);
    assert_false(lists(l, "a.txt"));
    assert_false(lists(l, "d/x.txt"));
    assert_true(lists(l, "b.txt"));
    assert_true(lists(l, "d2/x.txt")); /* a name that merely begins like the hidden one */
    assert_false(subject_says(&l->text, ".wh."));
}

/* A record of the file and what lies beside it, its key saying what was had. */
static stella_status join_companion(void *self, stella_probe *probe, stella_error *err) {
    stella_sv file = {0}, log = {0};
    char text[128];
    (void)self;
    const stella_status whole = stella_probe_content(probe, &file, err);
    const stella_status beside = stella_probe_companion(probe, 0, &log, err);
    const int len = snprintf(text, sizeof text, "%s %.*s, %s %.*s, %s", stella_status_name(whole), STELLA_SV_FMT(file),
                             stella_status_name(beside), STELLA_SV_FMT(log),
                             stella_status_name(stella_probe_companion(probe, 2, &log, err)));
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV("joined");
    record.key = stella_sv_of(text, (size_t)len);
    return stella_probe_record(probe, &record, err);
}

static stella_status lists_records(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(STELLA_SV("joined")); stella_records_next(job, &it, &record);) {
        const stella_file file = {.struct_size = sizeof file, .path = record.path, .layer = record.layer};
        stella_component_property(subject_add(job, record.path, &file), STELLA_SV("joined"), record.key);
    }
    return STELLA_OK;
}

static void a_seekable_file_comes_with_the_companions_of_its_own_layer(void **state) {
    layers *l = *state;
    subject_is(join_companion, lists_records);
    put(&l->base, "a.sdb");
    put(&l->base, "a.sdb-wal");
    put(&l->base, "b.sdb-wal");
    put(&l->top, "b.sdb");
    put(&l->base, "larger-than-it-may-be.sdb");
    put(&l->base, "c.db");
    run_both(l);
    assert_true(subject_says(&l->text, "\"ok a.sdb, ok a.sdb-wal, unsupported\""));
    assert_true(subject_says(&l->text, "\"ok b.sdb, not-found , unsupported\""));
    assert_true(subject_says(&l->text, "\"limit , limit , unsupported\""));
    assert_true(subject_says(&l->text, "\"unsupported , unsupported , unsupported\""));
}

static void an_opaque_folder_shows_its_own_files_alone(void **state) {
    layers *l = *state;
    put(&l->base, "d/x.txt");
    put(&l->base, "d/sub/y.txt");
    put(&l->base, "other.txt");
    put(&l->top, "d/.wh..wh..opq");
    put(&l->top, "d/z.txt");
    run_both(l);
    assert_false(lists(l, "d/x.txt"));
    assert_false(lists(l, "d/sub/y.txt"));
    assert_true(lists(l, "d/z.txt"));
    assert_true(lists(l, "other.txt"));
}

static void a_file_replaces_a_folder_and_what_is_in_it(void **state) {
    layers *l = *state;
    put(&l->base, "d.txt/x.txt");
    put(&l->top, "d.txt");
    run_both(l);
    assert_true(lists(l, "d.txt"));
    assert_false(lists(l, "d.txt/x.txt"));
}

static void a_folder_replaces_a_file_but_joins_a_folder(void **state) {
    layers *l = *state;
    put(&l->base, "d.txt");
    put(&l->base, "e/below.txt");
    put(&l->top, "d.txt/x.txt");
    put(&l->top, "e/above.txt");
    run_both(l);
    assert_false(lists(l, "d.txt"));
    assert_true(lists(l, "d.txt/x.txt"));
    assert_true(lists(l, "e/below.txt"));
    assert_true(lists(l, "e/above.txt"));
}

static void the_upper_content_of_a_path_counts(void **state) {
    layers *l = *state;
    scratch_write(&l->base, "a.txt", STELLA_SV("lower"));
    scratch_write(&l->top, "a.txt", STELLA_SV("upper"));
    run_both(l);
    assert_true(subject_says(&l->text, "upper"));
    assert_false(subject_says(&l->text, "lower"));
}

static stella_status probe_key(void *self, stella_probe *probe, stella_error *err) {
    (void)self;
    stella_sv chunk;
    stella_record record = STELLA_RECORD_INIT;
    stella_status status;
    while ((status = stella_probe_read(probe, &chunk, err)) == STELLA_OK && chunk.len) {
        record.kind = STELLA_SV("key");
        record.key = chunk;
        status = stella_probe_record(probe, &record, err);
        if (status != STELLA_OK)
            return status;
    }
    return status;
}

/* A component for each record, in the layers that the record says. */
static stella_status list_records(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)err;
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(STELLA_SV("key")); stella_records_next(job, &it, &record);) {
        const stella_file file = {.struct_size = sizeof file, .path = record.path, .layer = record.layer};
        stella_component_from_record(subject_add(job, record.key, &file), &record);
    }
    return STELLA_OK;
}

static void a_record_is_introduced_by_the_first_layer_of_its_last_unbroken_run(void **state) {
    layers *l = *state;
    subject_is(probe_key, list_records);
    scratch_write(&l->base, "one.db", STELLA_SV("old"));
    scratch_write(&l->top, "one.db", STELLA_SV("new"));
    scratch_write(&l->base, "two.db", STELLA_SV("moved"));
    scratch_write(&l->top, "three.db", STELLA_SV("moved"));
    put(&l->top, ".wh.two.db");
    run_both(l);
    assert_true(subject_says(&l->text, "\"name\": \"new\",\n   \"version\": \"1\",\n   \"introduced\": 1"));
    assert_true(subject_says(
        &l->text,
        "\"name\": \"moved\",\n   \"version\": \"1\",\n   \"introduced\": 0,\n   \"layers\": [\n    0,\n    1\n   ]"));
    assert_false(subject_says(&l->text, "\"old\""));
}

#define WITH_LAYERS(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_LAYERS(a_whiteout_hides_a_file_or_a_whole_folder),
        WITH_LAYERS(a_seekable_file_comes_with_the_companions_of_its_own_layer),
        WITH_LAYERS(an_opaque_folder_shows_its_own_files_alone),
        WITH_LAYERS(a_file_replaces_a_folder_and_what_is_in_it),
        WITH_LAYERS(a_folder_replaces_a_file_but_joins_a_folder),
        WITH_LAYERS(the_upper_content_of_a_path_counts),
        WITH_LAYERS(a_record_is_introduced_by_the_first_layer_of_its_last_unbroken_run),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
