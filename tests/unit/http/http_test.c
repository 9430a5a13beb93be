#include "check.h"

#include "http/http.h"
#include "http/listen.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

static char path[80], reply[65536];
static http *server;

static stella_status echo(void *context, const stella_http_request *request, stella_http_response *response,
                          stella_error *err) {
    (void)context;
    (void)err;
    const stella_sv q = stella_http_query(request, "q");
    response->body = stella_arena_printf(request->arena, "[%.*s|%.*s|%.*s|%.*s]", STELLA_SV_FMT(request->body),
                                         STELLA_SV_FMT(stella_http_param(request, "id")), STELLA_SV_FMT(q),
                                         STELLA_SV_FMT(stella_http_header(request, "x-test")));
    response->type = "text/plain";
    return STELLA_OK;
}

static stella_status refuse(void *context, const stella_http_request *request, stella_http_response *response,
                            stella_error *err) {
    (void)context;
    (void)request;
    (void)response;
    return stella_error_set(err, STELLA_E_CONFLICT, "/field", "it is \"taken\"");
}

static stella_status send_file(void *context, const stella_http_request *request, stella_http_response *response,
                               stella_error *err) {
    (void)context;
    (void)request;
    (void)err;
    char name[] = "/tmp/http_test.XXXXXX";
    response->body_fd = mkstemp(name);
    unlink(name);
    return write(response->body_fd, "from a file", 11) == 11 ? STELLA_OK : STELLA_E_IO;
}

static int start(int tcp_control) {
    snprintf(path, sizeof path, "/tmp/http_test.%d/sub/s.sock", (int)getpid());
    const http_options options = {.socket_path = path,
                                  .tcp_listen = "127.0.0.1:0",
                                  .tcp_control = tcp_control,
                                  .unix_fd = -1,
                                  .tcp_fd = -1,
                                  .body_max_bytes = 1000,
                                  .headers_max = 10,
                                  .timeout_s = 5,
                                  .body_s = 2,
                                  .tcp_per_address_max = 4,
                                  .connections_max = 16,
                                  .threads = 2};
    server = http_create(&options);
    const stella_http *face = http_interface(server);
    return face->route(face->self, "POST", "/echo/{id}", 0, echo, NULL, NULL) ||
           face->route(face->self, "GET", "/fail", 0, refuse, NULL, NULL) ||
           face->route(face->self, "GET", "/file", 0, send_file, NULL, NULL) ||
           face->route(face->self, "GET", "/local", STELLA_HTTP_LOCAL, refuse, NULL, NULL) || http_start(server, NULL);
}

static int start_server(void **state) {
    (void)state;
    return start(0);
}

static int stop_server(void **state) {
    (void)state;
    http_destroyp(&server);
    char command[128];
    snprintf(command, sizeof command, "rm -rf /tmp/http_test.%d", (int)getpid());
    return system(command);
}

static int connect_unix(void) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    memcpy(address.sun_path, path, strlen(path) + 1);
    const int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    assert_return_code(connect(fd, (const void *)&address, sizeof address), 0);
    return fd;
}

static int connect_tcp(void) {
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons(http_tcp_port(server)),
                                        .sin_addr = {.s_addr = htonl(INADDR_LOOPBACK)}};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_return_code(connect(fd, (const void *)&address, sizeof address), 0);
    return fd;
}

/* Sends the text and reads until the server closes. */
static const char *talk(int fd, const char *text) {
    size_t used = 0;
    assert_true(send(fd, text, strlen(text), MSG_NOSIGNAL) > 0);
    for (ssize_t got; used < sizeof reply - 1 && (got = read(fd, reply + used, sizeof reply - 1 - used)) > 0;)
        used += (size_t)got;
    reply[used] = '\0';
    close(fd);
    return reply;
}

#define END "Host: x\r\nConnection: close\r\n\r\n"

static void assert_reply(const char *text, const char *status, const char *part) {
    if (strncmp(text, status, strlen(status)) != 0 || !strstr(text, part))
        fail_msg("expected %s ... %s, got: %s", status, part, text);
}

