/* The host of role connect: its children have the internet, and nothing else of the machine. */
#include "unit/worker/fixture.h"

#include <netinet/in.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>

#ifdef STELLA_SANITIZED
#define SANDBOXED 0 /* sanitizer builds have neither seccomp nor Landlock */
#else
#define SANDBOXED 1
#endif

static const char *const plugins[] = {"deeds", "innocent", NULL};

/* The first of two is for the connect host, or all for the scan host. */
static supervisor *supervise_roles(int has_connect, supervisor_options options) {
    catalogue *c = catalogue_of(plugins);
    if (has_connect)
        c->manifests[0].role = PLUGIN_ROLE_CONNECT;
    return supervise_catalogue(c, options);
}

static int set_up(void **state) {
    *state = supervise_roles(1, (supervisor_options){0});
    return 0;
}

static int tear_down(void **state) {
    supervisor_destroy(*state);
    return 0;
}

static stella_job_result connect_job(supervisor *s, const char *text, char *reply, size_t size) {
    stella_job_request request = deed(text);
    request.role = "connect";
    request.plugin_ms = 10000;
    return do_job(s, &request, reply, size);
}

static void assert_answer(supervisor *s, const char *request, const char *answer) {
    char reply[64];
    const stella_job_result result = connect_job(s, request, reply, sizeof reply);
    if (result.end != STELLA_END_DONE)
        fail_msg("%s: end %u, signal %d: %s", request, result.end, result.signal, result.error.message);
    assert_string_equal(reply, answer);
}

static void *greet(void *argument) {
    const int guest = accept(*(int *)argument, NULL, NULL);
    if (guest >= 0)
        (void)!write(guest, "hello", 5);
    close(guest);
    return NULL;
}

/* Somebody on 127.0.0.1 who says hello, once. */
static uint16_t open_listener(int *listener, pthread_t *thread) {
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof at;
    *listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(*listener, (struct sockaddr *)&at, sizeof at), 0);
    assert_int_equal(listen(*listener, 1), 0);
    assert_int_equal(getsockname(*listener, (struct sockaddr *)&at, &size), 0);
    assert_int_equal(pthread_create(thread, NULL, greet, listener), 0);
    return ntohs(at.sin_port);
}

static void a_child_hears_who_listens_behind_a_name(void **state) {
    int listener;
    pthread_t thread;
    char request[64];
    snprintf(request, sizeof request, "listen-to localhost %u", open_listener(&listener, &thread));
    assert_answer(*state, request, "hello");
    pthread_join(thread, NULL);
    close(listener);
}

static void a_name_that_nobody_has_is_an_error_and_no_death(void **state) {
    const stella_job_result result = connect_job(*state, "listen-to nobody.invalid 80", NULL, 0);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_int_equal(result.error.code, STELLA_E_NOTFOUND);
}

static void sockets_of_this_machine_are_refused_softly(void **state) {
    if (!SANDBOXED)
        skip();
    assert_answer(*state, "try unix", "EAFNOSUPPORT");
    assert_answer(*state, "try netlink", "EAFNOSUPPORT");
    assert_answer(*state, "try datagram-pair", "EPERM");
    assert_answer(*state, "try pair", "done");
}

static void nobody_is_waited_for(void **state) {
    if (!SANDBOXED)
        skip();
    assert_answer(*state, "try bind", "EPERM");
}

static void code_is_not_loaded_into_a_child(void **state) {
    if (!SANDBOXED)
        skip();
    assert_answer(*state, "try map-code", "EACCES");
}

static void what_names_need_can_be_read_and_nothing_else(void **state) {
    supervisor_status status;
    assert_answer(*state, "try open /etc/hosts", "done");
    supervisor_status_get(*state, &status);
    if (status.level != SANDBOX_FULL)
        skip(); /* reading is Landlock's business */
    assert_answer(*state, "try open /etc/passwd", "EACCES");
    assert_answer(*state, "try open /proc/self/environ", "EACCES");
}

static void nothing_is_written(void **state) {
    if (!SANDBOXED)
        skip();
    assert_answer(*state, "try write /tmp/stella-connect-test", "EACCES");
    assert_int_equal(access("/tmp/stella-connect-test", F_OK), -1);
}

