/* toc_request.h - what the jobs that read a table of contents are told of it: "toc" in protocol.h. */
#ifndef SCANNER_ENGINE_TOC_REQUEST_H
#define SCANNER_ENGINE_TOC_REQUEST_H

#include "toc.h"

#include <stella/json.h>

typedef struct toc_request {
    stella_sv digest;    /* of the JSON; empty: the stored bytes were verified */
    uint64_t data_bytes; /* of the blob before the table */
} toc_request;

/* json: the member "toc". Returns STELLA_E_INVALID. */
stella_status toc_request_read(const stella_json *json, toc_request *out, stella_error *err);

/* Loads and parses. json: an empty buffer that outlives t; t is to be ended with toc_fini whatever is returned. */
stella_status toc_request_load(const toc_request *request, int fd, stella_buf *json, toc *t, stella_error *err);

#endif
