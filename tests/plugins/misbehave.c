#include "plugins/misbehave.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

static int crash(int fd) {
    raise(SIGSEGV);
    return fd;
}

static int call_abort(int fd) {
    (void)fd;
    abort();
}

static int call_exit(int fd) {
    (void)fd;
    exit(0);
}

static int quit(int fd) {
    (void)fd;
    _exit(0);
}

static int hang(int fd) {
    for (volatile int forever = 1; forever;)
        (void)fd;
    return 0;
}

static void *idle(void *argument) {
    poll(NULL, 0, -1);
    return argument;
}

static int start_thread(int fd) {
    (void)fd;
    pthread_t thread;
    return pthread_create(&thread, NULL, idle, NULL);
}

static int start_threads_without_end(int fd) {
    (void)fd;
    pthread_t thread;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 16384);
    for (volatile int forever = 1; forever;)
        pthread_create(&thread, &small, idle, NULL);
    return 0;
}

static int open_passwd(int fd) {
    (void)fd;
    return open("/etc/passwd", O_RDONLY) < 0 ? errno : 0;
}

static int make_socket(int fd) {
    (void)fd;
    return socket(AF_INET, SOCK_STREAM, 0) < 0 ? errno : 0;
}

static int call_fork(int fd) {
    (void)fd;
    const pid_t child = fork();
    if (child == 0)
        _exit(0);
    return child < 0 ? errno : 0;
}

static int run_program(int fd) {
    (void)fd;
    char *const arguments[] = {(char *)(unsigned long)"/bin/true", NULL};
    execv(arguments[0], arguments);
    return errno;
}

/* 1 MiB at a time, each page touched; what cannot be had is touched all the same. */
static int allocate(int fd) {
    for (volatile int forever = 1; forever;) {
        char *bytes = malloc(1u << 20);
        for (size_t at = 0; at < 1u << 20; at += 4096)
            ((volatile char *)bytes)[at] = 1;
    }
    return fd;
}

static int write_without_end(int fd) {
    static const char bytes[65536] = {'x'};
    for (;;)
        if (write(fd, bytes, sizeof bytes) < 0)
            return errno;
}

static int write_garbage(int fd) {
    (void)fd;
    for (int other = 3; other < 8; other++)
        if (write(other, "garbage", 7) == 7)
            return 0;
    return errno;
}

/* Not by accident: in the way that the channel takes. */
static int lie(int fd) {
    (void)fd;
    return send(3, "garbage", 7, 0) < 0 ? errno : 0;
}

/* Every descriptor there is, in turn. */
static int flood(int fd) {
    static const char bytes[65536] = {'x'};
    for (volatile int forever = 1; forever;)
        for (fd = 0; fd < 400; fd++)
            if (fcntl(fd, F_GETFD) >= 0)
                (void)!write(fd, bytes, sizeof bytes);
    return fd;
}

/* Lines of output without end. */
static int chatter(int fd) {
    static const char line[] = "\x1b[31mthe same again\n";
    (void)fd;
    for (;;)
        if (write(STDERR_FILENO, line, sizeof line - 1) < 0)
            return errno;
}

static int kill_parent(int fd) {
    (void)fd;
    return kill(getppid(), SIGKILL) < 0 ? errno : 0;
}

/* A pipe that becomes readable signals its owner, with whatever signal was asked for. */
static int kill_parent_by_pipe(int fd) {
    (void)fd;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return errno;
    if (fcntl(ends[0], F_SETOWN, getppid()) < 0 || fcntl(ends[0], F_SETSIG, SIGKILL) < 0 ||
        fcntl(ends[0], F_SETFL, O_ASYNC) < 0)
        return errno;
    if (write(ends[1], "x", 1) != 1)
        return errno;
    poll(NULL, 0, 100); /* the parent takes this process with it */
    return 0;
}

static int share_memory(int fd) {
    (void)fd;
    return mmap(NULL, 1u << 20, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0) == MAP_FAILED ? errno : 0;
}

static const struct {
    const char *name;
    int (*act)(int fd);
} deeds[] = {{"crash", crash},
             {"abort", call_abort},
             {"exit", call_exit},
             {"quit", quit},
             {"hang", hang},
             {"thread", start_thread},
             {"threads", start_threads_without_end},
             {"open", open_passwd},
             {"socket", make_socket},
             {"fork", call_fork},
             {"exec", run_program},
             {"allocate", allocate},
             {"write", write_without_end},
             {"garbage", write_garbage},
             {"lie", lie},
             {"flood", flood},
             {"chatter", chatter},
             {"kill", kill_parent},
             {"kill-by-pipe", kill_parent_by_pipe},
             {"shared-memory", share_memory}};

int misbehave(const char *deed, int fd) {
    for (size_t i = 0; i < sizeof deeds / sizeof deeds[0]; i++)
        if (strcmp(deeds[i].name, deed) == 0)
            return deeds[i].act(fd);
    return -1;
}
