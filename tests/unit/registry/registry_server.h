/* registry_server.h - a registry of tests/tools as a process of the test, and targets on it. */
#ifndef TESTS_REGISTRY_SERVER_H
#define TESTS_REGISTRY_SERVER_H

#include "unit/scanner/sources/fake_target.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

/* It ends when keep_alive is closed. */
typedef struct registry_server {
    pid_t pid;
    int keep_alive;
} registry_server;

static inline int server_read_line(int fd, char *line, size_t room) {
    size_t len = 0;
    while (len + 1 < room && read(fd, line + len, 1) == 1 && line[len] != '\n')
        len++;
    line[len] = '\0';
    return len > 0 ? 0 : -1;
}

/* script: in tests/tools; line: what it says when it serves. Returns -1 when it does not come so far. */
static inline int server_start(registry_server *server, const char *script, char *line, size_t room) {
    char path[512];
    int in[2], out[2];
    snprintf(path, sizeof path, "%s/tests/tools/%s", STELLA_SOURCE_DIR, script);
    if (pipe2(in, O_CLOEXEC) < 0 || pipe2(out, O_CLOEXEC) < 0)
        return -1;
    server->pid = fork();
    if (server->pid == 0) {
        dup2(in[0], STDIN_FILENO);
        dup2(out[1], STDOUT_FILENO);
        execlp("python3", "python3", path, (char *)NULL);
        _exit(127);
    }
    close(in[0]);
    close(out[1]);
    server->keep_alive = in[1];
    const int began = server->pid > 0 ? server_read_line(out[0], line, room) : -1;
    close(out[0]);
    return began;
}

static inline int server_stop(registry_server *server) {
    close(server->keep_alive);
    return waitpid(server->pid, NULL, 0) == server->pid ? 0 : -1;
}

/* The text of a small file, NUL-terminated. Returns 0, or -1 when there is none. */
static inline int server_read_file(const char *path, char *text, size_t room) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC);
    const ssize_t size = fd >= 0 ? read(fd, text, room - 1) : -1;
    if (size <= 0)
        return -1;
    text[size] = '\0';
    return 0;
}

/* JSON for stella_target.access: {MORE "ca": PEM}; more: members with a comma behind them. */
static inline const char *server_access(const char *ca, char *json, size_t room, const char *more) {
    size_t len = (size_t)snprintf(json, room, "{%s\"ca\":\"", more);
    for (const char *c = ca; *c; c++)
        len += (size_t)snprintf(json + len, room - len, *c == '\n' ? "\\n" : "%c", *c);
    snprintf(json + len, room - len, "\"}");
    return json;
}

/* tests/tools/bad_registry.py at work. */
typedef struct bad_registry {
    registry_server process;
    unsigned port, other_port, tls_port;
    char ca[4096]; /* of the authority that vouches for tls_port */
} bad_registry;

static inline int bad_registry_start(bad_registry *server) {
    char line[512], ca_file[256];
    if (server_start(&server->process, "bad_registry.py", line, sizeof line) < 0)
        return -1;
    return sscanf(line, "%u %u %u %255s", &server->port, &server->other_port, &server->tls_port, ca_file) == 4
               ? server_read_file(ca_file, server->ca, sizeof server->ca)
               : -1;
}

static inline void server_destroy_target(fake_target **t) {
    fake_destroy(*t);
}
#define TARGET STELLA_AUTO(server_destroy_target) fake_target *

#endif
