/* phases.h - calls all analyzers of this host, phase by phase, in the order of phase and plugin id. */
#ifndef SCANNER_ENGINE_PHASES_H
#define SCANNER_ENGINE_PHASES_H

#include "analysis.h"

/* Everything an image's analysis leaves behind. */
typedef struct phases_result {
    stages stages;
    ownership *owners;         /* of all that they own; NULL: nothing ran */
    const stella_trace *trace; /* what the image runs; NULL: that was not asked */
    stage *traced;             /* what the entry tracers noted and counted; NULL: they did not run */
    chain errors;              /* stella_bom_error: analyzers that contribute nothing */
    chain wishes;              /* analysis_wish: when one is not served, read them and run again */
} phases_result;

/* world   earlier, owners are set here, owners being the result's; the rest by the caller
 * arena   for errors and wishes
 * result  all zero before; phases_fini it whatever is returned
 * An analyzer that fails is an entry in errors, not a failure of this. Returns STELLA_E_NOMEM. */
stella_status phases_run(analysis_world *world, stella_arena *arena, phases_result *result, stella_error *err);
void phases_fini(phases_result *result);

#endif
