/* credential_helper.h - the programs docker-credential-NAME, which keep credentials for docker and podman. Private to
 * the driver. */
#ifndef SCANNER_DRIVER_CREDENTIAL_HELPER_H
#define SCANNER_DRIVER_CREDENTIAL_HELPER_H

#include "credentials.h"

#define CREDENTIAL_HELPER_MS        10000
#define CREDENTIAL_HELPER_BYTES_MAX (64u << 10)

/* Runs `docker-credential-NAME get` with the server's name on its standard input.
 * name   of the helper; anything but [a-z0-9-] is refused
 * found  set on success: 0 when the helper says that it knows nothing of that server
 * Returns STELLA_E_DENIED for a bad name, STELLA_E_NOTFOUND when there is no such program, STELLA_E_TIMEOUT,
 * STELLA_E_FORMAT for an answer that is none, STELLA_E_IO when it fails. [any thread] */
stella_status credential_helper_get(stella_sv name, stella_sv server, stella_arena *arena, credentials *out, int *found,
                                    stella_error *err);

/* Reads the answer of such a program: {"Username":..,"Secret":..}; a user "<token>" stands for an identity token.
 * program  for messages, in which nothing of the answer stands
 * out      set on success; its texts live in the arena
 * Returns STELLA_E_FORMAT. [any thread] */
stella_status credential_helper_read(stella_sv answer, const char *program, stella_arena *arena, credentials *out,
                                     stella_error *err);

#endif
