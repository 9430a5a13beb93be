/* Jobs end to end: what reaches a child, what comes back, how it ends. */
#include "unit/worker/fixture.h"

static const char *const plugins[] = {"deeds", NULL};

static int set_up(void **state) {
    *state = supervise(plugins, (supervisor_options){0});
    return 0;
}

static int tear_down(void **state) {
    supervisor_destroy(*state);
    return 0;
}

static void a_reply_comes_back(void **state) {
    char reply[64];
    const stella_job_request request = deed("echo hello there");
    const stella_job_result result = do_job(*state, &request, reply, sizeof reply);
    assert_int_equal(result.end, STELLA_END_DONE);
    assert_string_equal(reply, "hello there");
    assert_int_equal(result.culprit, -1);
    assert_true(result.peak_bytes > 0);
}

static void a_reply_may_be_longer_than_any_buffer(void **state) {
    const stella_job_request request = deed("talk 16777216");
    stella_job_handle *job = start(*state, &request);
    const stella_worker *w = supervisor_worker(*state);
    stella_job_result result = {.struct_size = sizeof result};
    w->wait(w->self, job, &result, NULL);
    assert_int_equal(result.end, STELLA_END_DONE);
    assert_int_equal(result.reply.len, STELLA_JOB_REPLY_MAX);
    assert_int_equal(result.reply.ptr[STELLA_JOB_REPLY_MAX - 1], 'r');
    w->release(w->self, job);
}

static void a_reply_beyond_the_limit_fails(void **state) {
    const stella_job_request request = deed("talk 16777217");
    const stella_job_result result = do_job(*state, &request, NULL, 0);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_int_equal(result.error.code, STELLA_E_LIMIT);
}

static void an_error_is_carried_to_the_starter(void **state) {
    const stella_job_request request = deed("nonsense");
    const stella_job_result result = do_job(*state, &request, NULL, 0);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_int_equal(result.error.code, STELLA_E_UNSUPPORTED);
    assert_string_equal(result.error.path, "/verb");
}

static void all_descriptors_arrive_and_no_others(void **state) {
    int32_t fds[STELLA_JOB_FDS_MAX];
    for (int i = 0; i < STELLA_JOB_FDS_MAX; i++)
        fds[i] = open("/dev/null", O_RDONLY | O_CLOEXEC);
    stella_job_request request = deed("fds");
    request.fds = fds;
    request.fd_count = STELLA_JOB_FDS_MAX;
    char reply[64];
    const stella_job_result result = do_job(*state, &request, reply, sizeof reply);
    for (int i = 0; i < STELLA_JOB_FDS_MAX; i++)
        close(fds[i]);
    assert_int_equal(result.end, STELLA_END_DONE);
    assert_string_equal(reply, "256 of 260"); /* and 0-2, and its socket */
}

static void a_kind_that_nobody_does_is_an_error(void **state) {
    stella_job_request request = deed("echo");
    request.kind = "unheard-of";
    const stella_job_result result = do_job(*state, &request, NULL, 0);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_int_equal(result.error.code, STELLA_E_NOTFOUND);
}

static void an_excluded_plugin_is_not_used(void **state) {
    stella_job_request request = deed("peers");
    char reply[64];
    do_job(*state, &request, reply, sizeof reply);
    assert_string_equal(reply, "test.deeds");
    request.excluded = &(uint32_t){0};
    request.excluded_count = 1;
    const stella_job_result result = do_job(*state, &request, NULL, 0);
    assert_int_equal(result.error.code, STELLA_E_NOTFOUND);
}

static void a_role_without_a_host_is_refused(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    stella_job_request request = deed("echo");
    stella_job_handle *untouched = NULL;
    stella_error err = {0};
    request.role = "sign";
    assert_int_equal(w->start(w->self, &request, &untouched, &err), STELLA_E_UNSUPPORTED);
    assert_null(untouched);
}

static void a_malformed_request_is_refused(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    stella_job_request request = deed("echo");
    stella_job_handle *untouched = NULL;
    request.dir_fd = 0; /* of no descriptors */
    assert_int_equal(w->start(w->self, &request, &untouched, NULL), STELLA_E_INVALID);
}

static void loaded_plugins_are_listed(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    assert_int_equal(w->plugin(w->self, "scan", 0, &plugin, NULL), 1);
    assert_string_equal(plugin.id, "test.deeds");
    assert_int_equal(w->plugin(w->self, "scan", 1, &plugin, NULL), 0);
}

