/* layer_reply.h - the reply of the job "layer", checked. Private to the driver. */
#ifndef SCANNER_DRIVER_LAYER_REPLY_H
#define SCANNER_DRIVER_LAYER_REPLY_H

#include "cache.h"
#include "loss.h"

#define LAYER_REPLY_LOST_MAX 64

typedef struct layer_reply {
    char diff_id[STELLA_DIGEST_TEXT_SIZE]; /* computed; empty when it was not asked for */
    uint64_t entries, bytes, unreadable, links;
    int is_wanted; /* of a look-up: the layer must be read for these plugins, and there is no pack */
    uint32_t segment_count;
    cache_segment *segments; /* of analyzers in the pack; owned */
    uint32_t lost_count;
    scan_loss lost[LAYER_REPLY_LOST_MAX]; /* layer is the caller's to set */
} layer_reply;

void layer_reply_fini(layer_reply *r); /* for STELLA_AUTO */

/* out  set on success; the caller ends it. Returns STELLA_E_INTERNAL when the reply breaks the protocol. [any thread] */
stella_status layer_reply_parse(stella_sv reply, layer_reply *out, stella_error *err);

#endif
