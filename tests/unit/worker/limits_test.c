/* What a manifest asks for, and what it gets: time for each plugin, memory for the jobs that may use it. */
#include "unit/worker/fixture.h"

#include <time.h>

static const char *const plugins[] = {"deeds", "innocent", NULL};

/* What "test.innocent" asks for, whose name tests do their deeds in. */
static supervisor *asking(uint32_t time_ms, uint64_t memory_bytes, supervisor_options options) {
    catalogue *c = catalogue_of(plugins);
    c->manifests[1].time_ms = time_ms;
    c->manifests[1].memory_bytes = memory_bytes;
    return supervise_catalogue(c, options);
}

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Returns after how many milliseconds the hang was ended. */
static uint64_t hang(supervisor *s, uint32_t plugin_ms) {
    const stella_job_request warm_up = deed("echo");
    stella_job_request request = deed("do hang");
    request.plugin_ms = plugin_ms;
    assert_int_equal(do_job(s, &warm_up, NULL, 0).end, STELLA_END_DONE);
    const uint64_t begun = now_ms();
    const stella_job_result result = do_job(s, &request, NULL, 0);
    assert_int_equal(result.end, STELLA_END_OVERRAN);
    assert_string_equal(result.culprit_id, "test.innocent");
    assert_non_null(strstr(result.error.message, "longer than"));
    return now_ms() - begun;
}

static void a_plugin_gets_less_time_when_it_asks_for_less(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = asking(300, 0, (supervisor_options){.plugin_ms = 15000});
    assert_in_range(hang(s, 0), 300, 14000);
}

static void a_plugin_gets_more_time_when_it_asks_for_more(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = asking(700, 0, (supervisor_options){.plugin_ms = 100});
    assert_in_range(hang(s, 0), 700, 10000);
}

static void what_a_plugin_asks_for_is_capped(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = asking(15000, 0, (supervisor_options){.plugin_ms = 100, .plugin_ms_max = 200});
    assert_in_range(hang(s, 0), 200, 10000);
}

static void the_time_in_a_request_counts_for_all_plugins(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = asking(15000, 0, (supervisor_options){.plugin_ms = 14000});
    assert_in_range(hang(s, 100), 100, 10000);
}

/* A job's arena has the job's budget, so that what can be had of it tells; whether the arena or the supervisor is the
 * first to refuse is open. */
static stella_job_result take_mib(supervisor *s, const char *request_text, uint64_t memory_bytes, int is_excluded) {
    stella_job_request request = deed(request_text);
    request.memory_bytes = memory_bytes;
    request.excluded = &(uint32_t){1};
    request.excluded_count = is_excluded;
    return do_job(s, &request, NULL, 0);
}

/* A sanitizer's own memory counts as the job's. */
static void only_plain_builds(void) {
#ifdef STELLA_SANITIZED
    skip();
#endif
}

static void a_job_has_the_memory_that_the_neediest_of_its_plugins_asks_for(void **state) {
    (void)state;
    only_plain_builds();
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = asking(0, 256u << 20, (supervisor_options){.memory_bytes = 32u << 20});
    assert_int_equal(take_mib(s, "take 128", 0, 0).end, STELLA_END_DONE);
    assert_int_not_equal(take_mib(s, "take 128", 0, 1).end, STELLA_END_DONE); /* that plugin is not in use */
    assert_int_not_equal(take_mib(s, "take 128", 64u << 20, 0).end, STELLA_END_DONE);
}

static void memory_that_a_plugin_asks_for_is_capped_and_never_less_than_the_default(void **state) {
    (void)state;
    only_plain_builds();
    const supervisor_options options = {.memory_bytes = 64u << 20, .memory_bytes_max = 96u << 20};
    STELLA_AUTO(supervisor_destroyp) supervisor *greedy = asking(0, UINT64_C(1) << 40, options);
    assert_int_equal(take_mib(greedy, "take 80", 0, 0).end, STELLA_END_DONE);
    assert_int_not_equal(take_mib(greedy, "take 128", 0, 0).end, STELLA_END_DONE);
    STELLA_AUTO(supervisor_destroyp) supervisor *modest = asking(0, 1u << 20, options);
    assert_int_equal(take_mib(modest, "take 48", 0, 0).end, STELLA_END_DONE);
}

static void a_request_of_an_older_size_is_taken(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    struct {
        stella_job_request request;
        char beyond[64];
    } older = {.request = deed("echo old")};
    older.request.struct_size = offsetof(stella_job_request, label);
    older.request.label = stella_sv_of((const char *)1, 100); /* beyond its end: not to be looked at */
    char reply[16];
    assert_int_equal(do_job(s, &older.request, reply, sizeof reply).end, STELLA_END_DONE);
    assert_string_equal(reply, "old");
    stella_job_handle *untouched = NULL;
    older.request.struct_size = offsetof(stella_job_request, label) - 8;
    const stella_worker *w = supervisor_worker(s);
    assert_int_equal(w->start(w->self, &older.request, &untouched, NULL), STELLA_E_INVALID);
    assert_null(untouched);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_plugin_gets_less_time_when_it_asks_for_less),
        cmocka_unit_test(a_plugin_gets_more_time_when_it_asks_for_more),
        cmocka_unit_test(what_a_plugin_asks_for_is_capped),
        cmocka_unit_test(the_time_in_a_request_counts_for_all_plugins),
        cmocka_unit_test(a_job_has_the_memory_that_the_neediest_of_its_plugins_asks_for),
        cmocka_unit_test(memory_that_a_plugin_asks_for_is_capped_and_never_less_than_the_default),
        cmocka_unit_test(a_request_of_an_older_size_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
