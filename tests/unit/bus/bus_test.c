#include "check.h"

#include "bus/bus.h"

#include <nng/nng.h>
#include <nng/protocol/pubsub0/sub.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
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

/* Publishing to a subscription under way is lost - that is what a bus is -, so greet until the watcher hears it.
 * Returns the sequence of the last greeting. */
static int greet(int (*hears)(int handle), int handle) {
    int greetings = 0;
    do {
        assert_int_equal(publish("scan.hello", ""), STELLA_OK);
        greetings++;
    } while (!hears(handle));
    return greetings;
}

static const char *next(nng_socket socket) {
    size_t size = sizeof received - 1;
    if (nng_recv(socket, received, &size, 0) != 0)
        return "nothing";
    received[size] = '\0';
    return received;
}

static int hears_as_subscriber(int id) {
    return strncmp(next((nng_socket){.id = (uint32_t)id}), "scan.hello ", 11) == 0;
}

static void says_next(nng_socket socket, const char *topic, int sequence, const char *data) {
    char expected[256];
    snprintf(expected, sizeof expected, "%s {\"sequence\":%d,\"topic\":\"%s\",\"timeMs\":5,\"data\":%s}", topic,
             sequence, topic, data);
    const char *got = next(socket);
    while (strncmp(got, "scan.hello ", 11) == 0)
        got = next(socket);
    assert_string_equal(got, expected);
}

static void tells_watchers_of_a_topic_in_sequence(void **state) {
    (void)state;
    nng_socket socket;
    assert_int_equal(nng_sub0_open(&socket), 0);
    assert_int_equal(nng_socket_set(socket, NNG_OPT_SUB_SUBSCRIBE, "scan.", 5), 0);
    assert_int_equal(nng_socket_set_ms(socket, NNG_OPT_RECVTIMEO, 50), 0);
    assert_int_equal(nng_dial(socket, url, NULL, 0), 0);
    const int greetings = greet(hears_as_subscriber, (int)socket.id);
    assert_int_equal(nng_socket_set_ms(socket, NNG_OPT_RECVTIMEO, 60000), 0);
    assert_int_equal(publish("scan.started", "{\"id\":1}"), STELLA_OK);
    assert_int_equal(publish("other", ""), STELLA_OK);
    assert_int_equal(publish("scan.ended", "2"), STELLA_OK);
    says_next(socket, "scan.started", greetings + 1, "{\"id\":1}");
    says_next(socket, "scan.ended", greetings + 3, "2");
    nng_close(socket);
}

/* A watcher of our own, for nng's always reads: the greeting of a subscriber (SP over IPC), then nothing more. */
static int connect_without_reading(void) {
    static const char subscriber[8] = {0, 'S', 'P', 0, 0, 0x21, 0, 0};
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s", path);
    const int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(connect(fd, (const struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(write(fd, subscriber, sizeof subscriber), sizeof subscriber);
    char publisher[8];
    assert_int_equal(recv(fd, publisher, sizeof publisher, MSG_WAITALL), sizeof publisher);
    return fd;
}

static int hears_on_the_wire(int fd) {
    struct pollfd one = {.fd = fd, .events = POLLIN};
    return poll(&one, 1, 50) == 1;
}

/* Would publishing wait, it would never return; would closing wait, the teardown would not. */
static void never_waits_for_a_watcher_that_does_not_read(void **state) {
    (void)state;
    const int fd = connect_without_reading();
    greet(hears_on_the_wire, fd);
    static char data[STELLA_BUS_DATA_MAX + 1];
    memset(data, '1', STELLA_BUS_DATA_MAX);
    for (int i = 0; i < 2000; i++) /* 62 MB: no queue holds that */
        assert_int_equal(publish("x", data), STELLA_OK);
    close(fd);
}

/* nng loses a transfer that is closed between two of its parts, and whoever closes a socket after that waits for
 * ever: an event may never need two. */
static void hands_the_largest_event_over_at_once_or_not_at_all(void **state) {
    (void)state;
    static char data[STELLA_BUS_DATA_MAX + 1], head[9];
    memset(data, '1', STELLA_BUS_DATA_MAX);
    const int fd = connect_without_reading();
    greet(hears_on_the_wire, fd);
    for (int i = 0; i < 300; i++)
        assert_int_equal(publish("x", data), STELLA_OK);
    int waiting = 0;  /* bytes */
    size_t whole = 0; /* the writer is stuck: what waits on the wire ends at the end of an event */
    assert_int_equal(ioctl(fd, FIONREAD, &waiting), 0);
    while ((size_t)waiting > whole && recv(fd, head, sizeof head, MSG_WAITALL) == sizeof head) {
        size_t size = 0;
        for (int i = 1; i < 9; i++)
            size = size << 8 | (unsigned char)head[i];
        whole += sizeof head + size;
        static char event[STELLA_BUS_DATA_MAX + 512];
        assert_true(size <= sizeof event);
        assert_int_equal(recv(fd, event, size, MSG_DONTWAIT), size);
    }
    close(fd);
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
        BUS_TEST(hands_the_largest_event_over_at_once_or_not_at_all),
        BUS_TEST(refuses_malformed_topics_and_large_events),
        BUS_TEST(is_for_owner_and_group_alone),
        BUS_TEST(says_that_the_socket_is_taken),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
