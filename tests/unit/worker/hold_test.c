/* Hosts that die too often, show no life, or cannot be watched. */
#include "unit/worker/processes.h"

#include <errno.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static const char *const plugins[] = {"deeds", NULL};

/* Runs an echo; tries again while its host is the one that has just been killed. */
static stella_status echo(supervisor *s, stella_error *err) {
    const stella_worker *w = supervisor_worker(s);
    const stella_job_request request = deed("echo");
    for (;;) {
        stella_job_handle *job = NULL;
        const stella_status status = w->start(w->self, &request, &job, err);
        if (status)
            return status;
        if (finish(s, job, NULL, 0).end == STELLA_END_DONE)
            return STELLA_OK;
    }
}

static void crash(supervisor *s, int times) {
    for (int i = 0; i < times; i++) {
        assert_int_equal(echo(s, NULL), STELLA_OK);
        const pid_t host = host_of(getpid());
        kill(host, SIGKILL);
        assert_true(becomes_empty(host));
    }
}

static void assert_held(supervisor *s) {
    stella_error err = {0};
    assert_int_equal(echo(s, &err), STELLA_E_CRASHED);
    assert_non_null(strstr(err.message, "crashed 3 times in ten minutes and is held"));
    assert_non_null(strstr(err.message, "then reload (last: the host died of signal 9"));
    supervisor_status status;
    supervisor_status_get(s, &status);
    assert_int_equal(status.hosts_held, 1);
    assert_string_equal(status.held, err.message);
}

static void a_host_that_crashes_too_often_is_held_until_somebody_asks(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){.crashes_max = 2});
    crash(s, 2);
    assert_int_equal(echo(s, NULL), STELLA_OK);
    crash(s, 1);
    assert_held(s);
    supervisor_release_held(s);
    crash(s, 2); /* counted anew */
    assert_int_equal(echo(s, NULL), STELLA_OK);
    crash(s, 1);
    assert_held(s);
    assert_int_equal(supervisor_adopt(s, catalogue_of(plugins), NULL), STELLA_OK);
    assert_int_equal(echo(s, NULL), STELLA_OK);
}

static void an_idle_host_that_answers_stays(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){.ping_ms = 10});
    assert_int_equal(echo(s, NULL), STELLA_OK);
    const pid_t host = host_of(getpid());
    usleep(200000);
    assert_int_equal(echo(s, NULL), STELLA_OK);
    assert_int_equal(host_of(getpid()), host);
}

static void an_idle_host_that_shows_no_life_is_replaced(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = supervise(plugins, (supervisor_options){.ping_ms = 50, .answer_ms = 500});
    assert_int_equal(echo(s, NULL), STELLA_OK);
    const pid_t host = host_of(getpid());
    kill(host, SIGSTOP);
    assert_true(becomes_empty(host));
    assert_int_equal(echo(s, NULL), STELLA_OK);
    supervisor_obituary o;
    assert_int_equal(supervisor_obituaries(s, &o, 1), 1);
    assert_int_equal(o.signal, SIGKILL);
}

static void a_host_that_does_not_start_its_jobs_is_replaced(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){.answer_ms = 500});
    assert_int_equal(echo(s, NULL), STELLA_OK);
    const stella_job_request request = deed("echo");
    kill(host_of(getpid()), SIGSTOP);
    assert_int_equal(do_job(s, &request, NULL, 0).end, STELLA_END_LOST);
    assert_int_equal(echo(s, NULL), STELLA_OK);
}

/* Takes every descriptor that is left; returns how many. */
static int exhaust(int *fds, int max) {
    int count = 0;
    while (count < max && (fds[count] = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)) >= 0)
        count++;
    return count;
}

static void a_supervisor_without_descriptors_loses_that_job_only(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    assert_int_equal(echo(s, NULL), STELLA_OK);
    const pid_t host = host_of(getpid());
    const stella_job_request request = deed("sleep");
    const stella_worker *w = supervisor_worker(s);
    struct rlimit before, few;
    getrlimit(RLIMIT_NOFILE, &before);
    few = (struct rlimit){64, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    kill(host, SIGSTOP); /* it tells of the child only when there is no descriptor left to take its pidfd */
    stella_job_handle *job = start(s, &request), *untouched = NULL;
    int fds[64];
    const int count = exhaust(fds, 64);
    stella_error err = {0};
    const stella_status refused = w->start(w->self, &request, &untouched, &err);
    kill(host, SIGCONT);
    const stella_job_result result = finish(s, job, NULL, 0);
    for (int i = 0; i < count; i++)
        close(fds[i]);
    setrlimit(RLIMIT_NOFILE, &before);
    assert_int_equal(refused, STELLA_E_IO);
    assert_null(untouched);
    assert_int_equal(result.end, STELLA_END_LOST);
    assert_non_null(strstr(result.error.message, "too many files are open"));
    assert_int_equal(echo(s, NULL), STELLA_OK);
    assert_int_equal(host_of(getpid()), host); /* the same host, without the lost job's child */
    assert_int_equal(group_size(host), 1);
}

static int64_t own_processor_ms(void) {
    struct timespec used;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return (int64_t)used.tv_sec * 1000 + used.tv_nsec / 1000000;
}

/* Longer than any start that goes well: looked at in between, it would be looked at without end. */
static void waiting_for_a_host_that_does_not_get_ready_takes_no_processor_time(void **state) {
    (void)state;
    char program[] = "/tmp/stella-slow-XXXXXX";
    const int fd = mkstemp(program);
    static const char script[] = "#!/bin/sh\nexec sleep 60\n";
    assert_int_equal(write(fd, script, sizeof script - 1), sizeof script - 1);
    assert_int_equal(fchmod(fd, 0700), 0);
    close(fd);
    STELLA_AUTO(supervisor_destroyp)
    supervisor *s = supervise(plugins, (supervisor_options){.executable = program, .ready_ms = 900});
    const int64_t before = own_processor_ms();
    stella_error err = {0};
    const stella_status refused = echo(s, &err);
    const int64_t used = own_processor_ms() - before;
    unlink(program);
    assert_int_equal(refused, STELLA_E_CRASHED);
    assert_non_null(strstr(err.message, "did not become ready in time"));
    assert_true(used < 100);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_host_that_crashes_too_often_is_held_until_somebody_asks),
        cmocka_unit_test(an_idle_host_that_answers_stays),
        cmocka_unit_test(an_idle_host_that_shows_no_life_is_replaced),
        cmocka_unit_test(a_host_that_does_not_start_its_jobs_is_replaced),
        cmocka_unit_test(a_supervisor_without_descriptors_loses_that_job_only),
        cmocka_unit_test(waiting_for_a_host_that_does_not_get_ready_takes_no_processor_time),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
