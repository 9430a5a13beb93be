/* content.h - what an index says of a result. */
#ifndef EMITTER_BOM_INDEX_CONTENT_H
#define EMITTER_BOM_INDEX_CONTENT_H

#include "bom_index/bom_index.h"

#include <stella/arena.h>
#include <stella/bom.h>

/* out  set on success; lives in the arena, borrows from the result
 * Returns STELLA_E_NOMEM. */
stella_status content_of(const stella_bom *bom, stella_arena *arena, bom_index_content *out, stella_error *err);

#endif
