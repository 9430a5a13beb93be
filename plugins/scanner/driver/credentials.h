/* credentials.h - what the user's container tools know of a registry: the files and credential helpers of docker and
 * podman. Secrets: never logged, never in a message. Private to the driver. */
#ifndef SCANNER_DRIVER_CREDENTIALS_H
#define SCANNER_DRIVER_CREDENTIALS_H

#include <stella/arena.h>
#include <stella/error.h>

/* Each may be empty; all are when nothing is known. */
typedef struct credentials {
    stella_sv username, password;
    stella_sv identity_token; /* a refresh token, instead of a password */
    stella_sv registry_token; /* a bearer token */
} credentials;

/* Looks in $DOCKER_CONFIG/config.json (else ~/.docker/config.json), $REGISTRY_AUTH_FILE,
 * $XDG_RUNTIME_DIR/containers/auth.json and $XDG_CONFIG_HOME/containers/auth.json (else ~/.config), in this order; the
 * first that knows the registry counts. Within a file: the helper of credHelpers, that of credsStore, then auths, where
 * an entry for a repository comes before that of the whole registry.
 * domain  "docker.io", "localhost:5000"; repository: "library/alpine"
 * out     set on success; texts in the arena
 * Returns STELLA_E_FORMAT for a file that is no such configuration, STELLA_E_DENIED or STELLA_E_IO for one that cannot
 * be read, what credential_helper_get returns. [any thread] May wait ten seconds for a helper. */
stella_status credentials_find(stella_sv domain, stella_sv repository, stella_arena *arena, credentials *out,
                               stella_error *err);

#endif
