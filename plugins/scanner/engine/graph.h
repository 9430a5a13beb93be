/* graph.h - the relations of a result as one graph in which every component is reachable from the root. */
#ifndef SCANNER_ENGINE_GRAPH_H
#define SCANNER_ENGINE_GRAPH_H

#include <stella/arena.h>
#include <stella/bom.h>
#include <stella/error.h>

/* Puts edges in order, the same ones together (a flag stays when every one of them has it), without those from a
 * component to itself; condenses cycles, and links the root to one member - the lowest index - of each part that
 * nothing else leads to. Those links are STELLA_RELATION_DEPENDS_ON with STELLA_RELATION_INFERRED.
 * nodes      count of components
 * edges      relations between them, changed in place; indices below nodes
 * relations  set on success: stella_bom_relation ordered by from, to, kind (the root's last), in the arena
 * Returns STELLA_E_NOMEM. Time and memory linear in nodes and edges but for the sorting; no recursion. */
stella_status graph_build(uint32_t nodes, stella_bom_relation *edges, uint32_t edge_count, stella_arena *arena,
                          stella_list *relations, stella_error *err);

#endif
