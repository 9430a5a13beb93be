/* usage.h - which components an image's programs reach: what is known of files becomes a statement of components. */
#ifndef SCANNER_ENGINE_USAGE_H
#define SCANNER_ENGINE_USAGE_H

#include "phases.h"

#define USAGE_ENTRYPOINTS_MAX 64u /* terminals with a launcher of their own; more are left out, with a note */

/* Sets entrypoints and trace of the result, and entrypoints and uses of its components. A file that a program is, reads
 * or loads counts for each component that owns it, is proven by it, or by what lies in it (it is an archive).
 * Returns STELLA_E_NOMEM. */
stella_status usage_mark(const phases_result *result, const stella_trace *trace, stella_arena *arena, stella_bom *bom,
                         stella_error *err);

#endif
