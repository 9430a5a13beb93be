/* remote.h - what the requests of both jobs have in common: a source, and the target that it is handed. */
#ifndef SCANNER_CONNECTOR_REMOTE_H
#define SCANNER_CONNECTOR_REMOTE_H

#include "open_target.h"

#include <stella/json.h>

typedef struct remote {
    stella_arena *arena;
    const stella_json *request;
    open_target target;
    stella_peer peer;
    stella_source source; /* fetch is NULL when it has none */
} remote;

/* Reads the request and finds the source of its scheme.
 * out  to be ended with remote_fini whatever is returned; texts borrow from the job's request or live in the arena
 * Returns STELLA_E_INVALID for a scheme that nobody knows: the message lists those that are known. */
stella_status remote_init(remote *out, stella_job *job, stella_error *err);
void remote_fini(remote *r); /* for STELLA_AUTO */

#endif
