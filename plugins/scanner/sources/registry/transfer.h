/* transfer.h - one HTTP exchange over libcurl: no redirect is followed, nothing is tried twice, every length has a
 * maximum. What to do with the answer is session.h's business. */
#ifndef SCANNER_SOURCES_REGISTRY_TRANSFER_H
#define SCANNER_SOURCES_REGISTRY_TRANSFER_H

#include "header.h"
#include "url.h"

#include <stella/sink.h>

#define TRANSFER_REFUSAL_BYTES_MAX 4096 /* kept of the body of an answer that is no success */
#define TRANSFER_HEADER_BYTES_MAX  (64u << 10)

typedef struct transfer transfer;

typedef struct transfer_request {
    const char *url;
    const char *accept;        /* NULL: anything */
    const char *authorization; /* the field's value, or NULL */
    const char *form;          /* POST of these URL-encoded fields; NULL: GET */
    uint64_t offset;           /* the first byte that is wanted */
    uint64_t length;           /* bytes wanted; the exchange ends behind them when is_part */
    int is_part;               /* a range: more bytes may follow, or come before */
    int is_strict;             /* with is_part: an answer that is all of it is refused, with STELLA_E_UNSUPPORTED */
    int is_direct;             /* past the proxy */
    int is_unverified;         /* the certificate is not checked */
    uint32_t connect_ms;       /* name, connection and TLS together; 0: the limit */
    uint32_t total_ms;         /* of the whole exchange; 0: as long as bytes keep coming */
    const stella_sink *out;    /* where the wanted bytes of an answer 200 or 206 go */
} transfer_request;

typedef struct transfer_answer {
    long status;                                    /* 200, ...; 0: none came */
    char media_type[128];                           /* Content-Type without parameters */
    char digest[128];                               /* Docker-Content-Digest as sent */
    char challenge[HEADER_CHALLENGE_BYTES_MAX + 1]; /* WWW-Authenticate, fields joined */
    char location[URL_BYTES_MAX + 1];               /* where a redirect leads, absolute */
    char refusal[TRANSFER_REFUSAL_BYTES_MAX + 1];   /* the body when status is not 2xx */
    int64_t length;                                 /* Content-Length, -1 when absent */
    int64_t retry_after_s;                          /* 0: not said */
    uint64_t delivered;                             /* bytes given to out */
    int is_broken;                                  /* the connection failed: another attempt may do better */
    int is_not_tls;                                 /* what answered, or was silent, does not speak TLS */
} transfer_answer;

typedef struct transfer_limits {
    uint32_t connect_ms; /* unless the request says another */
    uint32_t stall_s;    /* so long without a byte is the end */
} transfer_limits;

/* How the outside is reached. The environment is not asked: what a job may use is what it is granted. */
typedef struct transfer_ways {
    stella_sv ca;       /* PEM text of more authorities; may be empty; borrowed as long as the transfer lives */
    stella_sv proxy;    /* URL; may be empty */
    stella_sv no_proxy; /* hosts that are reached without it, comma-separated, as curl reads no_proxy */
} transfer_ways;

/* The caller destroys it. */
stella_status transfer_create(const transfer_limits *limits, const transfer_ways *ways, transfer **out,
                              stella_error *err);
void transfer_destroy(transfer *t);
void transfer_destroyp(transfer **t); /* for STELLA_AUTO */

/* Runs one exchange; connections are reused.
 * answer  filled also on failure, as far as it came
 * Returns STELLA_OK when an answer of any status came whole (of a part: as much as was wanted). STELLA_E_LIMIT when a
 * whole answer is longer than length, STELLA_E_DENIED for a certificate, STELLA_E_TIMEOUT, STELLA_E_FORMAT for what is
 * no HTTP or a wrong range, STELLA_E_IO; an error of out is passed on. */
stella_status transfer_run(transfer *t, const transfer_request *request, transfer_answer *answer, stella_error *err);

#endif
