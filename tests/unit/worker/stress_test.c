/* Many jobs at once while hosts die, generations change and the supervisor drains: every job ends, in one of the ways
 * that it may, and nothing stays behind. */
#include "unit/worker/processes.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/resource.h>

#define THREADS 4

static const char *const plugins[] = {"deeds", NULL};

/* Threads that run jobs until they are told to stop, or are refused as BUSY; how those ended is counted here. */
typedef struct crowd {
    supervisor *s;
    const char *request;
    atomic_int is_over, refused_busy, refused_crashed, refused_otherwise;
    atomic_int ends[STELLA_END_KILLED + 1];
    pthread_t threads[THREADS];
} crowd;

static void *run_jobs(void *argument) {
    crowd *c = argument;
    const stella_worker *w = supervisor_worker(c->s);
    const stella_job_request request = deed(c->request);
    while (!atomic_load(&c->is_over)) {
        stella_job_handle *job = NULL;
        const stella_status status = w->start(w->self, &request, &job, NULL);
        if (status == STELLA_E_BUSY)
            return atomic_fetch_add(&c->refused_busy, 1), NULL;
        if (status) {
            atomic_fetch_add(status == STELLA_E_CRASHED ? &c->refused_crashed : &c->refused_otherwise, 1);
            usleep(1000);
            continue;
        }
        stella_job_result result = {.struct_size = sizeof result};
        w->wait(w->self, job, &result, NULL);
        w->release(w->self, job);
        atomic_fetch_add(&c->ends[result.end], 1);
    }
    return NULL;
}

static void gather(crowd *c) {
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&c->threads[i], NULL, run_jobs, c), 0);
}

static void see_off(crowd *c) {
    for (int i = 0; i < THREADS; i++)
        pthread_join(c->threads[i], NULL);
}

static void dismiss(crowd *c) {
    atomic_store(&c->is_over, 1);
    see_off(c);
}

/* Every job has ended in one of two ways. */
static void assert_ends(crowd *c, uint32_t one, uint32_t other) {
    for (uint32_t end = 0; end <= STELLA_END_KILLED; end++)
        if (end != one && end != other && atomic_load(&c->ends[end]))
            fail_msg("%d jobs ended with %u", atomic_load(&c->ends[end]), end);
    assert_int_equal(atomic_load(&c->refused_otherwise), 0);
}

/* What this process holds on to: its descriptors and its mappings. */
static int count_lines(const char *path) {
    char line[4096];
    int count = 0;
    FILE *file = fopen(path, "re");
    while (file && fgets(line, sizeof line, file))
        count++;
    if (file)
        fclose(file);
    return count;
}

static int open_descriptors(void) {
    DIR *dir = opendir("/proc/self/fd");
    int count = 0;
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static void jobs_leave_nothing_in_the_supervisor(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const char *rounds = getenv("STELLA_TEST_JOBS"); /* by hand: 10000 */
    const stella_job_request echo = deed("echo"), bad = deed("do abort");
    stella_job_request walk = deed("echo");
    STELLA_AUTO(stella_fd_closep) int dir = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    walk.fds = &dir;
    walk.fd_count = 1;
    walk.dir_fd = 0;
    int descriptors = 0, mappings = 0;
    for (int i = 0, count = rounds ? atoi(rounds) : 150; i < count; i++) {
        const stella_job_request *kinds[] = {&echo, &walk, &echo, &bad};
        do_job(s, kinds[i % 4], NULL, 0);
        if (i == 20) {
            descriptors = open_descriptors();
            mappings = count_lines("/proc/self/maps");
        }
    }
    assert_int_equal(open_descriptors(), descriptors);
#ifndef STELLA_SANITIZED /* a sanitizer maps what it likes */
    assert_in_range(count_lines("/proc/self/maps"), mappings - 3, mappings + 3);
#else
    (void)mappings;
#endif
    assert_int_equal(group_size(host_of(getpid())), 1); /* the host alone */
}

static void hosts_killed_at_random_moments_lose_jobs_but_never_a_word(void **state) {
    (void)state;
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){.crashes_max = 15});
    crowd c = {.s = s, .request = "echo"};
    pid_t hosts[4];
    gather(&c);
    for (int i = 0; i < 4; i++) {
        usleep((useconds_t)(rand() % 60000));
        while ((hosts[i] = host_of(getpid())) == 0)
            usleep(2000);
        usleep((useconds_t)(rand() % 20000));
        kill(hosts[i], SIGKILL);
    }
    const int done = atomic_load(&c.ends[STELLA_END_DONE]);
    for (int tries = 0; tries < 3000 && atomic_load(&c.ends[STELLA_END_DONE]) == done; tries++)
        usleep(10000);
    dismiss(&c);
    assert_ends(&c, STELLA_END_DONE, STELLA_END_LOST);
    assert_true(atomic_load(&c.ends[STELLA_END_DONE]) > done); /* they go on */
    for (int i = 0; i < 4; i++)
        assert_true(becomes_empty(hosts[i]) || hosts[i] == host_of(getpid()));
    supervisor_status status;
    supervisor_status_get(s, &status);
    assert_int_equal(status.jobs_running, 0);
}

