/* diff.h - two results of earlier scans, compared in a child. */
#ifndef SCANNER_DRIVER_DIFF_H
#define SCANNER_DRIVER_DIFF_H

#include "scan.h"

typedef struct scan_diff_request {
    int old_fd, new_fd; /* results in the format json: files, read from their beginning */
    int is_usage;       /* only what an entrypoint reaches */
    int is_by_layer;    /* table and markdown: under headings, one for each layer */
    int with_managed;   /* also what belongs to packages of the distribution */
} scan_diff_request;

typedef struct scan_diff_report {
    uint64_t changes;
    int is_partial; /* one of the results is not whole */
} scan_diff_report;

/* Writes what differs to the outputs, whose formats are "json", "table" or "markdown".
 * options  worker, prepare, context, epoch_ms and timeout_ms count
 * out      set after SCAN_DONE
 * err      set for every other outcome: SCAN_USAGE, SCAN_TARGET (one is no result), SCAN_FAILED
 * [one thread] */
scan_outcome scan_diff(const scan_options *options, const scan_diff_request *request, const scan_output *outputs,
                       uint32_t output_count, scan_diff_report *out, stella_error *err);

#endif
