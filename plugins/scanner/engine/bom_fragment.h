/* bom_fragment.h - the part of a result that one layer introduces. */
#ifndef SCANNER_ENGINE_BOM_FRAGMENT_H
#define SCANNER_ENGINE_BOM_FRAGMENT_H

#include <stella/arena.h>
#include <stella/bom.h>
#include <stella/error.h>

/* A result about one layer: the components whose introducing layer it is, the relations among them with roots of their
 * own, the layer as the only one (index 0), its errors and those that say what is missing from the whole. Evidence in
 * other layers stays, without a layer. The components of all layers' fragments together are those of the whole.
 * layer  index into whole's layers
 * out    set on success, may be whole itself; lives in the arena, borrows from whole
 * Returns STELLA_E_NOMEM. */
stella_status bom_fragment(const stella_bom *whole, uint32_t layer, stella_arena *arena, stella_bom *out,
                           stella_error *err);

#endif
