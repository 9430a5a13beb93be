#include "credential_helper.h"

#include <stella/auto.h>
#include <stella/json.h>
#include <stella/sink.h>

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define NAME_BYTES_MAX 64
#define PIECE_BYTES    4096

typedef struct helper {
    char program[NAME_BYTES_MAX + sizeof "docker-credential-"];
    pid_t pid;
    int fd; /* a socket: its standard input and output */
} helper;

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Part of the name of a program: nothing that could lead elsewhere. */
static int is_sound(stella_sv name) {
    for (size_t i = 0; i < name.len; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789-", name.ptr[i]) || !name.ptr[i])
            return 0;
    return name.len > 0 && name.len <= NAME_BYTES_MAX;
}

static int spawn(helper *h, int theirs) {
    char get[] = "get";
    char *const arguments[] = {h->program, get, NULL};
    posix_spawn_file_actions_t actions;
    posix_spawnattr_t attributes;
    sigset_t none;
    sigemptyset(&none);
    if (posix_spawn_file_actions_init(&actions) != 0)
        return ENOMEM;
    if (posix_spawnattr_init(&attributes) != 0) {
        posix_spawn_file_actions_destroy(&actions);
        return ENOMEM;
    }
    const int failed = posix_spawn_file_actions_adddup2(&actions, theirs, STDIN_FILENO) ||
                       posix_spawn_file_actions_adddup2(&actions, theirs, STDOUT_FILENO) ||
                       posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0) ||
                       posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1) ||
                       posix_spawnattr_setsigmask(&attributes, &none) ||
                       posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
    const int rc = failed ? ENOMEM : posix_spawnp(&h->pid, h->program, &actions, &attributes, arguments, environ);
    posix_spawnattr_destroy(&attributes);
    posix_spawn_file_actions_destroy(&actions);
    return rc;
}

/* One socket for both directions: writing to one who has left is an error there, and no signal. */
static stella_status start(helper *h, stella_sv server, stella_error *err) {
    int ends[2];
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return stella_error_set(err, STELLA_E_IO, h->program, "socketpair: %s", strerror(errno));
    h->fd = ends[0];
    STELLA_AUTO(stella_fd_closep) int theirs = ends[1];
    const int high = fcntl(theirs, F_DUPFD_CLOEXEC, STDERR_FILENO + 1); /* not one that the spawning overwrites */
    STELLA_AUTO(stella_fd_closep) int safe = high;
    const int rc = safe < 0 ? errno : spawn(h, safe);
    if (rc)
        return stella_error_set(err, rc == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_IO, h->program,
                                "the credential helper cannot be run: %s", strerror(rc));
    (void)!send(h->fd, server.ptr, server.len, MSG_NOSIGNAL);
    shutdown(h->fd, SHUT_WR);
    return STELLA_OK;
}

static stella_status read_answer(const helper *h, stella_buf *answer, stella_error *err) {
    const uint64_t end = now_ms() + CREDENTIAL_HELPER_MS;
    for (;;) {
        char piece[PIECE_BYTES];
        struct pollfd ready = {.fd = h->fd, .events = POLLIN};
        const uint64_t now = now_ms();
        if (now >= end)
            return stella_error_set(err, STELLA_E_TIMEOUT, h->program, "the credential helper does not answer");
        if (poll(&ready, 1, (int)(end - now)) <= 0)
            continue;
        const ssize_t got = recv(h->fd, piece, sizeof piece, 0);
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0)
            return STELLA_OK;
        if (stella_buf_add(answer, stella_sv_of(piece, (size_t)got)) != STELLA_OK)
            return stella_error_set(err, STELLA_E_LIMIT, h->program, "the credential helper answers more than %u bytes",
                                    CREDENTIAL_HELPER_BYTES_MAX);
    }
}

/* Returns its exit status, 128 when it was ended. One that has closed its output and stays is ended. */
static int reap(const helper *h, int is_wanted) {
    int status = 0;
    for (int tries = 0; is_wanted && tries < 100; tries++) {
        const pid_t done = waitpid(h->pid, &status, WNOHANG);
        if (done != 0)
            return done > 0 && WIFEXITED(status) ? WEXITSTATUS(status) : 128;
        poll(NULL, 0, 10);
    }
    kill(h->pid, SIGKILL);
    while (waitpid(h->pid, &status, 0) < 0 && errno == EINTR)
        continue;
    return 128;
}

stella_status credential_helper_read(stella_sv answer, const char *program, stella_arena *arena, credentials *out,
                                     stella_error *err) {
    const stella_json *root = NULL;
    const stella_sv text = stella_arena_dup(arena, answer);
    if (!text.ptr || stella_json_parse(text, arena, &root, NULL) != STELLA_OK)
        return stella_error_set(err, STELLA_E_FORMAT, program, "the credential helper's answer is no JSON");
    const stella_sv username = stella_json_str(stella_json_get(root, "Username"));
    const stella_sv secret = stella_json_str(stella_json_get(root, "Secret"));
    if (!secret.len)
        return stella_error_set(err, STELLA_E_FORMAT, program, "the credential helper's answer has no secret");
    const int is_token = stella_sv_eq(username, STELLA_SV("<token>"));
    *out = (credentials){0};
    if (is_token) {
        out->identity_token = secret;
    } else {
        out->username = username;
        out->password = secret;
    }
    return STELLA_OK;
}

stella_status credential_helper_get(stella_sv name, stella_sv server, stella_arena *arena, credentials *out, int *found,
                                    stella_error *err) {
    helper h = {.fd = -1};
    stella_buf answer = stella_buf_of(CREDENTIAL_HELPER_BYTES_MAX);
    if (!is_sound(name))
        return stella_error_set(err, STELLA_E_DENIED, NULL, "no name of a credential helper: \"%.*s\"",
                                STELLA_SV_FMT(stella_sv_first(name, NAME_BYTES_MAX)));
    snprintf(h.program, sizeof h.program, "docker-credential-%.*s", STELLA_SV_FMT(name));
    stella_status status = start(&h, server, err);
    if (status == STELLA_OK)
        status = read_answer(&h, &answer, err);
    const int code = h.pid ? reap(&h, status == STELLA_OK) : 0;
    stella_fd_closep(&h.fd);
    const int is_unknown = code != 0 && answer.len && memmem(answer.ptr, answer.len, "not found", 9) != NULL;
    if (status == STELLA_OK && code != 0 && !is_unknown)
        status = stella_error_set(err, STELLA_E_IO, h.program, "the credential helper failed with %d", code);
    if (status == STELLA_OK && code == 0)
        status = credential_helper_read(stella_buf_sv(&answer), h.program, arena, out, err);
    if (status == STELLA_OK)
        *found = code == 0;
    if (answer.ptr)
        explicit_bzero(answer.ptr, answer.len);
    stella_buf_fini(&answer);
    return status;
}
