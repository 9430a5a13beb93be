#include "graph.h"

graph graph_of(stella_analysis *job) {
    return (graph){.job = job, .names = {.arena = job->arena}};
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for dependencies");
}

/* An array of twice the room with what is there; NULL when the arena is spent. */
static void *grown(graph *g, const void *items, uint32_t count, uint32_t *room, size_t size) {
    const uint32_t wanted = *room ? 2 * *room : 64;
    void *bigger = wanted > *room ? stella_arena_alloc(g->job->arena, wanted, size) : NULL;
    if (!bigger)
        return NULL;
    if (count)
        memcpy(bigger, items, (size_t)count * size);
    *room = wanted;
    return bigger;
}

static stella_sv scoped(graph *g, stella_sv scope, stella_sv name) {
    return stella_arena_printf(g->job->arena, "%.*s\n%.*s", STELLA_SV_FMT(scope), STELLA_SV_FMT(name));
}

stella_status graph_name(graph *g, stella_sv scope, stella_sv name, stella_component *c, stella_error *err) {
    if (g->component_count == g->component_room) {
        stella_component **bigger =
            grown(g, (const void *)g->components, g->component_count, &g->component_room, sizeof(stella_component *));
        if (!bigger)
            return no_memory(err);
        g->components = bigger;
    }
    const stella_sv key = scoped(g, scope, name);
    if (!key.ptr)
        return no_memory(err);
    g->components[g->component_count] = c;
    return providers_add(&g->names, (provider){.name = key, .package = g->component_count++, .is_own = 1}, err);
}

stella_status graph_needs(graph *g, stella_component *from, stella_sv scope, stella_sv name, uint32_t flags,
                          stella_error *err) {
    if (g->edge_count == g->edge_room) {
        graph_edge *bigger = grown(g, g->edges, g->edge_count, &g->edge_room, sizeof *g->edges);
        if (!bigger)
            return no_memory(err);
        g->edges = bigger;
    }
    const stella_sv to = scoped(g, scope, name);
    if (!to.ptr)
        return no_memory(err);
    g->edges[g->edge_count++] = (graph_edge){.from = from, .to = to, .flags = flags};
    return STELLA_OK;
}

void graph_relate(graph *g) {
    providers_sort(&g->names);
    for (uint32_t i = 0; i < g->edge_count && !stella_cancelled(g->job); i++) {
        uint32_t count;
        const provider *found = providers_find(&g->names, g->edges[i].to, &count);
        for (uint32_t k = 0; k < count && k < GRAPH_CANDIDATES_MAX; k++)
            if (g->components[found[k].package] != g->edges[i].from)
                stella_relate(g->job, g->edges[i].from, g->components[found[k].package], STELLA_RELATION_DEPENDS_ON,
                              g->edges[i].flags);
    }
}
