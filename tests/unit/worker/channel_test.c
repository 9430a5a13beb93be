/* What may be said on a channel, and what is not listened to. */
#include "check.h"

#include "worker/channel.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static channel_message message;

static int set_up(void **state) {
    static int pair[2];
    *state = pair;
    return channel_pair(pair);
}

static int tear_down(void **state) {
    const int *pair = *state;
    close(pair[0]);
    close(pair[1]);
    return 0;
}

static int open_descriptors(void) {
    int count = 0;
    for (int fd = 0; fd < 200; fd++)
        count += fcntl(fd, F_GETFD) >= 0;
    return count;
}

static void a_message_arrives_with_its_descriptor(void **state) {
    const int *pair = *state;
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    assert_int_equal(channel_send(pair[0], CHANNEL_JOB, 7, STELLA_SV("body"), &ends[0], 1, 0), 0);
    assert_int_equal(channel_receive(pair[1], CHANNEL_HOST_SERVES, 1, 0, &message), 1);
    assert_int_equal(message.type, CHANNEL_JOB);
    assert_int_equal(message.id, 7);
    assert_int_equal(message.length, 4);
    assert_memory_equal(message.body, "body", 4);
    assert_int_equal(message.fd_count, 1);
    assert_true(fcntl(message.fds[0], F_GETFD) & FD_CLOEXEC);
    channel_message_fini(&message);
    close(ends[0]);
    close(ends[1]);
}

static void what_the_phase_does_not_allow_is_an_error(void **state) {
    const int *pair = *state;
    assert_int_equal(channel_send(pair[0], CHANNEL_READY, 0, STELLA_SV(""), NULL, 0, 0), 0);
    assert_int_equal(channel_receive(pair[1], CHANNEL_AWAITS_JOBS, 1, 0, &message), -1);
    assert_int_equal(errno, EPROTO);
    assert_int_equal(channel_send(pair[0], CHANNEL_DONE, 0, STELLA_SV(""), NULL, 0, 0), 0);
    assert_int_equal(channel_receive(pair[1], CHANNEL_AWAITS_NOTHING, 0, 0, &message), -1);
    assert_int_equal(errno, EPROTO);
}

static void bytes_that_are_no_message_are_an_error(void **state) {
    const int *pair = *state;
    static const struct { uint32_t type, id, length; } lies = {CHANNEL_REPLY, 0, 100}, unknown = {1000, 0, 0};
    const struct {
        const void *bytes;
        size_t size;
    } wrong[] = {{"x", 1}, {"garbage", 7}, {&lies, sizeof lies}, {&unknown, sizeof unknown}};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        assert_int_equal(send(pair[0], wrong[i].bytes, wrong[i].size, 0), (ssize_t)wrong[i].size);
        assert_int_equal(channel_receive(pair[1], CHANNEL_AWAITS_OUTCOME, 0, 0, &message), -1);
        assert_int_equal(errno, EPROTO);
    }
}

static void descriptors_that_nobody_asked_for_are_not_kept(void **state) {
    const int *pair = *state;
    const int before = open_descriptors(), fds[] = {0, 1, 2};
    assert_int_equal(channel_send(pair[0], CHANNEL_REPLY, 0, STELLA_SV("r"), fds, 3, 0), 0);
    assert_int_equal(channel_receive(pair[1], CHANNEL_AWAITS_OUTCOME, 0, 0, &message), -1);
    assert_int_equal(errno, EPROTO);
    assert_int_equal(channel_send(pair[0], CHANNEL_JOB, 0, STELLA_SV("r"), fds, 3, 0), 0);
    assert_int_equal(channel_receive(pair[1], CHANNEL_HOST_SERVES, 1, 0, &message), -1);
    assert_int_equal(open_descriptors(), before);
}

static void a_body_of_another_size_is_not_taken(void **state) {
    const int *pair = *state;
    channel_ended ended = {.status = 77};
    assert_int_equal(channel_send(pair[0], CHANNEL_ENDED, 1, STELLA_SV("short"), NULL, 0, 0), 0);
    assert_int_equal(channel_receive(pair[1], CHANNEL_AWAITS_JOBS, 1, 0, &message), 1);
    assert_false(channel_body(&message, &ended, sizeof ended));
    assert_int_equal(ended.status, 77);
}

static void a_body_beyond_the_limit_is_not_sent(void **state) {
    const int *pair = *state;
    static const char bytes[CHANNEL_BODY_MAX + 1];
    assert_int_equal(channel_send(pair[0], CHANNEL_REPLY, 0, stella_sv_of(bytes, sizeof bytes), NULL, 0, 0), -1);
    assert_int_equal(errno, EMSGSIZE);
}

static void the_end_of_the_conversation_is_seen(void **state) {
    int *pair = *state;
    assert_int_equal(channel_receive(pair[1], CHANNEL_HOST_SERVES, 1, MSG_DONTWAIT, &message), -1);
    assert_int_equal(errno, EAGAIN);
    shutdown(pair[0], SHUT_RDWR);
    assert_int_equal(channel_receive(pair[1], CHANNEL_HOST_SERVES, 1, 0, &message), 0);
    assert_int_equal(channel_send(pair[1], CHANNEL_REPLY, 0, STELLA_SV("x"), NULL, 0, 0), -1);
    assert_int_equal(errno, EPIPE); /* and no SIGPIPE */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_message_arrives_with_its_descriptor, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_the_phase_does_not_allow_is_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bytes_that_are_no_message_are_an_error, set_up, tear_down),
        cmocka_unit_test_setup_teardown(descriptors_that_nobody_asked_for_are_not_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_of_another_size_is_not_taken, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_beyond_the_limit_is_not_sent, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_end_of_the_conversation_is_seen, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
