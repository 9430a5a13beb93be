/* graph.h - dependencies by name: stated while files are read, related once all names are known.
 *
 *     graph g = graph_of(job);
 *     graph_name(&g, scope, name, component, err);   // for each package
 *     graph_needs(&g, component, scope, name, 0, err);
 *     graph_relate(&g);                              // once, at the end */
#ifndef ANALYZER_GRAPH_H
#define ANALYZER_GRAPH_H

#include "providers.h"

#include <stella/analyzer.h>

/* Components of one name and scope that a dependency is related to; the rest is left out. */
#define GRAPH_CANDIDATES_MAX 16

typedef struct graph_edge {
    stella_component *from;
    stella_sv to; /* scope and name */
    uint32_t flags;
} graph_edge;

/* Lives in the job's arena. */
typedef struct graph {
    stella_analysis *job;
    providers names;
    stella_component **components; /* by provider.package */
    uint32_t component_count, component_room;
    graph_edge *edges;
    uint32_t edge_count, edge_room;
} graph;

graph graph_of(stella_analysis *job);

/* The component answers to that name within the scope (a folder, a lock file: what may see each other).
 * Returns STELLA_E_NOMEM. */
stella_status graph_name(graph *g, stella_sv scope, stella_sv name, stella_component *c, stella_error *err);

/* from depends on what has that name in the scope, should there be such a one.
 * flags  STELLA_RELATION_* of stella_relate
 * Returns STELLA_E_NOMEM. */
stella_status graph_needs(graph *g, stella_component *from, stella_sv scope, stella_sv name, uint32_t flags,
                          stella_error *err);

/* Relates all, but none to itself. */
void graph_relate(graph *g);

#endif
