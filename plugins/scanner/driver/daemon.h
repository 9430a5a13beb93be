/* daemon.h - the API sockets of the container daemons of this machine. Children open no paths: the supervisor connects.
 * Private to the driver. */
#ifndef SCANNER_DRIVER_DAEMON_H
#define SCANNER_DRIVER_DAEMON_H

#include <stella/error.h>

/* Whether targets of that scheme are reached through such a socket. */
int daemon_is_scheme(stella_sv scheme);

/* Connects to the daemon: docker's at $DOCKER_HOST (unix:// only) or /var/run/docker.sock; podman's at $CONTAINER_HOST,
 * $XDG_RUNTIME_DIR/podman/podman.sock or /run/podman/podman.sock.
 * out_fd  set on success; the caller closes it
 * Returns STELLA_E_NOTFOUND when none listens, STELLA_E_DENIED when this user may not, STELLA_E_UNSUPPORTED for another
 * kind of address: the message says which socket. [any thread] */
stella_status daemon_connect(stella_sv scheme, int *out_fd, stella_error *err);

#endif
