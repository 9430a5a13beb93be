/* token.h - bearer tokens, as the distribution specification's token service hands them out: GET with basic auth or
 * nobody's, POST with a refresh token. */
#ifndef SCANNER_SOURCES_REGISTRY_TOKEN_H
#define SCANNER_SOURCES_REGISTRY_TOKEN_H

#include "grant.h"
#include "refusal.h"
#include "transfer.h"

#define TOKEN_ANSWER_BYTES_MAX (1u << 20)
#define TOKEN_BYTES_MAX        (64u << 10)

typedef struct token_request {
    const challenge *asked; /* by the registry */
    const grant *granted;
    stella_sv repository; /* for a challenge that names no scope */
    url_origin registry;  /* that sent the challenge: where plain HTTP is in use, it may be there for the service too */
    uint32_t total_ms;    /* of the exchange */
    refusal_context context; /* for messages */
} token_request;

/* out: the value of Authorization, "Bearer ...", in the arena; set on success.
 * Returns what refusal_error does, STELLA_E_DENIED for a service that may not be spoken to in plain HTTP, STELLA_E_FORMAT
 * for an answer without a token. */
stella_status token_obtain(transfer *t, const token_request *request, stella_arena *arena, const char **out,
                           stella_error *err);

/* Reads what a token service answered, {"token":..} or {"access_token":..}.
 * place  for messages
 * out    as above: printable, without blanks, so that no header field can follow it; set on success
 * Returns STELLA_E_FORMAT or STELLA_E_NOMEM. */
stella_status token_read(stella_sv body, stella_sv place, stella_arena *arena, const char **out, stella_error *err);

/* The same header value for basic auth. */
stella_status token_basic(const grant *granted, stella_arena *arena, const char **out, stella_error *err);

#endif
