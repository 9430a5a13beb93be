/* client.h - talks to a running daemon over its unix socket. Plain HTTP/1.0 by hand: the daemon is ours, and a library
 * for the web would cost every start of `stella`, scans included, more than the request itself. */
#ifndef CLI_CLIENT_H
#define CLI_CLIENT_H

#include "cli/cli.h"

#define CLIENT_OPTION_SOCKET                                                                                           \
    { .name = "socket", .value = "PATH", .help = "The daemon's unix socket (default: as the configuration says)" }
#define CLIENT_OPTION_CONFIG                                                                                           \
    { .name = "config", .value = "FILE", .help = "Read FILE, and conf.d beside it, instead of the installation's" }

/* Sends a request and reads the answer.
 * body    JSON, or NULL
 * answer  set on success, in cli->arena
 * Returns STELLA_E_NOTFOUND when no daemon answers at the socket; the daemon's own error, with its code, when it
 * refuses. The options socket and config must be in the verb's table. */
stella_status client_call(cli_context *cli, const cli_args *args, const char *method, const char *path,
                          const char *body, stella_sv *answer, stella_error *err);

/* Takes an answer apart: "HTTP/1.1 200 OK\r\n...\r\n\r\n<body>".
 * Returns STELLA_E_FORMAT for anything else; for a status that is no success the problem it holds. */
stella_status client_read_answer(stella_sv reply, stella_arena *arena, stella_sv *body, stella_error *err);

/* Replaces this program by stellad, for what needs the state when no daemon runs. Returns only when that fails. */
int client_exec_daemon(cli_context *cli, const cli_args *args, const char *option, const char *value);

#endif
