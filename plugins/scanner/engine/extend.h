/* extend.h - a pack is extended by plugins that have not seen its layer: what the others learnt is copied, and the bytes
 * are read only when the index holds something that the new ones want. [one thread] */
#ifndef SCANNER_ENGINE_EXTEND_H
#define SCANNER_ENGINE_EXTEND_H

#include "analyzers.h"

/* Whether an analyzer that is not idle may want a file of the pack, as its index has it: path and sniffed type. */
int extend_is_wanted(const pack *base, const analyzers *all);

/* Copies the segment of a plugin; out is of the new pack.
 * Returns STELLA_E_FORMAT when the base has none of that plugin and binary. */
stella_status extend_copy(const pack *base, stella_sv plugin, stella_sv digest, pack_writer *w, pack_segment *out,
                          stella_error *err);

#endif
