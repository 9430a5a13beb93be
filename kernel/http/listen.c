#include "http/listen.h"

#include <stella/auto.h>

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#define BACKLOG         128
#define INHERITED_FIRST 3 /* SD_LISTEN_FDS_START */
#define INHERITED_MAX   16
#define SOCKET_MODE     0660
#define SOCKET_DIR_MODE 0755

static stella_status fail(const char *where, const char *doing, stella_error *err) {
    return stella_error_set(err, errno == EACCES ? STELLA_E_DENIED : STELLA_E_IO, where, "%s: %s", doing,
                            strerror(errno));
}

void listen_make_parent(const char *path) {
    char dir[sizeof((struct sockaddr_un *)0)->sun_path];
    snprintf(dir, sizeof dir, "%s", path);
    for (char *slash = strchr(dir + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(dir, SOCKET_DIR_MODE);
        *slash = '/';
    }
}

static int somebody_answers(const struct sockaddr_un *address) {
    STELLA_AUTO(stella_fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    return fd >= 0 && connect(fd, (const void *)address, sizeof *address) == 0;
}

/* The mode is right from the first moment: nobody connects between bind and chmod. */
static int bind_closed(int fd, const struct sockaddr_un *address) {
    const mode_t before = umask(0777 & ~SOCKET_MODE);
    const int result = bind(fd, (const void *)address, sizeof *address);
    umask(before);
    return result;
}

stella_status listen_unix(const char *path, int *fd, stella_error *err) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return stella_error_set(err, STELLA_E_LIMIT, path, "the path of a unix socket has at most %zu bytes",
                                sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path) + 1);
    listen_make_parent(path);
    STELLA_AUTO(stella_fd_closep) int made = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0)
        return fail(path, "make a socket", err);
    int bound = bind_closed(made, &address);
    if (bound != 0 && errno == EADDRINUSE) {
        if (somebody_answers(&address))
            return stella_error_set(err, STELLA_E_BUSY, path, "another process listens here: set http.socket");
        unlink(path);
        bound = bind_closed(made, &address);
    }
    if (bound != 0 || listen(made, BACKLOG) != 0)
        return fail(path, "listen", err);
    *fd = stella_take_fd(&made);
    return STELLA_OK;
}

static int parse_address(const char *text, struct sockaddr_storage *out, socklen_t *size) {
    const stella_sv whole = stella_sv_cstr(text);
    const size_t colon = stella_sv_rfind(whole, ':');
    uint64_t port;
    if (colon == whole.len || !stella_sv_u64(stella_sv_skip(whole, colon + 1), 65535, &port))
        return 0;
    const int is_v6 = colon > 2 && text[0] == '[' && text[colon - 1] == ']';
    char host[64];
    snprintf(host, sizeof host, "%.*s", (int)(is_v6 ? colon - 2 : colon), is_v6 ? text + 1 : text);
    if (is_v6) {
        struct sockaddr_in6 *v6 = (void *)out;
        *v6 = (struct sockaddr_in6){.sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port)};
        *size = sizeof *v6;
        return inet_pton(AF_INET6, host, &v6->sin6_addr) == 1;
    }
    struct sockaddr_in *v4 = (void *)out;
    *v4 = (struct sockaddr_in){.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    *size = sizeof *v4;
    return inet_pton(AF_INET, host, &v4->sin_addr) == 1;
}

stella_status listen_tcp(const char *address, int *fd, stella_error *err) {
    struct sockaddr_storage where = {0};
    socklen_t size;
    const int one = 1;
    if (!parse_address(address, &where, &size))
        return stella_error_set(err, STELLA_E_INVALID, address,
                                "http.tcp.listen: expected 127.0.0.1:8080 or [::1]:8080");
    STELLA_AUTO(stella_fd_closep) int made = socket(where.ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (made < 0 || setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one) != 0)
        return fail(address, "make a socket", err);
    if (bind(made, (const void *)&where, size) != 0 || listen(made, BACKLOG) != 0)
        return fail(address, "listen", err);
    *fd = stella_take_fd(&made);
    return STELLA_OK;
}

static void sort_inherited(int fd, int *unix_fd, int *tcp_fd) {
    struct sockaddr_storage name = {0};
    socklen_t size = sizeof name;
    fcntl(fd, F_SETFD, FD_CLOEXEC);
    if (getsockname(fd, (void *)&name, &size) != 0)
        return;
    int *slot = name.ss_family == AF_UNIX ? unix_fd : tcp_fd;
    if (*slot >= 0) {
        close(fd);
        return;
    }
    fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
    *slot = fd;
}

void listen_inherited(int *unix_fd, int *tcp_fd) {
    *unix_fd = -1;
    *tcp_fd = -1;
    const char *pid_text = getenv("LISTEN_PID"), *count_text = getenv("LISTEN_FDS");
    uint64_t pid = 0, count = 0;
    const int is_ours = pid_text && count_text && stella_sv_u64(stella_sv_cstr(pid_text), INT32_MAX, &pid) &&
                        pid == (uint64_t)getpid() && stella_sv_u64(stella_sv_cstr(count_text), INHERITED_MAX, &count);
    for (uint64_t i = 0; is_ours && i < count; i++)
        sort_inherited(INHERITED_FIRST + (int)i, unix_fd, tcp_fd);
    unsetenv("LISTEN_PID");
    unsetenv("LISTEN_FDS");
    unsetenv("LISTEN_FDNAMES");
}
