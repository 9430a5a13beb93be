#include "daemon.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>

#define PATHS_MAX 2

typedef struct candidates {
    uint32_t count;
    char paths[PATHS_MAX][sizeof((struct sockaddr_un *)0)->sun_path];
} candidates;

static stella_status add(candidates *c, const char *folder, const char *path, stella_error *err) {
    const size_t room = sizeof c->paths[0];
    if ((size_t)snprintf(c->paths[c->count], room, "%s%s", folder, path) >= room)
        return stella_error_set(err, STELLA_E_LIMIT, path, "too long for the name of a socket");
    c->count++;
    return STELLA_OK;
}

/* From a variable as the daemon's own client reads it. */
static stella_status add_named(candidates *c, const char *variable, stella_error *err) {
    static const char scheme[] = "unix://";
    const char *value = getenv(variable);
    if (!value || !*value)
        return STELLA_OK;
    if (strncmp(value, scheme, sizeof scheme - 1) != 0)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, variable,
                                "only sockets of this machine are reached (unix://PATH), not %.80s", value);
    return add(c, "", value + sizeof scheme - 1, err);
}

static stella_status find(stella_sv scheme, candidates *c, stella_error *err) {
    const int is_docker = stella_sv_eq(scheme, STELLA_SV("docker"));
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    stella_status status = add_named(c, is_docker ? "DOCKER_HOST" : "CONTAINER_HOST", err);
    if (status != STELLA_OK || c->count)
        return status;
    if (is_docker)
        return add(c, "", "/var/run/docker.sock", err);
    if (runtime && runtime[0] == '/')
        status = add(c, runtime, "/podman/podman.sock", err);
    return status == STELLA_OK ? add(c, "", "/run/podman/podman.sock", err) : status;
}

int daemon_is_scheme(stella_sv scheme) {
    return stella_sv_eq(scheme, STELLA_SV("docker")) || stella_sv_eq(scheme, STELLA_SV("podman"));
}

static int connect_to(const char *path) {
    struct sockaddr_un at = {.sun_family = AF_UNIX};
    STELLA_AUTO(stella_fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    const struct timeval patience = {.tv_sec = 10}; /* of one whose queue is full */
    memcpy(at.sun_path, path, strlen(path));
    if (fd < 0)
        return -1;
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
    return connect(fd, (const struct sockaddr *)&at, sizeof at) == 0 ? stella_take_fd(&fd) : -1;
}

stella_status daemon_connect(stella_sv scheme, int *out_fd, stella_error *err) {
    candidates c = {0};
    const stella_status status = find(scheme, &c, err);
    if (status != STELLA_OK)
        return status;
    int number = ENOENT;
    for (uint32_t i = 0; i < c.count; i++) {
        const int fd = connect_to(c.paths[i]);
        if (fd >= 0) {
            *out_fd = fd;
            return STELLA_OK;
        }
        number = errno == ENOENT ? number : errno;
    }
    const stella_status code = number == EACCES || number == EPERM ? STELLA_E_DENIED : STELLA_E_NOTFOUND;
    return stella_error_set(err, code, NULL, "no %.*s daemon can be reached at %s%s%s: %s", STELLA_SV_FMT(scheme),
                            c.paths[0], c.count > 1 ? " or " : "", c.count > 1 ? c.paths[1] : "", strerror(number));
}
