/* A layer that is one file. */
#include "layer_kit.h"

#define KIT_FILE(name, size) "{\"kind\":\"file\",\"name\":\"" name "\",\"diffId\":\"\",\"size\":" size "}"

static const stella_interest wanted[] = {{.mode = STELLA_KEEP, .suffix = ".gz"},
                                         {.mode = STELLA_KEEP, .type = STELLA_TYPE_SCRIPT}};

static stella_status never_analyzed(void *self, stella_analysis *job, stella_error *err) {
    (void)self, (void)job, (void)err;
    fail();
    return STELLA_OK;
}

static const stella_analyzer analyzer = {.head = STELLA_HEAD(stella_analyzer),
                                         .phase = STELLA_PHASE_PACKAGES,
                                         .interest_count = STELLA_COUNT(wanted),
                                         .interest_stride = sizeof wanted[0],
                                         .interests = wanted,
                                         .analyze = never_analyzed};

static void its_stored_bytes_are_the_file_of_that_name(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf gz = stella_buf_of(4096);
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&analyzer}, .analyzer_count = 1};
    stella_sv kept;
    pack_row row;
    char request[160];
    gzip_bytes(STELLA_SV("never inflated"), &gz);
    snprintf(request, sizeof request, KIT_FILE("a b.gz", "%zu"), gz.len);
    if (kit_run_bytes(&k, stella_buf_sv(&gz), request) != STELLA_OK)
        fail_msg("%s", k.error.message);
    assert_int_equal(pack_count(k.pack), 1);
    assert_true(kit_row(&k, "a b.gz", &row));
    assert_int_equal(row.kind, STELLA_FILE_REGULAR);
    assert_int_equal(row.type, STELLA_TYPE_GZIP);
    assert_int_equal(row.size, gz.len);
    assert_true(kit_content(&k, "org.example.a", "a b.gz", &kept));
    assert_true(stella_sv_eq(kept, stella_buf_sv(&gz)));
}

static void an_empty_file_is_one_too(void **state) {
    (void)state;
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&analyzer}, .analyzer_count = 1};
    pack_row row;
    assert_int_equal(kit_run_bytes(&k, STELLA_SV(""), KIT_FILE("x.gz", "0")), STELLA_OK);
    assert_true(kit_row(&k, "x.gz", &row));
    assert_int_equal(row.type, STELLA_TYPE_EMPTY);
}

static void one_that_ends_too_soon_fails(void **state) {
    (void)state;
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&analyzer}, .analyzer_count = 1};
    assert_int_equal(kit_run_bytes(&k, STELLA_SV("12345"), KIT_FILE("x.gz", "9")), STELLA_E_FORMAT);
    assert_non_null(strstr(k.error.message, "too soon"));
}

static void one_without_a_size_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(kit_close) layer_kit k = {.analyzers = {&analyzer}, .analyzer_count = 1};
    assert_int_equal(kit_run_bytes(&k, STELLA_SV("12345"), "{\"kind\":\"file\",\"name\":\"x\",\"diffId\":\"\"}"),
                     STELLA_E_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(its_stored_bytes_are_the_file_of_that_name),
        cmocka_unit_test(an_empty_file_is_one_too),
        cmocka_unit_test(one_that_ends_too_soon_fails),
        cmocka_unit_test(one_without_a_size_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
