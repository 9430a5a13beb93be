/* host.c - the zygote: shuts itself in, loads the plugins, then forks a child for each job and reaps it. It stays
 * single-threaded and never reads a job's input. */
#include "worker/host.h"
#include "worker/usage.h"

#include <stella/auto.h>
#include <stella/digest.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define JOBS_MAX 1024

typedef struct running {
    pid_t pid;
    uint32_t id;
} running;

typedef struct service {
    host *host;
    int signals; /* signalfd of SIGCHLD */
    running jobs[JOBS_MAX];
    uint32_t count;
} service;

static _Noreturn void give_up(int code, const char *what, const char *why) {
    fprintf(stderr, "host: %s: %s\n", what, why);
    _exit(code);
}

static void say(channel_type type, uint32_t id, const void *body, size_t size, const int *fd) {
    if (channel_send(HOST_CHANNEL_FD, type, id, stella_sv_of(body, size), fd, fd ? 1 : 0, 0) < 0)
        _exit(HOST_EXIT_FAILED); /* nobody listens any more */
}

void host_die_with_parent(const host *h) {
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (getppid() != h->pid)
        _exit(HOST_EXIT_FAILED);
}

static void collect(host *h) {
    static channel_message message;
    for (;;) {
        const int got = channel_receive(HOST_CHANNEL_FD, CHANNEL_HOST_COLLECTS, 1, 0, &message);
        if (got == 0)
            _exit(HOST_EXIT_DONE);
        if (got < 0)
            give_up(HOST_EXIT_FAILED, "channel", strerror(errno));
        if (message.type == CHANNEL_LOAD)
            break;
        if (!host_collect(h, &message))
            give_up(HOST_EXIT_FAILED, "channel", "a plugin that cannot be taken");
    }
    h->page = message.fd_count == 1 ? crash_page_map(message.fds[0]) : NULL;
    if (!h->page || !channel_body(&message, &h->load, sizeof h->load))
        give_up(HOST_EXIT_FAILED, "channel", "a malformed order to load");
    channel_message_fini(&message);
}

/* Soft limits only: children set their own, hard ones, within the supervisor's. */
static void limit_soft(int which, rlim_t value) {
    struct rlimit limit;
    if (getrlimit(which, &limit) == 0) {
        limit.rlim_cur = value < limit.rlim_max ? value : limit.rlim_max;
        setrlimit(which, &limit);
    }
}

static void shut_in(host *h) {
    stella_error err = {0};
    if (sandbox_create(h->role, h->load.pretend_no_landlock, &h->sandbox, &err) || sandbox_enter_host(h->sandbox, &err))
        give_up(HOST_EXIT_HELD, "sandbox", err.message);
    limit_soft(RLIMIT_FSIZE, 0);
    limit_soft(RLIMIT_CORE, 0);
    limit_soft(RLIMIT_NOFILE, HOST_PLUGINS_MAX + JOBS_MAX);
#ifndef STELLA_SANITIZED
    usage used = {0};
    usage_read(h->statm, &used);
    limit_soft(RLIMIT_DATA, used.data_bytes + h->load.memory_bytes);
#endif
}

static void leave_out(host *h, uint32_t position, const stella_error *why, uint8_t *left_out) {
    left_out[position] = 1;
    say(CHANNEL_UNLOADABLE, h->plugins[position].index, why, sizeof *why, NULL);
}

static void load_plugins(host *h) {
    static uint8_t left_out[HOST_PLUGINS_MAX];
    stella_error why = {0};
    for (int culprit; h->plugin_count && (culprit = host_trial(h, left_out, &why)) >= 0;)
        leave_out(h, (uint32_t)culprit, &why, left_out);
    STELLA_AUTO(stella_fd_closep) int task_fd = host_open_tasks();
    for (uint32_t i = 0; i < h->plugin_count; i++) {
        if (left_out[i])
            continue;
        crash_page_enter(h->page, 0, h->plugins[i].index, STELLA_SV("loading"));
        if (host_load_plugin(h, &h->plugins[i], task_fd, &why))
            leave_out(h, i, &why, left_out);
        crash_page_leave(h->page, 0);
    }
}

