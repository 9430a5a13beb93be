/* plugin_check_run.c - a process for each check: the plugin is loaded, the process shuts itself in, the check runs, and
 * what it found comes back through a pipe. Whatever the plugin does, the tester lives on and can name it. */
#include "cli/plugin_check.h"

#include "plugin/load.h"
#include "worker/sandbox.h"

#include <stella/auto.h>
#include <stella/cursor.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define ANSWER_MAX  ((size_t)80 << 20)
#define MEMORY_MAX  ((uint64_t)2 << 30)
#define FILES_MAX   64
#define NOT_STARTED 125

/* Entries of a folder below /proc/self: threads or descriptors. The folder is opened before the process shuts itself
 * in. */
static uint32_t count_entries(int dir_fd) {
    const int fd = dup(dir_fd);
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    uint32_t count = 0;
    if (!dir)
        return 0;
    rewinddir(dir);
    while (readdir(dir))
        count++;
    closedir(dir);
    return count;
}

static stella_status shut_in(int input_fd, stella_error *err) {
    sandbox *s;
    stella_status status = sandbox_create(SANDBOX_ROLE_SCAN, 0, &s, err);
    if (status != STELLA_OK)
        return status;
    const sandbox_limits limits = {.data_bytes = MEMORY_MAX, .file_bytes = ANSWER_MAX, .files = FILES_MAX};
    return sandbox_enter_child(s, &limits, sandbox_has_landlock(s) ? input_fd : -1, err);
}

static stella_status leaves_nothing_behind(int tasks, uint32_t tasks_before, int files, uint32_t files_before,
                                           stella_error *err) {
    if (count_entries(tasks) > tasks_before)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a thread was started and left behind");
    if (count_entries(files) > files_before)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a descriptor was opened and left open");
    return STELLA_OK;
}

static stella_status check_here(const plugin_bench *bench, const plugin_check_kind *kind, stella_buf *output,
                                stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int tasks = open("/proc/self/task", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_fd_closep) int files = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    const uint32_t tasks_before = count_entries(tasks), files_before = count_entries(files);
    stella_plugin_entry entry;
    stella_status status = plugin_load(bench->plugin_fd, bench->manifest, &entry, err);
    if (status == STELLA_OK)
        status = leaves_nothing_behind(tasks, tasks_before, files, files_before, err);
    if (status == STELLA_OK && !bench->is_in_process)
        status = shut_in(bench->input_fd, err);
    if (status != STELLA_OK)
        return status;
    const uint32_t tasks_now = count_entries(tasks), files_now = count_entries(files);
    char input[64];
    snprintf(input, sizeof input, "/proc/self/fd/%d", bench->input_fd);
    const plugin_check check = {.entry = &entry, .manifest = bench->manifest, .input = input, .output = output};
    status = kind->run(&check, err);
    return status == STELLA_OK ? leaves_nothing_behind(tasks, tasks_now, files, files_now, err) : status;
}

/* The answer: status, message, path, then the output. */
static void answer(int fd, stella_status status, const stella_error *err, const stella_buf *output) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(ANSWER_MAX);
    stella_buf_u32le(&text, (uint32_t)status);
    stella_buf_str(&text, stella_sv_cstr(err->message));
    stella_buf_str(&text, stella_sv_cstr(err->path));
    stella_buf_str(&text, stella_buf_sv(output));
    const stella_sink sink = stella_fd_sink(&fd);
    if (text.failed || stella_sink_write(&sink, stella_buf_sv(&text), NULL) != STELLA_OK)
        _exit(NOT_STARTED);
}

__attribute__((noreturn)) static void child(const plugin_bench *bench, const plugin_check_kind *kind, int fd) {
    stella_buf output = stella_buf_of(ANSWER_MAX / 2);
    stella_error err = {0};
    const stella_status status = check_here(bench, kind, &output, &err);
    answer(fd, status, &err, &output);
    _exit(0);
}

static int64_t now_ms(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads until the child closes its end. Returns 0 when the deadline passed first. */
static int read_answer(int fd, uint32_t deadline_ms, stella_buf *text) {
    const int64_t end = now_ms() + deadline_ms;
    char chunk[65536];
    for (;;) {
        const int64_t left = end - now_ms();
        struct pollfd ready = {.fd = fd, .events = POLLIN};
        if (left <= 0 || poll(&ready, 1, (int)left) == 0)
            return 0;
        const ssize_t got = read(fd, chunk, sizeof chunk);
        if (got == 0 || (got < 0 && errno != EINTR) ||
            (got > 0 && stella_buf_add(text, stella_sv_of(chunk, (size_t)got)) != STELLA_OK))
            return 1;
    }
}

static stella_status open_answer(stella_sv text, stella_buf *output, stella_error *err) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    const stella_status status = (stella_status)stella_cursor_u32le(&c);
    const stella_sv message = stella_cursor_str(&c, stella_cursor_varint(&c));
    const stella_sv path = stella_cursor_str(&c, stella_cursor_varint(&c));
    const stella_sv given = stella_cursor_str(&c, stella_cursor_varint(&c));
    if (!c.ok)
        return stella_error_set(err, STELLA_E_CRASHED, NULL, "the process ended without an answer");
    if (output)
        stella_buf_add(output, given);
    return status == STELLA_OK ? STELLA_OK : stella_error_at(err, status, path, "%.*s", STELLA_SV_FMT(message));
}

static stella_status told_by_exit(int status, stella_error *err) {
    if (WIFSIGNALED(status))
        return stella_error_set(err, STELLA_E_CRASHED, NULL, "died of signal %d (%s)%s", WTERMSIG(status),
                                strsignal(WTERMSIG(status)),
                                WTERMSIG(status) == SIGSYS ? ": a system call that the sandbox forbids" : "");
    return stella_error_set(err, STELLA_E_CRASHED, NULL, "the plugin ended the process (exit status %d)",
                            WEXITSTATUS(status));
}

stella_status plugin_check_run(const plugin_bench *bench, const plugin_check_kind *kind, stella_buf *output,
                               stella_error *err) {
    stella_buf none = stella_buf_of(0);
    if (bench->is_in_process)
        return check_here(bench, kind, output ? output : &none, err);
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "pipe: %s", strerror(errno));
    STELLA_AUTO(stella_fd_closep) int read_end = ends[0];
    STELLA_AUTO(stella_fd_closep) int write_end = ends[1];
    const pid_t pid = fork();
    if (pid == 0)
        child(bench, kind, write_end);
    stella_fd_closep(&write_end);
    if (pid < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "fork: %s", strerror(errno));
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(ANSWER_MAX);
    const int in_time = read_answer(read_end, bench->deadline_ms, &text);
    if (!in_time)
        kill(pid, SIGKILL);
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) {
    }
    if (!in_time)
        return stella_error_set(err, STELLA_E_TIMEOUT, NULL, "not done within %u ms", bench->deadline_ms);
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? open_answer(stella_buf_sv(&text), output, err)
                                                         : told_by_exit(status, err);
}