static void a_program_is_not_run(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = connect_job(*state, "do exec", NULL, 0);
    assert_int_equal(result.end, STELLA_END_CRASHED);
    assert_int_equal(result.signal, SIGSYS);
}

static void a_fork_ends_the_child(void **state) {
    if (!SANDBOXED)
        skip();
    assert_int_equal(connect_job(*state, "do fork", NULL, 0).signal, SIGSYS);
}

static void a_parent_cannot_be_killed_by_way_of_a_descriptor(void **state) {
    if (!SANDBOXED)
        skip();
    const stella_job_result result = connect_job(*state, "do kill-by-pipe", NULL, 0);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_non_null(strstr(result.error.message, "Operation not permitted"));
}

static void a_connect_plugin_is_no_plugin_of_the_scan_host(void **state) {
    const stella_worker *w = supervisor_worker(*state);
    stella_worker_plugin plugin = {.struct_size = sizeof plugin};
    stella_error err = {0};
    assert_true(w->plugin(w->self, "scan", 0, &plugin, &err));
    assert_string_equal(plugin.id, "test.innocent");
    assert_false(w->plugin(w->self, "scan", 1, &plugin, &err));
    assert_true(w->plugin(w->self, "connect", 0, &plugin, &err));
    assert_string_equal(plugin.id, "test.deeds");
    assert_false(w->plugin(w->self, "connect", 1, &plugin, &err));
    assert_int_equal(err.code, STELLA_OK);
}

static void a_host_is_started_when_the_first_job_asks_for_it(void **state) {
    (void)state;
    supervisor *s = supervise_roles(0, (supervisor_options){0});
    supervisor_status status;
    const stella_job_request request = deed("echo here");
    assert_int_equal(do_job(s, &request, NULL, 0).end, STELLA_END_DONE);
    supervisor_status_get(s, &status);
    assert_int_equal(status.hosts_ready, 1);
    assert_int_equal(connect_job(s, "echo there", NULL, 0).end, STELLA_END_FAILED); /* nobody does it there */
    supervisor_status_get(s, &status);
    assert_int_equal(status.hosts_ready, 2);
    supervisor_destroy(s);
}

static void a_scan_job_has_no_network_beside_a_host_that_has(void **state) {
    (void)state;
    if (!SANDBOXED)
        skip();
    supervisor *s = supervise_roles(0, (supervisor_options){0});
    connect_job(s, "echo there", NULL, 0);
    const stella_job_request request = deed("do socket");
    const stella_job_result result = do_job(s, &request, NULL, 0);
    assert_int_equal(result.end, STELLA_END_FAILED);
    assert_non_null(strstr(result.error.message, "Operation not permitted"));
    supervisor_destroy(s);
}

static void without_landlock_names_are_found_all_the_same(void **state) {
    (void)state;
    int listener;
    pthread_t thread;
    char request[64];
    supervisor *s = supervise_roles(1, (supervisor_options){.pretend_no_landlock = 1});
    snprintf(request, sizeof request, "listen-to localhost %u", open_listener(&listener, &thread));
    assert_answer(s, request, "hello");
    pthread_join(thread, NULL);
    close(listener);
    supervisor_destroy(s);
}

int main(int argc, char **argv) {
    supervisor_host_main(argc, argv);
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_child_hears_who_listens_behind_a_name),
        cmocka_unit_test(a_name_that_nobody_has_is_an_error_and_no_death),
        cmocka_unit_test(sockets_of_this_machine_are_refused_softly),
        cmocka_unit_test(nobody_is_waited_for),
        cmocka_unit_test(code_is_not_loaded_into_a_child),
        cmocka_unit_test(what_names_need_can_be_read_and_nothing_else),
        cmocka_unit_test(nothing_is_written),
        cmocka_unit_test(a_program_is_not_run),
        cmocka_unit_test(a_fork_ends_the_child),
        cmocka_unit_test(a_parent_cannot_be_killed_by_way_of_a_descriptor),
        cmocka_unit_test(a_connect_plugin_is_no_plugin_of_the_scan_host),
        cmocka_unit_test(a_host_is_started_when_the_first_job_asks_for_it),
        cmocka_unit_test(a_scan_job_has_no_network_beside_a_host_that_has),
        cmocka_unit_test(without_landlock_names_are_found_all_the_same),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
