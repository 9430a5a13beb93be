#include "worker/channel.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

typedef struct header {
    uint32_t type, id, length;
} header;

#define BIT(type) (UINT64_C(1) << (type))

static const uint64_t allowed[] = {
    [CHANNEL_HOST_COLLECTS] = BIT(CHANNEL_PLUGIN) | BIT(CHANNEL_LOAD),
    [CHANNEL_HOST_SERVES] = BIT(CHANNEL_JOB) | BIT(CHANNEL_KILL) | BIT(CHANNEL_PING),
    [CHANNEL_AWAITS_READY] = BIT(CHANNEL_UNLOADABLE) | BIT(CHANNEL_READY),
    [CHANNEL_AWAITS_JOBS] = BIT(CHANNEL_STARTED) | BIT(CHANNEL_ENDED) | BIT(CHANNEL_PONG),
    [CHANNEL_CHILD_COLLECTS] = BIT(CHANNEL_START) | BIT(CHANNEL_FDS),
    [CHANNEL_CHILD_AWAITS_FD] = BIT(CHANNEL_NAME) | BIT(CHANNEL_REFUSED),
    [CHANNEL_AWAITS_OUTCOME] =
        BIT(CHANNEL_REPLY) | BIT(CHANNEL_DONE) | BIT(CHANNEL_FAILED) | BIT(CHANNEL_LIST) | BIT(CHANNEL_OPEN),
    [CHANNEL_AWAITS_NOTHING] = 0,
};

typedef union control {
    struct cmsghdr head;
    char space[CMSG_SPACE(sizeof(int) * CHANNEL_FDS_MAX)];
} control;

int channel_pair(int out[2]) {
    return socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, out);
}

int channel_send(int channel, channel_type type, uint32_t id, stella_sv body, const int *fds, uint32_t fd_count,
                 int flags) {
    if (body.len > CHANNEL_BODY_MAX || fd_count > CHANNEL_FDS_MAX) {
        errno = EMSGSIZE;
        return -1;
    }
    header head = {.type = (uint32_t)type, .id = id, .length = (uint32_t)body.len};
    struct iovec parts[] = {{&head, sizeof head}, {(void *)(uintptr_t)body.ptr, body.len}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = body.len ? 2 : 1};
    control extra;
    if (fd_count) {
        memset(&extra, 0, sizeof extra.head);
        message.msg_control = &extra;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * fd_count);
        extra.head = (struct cmsghdr){
            .cmsg_level = SOL_SOCKET, .cmsg_type = SCM_RIGHTS, .cmsg_len = CMSG_LEN(sizeof(int) * fd_count)};
        memcpy(CMSG_DATA(&extra.head), fds, sizeof(int) * fd_count);
    }
    ssize_t sent;
    do
        sent = sendmsg(channel, &message, flags | MSG_NOSIGNAL);
    while (sent < 0 && errno == EINTR);
    return sent < 0 ? -1 : 0;
}

static void take_fds(struct msghdr *message, channel_message *out) {
    for (struct cmsghdr *c = CMSG_FIRSTHDR(message); c; c = CMSG_NXTHDR(message, c)) {
        if (c->cmsg_level != SOL_SOCKET || c->cmsg_type != SCM_RIGHTS)
            continue;
        const size_t count = (c->cmsg_len - CMSG_LEN(0)) / sizeof(int);
        for (size_t i = 0; i < count && out->fd_count < CHANNEL_FDS_MAX; i++)
            memcpy(&out->fds[out->fd_count++], CMSG_DATA(c) + i * sizeof(int), sizeof(int));
    }
}

static int is_allowed(const header *head, size_t received, channel_phase phase) {
    return received >= sizeof *head && head->length == received - sizeof *head && head->type < 64 &&
           (allowed[phase] & BIT(head->type));
}

/* Descriptors were lost although there was room for them: this process may open no more. A pidfd can be done without.
 */
static int is_cut(const struct msghdr *message, channel_phase phase, uint32_t fds_max, const channel_message *out) {
    if (message->msg_flags & MSG_TRUNC)
        return 1;
    return (message->msg_flags & MSG_CTRUNC) && (phase != CHANNEL_AWAITS_JOBS || out->fd_count >= fds_max);
}

int channel_receive(int channel, channel_phase phase, uint32_t fds_max, int flags, channel_message *out) {
    header head = {0};
    struct iovec parts[] = {{&head, sizeof head}, {out->body, sizeof out->body}};
    control extra;
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    if (fds_max) {
        message.msg_control = &extra;
        message.msg_controllen = CMSG_SPACE(sizeof(int) * (fds_max < CHANNEL_FDS_MAX ? fds_max : CHANNEL_FDS_MAX));
    }
    ssize_t got;
    do
        got = recvmsg(channel, &message, flags | MSG_CMSG_CLOEXEC);
    while (got < 0 && errno == EINTR);
    if (got < 0 && errno == ECONNRESET)
        return 0; /* the peer left unread what we sent: it is gone all the same */
    if (got <= 0)
        return (int)got;
    out->fd_count = 0;
    take_fds(&message, out);
    if (out->fd_count > fds_max || is_cut(&message, phase, fds_max, out) || !is_allowed(&head, (size_t)got, phase)) {
        channel_message_fini(out);
        errno = EPROTO;
        return -1;
    }
    out->type = head.type;
    out->id = head.id;
    out->length = head.length;
    return 1;
}

int channel_body(const channel_message *message, void *out, size_t size) {
    if (message->length != size)
        return 0;
    memcpy(out, message->body, size);
    return 1;
}

void channel_message_fini(channel_message *message) {
    for (uint32_t i = 0; i < message->fd_count; i++)
        if (message->fds[i] >= 0)
            close(message->fds[i]);
    message->fd_count = 0;
}
