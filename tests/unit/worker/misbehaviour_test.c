/* What plugins should not do, in a job and while they are loaded: each deed has its end, names its culprit, and leaves
 * the others' work alone. */
#include "unit/worker/fixture.h"

#include <signal.h>

#ifdef STELLA_SANITIZED
#define SANDBOXED 0 /* sanitizer builds have neither seccomp nor Landlock */
#else
#define SANDBOXED 1
#endif

/* "other" has the index 1, which the plugin of test.deeds enters before a deed. */
static const char *const with_other[] = {"deeds", "innocent", NULL};

static int set_up(void **state) {
    *state = supervise(with_other, (supervisor_options){0});
    return 0;
}

static int tear_down(void **state) {
    supervisor_destroy(*state);
    return 0;
}

static void others_go_on(supervisor *s) {
    char reply[16];
    const stella_job_request request = deed("echo still here");
    assert_int_equal(do_job(s, &request, reply, sizeof reply).end, STELLA_END_DONE);
    assert_string_equal(reply, "still here");
}

/* The deed in a job, beside a job that must not notice. */
static stella_job_result commit(supervisor *s, const char *request_text, int fd) {
    const stella_job_request quiet = deed("sleep");
    stella_job_request request = deed(request_text);
    request.fds = &fd;
    request.fd_count = fd >= 0;
    request.file_bytes = 1u << 20;
    request.label = STELLA_SV("layer sha256:\x1b[31mabc");
    request.plugin_ms = 1500; /* enough for touching 64 MiB on a busy machine */
    stella_job_handle *witness = start(s, &quiet);
    const stella_job_result result = do_job(s, &request, NULL, 0);
    const stella_worker *w = supervisor_worker(s);
    w->kill(w->self, witness);
    assert_int_equal(finish(s, witness, NULL, 0).end, STELLA_END_KILLED);
    others_go_on(s);
    return result;
}

static void assert_named(supervisor *s, const stella_job_result *result) {
    supervisor_obituary o = {.plugin = ""};
    assert_int_equal(result->culprit, 1);
    assert_string_equal(result->culprit_id, "test.innocent");
    assert_string_equal(result->culprit_what, "etc/the-file");
    assert_int_equal(supervisor_obituaries(s, &o, 1), 1);
    assert_string_equal(o.plugin, "test.innocent");
    assert_string_equal(o.what, "etc/the-file");
    assert_string_equal(o.kind, "deed");
    assert_string_equal(o.input, "layer sha256:?[31mabc");
    assert_int_equal(o.end, result->end);
}

static void a_crash_in_a_job_is_named(void **state) {
    const stella_job_result result = commit(*state, "do crash", -1);
    assert_int_equal(result.end, STELLA_END_CRASHED);
    if (SANDBOXED)
        assert_int_equal(result.signal, SIGSEGV);
    assert_named(*state, &result);
}

static void an_abort_in_a_job_is_named(void **state) {
    const stella_job_result result = commit(*state, "do abort", -1);
    assert_int_equal(result.end, STELLA_END_CRASHED);
    if (SANDBOXED)
        assert_int_equal(result.signal, SIGABRT);
    assert_named(*state, &result);
}

static void an_exit_in_a_job_is_no_success(void **state) {
    const stella_job_result result = commit(*state, "do exit", -1);
    assert_int_equal(result.end, STELLA_END_CRASHED);
    assert_named(*state, &result);
    const stella_job_result quiet = commit(*state, "do quit", -1);
    assert_int_equal(quiet.end, STELLA_END_CRASHED);
    assert_int_equal(quiet.exit_code, 0);
    assert_named(*state, &quiet);
}

static void a_hang_in_a_job_is_ended(void **state) {
    const stella_job_result result = commit(*state, "do hang", -1);
    assert_int_equal(result.end, STELLA_END_OVERRAN);
    assert_int_equal(result.error.code, STELLA_E_TIMEOUT);
    assert_named(*state, &result);
}

static void a_thread_in_a_job_is_allowed_and_ends_with_it(void **state) {
    assert_int_equal(commit(*state, "do thread", -1).end, STELLA_END_DONE);
}

static void threads_without_end_are_ended(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do threads", -1);
    assert_int_equal(result.end, STELLA_END_MEMORY);
    assert_string_equal(result.error.message, "started more than 256 threads");
    assert_named(*state, &result);
}

static void opening_a_file_in_a_job_is_refused(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do open", -1);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_string_equal(result.error.message, "refused: Permission denied");
}