static void jobs_started_while_it_drains_end_or_are_refused(void **state) {
    (void)state;
    for (int round = 0; round < 5; round++) {
        STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
        crowd c = {.s = s, .request = "echo"};
        gather(&c);
        usleep((useconds_t)(rand() % 40000)); /* before, while and after the host starts */
        supervisor_drain(s, round % 2 ? 5000 : 0);
        see_off(&c); /* refused, each of them */
        assert_ends(&c, STELLA_END_DONE, STELLA_END_KILLED);
        assert_int_equal(atomic_load(&c.refused_busy), THREADS);
        assert_int_equal(atomic_load(&c.refused_crashed), 0);
        assert_int_equal(host_of(getpid()), 0);
    }
}

static void generations_change_under_running_jobs(void **state) {
    (void)state;
    static const char *const more[] = {"deeds", "innocent", NULL};
    static const char *const bad[] = {"at-load.abort", "deeds", NULL};
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_worker *w = supervisor_worker(s);
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    assert_int_equal(w->plugin(w->self, "scan", 0, &plugin, NULL), 1);
    crowd c = {.s = s, .request = "echo"};
    gather(&c);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(supervisor_adopt(s, catalogue_of(i % 2 ? plugins : more), NULL), STELLA_OK);
        catalogue *refused = catalogue_of(bad);
        assert_int_equal(supervisor_adopt(s, refused, NULL), STELLA_E_CRASHED);
        catalogue_destroy(refused);
    }
    dismiss(&c);
    assert_ends(&c, STELLA_END_DONE, STELLA_END_DONE);
    assert_int_equal(atomic_load(&c.refused_crashed), 0);
    assert_string_equal(plugin.id, "test.deeds"); /* of a generation long gone */
}

static void *ask_for_failures(void *argument) {
    stella_error errors[4];
    char ids[4][128];
    supervisor_load_failures(argument, "scan", errors, ids, 4);
    return NULL;
}

static void a_generation_is_adopted_while_the_first_fails_to_load(void **state) {
    (void)state;
    static const char *const bad[] = {"at-load.crash", "at-load.exit", "deeds", NULL};
    for (int round = 0; round < 4; round++) {
        STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(bad, (supervisor_options){0});
        pthread_t asking;
        assert_int_equal(pthread_create(&asking, NULL, ask_for_failures, s), 0);
        usleep((useconds_t)(rand() % 60000));
        assert_int_equal(supervisor_adopt(s, catalogue_of(plugins), NULL), STELLA_OK);
        pthread_join(asking, NULL);
        stella_error errors[4];
        char ids[4][128];
        assert_int_equal(supervisor_load_failures(s, "scan", errors, ids, 4), 0);
        const stella_job_request echo = deed("echo");
        assert_int_equal(do_job(s, &echo, NULL, 0).end, STELLA_END_DONE);
    }
}

#define MANY 320

/* More jobs than the channel of a host holds that does not read it. */
static uint32_t crowd_out(supervisor *s, pid_t host, stella_job_handle **jobs) {
    const stella_worker *w = supervisor_worker(s);
    const stella_job_request echo = deed("echo");
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max < 8192 ? limit.rlim_max : 8192;
    setrlimit(RLIMIT_NOFILE, &limit);
    kill(host, SIGSTOP);
    uint32_t count = 0;
    while (count < MANY && !w->start(w->self, &echo, &jobs[count], NULL))
        count++;
    return count;
}

static uint32_t count_ends(supervisor *s, stella_job_handle **jobs, uint32_t count, uint32_t wanted) {
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++)
        found += finish(s, jobs[i], NULL, 0).end == wanted;
    return found;
}

static void jobs_that_wait_for_room_go_to_the_next_host(void **state) {
    (void)state;
    static stella_job_handle *jobs[MANY];
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_job_request echo = deed("echo");
    assert_int_equal(do_job(s, &echo, NULL, 0).end, STELLA_END_DONE);
    const pid_t host = host_of(getpid());
    assert_int_equal(crowd_out(s, host, jobs), MANY);
    kill(host, SIGKILL);
    const uint32_t done = count_ends(s, jobs, MANY, STELLA_END_DONE);
    assert_in_range(done, 1, MANY - 1); /* those that the dead host had been told of are lost */
}

static void jobs_that_wait_for_a_host_that_leaves_are_lost_with_it(void **state) {
    (void)state;
    static stella_job_handle *jobs[MANY];
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    const stella_job_request echo = deed("echo");
    assert_int_equal(do_job(s, &echo, NULL, 0).end, STELLA_END_DONE);
    const pid_t host = host_of(getpid());
    assert_int_equal(crowd_out(s, host, jobs), MANY);
    assert_int_equal(supervisor_adopt(s, catalogue_of(plugins), NULL), STELLA_OK);
    kill(host, SIGKILL);
    assert_int_equal(count_ends(s, jobs, MANY, STELLA_END_LOST), MANY);
    assert_int_equal(do_job(s, &echo, NULL, 0).end, STELLA_END_DONE);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    srand((unsigned)getpid());
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_leave_nothing_in_the_supervisor),
        cmocka_unit_test(hosts_killed_at_random_moments_lose_jobs_but_never_a_word),
        cmocka_unit_test(jobs_started_while_it_drains_end_or_are_refused),
        cmocka_unit_test(generations_change_under_running_jobs),
        cmocka_unit_test(a_generation_is_adopted_while_the_first_fails_to_load),
        cmocka_unit_test(jobs_that_wait_for_room_go_to_the_next_host),
        cmocka_unit_test(jobs_that_wait_for_a_host_that_leaves_are_lost_with_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
