/* emit.h - one output: the emitter of a format, called with a descriptor behind a buffer. */
#ifndef SCANNER_ENGINE_EMIT_H
#define SCANNER_ENGINE_EMIT_H

#include "analyze_request.h"

#include <stella/job.h>

/* Finds the emitter of the output's format among the job's peers and writes the document.
 * everything     for an emitter of STELLA_EMITTER_EVERYTHING
 * listed         for the others: without what is managed, unless the user wants it
 * template_text  for an emitter that wants one
 * Returns STELLA_E_INVALID when no emitter writes it, else what the emitter or the writing returned. */
stella_status emit_output(stella_job *job, const stella_bom *everything, const stella_bom *listed,
                          const analyze_output *output, stella_sv template_text, stella_error *err);

#endif
