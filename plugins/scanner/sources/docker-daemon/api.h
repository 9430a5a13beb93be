/* api.h - one request to the API of a container daemon, over the connected socket that the supervisor handed in.
 * Docker's API, which podman serves as well. */
#ifndef SCANNER_SOURCES_DOCKER_DAEMON_API_H
#define SCANNER_SOURCES_DOCKER_DAEMON_API_H

#include <stella/arena.h>
#include <stella/sink.h>

#define API_REFUSAL_BYTES_MAX 4096

typedef struct api_request {
    const char *path;       /* "/images/alpine/json", escaped */
    uint32_t total_ms;      /* of the whole exchange; 0: as long as bytes keep coming */
    uint32_t stall_s;       /* so long without a byte is the end */
    const stella_sink *out; /* where the body of an answer 200 goes */
} api_request;

typedef struct api_answer {
    long status; /* 200, ...; 0: none came */
    char media_type[64];
    char refusal[API_REFUSAL_BYTES_MAX + 1]; /* the body when status is not 200 */
    uint64_t delivered;
} api_answer;

/* A name as part of a path: '/', ':' and '@' stay. NULL when memory is short. */
const char *api_escape(stella_sv name, stella_arena *arena);

/* socket  borrowed; serves one request
 * answer  filled also on failure, as far as it came
 * Returns STELLA_OK when an answer of any status came whole; STELLA_E_TIMEOUT, STELLA_E_FORMAT for what is no HTTP,
 * STELLA_E_IO for one that breaks off; an error of out is passed on. */
stella_status api_get(int socket, const api_request *request, api_answer *answer, stella_error *err);

/* The same without asking: reads the answer to a request that was sent. */
stella_status api_read(int socket, const api_request *request, api_answer *answer, stella_error *err);

#endif
