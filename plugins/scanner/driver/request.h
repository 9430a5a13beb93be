/* request.h - the requests of the three jobs, see plugins/scanner/engine/protocol.h. Private to the driver. */
#ifndef SCANNER_DRIVER_REQUEST_H
#define SCANNER_DRIVER_REQUEST_H

#include "feed.h"

#include <stella/job.h>
#include <stella/sink.h>

#define REQUEST_BYTES_MAX    (16u << 20)
#define ANALYZE_MEMORY_BYTES (1ull << 30) /* what the child of image.analyze may use */

/* The digest over what decides what is in a pack, but the layer and the analyzers: the engine, the limits and the
 * analyzers' options. */
stella_status request_context(const scan *s, char out[STELLA_DIGEST_TEXT_SIZE], stella_error *err);

/* formats: of the outputs, so that an unknown one is refused before anything is read */
stella_status request_open(const scan *s, const char *const *formats, uint32_t format_count, stella_buf *out,
                           stella_error *err);

/* A layer by its table of contents. */
typedef struct layer_parts {
    stella_sv digest;    /* of the table's JSON; empty: its stored bytes were verified */
    uint64_t data_bytes; /* of the blob before the table */
} layer_parts;

stella_status request_toc(const layer_parts *parts, stella_buf *out, stella_error *err);

/* What is to be done to a layer. */
typedef struct layer_task {
    uint32_t index;
    const layer_info *info;
    feed_source content;    /* a blob's bytes; a directory's descriptor */
    stella_sv diff_id;      /* to be verified by the child; may be empty */
    const stella_sv *paths; /* of a supplement; count 0: the whole layer */
    uint32_t path_count;
    int links_fd;             /* what an earlier reading wrote down of hard links, or -1 */
    int base_fd;              /* the pack that is to be extended by the plugins below, or -1 */
    const char *base_diff_id; /* computed with it; NULL or empty: it was not */
    const stella_sv *plugins;
    uint32_t plugin_count;
    int is_lookup;            /* by its index alone, when that will do: nothing is fed */
    const layer_parts *parts; /* the layer is read in part, from the two files below; NULL: as a whole */
    int toc_fd, blob_fd;
    const char *key; /* what the pack is kept under, when that is not the layer's digest; else NULL */
} layer_task;

stella_status request_layer(const scan *s, const layer_task *task, stella_buf *out, stella_error *err);

/* Positions of the descriptors handed to image.analyze. */
typedef struct analyze_fds {
    uint32_t count;
    int32_t fds[STELLA_JOB_FDS_MAX];
    int32_t packs[SCAN_LAYERS_MAX];       /* position of each layer's pack, or -1 */
    int32_t supplements[SCAN_LAYERS_MAX]; /* or -1 */
    int32_t outputs[SCAN_OUTPUTS_MAX];
} analyze_fds;

stella_status request_analyze(const scan *s, uint32_t round, const analyze_fds *fds, const scan_output *outputs,
                              uint32_t output_count, stella_buf *out, stella_error *err);

#endif
