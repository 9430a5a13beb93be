/* refusal.h - what a registry's refusal means, and what to do about it, in one sentence. */
#ifndef SCANNER_SOURCES_REGISTRY_REFUSAL_H
#define SCANNER_SOURCES_REGISTRY_REFUSAL_H

#include "transfer.h"

typedef struct refusal_context {
    stella_sv domain;    /* as the user names the registry: for the login command */
    stella_sv place;     /* what was asked for: "docker.io/library/alpine:latest" */
    int has_credentials; /* some were sent */
} refusal_context;

/* Turns an answer that is no success into an error: STELLA_E_DENIED (401, 403), STELLA_E_NOTFOUND (404),
 * STELLA_E_BUSY (429, 503), STELLA_E_FORMAT for HTML where an API should answer, STELLA_E_IO for the rest. */
stella_status refusal_error(const transfer_answer *answer, const refusal_context *context, stella_error *err);

#endif
