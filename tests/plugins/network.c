#include "plugins/network.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <linux/netlink.h>
#include <netdb.h>
#include <netinet/in.h>
#include <pthread.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct call {
    const char *host, *port;
    int failed;  /* of getaddrinfo */
    int refused; /* errno of the last address */
    int fd;
} call;

static void *dial(void *argument) {
    call *c = argument;
    const struct addrinfo hints = {.ai_family = AF_UNSPEC, .ai_socktype = SOCK_STREAM, .ai_flags = AI_ADDRCONFIG};
    struct addrinfo *list = NULL;
    c->failed = getaddrinfo(c->host, c->port, &hints, &list);
    for (const struct addrinfo *a = c->failed ? NULL : list; a && c->fd < 0; a = a->ai_next) {
        c->fd = socket(a->ai_family, a->ai_socktype | SOCK_CLOEXEC, a->ai_protocol);
        const int connected = c->fd >= 0 && connect(c->fd, a->ai_addr, a->ai_addrlen) == 0;
        c->refused = connected ? 0 : errno;
        if (!connected)
            stella_fd_closep(&c->fd);
    }
    if (list)
        freeaddrinfo(list);
    return NULL;
}

stella_status network_listen(stella_job *job, stella_sv where, stella_error *err) {
    stella_sv host;
    char heard[256];
    stella_sv_split(&where, ' ', &host);
    call c = {.host = stella_arena_cstr(job->arena, host), .port = stella_arena_cstr(job->arena, where), .fd = -1};
    pthread_t thread;
    if (pthread_create(&thread, NULL, dial, &c))
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "no thread");
    pthread_join(thread, NULL);
    if (c.failed)
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "%s: %s", c.host, gai_strerror(c.failed));
    STELLA_AUTO(stella_fd_closep) int fd = c.fd;
    /* As libraries do: nobody waits in a call for one socket. */
    if (fd < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "%s: %s", c.host, strerror(c.refused));
    if (fcntl(fd, F_SETFL, 0) != 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "flags: %s", strerror(errno));
    const ssize_t got = read(fd, heard, sizeof heard);
    return got < 0 ? stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno))
                   : stella_job_reply(job, stella_sv_of(heard, (size_t)got), err);
}

static int try_unix(const char *path) {
    (void)path;
    return socket(AF_UNIX, SOCK_STREAM, 0);
}

static int try_netlink(const char *path) {
    (void)path;
    return socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
}

static int try_bind(const char *path) {
    (void)path;
    const struct sockaddr_in any = {.sin_family = AF_INET};
    const int fd = socket(AF_INET, SOCK_STREAM, 0);
    return fd < 0 ? fd : bind(fd, (const struct sockaddr *)&any, sizeof any);
}

static int try_datagram_pair(const char *path) {
    (void)path;
    int ends[2];
    return socketpair(AF_UNIX, SOCK_DGRAM, 0, ends);
}

static int try_pair(const char *path) {
    (void)path;
    int ends[2];
    return socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends);
}

static int try_map_code(const char *path) {
    (void)path;
    return mmap(NULL, 4096, PROT_READ | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? -1 : 0;
}

static int try_open(const char *path) {
    return open(path, O_RDONLY | O_CLOEXEC);
}

static int try_write(const char *path) {
    return open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
}

static const struct {
    const char *name;
    int (*act)(const char *path);
} tries[] = {{"unix", try_unix}, {"netlink", try_netlink},   {"bind", try_bind},
             {"pair", try_pair}, {"map-code", try_map_code}, {"datagram-pair", try_datagram_pair},
             {"open", try_open}, {"write", try_write}};

stella_status network_try(stella_job *job, stella_sv what, stella_error *err) {
    stella_sv name;
    stella_sv_split(&what, ' ', &name);
    const char *path = stella_arena_cstr(job->arena, what);
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        if (!stella_sv_eq(name, stella_sv_cstr(tries[i].name)))
            continue;
        const int refused = tries[i].act(path) < 0 ? errno : 0;
        return stella_job_reply(job, stella_sv_cstr(refused ? strerrorname_np(refused) : "done"), err);
    }
    return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "no such try");
}
