#include "check.h"

#include "bus/bus.h"

#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char path[64], url[80], received[1024];
static bus *events;

static int64_t fixed_ms(void) {
    return 5;
}

static int open_bus(void **state) {
    (void)state;
    snprintf(path, sizeof path, "/tmp/bus_test.%d.sock", (int)getpid());
    snprintf(url, sizeof url, "ipc://%s", path);
    return bus_open(path, fixed_ms, &events, NULL) == STELLA_OK ? 0 : -1;
}

static int close_bus(void **state) {
    (void)state;
    bus_closep(&events);
    unlink(path);
    return 0;
}

static stella_status publish(const char *topic, const char *data) {
    const stella_bus *face = bus_interface(events);
    return face->publish(face->self, stella_sv_cstr(topic), stella_sv_cstr(data), NULL);
}

static nng_socket watch(const char *topic, nng_duration timeout_ms) {
    nng_socket socket;
    assert_int_equal(nng_sub0_open(&socket), 0);
    assert_int_equal(nng_socket_set(socket, NNG_OPT_SUB_SUBSCRIBE, topic, strlen(topic)), 0);
    nng_socket_set_ms(socket, NNG_OPT_RECVTIMEO, timeout_ms);
    assert_int_equal(nng_dial(socket, url, NULL, 0), 0);
    usleep(300000); /* publishing to a subscription under way is lost: that is what a bus is */
    return socket;
}

static const char *next(nng_socket socket) {
    size_t size = sizeof received - 1;
    if (nng_recv(socket, received, &size, 0) != 0)
        return "nothing";
    received[size] = '\0';
    return received;
}

static void tells_watchers_of_a_topic_in_sequence(void **state) {
    (void)state;
    nng_socket socket = watch("scan.", 2000);
    assert_int_equal(publish("scan.started", "{\"id\":1}"), STELLA_OK);
    assert_int_equal(publish("other", ""), STELLA_OK);
    assert_int_equal(publish("scan.ended", "2"), STELLA_OK);
    assert_string_equal(next(socket),
                        "scan.started {\"sequence\":1,\"topic\":\"scan.started\",\"timeMs\":5,\"data\":{\"id\":1}}");
    assert_string_equal(next(socket), "scan.ended {\"sequence\":3,\"topic\":\"scan.ended\",\"timeMs\":5,\"data\":2}");
    nng_close(socket);
}

static void never_waits_for_a_watcher_that_does_not_read(void **state) {
    (void)state;
    nng_socket socket = watch("", 100);
    static char data[65536];
    memset(data, '1', sizeof data - 1);
    struct timespec before, after;
    clock_gettime(CLOCK_MONOTONIC, &before);
    for (int i = 0; i < 2000; i++) /* 128 MB: no queue holds that */
        assert_int_equal(publish("x", data), STELLA_OK);
    clock_gettime(CLOCK_MONOTONIC, &after);
    assert_true(after.tv_sec - before.tv_sec < 20);
    nng_close(socket);
}

static void refuses_malformed_topics_and_large_events(void **state) {
    (void)state;
    assert_int_equal(publish("", "1"), STELLA_E_INVALID);
    assert_int_equal(publish("a b", "1"), STELLA_E_INVALID);
    assert_int_equal(publish("A", "1"), STELLA_E_INVALID);
    const stella_bus *face = bus_interface(events);
    char *large = calloc(1, STELLA_BUS_DATA_MAX + 1);
    stella_error err;
    assert_int_equal(face->publish(face->self, STELLA_SV("a"), stella_sv_of(large, STELLA_BUS_DATA_MAX + 1), &err),
                     STELLA_E_LIMIT);
    free(large);
}

static void is_for_owner_and_group_alone(void **state) {
    (void)state;
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0660);
}

static void says_that_the_socket_is_taken(void **state) {
    (void)state;
    bus *second = (bus *)1;
    stella_error err;
    assert_int_equal(bus_open(path, NULL, &second, &err), STELLA_E_BUSY);
    assert_string_equal(err.path, path);
    assert_ptr_equal(second, (bus *)1);
}

#define BUS_TEST(function) cmocka_unit_test_setup_teardown(function, open_bus, close_bus)

int main(void) {
    const struct CMUnitTest all[] = {
        BUS_TEST(tells_watchers_of_a_topic_in_sequence),
        BUS_TEST(never_waits_for_a_watcher_that_does_not_read),
        BUS_TEST(refuses_malformed_topics_and_large_events),
        BUS_TEST(is_for_owner_and_group_alone),
        BUS_TEST(says_that_the_socket_is_taken),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