static void hands_over_body_parameter_query_and_header(void **state) {
    (void)state;
    assert_reply(
        talk(connect_unix(), "POST /echo/a%20b?q=1%2B2 HTTP/1.1\r\nX-Test: t\r\nContent-Length: 4\r\n" END "body"),
        "HTTP/1.1 200", "\r\n\r\n[body|a b|1+2|t]");
}

static void sends_an_error_as_a_problem_document(void **state) {
    (void)state;
    const char *got = talk(connect_unix(), "GET /fail HTTP/1.1\r\n" END);
    assert_reply(got, "HTTP/1.1 409", "Content-Type: application/problem+json");
    assert_reply(got, "HTTP/1.1 409",
                 "{\"type\":\"about:blank\",\"title\":\"Conflict\",\"status\":409,\"detail\":\"it is \\\"taken\\\"\","
                 "\"code\":\"conflict\",\"at\":\"/field\"}");
}

static void sends_a_file(void **state) {
    (void)state;
    assert_reply(talk(connect_unix(), "GET /file HTTP/1.1\r\n" END), "HTTP/1.1 200", "\r\n\r\nfrom a file");
}

static void says_what_is_wrong_with_path_and_method(void **state) {
    (void)state;
    assert_reply(talk(connect_unix(), "GET /none HTTP/1.1\r\n" END), "HTTP/1.1 404", "nothing at this path");
    assert_reply(talk(connect_unix(), "DELETE /fail HTTP/1.1\r\n" END), "HTTP/1.1 405", "Allow: GET, HEAD\r\n");
    assert_reply(talk(connect_unix(), "GET /fail%00x HTTP/1.1\r\n" END), "HTTP/1.1 400", "control character");
}

static void refuses_a_body_that_is_too_large_announced_or_not(void **state) {
    (void)state;
    assert_reply(talk(connect_unix(), "POST /echo/x HTTP/1.1\r\nContent-Length: 1001\r\n" END), "HTTP/1.1 413",
                 "http.body_max_kb");
    char text[4096], data[1200];
    memset(data, 'x', sizeof data - 1);
    data[sizeof data - 1] = '\0';
    snprintf(text, sizeof text, "POST /echo/x HTTP/1.1\r\nTransfer-Encoding: chunked\r\n" END "%zx\r\n%s\r\n0\r\n\r\n",
             strlen(data), data);
    assert_reply(talk(connect_unix(), text), "HTTP/1.1 413", "http.body_max_kb");
}

static void refuses_too_many_headers(void **state) {
    (void)state;
    char text[1024] = "GET /fail HTTP/1.1\r\n";
    for (int i = 0; i < 12; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "X-%d: y\r\n", i);
    strcat(text, END);
    assert_reply(talk(connect_unix(), text), "HTTP/1.1 431", "http.headers_max");
}

static void answers_control_on_the_unix_socket_alone(void **state) {
    (void)state;
    assert_reply(talk(connect_tcp(), "GET /local HTTP/1.1\r\n" END), "HTTP/1.1 403", "http.tcp.control");
    assert_reply(talk(connect_unix(), "GET /local HTTP/1.1\r\n" END), "HTTP/1.1 409", "taken");
    assert_reply(talk(connect_tcp(), "GET /fail HTTP/1.1\r\n" END), "HTTP/1.1 409", "taken");
}

static void answers_control_over_tcp_when_told_so(void **state) {
    (void)state;
    http_destroyp(&server);
    assert_int_equal(start(1), 0);
    assert_reply(talk(connect_tcp(), "GET /local HTTP/1.1\r\n" END), "HTTP/1.1 409", "taken");
}

static void replaces_a_stale_socket_but_not_a_live_one(void **state) {
    (void)state;
    int fd = -1;
    stella_error err;
    assert_int_equal(listen_unix(path, &fd, &err), STELLA_E_BUSY);
    assert_int_equal(fd, -1);
    struct stat st;
    assert_int_equal(stat(path, &st), 0);
    assert_int_equal(st.st_mode & 07777, 0660);
    char stale[100];
    snprintf(stale, sizeof stale, "%s.stale", path);
    assert_int_equal(listen_unix(stale, &fd, &err), STELLA_OK);
    close(fd); /* the file stays, as after kill -9 */
    assert_int_equal(listen_unix(stale, &fd, &err), STELLA_OK);
    close(fd);
}

