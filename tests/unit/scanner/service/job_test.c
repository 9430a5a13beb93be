#include "check.h"

#include "job.h"

#include <stella/auto.h>

static stella_arena *arena;

static int make_arena(void **state) {
    (void)state;
    arena = stella_arena_create(1u << 20);
    return arena ? 0 : -1;
}

static int drop_arena(void **state) {
    (void)state;
    stella_arena_destroyp(&arena);
    return 0;
}

static job_request asked;
static stella_error failure;

static stella_status parse(const char *body) {
    failure = (stella_error){0};
    return job_request_parse(stella_sv_cstr(body), arena, &asked, &failure);
}

static void gives_the_same_request_the_same_id(void **state) {
    (void)state;
    assert_int_equal(parse("{\"target\":\"dir:/x\",\"formats\":[\"cyclonedx-json@1.6\"]}"), STELLA_OK);
    assert_string_equal(asked.job.formats[0], "cyclonedx-json@1.6");
    assert_int_equal(parse("{\"target\":\"dir:/x\",\"formats\":[\"json\"]}"), STELLA_OK);
    const job_request first = asked;
    assert_true(job_id_is_valid(stella_sv_cstr(first.job.id)));
    assert_int_equal(parse("{ \"target\": \"dir:/x\" }"), STELLA_OK); /* json is what is made unless asked otherwise */
    assert_string_equal(asked.job.id, first.job.id);
    assert_int_equal(parse("{\"target\":\"dir:/x\",\"force\":true}"), STELLA_OK);
    assert_string_equal(asked.job.id, first.job.id);
    assert_true(asked.force);
}

static void tells_requests_that_differ_apart(void **state) {
    (void)state;
    const char *const bodies[] = {"{\"target\":\"dir:/x\"}", "{\"target\":\"dir:/y\"}",
                                  "{\"target\":\"dir:/x\",\"formats\":[\"table\"]}",
                                  "{\"target\":\"dir:/x\",\"clientRequestId\":\"1\"}",
                                  "{\"target\":\"dir:/x\",\"formats\":[\"json\",\"table\"]}"};
    char ids[5][JOB_ID_SIZE];
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(parse(bodies[i]), STELLA_OK);
        memcpy(ids[i], asked.job.id, JOB_ID_SIZE);
        for (size_t k = 0; k < i; k++)
            assert_string_not_equal(ids[i], ids[k]);
    }
}

#define CHOICE                                                                                                         \
    "\"declared\":\"on\",\"dev\":true,\"managed\":true,\"heuristics\":true,\"licenses\":\"deep\","                     \
    "\"select\":\"language,dpkg\",\"exclude\":\"node\""

static void keeps_the_choice_and_tells_it_apart(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(1u << 16);
    const stella_sink sink = stella_buf_sink(&buf);
    job read = {.status = JOB_QUEUED};
    assert_int_equal(parse("{\"target\":\"dir:/x\"}"), STELLA_OK);
    const job_request plain = asked;
    assert_int_equal(parse("{\"target\":\"dir:/x\",\"declared\":\"auto\",\"dev\":false,\"licenses\":\"metadata\"}"),
                     STELLA_OK);
    assert_string_equal(asked.job.id, plain.job.id);
    assert_int_equal(parse("{\"target\":\"dir:/x\"," CHOICE "}"), STELLA_OK);
    assert_string_not_equal(asked.job.id, plain.job.id);
    job_time(0, asked.job.created_at);
    job_time(0, asked.job.updated_at);
    assert_int_equal(job_write(&asked.job, &sink, NULL), STELLA_OK);
    assert_non_null(strstr(buf.ptr, CHOICE));
    assert_int_equal(job_read(stella_buf_sv(&buf), arena, &read, &failure), STELLA_OK);
    assert_int_equal(read.choice.declared, SCAN_DECLARED_ON);
    assert_true(read.choice.with_dev && read.choice.with_managed);
    assert_int_equal(read.choice.analyzer_options, 3);
    assert_string_equal(read.choice.select, "language,dpkg");
    assert_string_equal(read.choice.exclude, "node");
}

