/* The trace as an indented tree, for people. */
#include "render.h"

#include <stella/auto.h>

#include <stdlib.h>

#define TEXT_MAX  160u
#define DEPTH_MAX 96u

typedef struct tree {
    const stella_bom *bom;
    stella_buf *out;
    unsigned char *is_shown; /* of each node */
    char prefix[DEPTH_MAX * 4 + 1];
} tree;

static uint32_t edges_from(const tree *t, uint32_t node) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->bom->trace->edges.count; i++)
        count += STELLA_AT(t->bom->trace->edges, stella_trace_edge, i)->from == node;
    return count;
}

static void write_place(tree *t, const stella_trace_edge *e) {
    if (!e || !e->span.path.len)
        return;
    stella_buf_add(t->out, STELLA_SV(", "));
    render_text(e->span.path, TEXT_MAX, t->out);
    if (e->span.first_line)
        stella_buf_printf(t->out, ":%u", e->span.first_line);
}

/* "exec, entrypoint.sh:41, layer 3" */
static void write_why(tree *t, const stella_trace_edge *e, const stella_trace_node *n) {
    stella_buf_add(t->out, STELLA_SV("  ["));
    stella_buf_add(t->out, stella_node_kind_name(n->kind));
    if (e) {
        stella_buf_printf(t->out, ", %.*s", STELLA_SV_FMT(stella_step_name(e->step)));
        stella_buf_add(t->out, STELLA_SV(" by "));
        render_text(e->relation, TEXT_MAX, t->out);
    }
    write_place(t, e);
    if (n->layer != STELLA_BOM_NO_LAYER)
        stella_buf_printf(t->out, ", layer %u", n->layer);
    if (n->user.len) {
        stella_buf_add(t->out, STELLA_SV(", as "));
        render_text(n->user, TEXT_MAX, t->out);
    }
    if ((e && e->is_possible) || n->is_possible)
        stella_buf_add(t->out, STELLA_SV(", perhaps"));
    stella_buf_add(t->out, STELLA_SV("]\n"));
}

static void write_details(tree *t, uint32_t node, const stella_trace_node *n) {
    if (n->path.len) {
        stella_buf_printf(t->out, "%s    = /", t->prefix);
        render_text(n->path, TEXT_MAX, t->out);
        stella_buf_add(t->out, STELLA_SV("\n"));
    }
    if (n->type.len) {
        stella_buf_printf(t->out, "%s    * runs: %.*s", t->prefix, STELLA_SV_FMT(n->type));
        if (n->main.len) {
            stella_buf_add(t->out, STELLA_SV(", /"));
            render_text(n->main, TEXT_MAX, t->out);
        }
        stella_buf_printf(t->out, " (%u %%)\n", n->confidence);
    }
    for (uint32_t i = 0; i < t->bom->trace->diagnostics.count; i++) {
        const stella_trace_diagnostic *d = STELLA_AT(t->bom->trace->diagnostics, stella_trace_diagnostic, i);
        if (d->node != node)
            continue;
        stella_buf_printf(t->out, "%s    ! %.*s: ", t->prefix, STELLA_SV_FMT(stella_reason_name(d->reason)));
        render_text(d->detail, TEXT_MAX, t->out);
        if (d->span.first_line)
            stella_buf_printf(t->out, " (line %u)", d->span.first_line);
        stella_buf_add(t->out, STELLA_SV("\n"));
    }
}

static void write_node(tree *t, uint32_t node, const stella_trace_edge *e, uint32_t depth);

static void write_edges(tree *t, uint32_t node, uint32_t depth) {
    uint32_t left = edges_from(t, node);
    const size_t at = strlen(t->prefix);
    for (uint32_t i = 0; i < t->bom->trace->edges.count && left; i++) {
        const stella_trace_edge *e = STELLA_AT(t->bom->trace->edges, stella_trace_edge, i);
        if (e->from != node)
            continue;
        stella_buf_printf(t->out, "%s%s ", t->prefix, --left ? "|-" : "`-");
        memcpy(t->prefix + at, left ? "|  " : "   ", 4);
        write_node(t, e->to, e, depth + 1);
        t->prefix[at] = '\0';
    }
}

static void write_node(tree *t, uint32_t node, const stella_trace_edge *e, uint32_t depth) {
    const stella_trace_node *n = render_node(t->bom, node);
    render_command(n, TEXT_MAX, t->out);
    if (t->is_shown[node] || depth >= DEPTH_MAX) {
        stella_buf_add(t->out, STELLA_SV("  [see above]\n"));
        return;
    }
    t->is_shown[node] = 1;
    write_why(t, e, n);
    write_details(t, node, n);
    write_edges(t, node, depth);
}

stella_status render_tree(const stella_bom *bom, stella_buf *out, stella_error *err) {
    static const char *const outcomes[] = {[STELLA_TRACE_RESOLVED] = "resolved",
                                           [STELLA_TRACE_PARTLY] = "partly resolved",
                                           [STELLA_TRACE_UNRESOLVED] = "unresolved"};
    STELLA_AUTO(stella_freep) tree *t = calloc(1, sizeof *t);
    STELLA_AUTO(stella_freep) unsigned char *is_shown = calloc((size_t)bom->trace->nodes.count + 1, 1);
    if (!t || !is_shown)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a tree");
    *t = (tree){.bom = bom, .out = out, .is_shown = is_shown};
    if (bom->trace->nodes.count)
        write_node(t, 0, NULL, 0);
    stella_buf_printf(out, "\n%s", outcomes[bom->trace->outcome]);
    for (uint32_t i = 0; i < bom->entrypoints.count; i++) {
        const stella_bom_entrypoint *e = STELLA_AT(bom->entrypoints, stella_bom_entrypoint, i);
        stella_buf_add(out, i ? STELLA_SV(", ") : STELLA_SV(": "));
        render_text(e->launcher, TEXT_MAX, out);
        stella_buf_printf(out, " (%.*s)", STELLA_SV_FMT(e->type));
    }
    return stella_buf_add(out, STELLA_SV("\n"));
}
