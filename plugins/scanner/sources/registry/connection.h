/* connection.h - one request to a registry, with what belongs to it: the choice between HTTPS and HTTP, credentials
 * when they are asked for, redirects. Nothing is tried twice: that is session.h's business. */
#ifndef SCANNER_SOURCES_REGISTRY_CONNECTION_H
#define SCANNER_SOURCES_REGISTRY_CONNECTION_H

#include "grant.h"
#include "reference.h"
#include "transfer.h"

#define CONNECTION_REDIRECTS_MAX 5
#define CONNECTION_TLS_MS        5000 /* for TLS to answer where plain HTTP would do */

typedef struct connection {
    reference image;
    grant granted;
    transfer *wire;
    stella_arena *arena;       /* for URLs and tokens */
    uint32_t token_ms;         /* of one exchange with a token service */
    int is_plain;              /* HTTP */
    int may_fall_back;         /* to HTTP, when what answers does not speak TLS */
    int is_renewed;            /* credentials were fetched for the request at hand */
    const char *authorization; /* what the registry accepted last; NULL: nothing */
} connection;

/* Sends a request for a path below /v2/REPOSITORY/; request's url, authorization and is_unverified are set here.
 * answer  the last one: no redirect, and 401 only when the credentials do not do
 * err     its path says which place
 * Returns what transfer_run does; STELLA_E_DENIED for a redirect that may not be followed, STELLA_E_LIMIT for too many;
 * what token_obtain returns. */
stella_status connection_ask(connection *c, const char *path, transfer_request *request, transfer_answer *answer,
                             stella_error *err);

/* "docker.io/library/alpine": for messages; ptr may be NULL. */
stella_sv connection_place(const connection *c);

#endif
