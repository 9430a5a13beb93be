/* bom_part.h - a result with some of its components left out. */
#ifndef SCANNER_ENGINE_BOM_PART_H
#define SCANNER_ENGINE_BOM_PART_H

#include <stella/arena.h>
#include <stella/bom.h>
#include <stella/error.h>

#define BOM_PART_OUT UINT32_MAX

/* The relations among the components that stay, with roots of their own: each of those is reached from the root.
 * nodes  how many stay
 * moved  of each of whole's components its index among those that stay, or BOM_PART_OUT
 * out    set on success: stella_bom_relation, in the arena
 * Returns STELLA_E_NOMEM. */
stella_status bom_part_relations(const stella_bom *whole, uint32_t nodes, const uint32_t *moved, stella_arena *arena,
                                 stella_list *out, stella_error *err);

/* The same result with these components alone; all else is as it was.
 * stays  of each of whole's components: nonzero
 * out    set on success, may be whole itself; lives in the arena, borrows from whole
 * Returns STELLA_E_NOMEM. */
stella_status bom_part(const stella_bom *whole, const unsigned char *stays, stella_arena *arena, stella_bom *out,
                       stella_error *err);

#endif
