#include "worker/host_process.h"

#include "worker/channel.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

/* Only what makes a sanitizer's report readable is inherited. */
static void sanitizer_environment(char **out, size_t max) {
    static const char *const kept[] = {"ASAN_OPTIONS=", "UBSAN_OPTIONS=", "TSAN_OPTIONS=", "LSAN_OPTIONS="};
    size_t count = 0;
#ifdef STELLA_SANITIZED
    for (char **e = environ; *e && count + 1 < max; e++)
        for (size_t i = 0; i < sizeof kept / sizeof kept[0]; i++)
            if (strncmp(*e, kept[i], strlen(kept[i])) == 0 && count + 1 < max)
                out[count++] = *e;
#else
    (void)kept;
    (void)max;
#endif
    out[count] = NULL;
}

static int prepare(posix_spawn_file_actions_t *actions, posix_spawnattr_t *attributes, int log, int channel) {
    sigset_t none, all;
    sigemptyset(&none);
    sigfillset(&all);
    /* The channel may itself be one of 0-3: it moves first, log after it, and every target is overwritten last. */
    return posix_spawn_file_actions_adddup2(actions, channel, HOST_CHANNEL_FD) ||
           posix_spawn_file_actions_adddup2(actions, log, STDOUT_FILENO) ||
           posix_spawn_file_actions_adddup2(actions, log, STDERR_FILENO) ||
           posix_spawn_file_actions_addopen(actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0) ||
           posix_spawn_file_actions_addclosefrom_np(actions, HOST_CHANNEL_FD + 1) ||
           posix_spawnattr_setsigmask(attributes, &none) || posix_spawnattr_setsigdefault(attributes, &all) ||
           posix_spawnattr_setpgroup(attributes, 0) ||
           posix_spawnattr_setflags(attributes, POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP);
}

/* Descriptors that spawn's actions overwrite must not be those they copy from. */
static int above_standard(int fd) {
    return fcntl(fd, F_DUPFD_CLOEXEC, HOST_CHANNEL_FD + 1);
}

static int spawn(const char *executable, const char *role, int log, int channel, pid_t *pid) {
    STELLA_AUTO(stella_fd_closep) int high_log = above_standard(log);
    STELLA_AUTO(stella_fd_closep) int high_channel = above_standard(channel);
    if (high_log < 0 || high_channel < 0)
        return errno;
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    if (posix_spawn_file_actions_init(&actions))
        return ENOMEM;
    if (posix_spawnattr_init(&attributes)) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    char *environment[8];
    sanitizer_environment(environment, sizeof environment / sizeof environment[0]);
    char *arguments[] = {(char *)(uintptr_t)executable, (char *)(uintptr_t) "--host", (char *)(uintptr_t)role, NULL};
    int rc = prepare(&actions, &attributes, high_log, high_channel)
                 ? ENOMEM
                 : posix_spawn(pid, executable, &actions, &attributes, arguments, environment);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

stella_status host_process_start(const char *executable, const char *role, host_process *out, stella_error *err) {
    int channel[2], log[2];
    if (channel_pair(channel) < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "host channel: %s", strerror(errno));
    STELLA_AUTO(stella_fd_closep) int ours = channel[0];
    STELLA_AUTO(stella_fd_closep) int theirs = channel[1];
    if (pipe2(log, O_CLOEXEC) < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "host log: %s", strerror(errno));
    STELLA_AUTO(stella_fd_closep) int log_in = log[0];
    STELLA_AUTO(stella_fd_closep) int log_out = log[1];
    fcntl(log_in, F_SETFL, O_NONBLOCK);
    pid_t pid = -1;
    const int rc = spawn(executable, role, log_out, theirs, &pid);
    if (rc)
        return stella_error_set(err, STELLA_E_CRASHED, executable, "the host cannot be started: %s", strerror(rc));
    const int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd < 0) {
        stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "pidfd_open: %s%s", strerror(errno),
                         errno == ENOSYS ? "; Linux 5.3 or newer is needed" : "");
        kill(pid, SIGKILL);
        waitpid(pid, NULL, 0);
        return STELLA_E_UNSUPPORTED;
    }
    *out = (host_process){.pid = pid, .pidfd = pidfd, .channel = stella_take_fd(&ours), .log = stella_take_fd(&log_in)};
    return STELLA_OK;
}
