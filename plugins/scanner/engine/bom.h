/* bom.h - makes the result that emitters read. */
#ifndef SCANNER_ENGINE_BOM_H
#define SCANNER_ENGINE_BOM_H

#include "analyze_request.h"
#include "phases.h"

/* Merges, orders and completes everything.
 * result  its stages must outlive out
 * out     set on success; lives in the arena, borrows from request and stages
 * Returns STELLA_E_NOMEM. */
stella_status bom_build(const analyze_request *request, const phases_result *result, stella_arena *arena,
                        stella_bom *out, stella_error *err);

/* Whether what was scanned is a system, or was part of one: it says which distribution it is, or has a database of
 * packages. */
int bom_is_system(const phases_result *result, const stella_bom *bom);

#endif
