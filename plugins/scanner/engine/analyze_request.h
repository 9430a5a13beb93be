/* analyze_request.h - the request of the job "image.analyze" (protocol.h), read. */
#ifndef SCANNER_ENGINE_ANALYZE_REQUEST_H
#define SCANNER_ENGINE_ANALYZE_REQUEST_H

#include "listing.h"

#include <stella/arena.h>
#include <stella/bom.h>
#include <stella/error.h>

#define ANALYZE_LAYERS_MAX   1024u
#define ANALYZE_OUTPUTS_MAX  16u
#define ANALYZE_ERRORS_MAX   100000u
#define ANALYZE_COUNTERS_MAX 1000u

#define ANALYZE_NO_FD 0xffffffffu

typedef struct analyze_layer {
    stella_bom_layer facts;
    uint32_t pack;       /* position among the descriptors, ANALYZE_NO_FD when the layer is missing */
    uint32_t supplement; /* the same, ANALYZE_NO_FD for none */
    int is_gone;         /* it was to be read again and could not be */
} analyze_layer;

typedef struct analyze_output {
    stella_sv format; /* with "@VERSION" when one was asked for */
    stella_sv view;   /* "inventory" or "usage" */
    uint32_t fd;      /* position */
    uint32_t width;
    int is_color;
    int is_by_layer;
    int is_optional; /* stays empty when there is no such view */
} analyze_output;

/* Everything borrows from the request or lives in the arena. */
typedef struct analyze_request {
    stella_sv subject;
    stella_sv kind, name, digest, config_digest, os, architecture, variant;
    stella_sv config;   /* the image configuration's JSON; may be empty */
    stella_sv process;  /* what the user has it start instead: see process.h; may be empty */
    int64_t created_ms; /* what the result is dated: epoch, else the image's, else -1 */
    uint32_t round;
    uint64_t memory_bytes;   /* 0: default */
    stella_sv template_text; /* of outputs that want one */
    uint32_t options;        /* STELLA_OPTION_* */
    listing_rules listing;   /* which components are listed */
    int32_t only_layer;      /* the result is what this layer introduces; -1: all of the image */
    analyze_layer *layers;
    uint32_t layer_count;
    analyze_output *outputs;
    uint32_t output_count;
    stella_bom_error *errors;
    uint32_t error_count;
    stella_bom_pair *counters;
    uint32_t counter_count;
} analyze_request;

/* fd_count  descriptors of the job: every position must be below it
 * out       set on success
 * Returns STELLA_E_FORMAT with the member in err->path, STELLA_E_LIMIT or STELLA_E_NOMEM. */
stella_status analyze_request_parse(stella_sv json, uint32_t fd_count, stella_arena *arena, analyze_request *out,
                                    stella_error *err);

#endif
