/* analyze.h - from packs to outputs. Private to the driver. */
#ifndef SCANNER_DRIVER_ANALYZE_H
#define SCANNER_DRIVER_ANALYZE_H

#include "state.h"

typedef struct analyze_result {
    uint64_t components;
    stella_error output_error; /* of the first output that could not be written; code STELLA_OK: none */
} analyze_result;

/* Runs the analyzers over all packs and writes the outputs; who failed on the way is added to the scan's losses. Files
 * that analyzers ask for are read, then they run a second and last time.
 * out  set on success */
stella_status analyze(scan *s, const scan_output *outputs, uint32_t output_count, analyze_result *out,
                      stella_error *err);

#endif
