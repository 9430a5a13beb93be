#include "graph.h"

#include <stella/analyzer.h>
#include <stella/auto.h>

#include <stdlib.h>

static int by_ends(const void *left, const void *right) {
    const stella_bom_relation *a = left, *b = right;
    if (a->from != b->from)
        return a->from < b->from ? -1 : 1;
    if (a->to != b->to)
        return a->to < b->to ? -1 : 1;
    return (a->kind > b->kind) - (a->kind < b->kind);
}

/* Orders and joins in place; returns how many are left. */
static uint32_t tidy(stella_bom_relation *edges, uint32_t count) {
    uint32_t kept = 0;
    if (count)
        qsort(edges, count, sizeof *edges, by_ends);
    for (uint32_t i = 0; i < count; i++) {
        if (edges[i].from == edges[i].to)
            continue;
        if (kept && by_ends(&edges[kept - 1], &edges[i]) == 0)
            edges[kept - 1].flags &= edges[i].flags;
        else
            edges[kept++] = edges[i];
    }
    return kept;
}

/* Tarjan's algorithm with a stack of its own. */
typedef struct search {
    const stella_bom_relation *edges;
    uint32_t edge_count;
    uint32_t *edge;           /* of each node: the next edge to look at */
    uint32_t *order;          /* of each node: when it was met, from 1; 0 not yet */
    uint32_t *low;            /* of each node: the earliest met that it can reach */
    uint32_t *part;           /* of each node: its strongly connected part, from 1; 0 not known yet */
    uint32_t *path, path_len; /* from where the search began to where it is */
    uint32_t *open, open_len; /* met, part not known yet */
    uint32_t met, parts;
} search;

static void enter(search *s, uint32_t node) {
    s->order[node] = s->low[node] = ++s->met;
    s->path[s->path_len++] = node;
    s->open[s->open_len++] = node;
}

static void lower(uint32_t *low, uint32_t to) {
    if (to < *low)
        *low = to;
}

static void leave(search *s, uint32_t node) {
    s->path_len--;
    if (s->path_len)
        lower(&s->low[s->path[s->path_len - 1]], s->low[node]);
    if (s->low[node] != s->order[node])
        return;
    s->parts++;
    for (uint32_t member = ~node; member != node;) {
        member = s->open[--s->open_len];
        s->part[member] = s->parts;
    }
}

static void search_from(search *s, uint32_t start) {
    enter(s, start);
    while (s->path_len) {
        const uint32_t node = s->path[s->path_len - 1];
        const uint32_t at = s->edge[node];
        if (at == s->edge_count || s->edges[at].from != node) {
            leave(s, node);
            continue;
        }
        s->edge[node]++;
        const uint32_t to = s->edges[at].to;
        if (!s->order[to])
            enter(s, to);
        else if (!s->part[to])
            lower(&s->low[node], s->order[to]);
    }
}

/* Sets s->part of every node. */
static void find_parts(search *s, uint32_t nodes) {
    uint32_t at = 0;
    for (uint32_t node = 0; node < nodes; node++) {
        while (at < s->edge_count && s->edges[at].from < node)
            at++;
        s->edge[node] = at;
    }
    for (uint32_t node = 0; node < nodes; node++)
        if (!s->order[node])
            search_from(s, node);
}

/* Marks the nodes the root links to; returns how many. */
static uint32_t find_roots(const search *s, uint32_t nodes, uint32_t *is_led_to, uint32_t *roots) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < s->edge_count; i++)
        if (s->part[s->edges[i].from] != s->part[s->edges[i].to])
            is_led_to[s->part[s->edges[i].to]] = 1;
    for (uint32_t node = 0; node < nodes; node++) {
        if (is_led_to[s->part[node]])
            continue;
        is_led_to[s->part[node]] = 1; /* one member a part */
        roots[count++] = node;
    }
    return count;
}

stella_status graph_build(uint32_t nodes, stella_bom_relation *edges, uint32_t edge_count, stella_arena *arena,
                          stella_list *relations, stella_error *err) {
    const size_t n = (size_t)nodes + 1;
    STELLA_AUTO(stella_freep) uint32_t *memory = calloc(n * 8, sizeof *memory);
    if (!memory)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a graph of %u components", nodes);
    search s = {.edges = edges, .edge_count = tidy(edges, edge_count), .edge = memory, .order = memory + n};
    s.low = memory + n * 2, s.part = memory + n * 3, s.path = memory + n * 4, s.open = memory + n * 5;
    find_parts(&s, nodes);
    uint32_t *roots = memory + n * 7;
    const uint32_t root_count = find_roots(&s, nodes, memory + n * 6, roots);
    const uint32_t count = s.edge_count + root_count;
    stella_bom_relation *all = stella_arena_alloc(arena, count, sizeof *all);
    if (!all)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u relations", count);
    if (s.edge_count)
        memcpy(all, edges, s.edge_count * sizeof *all);
    for (uint32_t i = 0; i < root_count; i++)
        all[s.edge_count + i] = (stella_bom_relation){.from = STELLA_BOM_ROOT,
                                                      .to = roots[i],
                                                      .kind = STELLA_RELATION_DEPENDS_ON,
                                                      .flags = STELLA_RELATION_INFERRED};
    *relations = (stella_list){.items = all, .count = count, .stride = sizeof *all};
    return STELLA_OK;
}
