/* What the hops come to: terminals, what may not run at all, and how well all is known. */
#include "trace.h"

#include "protocol.h"

#include <stella/auto.h>

#include <stdlib.h>

static int is_onward(uint32_t step) {
    return step == STELLA_STEP_MAIN || step == STELLA_STEP_SERVICE || step == STELLA_STEP_INCLUDE;
}

/* Marks what is reached from the entrypoint by edges that pass the test; the graph is small. */
static void reach(const trace *t, unsigned char *marks, int (*passes)(const stella_trace_edge *e)) {
    int is_new = t->node_count > 0;
    if (is_new)
        marks[0] = 1;
    while (is_new) {
        is_new = 0;
        for (uint32_t i = 0; i < t->edge_count; i++) {
            const stella_trace_edge *e = &t->edges[i];
            if (!marks[e->from] || marks[e->to] || !passes(e))
                continue;
            marks[e->to] = 1;
            is_new = 1;
        }
    }
}

static int is_main(const stella_trace_edge *e) {
    return is_onward(e->step);
}

static int is_certain(const stella_trace_edge *e) {
    return !e->is_possible;
}

/* Whether something that goes on runs after the node, perhaps from a script that it reads. */
static int goes_on(const trace *t, uint32_t node) {
    for (uint32_t i = 0; i < t->edge_count; i++) {
        const stella_trace_edge *e = &t->edges[i];
        if (e->from != node)
            continue;
        if (e->step == STELLA_STEP_MAIN || e->step == STELLA_STEP_SERVICE)
            return 1;
        if (e->step == STELLA_STEP_INCLUDE && e->to > node && goes_on(t, e->to))
            return 1;
    }
    return 0;
}

static int has_evidence(const finding *f, stella_sv path) {
    for (const stella_bom_evidence *e = chain_first(&f->evidence); e; e = chain_next(e))
        if (stella_sv_eq(e->path, path))
            return 1;
    return 0;
}

/* What a binary was made of, as the analyzers of its language found: that is better than a guess. */
static stella_sv type_of(const trace *t, stella_sv path) {
    static const struct {
        stella_sv type, means;
    } types[] = {{STELLA_SV_INIT("golang"), STELLA_SV_INIT("go")},
                 {STELLA_SV_INIT("cargo"), STELLA_SV_INIT("rust")},
                 {STELLA_SV_INIT("nuget"), STELLA_SV_INIT("dotnet")}};
    for (uint32_t i = 0; i < t->world->earlier->count; i++)
        for (const finding *f = chain_first(&t->world->earlier->items[i]->findings); f; f = chain_next(f))
            for (size_t k = 0; k < STELLA_COUNT(types); k++)
                if (stella_sv_eq(f->type, types[k].type) && has_evidence(f, path))
                    return types[k].means;
    stella_file file = STELLA_FILE_INIT;
    const int is_there = stella_view_stat((stella_analysis *)(uintptr_t)&t->job.base, path, &file, NULL) == STELLA_OK;
    return is_there && file.type == STELLA_TYPE_ELF ? STELLA_SV("c/c++") : STELLA_SV("other");
}

/* A program that nobody knows is where the way ends. */
static void end_here(trace *t, uint32_t node) {
    trace_node *n = &t->nodes[node];
    if (n->is_terminal || !n->said.path.len || n->said.kind == STELLA_NODE_INCLUDE || goes_on(t, node))
        return;
    if (n->has_diagnostic && !n->is_stranger)
        return;
    n->is_terminal = 1;
    n->said.type = n->is_stranger ? STELLA_SV("other") : type_of(t, n->said.path);
    n->said.confidence = n->is_stranger ? 50 : 90;
    if (n->is_stranger && n->script != UINT32_MAX)
        n->said.main = t->nodes[n->script].said.path;
}

static uint32_t outcome_of(const trace *t, const unsigned char *is_on_the_way, uint32_t terminals) {
    int is_lost = 0;
    for (uint32_t i = 0; i < t->node_count; i++)
        if (is_on_the_way[i] && !t->nodes[i].is_terminal && t->nodes[i].said.kind != STELLA_NODE_INCLUDE &&
            !goes_on(t, i))
            is_lost = 1;
    return !terminals ? STELLA_TRACE_UNRESOLVED : is_lost ? STELLA_TRACE_PARTLY : STELLA_TRACE_RESOLVED;
}

static int by_from(const void *left, const void *right) {
    const stella_trace_edge *a = left, *b = right;
    return (a->from > b->from) - (a->from < b->from);
}

static int by_node_and_path(const void *left, const void *right) {
    const stella_trace_use *a = left, *b = right;
    int order = (a->node > b->node) - (a->node < b->node);
    if (!order)
        order = stella_sv_cmp(a->path, b->path);
    if (!order)
        order = stella_sv_cmp(a->how, b->how);
    return order ? order : stella_sv_cmp(a->via, b->via);
}

