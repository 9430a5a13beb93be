/* Hosts and supervisors that die at any moment, generations that come and go: nothing is lost unsaid, nothing stays. */
#include "unit/worker/processes.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

static const char *const plugins[] = {"deeds", NULL};

static void a_killed_host_loses_its_jobs_and_is_started_again(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_job_request sleep_request = deed("sleep"), echo = deed("echo back");
    for (int round = 0; round < 4; round++) {
        stella_job_handle *jobs[3];
        for (int i = 0; i < 3; i++)
            jobs[i] = start(s, &sleep_request);
        const pid_t host = host_of(getpid());
        assert_true(host > 0);
        usleep((useconds_t)(rand() % 3000)); /* before, while and after the children start */
        kill(host, SIGKILL);
        for (int i = 0; i < 3; i++) {
            const stella_job_result result = finish(s, jobs[i], NULL, 0);
            assert_int_equal(result.end, STELLA_END_LOST);
            assert_int_equal(result.error.code, STELLA_E_CRASHED);
        }
        assert_true(becomes_empty(host));
        char reply[16];
        assert_int_equal(do_job(s, &echo, reply, sizeof reply).end, STELLA_END_DONE);
        assert_string_equal(reply, "back");
    }
    supervisor_status status;
    supervisor_status_get(s, &status);
    assert_int_equal(status.host_restarts, 4);
    assert_int_equal(status.jobs_crashed, 12);
    supervisor_obituary obituary;
    assert_int_equal(supervisor_obituaries(s, &obituary, 1), 1);
    assert_string_equal(obituary.kind, "host");
    assert_int_equal(obituary.signal, SIGKILL);
}

/* A supervisor in a process of its own, which runs jobs until it is killed. */
static _Noreturn void supervise_until_killed(int ready) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_job_request sleep_request = deed("sleep"), echo = deed("echo");
    start(s, &sleep_request);
    for (;;) {
        do_job(s, &echo, NULL, 0);
        if (write(ready, "r", 1) < 0)
            _exit(1);
    }
}

static void nothing_outlives_a_killed_supervisor(void **state) {
    (void)state;
    for (int round = 0; round < 5; round++) {
        int ready[2];
        assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
        const pid_t pid = fork();
        if (pid == 0)
            supervise_until_killed(ready[1]);
        char byte;
        assert_int_equal(read(ready[0], &byte, 1), 1);
        const pid_t host = host_of(pid);
        assert_true(host > 0);
        assert_true(group_size(host) >= 2); /* the host and the sleeping job */
        usleep((useconds_t)(rand() % 20000));
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        assert_true(becomes_empty(host));
        close(ready[0]);
        close(ready[1]);
    }
}

static void a_supervisor_killed_while_it_starts_leaves_nothing(void **state) {
    (void)state;
    for (int round = 0; round < 5; round++) {
        const pid_t pid = fork();
        if (pid == 0)
            supervise_until_killed(STDERR_FILENO + 100); /* nobody reads */
        usleep((useconds_t)(rand() % 15000));
        const pid_t host = host_of(pid);
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        assert_true(host == 0 || becomes_empty(host));
    }
}

static void drain_waits_for_jobs_and_refuses_new_ones(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_worker *w = supervisor_worker(s);
    stella_job_request brief = deed("sleep");
    brief.deadline_ms = 200;
    stella_job_handle *job = start(s, &brief), *refused = NULL;
    const pid_t host = host_of(getpid());
    supervisor_drain(s, 5000);
    assert_int_equal(finish(s, job, NULL, 0).end, STELLA_END_DEADLINE); /* its own end, not the drain's */
    assert_int_equal(w->start(w->self, &brief, &refused, NULL), STELLA_E_BUSY);
    assert_null(refused);
    assert_true(becomes_empty(host));
}

static void drain_kills_what_does_not_end(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_job_request endless = deed("sleep");
    stella_job_handle *job = start(s, &endless);
    supervisor_drain(s, 100);
    assert_int_equal(finish(s, job, NULL, 0).end, STELLA_END_KILLED);
}

static void a_new_generation_takes_new_jobs_and_old_jobs_keep_theirs(void **state) {
    (void)state;
    static const char *const more[] = {"deeds", "innocent", NULL};
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_worker *w = supervisor_worker(s);
    const stella_job_request endless = deed("sleep"), echo = deed("echo new");
    stella_job_handle *old_job = start(s, &endless);
    const pid_t old_host = host_of(getpid());
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    assert_int_equal(w->plugin(w->self, "scan", 1, &plugin, NULL), 0);
    stella_error err = {0};
    assert_int_equal(supervisor_adopt(s, catalogue_of(more), &err), STELLA_OK);
    assert_int_equal(w->plugin(w->self, "scan", 1, &plugin, NULL), 1);
    assert_string_equal(plugin.id, "test.innocent");
    assert_int_equal(do_job(s, &echo, NULL, 0).end, STELLA_END_DONE);
    assert_true(group_size(old_host) >= 2); /* the old host stays with its job */
    w->kill(w->self, old_job);
    assert_int_equal(finish(s, old_job, NULL, 0).end, STELLA_END_KILLED);
    assert_true(becomes_empty(old_host));
}

static void a_generation_that_does_not_load_is_not_adopted(void **state) {
    (void)state;
    static const char *const bad[] = {"deeds", "at-load.crash", NULL};
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_job_request echo = deed("echo old");
    assert_int_equal(do_job(s, &echo, NULL, 0).end, STELLA_END_DONE);
    int destroyed = 0;
    catalogue *c = catalogue_of(bad);
    c->destroyed = &destroyed;
    stella_error err = {0};
    assert_int_equal(supervisor_adopt(s, c, &err), STELLA_E_CRASHED);
    assert_string_equal(err.path, "test.at-load.crash");
    assert_int_equal(destroyed, 0); /* still the caller's */
    catalogue_destroy(c);
    char reply[16];
    assert_int_equal(do_job(s, &echo, reply, sizeof reply).end, STELLA_END_DONE);
    assert_string_equal(reply, "old");
    supervisor_status status;
    supervisor_status_get(s, &status);
    assert_int_equal(status.hosts_ready, 1);
}

static void a_program_that_is_no_host_is_reported(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = supervise(plugins, (supervisor_options){.executable = "/bin/false"});
    const stella_worker *w = supervisor_worker(s);
    const stella_job_request echo = deed("echo");
    stella_job_handle *job = NULL;
    stella_error err = {0};
    assert_int_equal(w->start(w->self, &echo, &job, &err), STELLA_E_CRASHED);
    assert_non_null(strstr(err.message, "exited with 1"));
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    srand((unsigned)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_killed_host_loses_its_jobs_and_is_started_again),
        cmocka_unit_test(nothing_outlives_a_killed_supervisor),
        cmocka_unit_test(a_supervisor_killed_while_it_starts_leaves_nothing),
        cmocka_unit_test(drain_waits_for_jobs_and_refuses_new_ones),
        cmocka_unit_test(drain_kills_what_does_not_end),
        cmocka_unit_test(a_new_generation_takes_new_jobs_and_old_jobs_keep_theirs),
        cmocka_unit_test(a_generation_that_does_not_load_is_not_adopted),
        cmocka_unit_test(a_program_that_is_no_host_is_reported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
