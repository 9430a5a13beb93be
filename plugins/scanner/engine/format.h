/* format.h - which emitter writes an output. */
#ifndef SCANNER_ENGINE_FORMAT_H
#define SCANNER_ENGINE_FORMAT_H

#include <stella/emitter.h>
#include <stella/job.h>
#include <stella/json.h>

typedef struct format_choice {
    stella_peer peer;
    const stella_emitter *emitter;
    stella_sv version; /* one of the emitter's; empty when it has none */
    int wants_template;
} format_choice;

/* Finds the emitter among the job's peers.
 * wanted  "cyclonedx-json" or "cyclonedx-json@1.6"
 * out     set on success; the version lives as long as the emitter
 * Returns STELLA_E_INVALID for a format or version that is not there; the message lists those that are. */
stella_status format_choose(stella_job *job, stella_sv wanted, format_choice *out, stella_error *err);

/* Whether all outputs of image.open's request can be written: format, version, template. */
stella_status formats_check(stella_job *job, const stella_json *request, stella_error *err);

#endif
