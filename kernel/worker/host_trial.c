/* host_trial.c - loads the plugins in a throw-away process first: whatever one of them does to the process that loads
 * it, it does to that one, and is named. */
#include "worker/host.h"
#include "worker/usage.h"

#include <stella/auto.h>

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define WATCH_MS 20

/* In place of the channel a plugin finds a socket of our own: what it writes there is noticed. */
static int put_decoy(void) {
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return -1;
    dup2(pair[0], HOST_CHANNEL_FD);
    close(pair[0]);
    return pair[1];
}

static _Noreturn void leave(crash_page *page, const char *verdict) {
    snprintf(page->verdict, sizeof page->verdict, "%s", verdict);
    _exit(1);
}

static void load_all(const host *h, const uint8_t *left_out, crash_page *page, int task_fd, int decoy) {
    for (uint32_t i = 0; i < h->plugin_count; i++) {
        if (left_out[i])
            continue;
        stella_error err = {0};
        char byte;
        crash_page_enter(page, 0, i, STELLA_SV("loading"));
        if (host_load_plugin(h, &h->plugins[i], task_fd, &err))
            leave(page, err.message);
        if (decoy >= 0 && recv(decoy, &byte, 1, MSG_DONTWAIT) >= 0)
            leave(page, "writes to descriptors that are not its own while it is loaded");
        crash_page_leave(page, 0);
    }
}

static _Noreturn void trial_main(const host *h, const uint8_t *left_out, crash_page *page) {
    host_die_with_parent(h);
    usage used = {0};
    usage_read(h->statm, &used);
    const int decoy = put_decoy(), task_fd = host_open_tasks();
    const sandbox_limits limits = {.data_bytes = used.data_bytes + h->load.memory_bytes, .files = 512};
    stella_error err = {0};
    if (sandbox_limit(&limits, &err) || sandbox_enter_trial(h->sandbox, page, &err))
        leave(page, err.message);
    load_all(h, left_out, page, task_fd, decoy);
    atomic_store(&page->done, 1);
    _exit(0);
}

/* Where Landlock keeps the host from /proc, RLIMIT_DATA alone bounds the memory; sanitizer builds have no Landlock. */
static int is_too_big(const host *h, int statm) {
    usage used;
    return statm >= 0 && usage_read(statm, &used) && used.private_bytes > h->load.memory_bytes;
}

static int watch(const host *h, pid_t pid, const crash_page *page, const char **verdict) {
    STELLA_AUTO(stella_fd_closep) int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    STELLA_AUTO(stella_fd_closep) int statm = usage_open(pid);
    const uint64_t begun = monotonic_ns();
    int status = 0;
    while (pidfd >= 0 && poll(&(struct pollfd){.fd = pidfd, .events = POLLIN}, 1, WATCH_MS) <= 0) {
        const crash_culprit at = crash_page_longest(page);
        const uint64_t since = at.plugin >= 0 ? at.entered_ns : begun;
        if (monotonic_ns() - since > h->load.plugin_ms * UINT64_C(1000000))
            *verdict = "takes too long to load";
        else if (is_too_big(h, statm))
            *verdict = "takes too much memory to load";
        if (*verdict)
            kill(pid, SIGKILL);
    }
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return status;
}

static void describe(int status, const char *verdict, const crash_page *page, stella_error *why) {
    char said[sizeof page->verdict];
    memcpy(said, page->verdict, sizeof said);
    said[sizeof said - 1] = 0;
    if (verdict)
        stella_error_set(why, STELLA_E_TIMEOUT, NULL, "%s", verdict);
    else if (said[0])
        stella_error_set(why, STELLA_E_DENIED, NULL, "%s", said);
    else if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) /* with signals blocked, as pthread_create has them */
        stella_error_set(why, STELLA_E_DENIED, NULL,
                         "starts a thread, or makes another forbidden system call, while it is loaded");
    else if (WIFSIGNALED(status))
        stella_error_set(why, STELLA_E_CRASHED, NULL, "dies of SIG%s while it is loaded",
                         sigabbrev_np(WTERMSIG(status)) ? sigabbrev_np(WTERMSIG(status)) : "?");
    else
        stella_error_set(why, STELLA_E_CRASHED, NULL, "calls exit(%d) while it is loaded", WEXITSTATUS(status));
}

static void unmap(crash_page **page) {
    crash_page_unmap(*page);
}

int host_trial(const host *h, const uint8_t *left_out, stella_error *why) {
    void *shared = mmap(NULL, sizeof(crash_page), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    STELLA_AUTO(unmap) crash_page *page = shared == MAP_FAILED ? NULL : shared;
    const pid_t pid = page ? fork() : -1;
    if (pid == 0)
        trial_main(h, left_out, page);
    if (pid < 0) {
        fprintf(stderr, "no trial of the plugins: %s\n", strerror(errno));
        _exit(HOST_EXIT_FAILED);
    }
    const char *verdict = NULL;
    const int status = watch(h, pid, page, &verdict);
    if (!verdict && WIFEXITED(status) && WEXITSTATUS(status) == 0 && atomic_load(&page->done))
        return -1;
    const int culprit = (int)(atomic_load(&page->slots[0].plugin)) - 1;
    describe(status, verdict, page, why);
    if (culprit < 0 || (uint32_t)culprit >= h->plugin_count || left_out[culprit]) {
        fprintf(stderr, "the trial of the plugins failed before the first: %s\n", why->message);
        _exit(HOST_EXIT_HELD);
    }
    return culprit;
}
