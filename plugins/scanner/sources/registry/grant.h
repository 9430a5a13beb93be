/* grant.h - what the supervisor grants a job to reach a registry with: stella_target.access. Secrets: never part of a
 * message. */
#ifndef SCANNER_SOURCES_REGISTRY_GRANT_H
#define SCANNER_SOURCES_REGISTRY_GRANT_H

#include <stella/arena.h>
#include <stella/error.h>

typedef struct grant {
    stella_sv username, password;
    stella_sv identity_token; /* a refresh token */
    stella_sv registry_token; /* a bearer token, to be sent as it is */
    stella_sv ca;             /* PEM text of more authorities */
    stella_sv proxy;          /* URL of the proxy to use, except for this machine */
    stella_sv no_proxy;       /* and except for these hosts, comma-separated */
    int is_insecure;          /* plain HTTP and unverified certificates are allowed for the registry itself */
} grant;

/* Empty text: nothing is granted. Members that we do not know are passed over.
 * out  set on success; its texts borrow from json or live in the arena
 * Returns STELLA_E_FORMAT, without the text, or STELLA_E_NOMEM. */
stella_status grant_parse(stella_sv json, stella_arena *arena, grant *out, stella_error *err);

#endif
