/* artifacts.h - `stella scan --artifacts DIR`: everything of an image that is stored and attested, under stable names,
 * with a manifest of digests. docs/artifacts/README.md. */
#ifndef CLI_ARTIFACTS_H
#define CLI_ARTIFACTS_H

#include "cli/output.h"

#define ARTIFACTS_MAX 5 /* with OUTPUTS_MAX no more than SCAN_OUTPUTS_MAX */

/* Opens an output for each artifact, and one for the manifest; makes the directory when it is missing.
 * outputs   room for ARTIFACTS_MAX; the first *count are set, also on failure, and to be ended with output_fini
 * manifest  set on success; the same
 * Returns what output_open returns. */
stella_status artifacts_open(cli_context *cli, const char *dir, output *outputs, uint32_t *count, output *manifest,
                             stella_error *err);

/* Puts the artifacts in their places, the manifest last. What has no bytes (the view "usage" of what has no entrypoint)
 * is left out; a file of that name from an earlier run goes.
 * image_digest  empty when there is none
 * Returns STELLA_E_IO or STELLA_E_DENIED. */
stella_status artifacts_publish(output *outputs, uint32_t count, output *manifest, stella_sv image_digest,
                                stella_error *err);

#endif
