/* probe.h - the host's side of stella_probe: calls one analyzer for one file and judges what it does. [one thread] */
#ifndef SCANNER_ENGINE_PROBE_H
#define SCANNER_ENGINE_PROBE_H

#include "analyzers.h"
#include "body.h"

typedef struct aside aside; /* see aside.h */

/* Where the plugin's reads come from: the layer itself, memory, or the scratch file. */
typedef struct probe_content {
    body *stream;     /* or NULL: then */
    stella_sv memory; /* these bytes, or when ptr is NULL */
    const scratch *scratch;
    uint64_t offset; /* of the file in the scratch file */
    uint64_t size;
} probe_content;

typedef struct probe_call {
    uint32_t file; /* the entry's id in the index */
    const stella_file *facts;
    stella_sv interests;    /* that it meets, one byte each */
    uint64_t max_bytes;     /* that may be read; 0: no limit */
    int is_limit_told;      /* a note says already that the file is too large for the plugin */
    int seeks;              /* the whole of it may be had; unless it is too large, the content is no stream */
    const char *companions; /* suffixes of their paths, NULL for none */
    const aside *beside;    /* where they are; with companions */
} probe_call;

/* Calls the plugin. An error of the plugin loses this file's records and is a note; garbage from the plugin loses the
 * plugin. Returns an error only when the layer itself cannot be read on. */
stella_status probe_run(analyzers *a, analyzer *one, const probe_call *call, const probe_content *content,
                        stella_error *err);

#endif
