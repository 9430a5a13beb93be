/* mustache.h - the C face of the template library. */
#ifndef EMITTER_TEMPLATE_MUSTACHE_H
#define EMITTER_TEMPLATE_MUSTACHE_H

#include <stella/json.h>
#include <stella/sink.h>

STELLA_BEGIN_DECLS

#define MUSTACHE_OUTPUT_MAX (UINT64_C(1) << 30)  /* bytes written */
#define MUSTACHE_STEPS_MAX  (UINT64_C(40) << 20) /* names looked up and sections entered */

/* Runs a template that check_template has passed over the members of a document. Values lose their control characters:
 * line breaks and tabs become blanks, others U+FFFD. Members that the format json leaves out are empty; they are not
 * looked up further out.
 * Returns STELLA_E_INVALID for a template that the library refuses, STELLA_E_LIMIT, STELLA_E_NOMEM, or what the sink returned. Throws nothing. */
stella_status mustache_render(stella_sv text, const stella_json *document, const stella_sink *sink, stella_error *err);

STELLA_END_DECLS

#endif