static int by_diagnosed_node(const void *left, const void *right) {
    const stella_trace_diagnostic *a = left, *b = right;
    return (a->node > b->node) - (a->node < b->node);
}

/* Edges and diagnostics stay in the order of discovery within a node: equal ones keep their places by merging. */
static void settle(void *items, uint32_t count, size_t size, int (*compare)(const void *, const void *), void *spare) {
    if (count < 2)
        return;
    const uint32_t half = count / 2;
    char *all = items, *out = spare;
    settle(all, half, size, compare, spare);
    settle(all + half * size, count - half, size, compare, spare);
    uint32_t a = 0, b = half;
    for (uint32_t i = 0; i < count; i++) {
        const int is_left = a < half && (b == count || compare(all + a * size, all + b * size) <= 0);
        memcpy(out + i * size, all + (is_left ? a++ : b++) * size, size);
    }
    memcpy(all, spare, count * size);
}

static void count_outcome(trace *t, uint32_t outcome) {
    static const char *const names[] = {[STELLA_TRACE_RESOLVED] = "entrytrace_resolved",
                                        [STELLA_TRACE_PARTLY] = "entrytrace_partly_resolved",
                                        [STELLA_TRACE_UNRESOLVED] = "entrytrace_unresolved"};
    t->job.stage->plugin = STELLA_SV(ENGINE_ID);
    stella_count(&t->job.base, stella_sv_cstr(names[outcome]), 1);
    for (const stella_trace_diagnostic *d = chain_first(&t->diagnostics); d; d = chain_next(d)) {
        char name[64] = "entrytrace_unknown_";
        const stella_sv reason = stella_reason_name(d->reason);
        const size_t at = strlen(name);
        for (size_t i = 0; i < reason.len && at + i + 1 < sizeof name; i++)
            name[at + i] = reason.ptr[i] == '-' ? '_' : reason.ptr[i];
        stella_count(&t->job.base, stella_sv_cstr(name), 1);
    }
}

/* Everything in its order, as the result has it. */
static stella_trace *make(trace *t, const unsigned char *is_on_the_way) {
    stella_trace *made = stella_arena_alloc(t->arena, 1, sizeof *made);
    stella_trace_node *nodes = stella_arena_alloc(t->arena, t->node_count, sizeof *nodes);
    uint32_t *terminals = stella_arena_alloc(t->arena, t->node_count, sizeof *terminals);
    stella_trace_use *uses = chain_array(&t->uses, t->arena, sizeof *uses);
    stella_trace_diagnostic *diagnostics = chain_array(&t->diagnostics, t->arena, sizeof *diagnostics);
    void *spare = stella_arena_alloc(t->arena, t->edge_count + t->diagnostics.count + 1u, sizeof(stella_trace_edge));
    if (!made || !nodes || !terminals || !uses || !diagnostics || !spare)
        return NULL;
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->node_count; i++) {
        if (is_on_the_way[i] && t->nodes[i].is_terminal)
            terminals[count++] = i;
        else
            t->nodes[i].said.type = t->nodes[i].said.main = (stella_sv){0}, t->nodes[i].said.confidence = 0;
        nodes[i] = t->nodes[i].said;
    }
    settle(t->edges, t->edge_count, sizeof *t->edges, by_from, spare);
    settle(diagnostics, t->diagnostics.count, sizeof *diagnostics, by_diagnosed_node, spare);
    if (t->uses.count)
        qsort(uses, t->uses.count, sizeof *uses, by_node_and_path);
    *made = (stella_trace){
        .head = STELLA_HEAD(stella_trace),
        .outcome = outcome_of(t, is_on_the_way, count),
        .nodes = {.items = nodes, .count = t->node_count, .stride = sizeof *nodes},
        .edges = {.items = t->edges, .count = t->edge_count, .stride = sizeof *t->edges},
        .uses = {.items = uses, .count = t->uses.count, .stride = sizeof *uses},
        .diagnostics = {.items = diagnostics, .count = t->diagnostics.count, .stride = sizeof *diagnostics},
        .terminals = {.items = terminals, .count = count, .stride = sizeof *terminals}};
    return made;
}

stella_status trace_result(trace *t, const stella_trace **out, stella_error *err) {
    STELLA_AUTO(stella_freep) unsigned char *marks = calloc(2, TRACE_NODES_MAX);
    if (!marks)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
    unsigned char *is_on_the_way = marks, *runs = marks + TRACE_NODES_MAX;
    reach(t, is_on_the_way, is_main);
    reach(t, runs, is_certain);
    for (uint32_t i = 0; i < t->node_count; i++) {
        t->nodes[i].said.is_possible = !runs[i];
        if (is_on_the_way[i])
            end_here(t, i);
    }
    const stella_trace *made = make(t, is_on_the_way);
    if (!made)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the image runs");
    count_outcome(t, made->outcome);
    *out = made;
    return STELLA_OK;
}
