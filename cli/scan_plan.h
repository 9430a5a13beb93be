/* scan_plan.h - what the command line of `stella scan` asks for. */
#ifndef CLI_SCAN_PLAN_H
#define CLI_SCAN_PLAN_H

#include "cli/artifacts.h"
#include "cli/progress.h"
#include "scan.h"

#include <stella/sink.h>

extern const cli_option scan_plan_options[];

#define SCAN_PLAN_INSECURE_MAX 32            /* registries */
#define SCAN_PLAN_CHOICES_MAX  CLI_GIVEN_MAX /* lists of analyzers */

typedef struct scan_plan {
    scan_options scan; /* without worker and packs */
    uint32_t output_count;
    output outputs[SCAN_OUTPUTS_MAX];
    uint32_t artifact_count; /* of the outputs, the last ones */
    output manifest;         /* of the artifacts */
    stella_buf template_text, process;
    const char *view; /* of all outputs; NULL: everything */
    const char *insecure[SCAN_PLAN_INSECURE_MAX];
    const char *select[SCAN_PLAN_CHOICES_MAX], *exclude[SCAN_PLAN_CHOICES_MAX];
    int is_quiet, is_verbose, is_by_layer;
    int is_kept; /* the results stay where they were written: the verb makes its own of them */
    progress_mode progress;
} scan_plan;

/* Checks all options and opens the outputs.
 * out  to be ended with scan_plan_fini whatever is returned
 * Returns STELLA_E_INVALID for a bad option, else what output_open returned. */
stella_status scan_plan_read(cli_context *cli, const cli_args *args, scan_plan *out, stella_error *err);
void scan_plan_fini(scan_plan *plan);

#endif