/* What would otherwise be done anew, and more slowly, in every child: OpenSSL's initialisation above all. */
static void warm_up(void) {
    char text[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(STELLA_SV(""), text);
}

static void start_job(service *s, channel_message *message) {
    channel_job job;
    if (message->fd_count != 1 || !channel_body(message, &job, sizeof job))
        give_up(HOST_EXIT_FAILED, "channel", "a malformed job");
    usage used = {0};
    usage_read(s->host->statm, &used);
    const pid_t pid = s->count < JOBS_MAX ? fork() : -1;
    if (pid == 0)
        job_child_main(s->host, message->fds[0], job.memory_bytes);
    if (pid < 0) { /* its socket closes: the supervisor learns it from the status */
        const channel_ended ended = {.status = SIGKILL};
        say(CHANNEL_ENDED, message->id, &ended, sizeof ended, NULL);
        return;
    }
    s->jobs[s->count++] = (running){pid, message->id};
    STELLA_AUTO(stella_fd_closep) int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    const channel_started started = {.pid = pid, .private_bytes = used.private_bytes};
    say(CHANNEL_STARTED, message->id, &started, sizeof started, pidfd >= 0 ? &pidfd : NULL);
}

/* It is ours and not reaped yet: its number cannot be anybody else's. */
static void kill_job(const service *s, uint32_t id) {
    for (uint32_t i = 0; i < s->count; i++)
        if (s->jobs[i].id == id)
            kill(s->jobs[i].pid, SIGKILL);
}

static void obey(service *s, channel_message *message) {
    if (message->type == CHANNEL_JOB)
        start_job(s, message);
    else if (message->type == CHANNEL_KILL)
        kill_job(s, message->id);
    else
        say(CHANNEL_PONG, message->id, NULL, 0, NULL);
}

static uint64_t microseconds(struct timeval t) {
    return (uint64_t)t.tv_sec * 1000000u + (uint64_t)t.tv_usec;
}

static void reap(service *s) {
    struct signalfd_siginfo ignored;
    while (read(s->signals, &ignored, sizeof ignored) > 0)
        continue;
    struct rusage used;
    int status;
    for (pid_t pid; (pid = wait4(-1, &status, WNOHANG, &used)) > 0;) {
        uint32_t at = 0;
        while (at < s->count && s->jobs[at].pid != pid)
            at++;
        if (at == s->count)
            continue;
        const channel_ended ended = {.status = status,
                                     .user_us = microseconds(used.ru_utime),
                                     .system_us = microseconds(used.ru_stime),
                                     .peak_bytes = (uint64_t)used.ru_maxrss * 1024};
        say(CHANNEL_ENDED, s->jobs[at].id, &ended, sizeof ended, NULL);
        s->jobs[at] = s->jobs[--s->count];
    }
}

static _Noreturn void serve(service *s) {
    static channel_message message;
    for (;;) {
        struct pollfd ready[] = {{.fd = HOST_CHANNEL_FD, .events = POLLIN}, {.fd = s->signals, .events = POLLIN}};
        if (poll(ready, 2, -1) < 0 && errno != EINTR)
            give_up(HOST_EXIT_FAILED, "poll", strerror(errno));
        if (ready[1].revents)
            reap(s);
        if (!ready[0].revents)
            continue;
        const int got = channel_receive(HOST_CHANNEL_FD, CHANNEL_HOST_SERVES, 1, MSG_DONTWAIT, &message);
        if (got == 0)
            _exit(HOST_EXIT_DONE); /* the supervisor is done with us, or gone; children go with us */
        if (got > 0) {
            obey(s, &message);
            channel_message_fini(&message);
        } else if (errno != EAGAIN)
            give_up(HOST_EXIT_FAILED, "channel", strerror(errno));
    }
}

static _Noreturn void run(sandbox_role role) {
    prctl(PR_SET_PDEATHSIG, SIGKILL); /* second line: the first is the channel's end */
    prctl(PR_SET_NAME, "stella-host");
    close_range(HOST_CHANNEL_FD + 1, ~0U, 0);
    umask(077);
    static service s;
    static host h;
    sigset_t child;
    sigemptyset(&child);
    sigaddset(&child, SIGCHLD);
    sigprocmask(SIG_BLOCK, &child, NULL);
    h = (host){.role = role, .pid = getpid(), .statm = usage_open(getpid()), .offers = host_offers()};
    s = (service){.host = &h, .signals = signalfd(-1, &child, SFD_CLOEXEC | SFD_NONBLOCK)};
    collect(&h);
    warm_up();
    shut_in(&h);
    load_plugins(&h);
    const channel_ready ready = {.level = (uint32_t)sandbox_level_of(h.sandbox)};
    say(CHANNEL_READY, 0, &ready, sizeof ready, NULL);
    serve(&s);
}

void supervisor_host_main(int argc, char **argv) {
    if (argc < 2 || strcmp(argv[1], "--host") != 0)
        return;
    sandbox_role role;
    if (argc != 3 || !sandbox_role_of(argv[2], &role))
        give_up(HOST_EXIT_HELD, "role", "there is no such host");
    run(role);
}
