/* listen.h - the sockets the server accepts on. */
#ifndef KERNEL_HTTP_LISTEN_H
#define KERNEL_HTTP_LISTEN_H

#include <stella/error.h>

/* A unix socket of mode 0660, its directory made when missing; a stale one is replaced.
 * Returns STELLA_E_BUSY when somebody answers on it. */
stella_status listen_unix(const char *path, int *fd, stella_error *err);

/* Makes the directories above a socket's path that are missing, mode 0755; whoever binds says what is wrong when that
 * did not do. */
void listen_make_parent(const char *path);

/* "127.0.0.1:8080" or "[::1]:8080"; port 0: any. */
stella_status listen_tcp(const char *address, int *fd, stella_error *err);

/* Sockets handed over by the service manager (LISTEN_PID, LISTEN_FDS): the first unix and the first TCP one; -1 when
 * there is none. Takes the variables out of the environment. [main thread, before others start] */
void listen_inherited(int *unix_fd, int *tcp_fd);

#endif