static void refuses_an_address_that_is_none(void **state) {
    (void)state;
    const char *const addresses[] = {"localhost", "127.0.0.1", "127.0.0.1:", "127.0.0.1:65536",
                                     "[::1]",     "::1:x",     ":80"};
    for (size_t i = 0; i < sizeof addresses / sizeof addresses[0]; i++) {
        int fd = -7;
        assert_int_equal(listen_tcp(addresses[i], &fd, NULL), STELLA_E_INVALID);
        assert_int_equal(fd, -7);
    }
}

static void takes_sockets_from_the_service_manager(void **state) {
    (void)state;
    const pid_t child = fork(); /* descriptor 3 is the test's own to use in a process of its own */
    if (child == 0) {
        const int made = socket(AF_UNIX, SOCK_STREAM, 0);
        char pid[16];
        snprintf(pid, sizeof pid, "%d", (int)getpid());
        int unix_fd = -7, tcp_fd = -7;
        if (dup2(made, 3) != 3 || setenv("LISTEN_PID", pid, 1) || setenv("LISTEN_FDS", "1", 1))
            _exit(1);
        listen_inherited(&unix_fd, &tcp_fd);
        _exit(unix_fd == 3 && tcp_fd == -1 && !getenv("LISTEN_FDS") ? 0 : 2);
    }
    int status = -1;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

/* Whether the server answers on a new TCP connection, which stays open. */
static int is_answered(int fd) {
    const char request[] = "GET /fail HTTP/1.1\r\nHost: x\r\n\r\n";
    char first = 0;
    return send(fd, request, strlen(request), MSG_NOSIGNAL) > 0 && read(fd, &first, 1) == 1;
}

static void limits_the_connections_of_one_address(void **state) {
    (void)state;
    int fds[5];
    for (int i = 0; i < 4; i++) {
        fds[i] = connect_tcp();
        assert_true(is_answered(fds[i]));
    }
    fds[4] = connect_tcp();
    assert_false(is_answered(fds[4]));
    const int local = connect_unix();
    assert_true(is_answered(local)); /* nobody but the network is shut out */
    close(local);
    for (int i = 0; i < 5; i++)
        close(fds[i]);
}

static void cuts_off_a_body_that_drips(void **state) {
    (void)state;
    const int fd = connect_unix();
    const char head[] = "POST /echo/a HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n";
    assert_true(send(fd, head, strlen(head), MSG_NOSIGNAL) > 0);
    int sent = 0;
    while (sent < 50 && send(fd, "x", 1, MSG_NOSIGNAL) == 1) {
        sent++;
        usleep(100 * 1000);
    }
    assert_in_range(sent, 5, 45); /* long before the length that it announced, and its 5 seconds without a sign */
    close(fd);
}

#define HTTP_TEST(function) cmocka_unit_test_setup_teardown(function, start_server, stop_server)

int main(void) {
    const struct CMUnitTest all[] = {
        HTTP_TEST(hands_over_body_parameter_query_and_header),
        HTTP_TEST(sends_an_error_as_a_problem_document),
        HTTP_TEST(sends_a_file),
        HTTP_TEST(says_what_is_wrong_with_path_and_method),
        HTTP_TEST(refuses_a_body_that_is_too_large_announced_or_not),
        HTTP_TEST(refuses_too_many_headers),
        HTTP_TEST(answers_control_on_the_unix_socket_alone),
        HTTP_TEST(answers_control_over_tcp_when_told_so),
        HTTP_TEST(limits_the_connections_of_one_address),
        HTTP_TEST(cuts_off_a_body_that_drips),
        HTTP_TEST(replaces_a_stale_socket_but_not_a_live_one),
        HTTP_TEST(refuses_an_address_that_is_none),
        cmocka_unit_test(takes_sockets_from_the_service_manager),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
