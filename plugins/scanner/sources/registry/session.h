/* session.h - what is read from one repository of a registry: documents and blobs, with as many attempts as are
 * reasonable. [one thread] Blocks on the network, for a bounded time without a byte. */
#ifndef SCANNER_SOURCES_REGISTRY_SESSION_H
#define SCANNER_SOURCES_REGISTRY_SESSION_H

#include "grant.h"
#include "reference.h"
#include "transfer.h"

#include <stella/log.h>

#define SESSION_ATTEMPTS_MAX 40 /* of one request, however far each comes */

typedef struct session_limits {
    transfer_limits transfer;
    uint32_t document_ms; /* of one exchange for a manifest or configuration */
    uint32_t token_ms;    /* of one exchange with a token service */
    uint32_t attempts;    /* in a row that bring nothing */
    uint32_t backoff_ms;  /* before the second attempt; doubles */
    uint32_t wait_ms;     /* the longest single wait that a Retry-After may ask for */
    uint32_t waits_ms;    /* all waits of a session */
} session_limits;

/* What a user wants: half a minute to connect, a minute without a byte, five attempts, three minutes of waiting. */
extern const session_limits session_limits_default;

typedef struct session session;

/* image and granted are borrowed with their texts. log may be NULL. Connects to nothing yet. The caller destroys it. */
stella_status session_create(const reference *image, const grant *granted, const session_limits *limits,
                             const stella_log *log, session **out, stella_error *err);
void session_destroy(session *s);
void session_destroyp(session **s); /* for STELLA_AUTO */

typedef struct session_document {
    stella_sv bytes;
    stella_sv media_type; /* as the registry says; may be empty */
    stella_sv digest;     /* Docker-Content-Digest as the registry says; may be empty */
} session_document;

/* Reads a small document, "manifests/latest" or "blobs/sha256:...", of at most max bytes.
 * accept  media types, comma-separated
 * out     set on success, in the arena
 * Returns what connection_ask and refusal_error do. What the bytes are is for the caller to verify. */
stella_status session_read(session *s, const char *path, const char *accept, uint64_t max, stella_arena *arena,
                           session_document *out, stella_error *err);

/* Writes length bytes of a blob of size bytes, from offset on. A connection that breaks is taken up where it broke. */
stella_status session_fetch(session *s, stella_sv digest, uint64_t size, uint64_t offset, uint64_t length,
                            const stella_sink *out, stella_error *err);

#endif