static void a_socket_in_a_job_is_refused(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do socket", -1);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_string_equal(result.error.message, "refused: Operation not permitted");
}

static void killing_another_process_is_refused(void **state) {
    if (!SANDBOXED)
        skip();
    assert_int_equal(commit(*state, "do kill", -1).end, STELLA_END_FAILED);
}

static void killing_another_process_by_the_signal_of_a_pipe_is_refused(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do kill-by-pipe", -1);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_string_equal(result.error.message, "refused: Operation not permitted");
}

static void a_fork_in_a_job_ends_it(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do fork", -1);
    assert_int_equal(result.end, STELLA_END_CRASHED);
    assert_int_equal(result.signal, SIGSYS);
    assert_named(*state, &result);
}

static void running_a_program_in_a_job_ends_it(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do exec", -1);
    assert_int_equal(result.signal, SIGSYS);
    assert_named(*state, &result);
}

static void memory_that_no_limit_counts_is_not_to_be_had(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do shared-memory", -1);
    assert_int_equal(result.signal, SIGSYS);
    assert_named(*state, &result);
}

static void allocating_without_end_in_a_job_is_ended(void **state) {
    const stella_job_result result = commit(*state, "do allocate", -1);
    assert_int_equal(result.end, STELLA_END_MEMORY);
    assert_int_equal(result.error.code, STELLA_E_NOMEM);
    assert_named(*state, &result);
}

static void writing_without_end_in_a_job_is_ended(void **state) {
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("pack", MFD_CLOEXEC);
    const stella_job_result result = commit(*state, "do write", fd);
    if (SANDBOXED)
        assert_int_equal(result.signal, SIGXFSZ);
    assert_int_equal(result.end, STELLA_END_CRASHED);
    assert_named(*state, &result);
    assert_int_equal(lseek(fd, 0, SEEK_END), 1u << 20);
}

static void a_flood_of_output_in_a_job_is_cut_and_ended(void **state) {
    const stella_job_result result = commit(*state, "do chatter", -1);
    assert_int_equal(result.end, STELLA_END_OVERRAN);
    assert_named(*state, &result);
    supervisor_obituary o;
    supervisor_obituaries(*state, &o, 1);
    assert_non_null(strstr(o.log_tail, " [31mthe same again"));
}

static void garbage_on_the_result_channel_ends_the_job(void **state) {
    const stella_job_result result = commit(*state, "do lie", -1);
    assert_int_equal(result.end, STELLA_END_CRASHED);
    assert_string_equal(result.error.message, "what came on its result channel is no message");
}

static void writing_to_any_descriptor_does_not_reach_the_result_channel(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = commit(*state, "do garbage", -1);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_string_equal(result.error.message, "refused: Bad file descriptor");
}

static void of_several_threads_the_guilty_one_is_named(void **state) {
    if (!SANDBOXED)
        skip(); /* a sanitizer reports the crash itself */
    const stella_job_request request = deed("second");
    const stella_job_result result = do_job(*state, &request, NULL, 0);
    assert_int_equal(result.signal, SIGABRT);
    assert_int_equal(result.culprit, 0);
    assert_string_equal(result.culprit_what, "the-guilty-file");
}

/* Loads the plugin beside the well-behaved one, which goes on working. */
static void assert_left_out(const char *deed_at_load, const char *reason) {
    char plugin[64], id[64];
    snprintf(plugin, sizeof plugin, "at-load.%s", deed_at_load);
    snprintf(id, sizeof id, "test.at-load.%s", deed_at_load);
    const char *const plugins[] = {plugin, "deeds", NULL};
    /* A busy machine is slow to load anything: only those that would go on for ever are given little time. */
    const supervisor_options options = {.plugin_ms = strstr(reason, "too long") ? 500 : 10000};
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, options);
    stella_error errors[4];
    char ids[4][128];
    assert_int_equal(supervisor_load_failures(s, "scan", errors, ids, 4), 1);
    assert_string_equal(ids[0], id);
    assert_non_null(strstr(errors[0].message, reason));
    stella_worker_plugin loaded = {.struct_size = sizeof loaded};
    const stella_worker *w = supervisor_worker(s);
    assert_int_equal(w->plugin(w->self, "scan", 0, &loaded, NULL), 1);
    assert_string_equal(loaded.id, "test.deeds");
    assert_int_equal(w->plugin(w->self, "scan", 1, &loaded, NULL), 0);
    others_go_on(s);
}

