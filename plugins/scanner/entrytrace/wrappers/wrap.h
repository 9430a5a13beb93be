/* wrap.h - a wrapper's command line, read by its synopsis: what is run, by whom, where and with which variables. */
#ifndef ENTRYTRACE_WRAPPERS_WRAP_H
#define ENTRYTRACE_WRAPPERS_WRAP_H

#include "entrytrace/common/hop.h"
#include "table.h"

/* Says what the launch of a wrapper leads to. [worker] */
stella_status wrap_resolve(stella_hop *hop, const wrapper *w, stella_error *err);

/* Splits the text of env -S into words, as GNU env(1) does; variables are taken from the launch.
 * words  set on success
 * Returns STELLA_E_FORMAT for a quote without end or an escape it does not know, STELLA_E_NOMEM, STELLA_E_LIMIT. */
stella_status wrap_split(stella_arena *arena, const stella_launch *launch, stella_sv text, const stella_word **words,
                         uint32_t *count, stella_error *err);

#endif
