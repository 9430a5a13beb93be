#include "cli/client.h"

#include "config/presets.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#define ANSWER_BYTES_MAX (16u << 20)
#define ANSWER_TIMEOUT_S 600 /* a reload starts hosts, a check reads everything */

static stella_status socket_of(cli_context *cli, const cli_args *args, const char *runtime_dir, const char **out,
                               stella_error *err) {
    STELLA_AUTO(conf_destroyp) conf *c = NULL;
    conf_presets presets;
    conf_presets_of(&cli->paths, cli_value(args, "config"), NULL, runtime_dir, &presets);
    const conf_source source = conf_presets_source(&presets, cli_value(args, "config") != NULL);
    const stella_status status = conf_load(&source, &c, err);
    if (status != STELLA_OK)
        return status;
    *out = stella_arena_cstr(cli->arena, stella_sv_cstr(conf_text(c, CONF_HTTP_SOCKET)));
    return *out ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory");
}

/* A user's own daemon comes before the system's. */
static stella_status find_socket(cli_context *cli, const cli_args *args, const char **out, stella_error *err) {
    *out = cli_value(args, "socket");
    if (*out)
        return STELLA_OK;
    stella_status status = socket_of(cli, args, conf_runtime_dir(), out, err);
    if (status == STELLA_OK && conf_runtime_dir() && access(*out, F_OK) != 0)
        status = socket_of(cli, args, NULL, out, err);
    return status;
}

static stella_status connect_to(const char *path, int *out, stella_error *err) {
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    const struct timeval patience = {.tv_sec = ANSWER_TIMEOUT_S};
    if (strlen(path) >= sizeof address.sun_path)
        return stella_error_set(err, STELLA_E_INVALID, path, "the path of a unix socket is shorter");
    memcpy(address.sun_path, path, strlen(path) + 1);
    STELLA_AUTO(stella_fd_closep) int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience) != 0)
        return stella_error_set(err, STELLA_E_IO, path, "make a socket: %s", strerror(errno));
    if (connect(fd, (const void *)&address, sizeof address) != 0) {
        const int is_absent = errno == ENOENT || errno == ECONNREFUSED;
        return is_absent ? stella_error_set(err, STELLA_E_NOTFOUND, path,
                                            "no daemon answers here: start stellad, or name its socket with --socket")
                         : stella_error_set(err, STELLA_E_DENIED, path, "connect to the daemon: %s", strerror(errno));
    }
    *out = stella_take_fd(&fd);
    return STELLA_OK;
}

static stella_status read_all(int fd, stella_buf *reply, stella_error *err) {
    char piece[16384];
    for (;;) {
        const ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "read the daemon's answer: %s", strerror(errno));
        if (got == 0)
            return STELLA_OK;
        if (stella_buf_add(reply, stella_sv_of(piece, (size_t)got)) != STELLA_OK)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "the daemon's answer is too large");
    }
}

/* The error that a problem document holds. */
static stella_status read_problem(stella_sv body, uint64_t http_status, stella_arena *arena, stella_error *err) {
    const stella_json *problem = NULL;
    if (stella_json_parse(body, arena, &problem, NULL) != STELLA_OK)
        return stella_error_set(err, STELLA_E_IO, NULL, "the daemon answers with status %llu",
                                (unsigned long long)http_status);
    const stella_sv detail = stella_json_str(stella_json_get(problem, "detail"));
    const stella_sv code = stella_json_str(stella_json_get(problem, "code"));
    stella_status status = STELLA_E_IO;
    for (stella_status known = STELLA_E_INVALID; known <= STELLA_E_INTERNAL; known++)
        if (stella_sv_eq(code, stella_sv_cstr(stella_status_name(known))))
            status = known;
    /* Not found at this point is the daemon's word, not its absence. */
    status = status == STELLA_E_NOTFOUND ? STELLA_E_INVALID : status;
    return stella_error_at(err, status, stella_json_str(stella_json_get(problem, "at")), "%.*s", STELLA_SV_FMT(detail));
}

stella_status client_read_answer(stella_sv reply, stella_arena *arena, stella_sv *body, stella_error *err) {
    uint64_t http_status = 0;
    const char *end = reply.len ? memmem(reply.ptr, reply.len, "\r\n\r\n", 4) : NULL;
    if (!end || !stella_sv_starts(reply, STELLA_SV("HTTP/1.")) || reply.len < 12 ||
        !stella_sv_u64(stella_sv_of(reply.ptr + 9, 3), 999, &http_status))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "what answers on this socket is not the daemon");
    const stella_sv rest = stella_sv_skip(reply, (size_t)(end - reply.ptr) + 4);
    if (http_status < 200 || http_status > 299)
        return read_problem(rest, http_status, arena, err);
    *body = rest;
    return STELLA_OK;
}

stella_status client_call(cli_context *cli, const cli_args *args, const char *method, const char *path,
                          const char *body, stella_sv *answer, stella_error *err) {
    const char *socket_path;
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    STELLA_AUTO(stella_buf_fini) stella_buf reply = stella_buf_of(ANSWER_BYTES_MAX);
    stella_status status = find_socket(cli, args, &socket_path, err);
    if (status == STELLA_OK)
        status = connect_to(socket_path, &fd, err);
    const stella_sv text = stella_arena_printf(cli->arena, "%s %s HTTP/1.0\r\nContent-Length: %zu\r\n\r\n%s", method,
                                               path, body ? strlen(body) : 0, body ? body : "");
    if (status != STELLA_OK)
        return status;
    if (!text.ptr || send(fd, text.ptr, text.len, MSG_NOSIGNAL) != (ssize_t)text.len)
        return stella_error_set(err, STELLA_E_IO, socket_path, "the daemon does not take the request");
    status = read_all(fd, &reply, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv whole = stella_arena_dup(cli->arena, stella_buf_sv(&reply));
    return client_read_answer(whole, cli->arena, answer, err);
}

int client_exec_daemon(cli_context *cli, const cli_args *args, const char *option, const char *value) {
    const stella_sv program = stella_arena_printf(cli->arena, "%s/bin/stellad", cli->paths.prefix);
    const char *config = cli_value(args, "config");
    const char *words[] = {"stellad", option, value, NULL, NULL, NULL};
    uint32_t count = value ? 3 : 2;
    if (config) {
        words[count++] = "--config";
        words[count] = config;
    }
    fflush(cli->out);
    execv(program.ptr, (char *const *)(uintptr_t)words);
    stella_error err;
    stella_error_set(&err, STELLA_E_IO, program.ptr, "no daemon answers, and this cannot be run instead: %s",
                     strerror(errno));
    return cli_fail(cli, CLI_FAILED, &err);
}