/* A sanitizer ends its process in a way of its own. */
static void a_crash_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("crash", SANDBOXED ? "dies of SIGSEGV while it is loaded" : " while it is loaded");
}

static void an_abort_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("abort", SANDBOXED ? "dies of SIGABRT while it is loaded" : " while it is loaded");
}

static void an_exit_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("exit", "calls exit(0) while it is loaded");
    assert_left_out("quit", "calls exit(0) while it is loaded");
}

static void a_hang_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("hang", "takes too long to load");
}

static void a_thread_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("thread", SANDBOXED ? "starts a thread, or makes another forbidden system call, while it is loaded"
                                        : "leaves a thread behind when it is loaded");
}

static void opening_a_file_at_load_is_left_out(void **state) {
    (void)state;
    if (!SANDBOXED)
        skip();
    assert_left_out("open", "opens files while it is loaded: /etc/passwd");
}

static void a_socket_at_load_is_left_out(void **state) {
    (void)state;
    if (!SANDBOXED)
        skip();
    assert_left_out("socket", "makes sockets while it is loaded");
}

static void a_fork_at_load_is_left_out(void **state) {
    (void)state;
    if (!SANDBOXED)
        skip();
    assert_left_out("fork", "forks while it is loaded");
    assert_left_out("exec", "runs programs while it is loaded");
}

static void allocating_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("allocate", SANDBOXED ? "dies of SIGSEGV while it is loaded" : "takes too much memory to load");
}

static void writing_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("write", "takes too long to load");
}

static void garbage_at_load_is_left_out(void **state) {
    (void)state;
    assert_left_out("garbage", "writes to descriptors that are not its own while it is loaded");
}

static void of_many_bad_plugins_each_is_named(void **state) {
    (void)state;
    static const char *const plugins[] = {"at-load.abort", "at-load.crash", "at-load.exit",
                                          "at-load.hang",  "deeds",         NULL};
    STELLA_AUTO(supervisor_destroyp) supervisor *s = supervise(plugins, (supervisor_options){0});
    stella_error errors[8];
    char ids[8][128];
    assert_int_equal(supervisor_load_failures(s, "scan", errors, ids, 8), 4);
    others_go_on(s);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_crash_in_a_job_is_named),
        cmocka_unit_test(an_abort_in_a_job_is_named),
        cmocka_unit_test(an_exit_in_a_job_is_no_success),
        cmocka_unit_test(a_hang_in_a_job_is_ended),
        cmocka_unit_test(a_thread_in_a_job_is_allowed_and_ends_with_it),
        cmocka_unit_test(threads_without_end_are_ended),
        cmocka_unit_test(opening_a_file_in_a_job_is_refused),
        cmocka_unit_test(a_socket_in_a_job_is_refused),
        cmocka_unit_test(killing_another_process_is_refused),
        cmocka_unit_test(killing_another_process_by_the_signal_of_a_pipe_is_refused),
        cmocka_unit_test(a_fork_in_a_job_ends_it),
        cmocka_unit_test(running_a_program_in_a_job_ends_it),
        cmocka_unit_test(memory_that_no_limit_counts_is_not_to_be_had),
        cmocka_unit_test(allocating_without_end_in_a_job_is_ended),
        cmocka_unit_test(writing_without_end_in_a_job_is_ended),
        cmocka_unit_test(a_flood_of_output_in_a_job_is_cut_and_ended),
        cmocka_unit_test(garbage_on_the_result_channel_ends_the_job),
        cmocka_unit_test(writing_to_any_descriptor_does_not_reach_the_result_channel),
        cmocka_unit_test(of_several_threads_the_guilty_one_is_named),
        cmocka_unit_test(a_crash_at_load_is_left_out),
        cmocka_unit_test(an_abort_at_load_is_left_out),
        cmocka_unit_test(an_exit_at_load_is_left_out),
        cmocka_unit_test(a_hang_at_load_is_left_out),
        cmocka_unit_test(a_thread_at_load_is_left_out),
        cmocka_unit_test(opening_a_file_at_load_is_left_out),
        cmocka_unit_test(a_socket_at_load_is_left_out),
        cmocka_unit_test(a_fork_at_load_is_left_out),
        cmocka_unit_test(allocating_at_load_is_left_out),
        cmocka_unit_test(writing_at_load_is_left_out),
        cmocka_unit_test(garbage_at_load_is_left_out),
        cmocka_unit_test(of_many_bad_plugins_each_is_named),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