static void names_the_member_that_is_wrong(void **state) {
    (void)state;
    const char *const bodies[][2] = {
        {"{\"target\":\"\"}", "/target"},
        {"{\"target\":\"a\\u0000b\"}", "/target"},
        {"{}", "/target"},
        {"{\"target\":\"x\",\"formats\":[]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":\"json\"}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"json\",\"json\"]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"../json\"]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"@1\"]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"json@\"]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"json@..\"]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"js.on\"]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"json@1@2\"]}", "/formats"},
        {"{\"target\":\"x\",\"formats\":[\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\"]}", "/formats"},
        {"{\"target\":\"x\",\"declared\":\"maybe\"}", "/declared"},
        {"{\"target\":\"x\",\"dev\":\"yes\"}", "/dev"},
        {"{\"target\":\"x\",\"managed\":1}", "/managed"},
        {"{\"target\":\"x\",\"heuristics\":null}", "/heuristics"},
        {"{\"target\":\"x\",\"licenses\":\"all\"}", "/licenses"},
        {"{\"target\":\"x\",\"select\":\"\"}", "/select"},
        {"{\"target\":\"x\",\"exclude\":[\"node\"]}", "/exclude"},
        {"{\"target\":\"x\",\"fromats\":[\"json\"]}", "fromats"},
    };
    for (size_t i = 0; i < sizeof bodies / sizeof bodies[0]; i++) {
        asked.force = 77;
        assert_int_equal(parse(bodies[i][0]), STELLA_E_INVALID);
        assert_string_equal(failure.path, bodies[i][1]);
        assert_int_equal(asked.force, 77);
    }
    assert_int_equal(parse("{\"target\":"), STELLA_E_FORMAT);
}

static void reads_back_what_it_wrote(void **state) {
    (void)state;
    assert_int_equal(parse("{\"target\":\"dir:/\\u00e9\\\"\",\"formats\":[\"json\",\"table\"]}"), STELLA_OK);
    job before = asked.job;
    before.status = JOB_FAILED;
    before.attempts = 3;
    before.sequence = 9;
    before.queued_ms = 1700000000123;
    before.is_partial = 1;
    job_time(1700000000123, before.created_at);
    job_time(0, before.updated_at);
    assert_string_equal(before.created_at, "2023-11-14T22:13:20.123Z");
    stella_error_set(&before.failure, STELLA_E_TIMEOUT, "layer 1", "out of \"time\"");
    STELLA_AUTO(stella_buf_fini) stella_buf document = stella_buf_of(1u << 16);
    const stella_sink sink = stella_buf_sink(&document);
    assert_int_equal(job_write(&before, &sink, NULL), STELLA_OK);
    job after;
    assert_int_equal(job_read(stella_buf_sv(&document), arena, &after, NULL), STELLA_OK);
    STELLA_AUTO(stella_buf_fini) stella_buf again = stella_buf_of(1u << 16);
    const stella_sink sink_again = stella_buf_sink(&again);
    assert_int_equal(job_write(&after, &sink_again, NULL), STELLA_OK);
    assert_string_equal(again.ptr, document.ptr);
    assert_non_null(strstr(again.ptr, "\"code\":\"timeout\",\"message\":\"out of \\\"time\\\"\",\"at\":\"layer 1\""));
}

static void refuses_a_document_that_is_no_job(void **state) {
    (void)state;
    job out;
    assert_int_equal(job_read(STELLA_SV("{}"), arena, &out, NULL), STELLA_E_FORMAT);
    assert_int_equal(job_read(STELLA_SV("[1]"), arena, &out, NULL), STELLA_E_FORMAT);
    assert_int_equal(job_read(STELLA_SV(""), arena, &out, NULL), STELLA_E_FORMAT);
}

#define JOB_TEST(function) cmocka_unit_test_setup_teardown(function, make_arena, drop_arena)

int main(void) {
    const struct CMUnitTest all[] = {
        JOB_TEST(gives_the_same_request_the_same_id),
        JOB_TEST(tells_requests_that_differ_apart),
        JOB_TEST(keeps_the_choice_and_tells_it_apart),
        JOB_TEST(names_the_member_that_is_wrong),
        JOB_TEST(reads_back_what_it_wrote),
        JOB_TEST(refuses_a_document_that_is_no_job),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
