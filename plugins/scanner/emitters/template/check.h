/* check.h - whether a text is a template that may be run. */
#ifndef EMITTER_TEMPLATE_CHECK_H
#define EMITTER_TEMPLATE_CHECK_H

#include <stella/error.h>

#define CHECK_TEMPLATE_MAX (1u << 20) /* bytes */
#define CHECK_DEPTH_MAX    32u        /* sections inside each other */

/* The library that runs templates recurses with their sections and takes a text of the result for a template when a
 * partial names it; so sections have a limit, and partials are refused.
 * Returns STELLA_E_INVALID, with "line N" as err->path. */
stella_status check_template(stella_sv text, stella_error *err);

#endif