static void plugins_are_listed_without_a_host(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    stella_worker_plugin plugin = {.struct_size = sizeof plugin}, older = {.struct_size = 16};
    assert_int_equal(w->listed(w->self, "scan", 0, &plugin), 1);
    assert_string_equal(plugin.id, "test.deeds");
    assert_string_equal(plugin.provides, "stella.job/1");
    assert_string_equal(plugin.tags, "language javascript");
    assert_int_equal(w->listed(w->self, "scan", 1, &plugin), 0);
    assert_int_equal(w->listed(w->self, "nobody", 0, &plugin), 0);
    assert_int_equal(w->listed(w->self, "scan", 0, &older), 1);
    assert_null(older.version); /* a caller that knows less is given less */
    supervisor_status status;
    supervisor_status_get(*state, &status);
    assert_int_equal(status.hosts_ready, 0);
}

static void progress_is_seen_while_the_job_runs(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    const stella_job_request request = deed("sleep");
    stella_job_handle *job = start(*state, &request);
    uint64_t done = 0, items = 0;
    for (int tries = 0; tries < 500 && !done; tries++) {
        w->progress(w->self, job, &done, &items);
        usleep(10000);
    }
    assert_int_equal(done, 7);
    assert_int_equal(items, 3);
    w->kill(w->self, job);
    const stella_job_result result = finish(*state, job, NULL, 0);
    assert_int_equal(result.end, STELLA_END_KILLED);
    assert_int_equal(result.error.code, STELLA_E_CANCELLED);
}

static void a_deadline_ends_a_job(void **state) {
    stella_job_request request = deed("sleep");
    request.deadline_ms = 100;
    const stella_job_result result = do_job(*state, &request, NULL, 0);
    assert_int_equal(result.end, STELLA_END_DEADLINE);
    assert_int_equal(result.culprit, -1);
}

static void a_child_that_says_done_and_stays_is_ended(void **state) {
    stella_job_request request = deed("linger");
    request.deadline_ms = 200;
    assert_int_equal(do_job(*state, &request, NULL, 0).end, STELLA_END_DEADLINE);
}

static void a_paused_job_has_no_deadline(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    stella_job_request request = deed("sleep");
    request.deadline_ms = 300;
    stella_job_handle *job = start(*state, &request);
    w->pause(w->self, job, 1);
    usleep(600000);
    supervisor_status status;
    supervisor_status_get(*state, &status);
    assert_int_equal(status.jobs_running, 1);
    w->pause(w->self, job, 0);
    assert_int_equal(finish(*state, job, NULL, 0).end, STELLA_END_DEADLINE);
}

static void a_released_job_that_runs_is_ended(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    const stella_job_request request = deed("sleep");
    w->release(w->self, start(*state, &request));
    supervisor_status status = {.jobs_running = 1};
    for (int tries = 0; tries < 500 && status.jobs_running; tries++) {
        usleep(10000);
        supervisor_status_get(*state, &status);
    }
    assert_int_equal(status.jobs_running, 0);
}

static void many_jobs_run_side_by_side(void **state) {
    stella_job_handle *jobs[40];
    const stella_job_request request = deed("echo x");
    for (int i = 0; i < 40; i++)
        jobs[i] = start(*state, &request);
    for (int i = 0; i < 40; i++) {
        char reply[8];
        const stella_job_result result = finish(*state, jobs[i], reply, sizeof reply);
        if (result.end != STELLA_END_DONE)
            fail_msg("job %d: end %u, %s, signal %d", i, result.end, result.error.message, result.signal);
        assert_string_equal(reply, "x");
    }
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(plugins_are_listed_without_a_host), /* first: all share one supervisor */
        cmocka_unit_test(a_reply_comes_back),
        cmocka_unit_test(a_reply_may_be_longer_than_any_buffer),
        cmocka_unit_test(a_reply_beyond_the_limit_fails),
        cmocka_unit_test(an_error_is_carried_to_the_starter),
        cmocka_unit_test(all_descriptors_arrive_and_no_others),
        cmocka_unit_test(a_kind_that_nobody_does_is_an_error),
        cmocka_unit_test(an_excluded_plugin_is_not_used),
        cmocka_unit_test(a_role_without_a_host_is_refused),
        cmocka_unit_test(a_malformed_request_is_refused),
        cmocka_unit_test(loaded_plugins_are_listed),
        cmocka_unit_test(progress_is_seen_while_the_job_runs),
        cmocka_unit_test(a_deadline_ends_a_job),
        cmocka_unit_test(a_child_that_says_done_and_stays_is_ended),
        cmocka_unit_test(a_paused_job_has_no_deadline),
        cmocka_unit_test(a_released_job_that_runs_is_ended),
        cmocka_unit_test(many_jobs_run_side_by_side),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
