/* The trace as a graph for Graphviz (DOT language) and Mermaid (flowchart). */
#include "render.h"

#include <stella/auto.h>

#define TEXT_MAX 80u

/* In quotes of both languages; '"' and what either reads as markup becomes harmless. */
static void write_label(stella_sv text, stella_buf *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf plain = stella_buf_of(1u << 20);
    render_text(text, TEXT_MAX, &plain);
    const stella_sv shown = stella_buf_sv(&plain);
    for (size_t i = 0; i < shown.len; i++) {
        const char c = shown.ptr[i];
        stella_buf_add(out, strchr("\"\\`<>&#|{}", c) ? STELLA_SV("'") : stella_sv_of(&shown.ptr[i], 1));
    }
}

static void write_command(const stella_trace_node *n, stella_buf *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    render_command(n, TEXT_MAX, &text);
    write_label(stella_buf_sv(&text), out);
    if (n->type.len) {
        stella_buf_add(out, STELLA_SV(" ("));
        write_label(n->type, out);
        stella_buf_add(out, STELLA_SV(")"));
    }
}

stella_status render_dot(const stella_bom *bom, stella_buf *out, stella_error *err) {
    (void)err;
    stella_buf_add(out, STELLA_SV("digraph entrytrace {\n    node [shape=box];\n"));
    for (uint32_t i = 0; i < bom->trace->nodes.count; i++) {
        const stella_trace_node *n = render_node(bom, i);
        stella_buf_printf(out, "    n%u [label=\"", i);
        write_command(n, out);
        stella_buf_printf(out, "\"%s%s];\n", n->type.len ? ", style=bold" : "", n->is_possible ? ", style=dashed" : "");
    }
    for (uint32_t i = 0; i < bom->trace->edges.count; i++) {
        const stella_trace_edge *e = STELLA_AT(bom->trace->edges, stella_trace_edge, i);
        stella_buf_printf(out, "    n%u -> n%u [label=\"", e->from, e->to);
        write_label(e->relation, out);
        stella_buf_printf(out, "\"%s];\n", e->is_possible ? ", style=dashed" : "");
    }
    return stella_buf_add(out, STELLA_SV("}\n"));
}

stella_status render_mermaid(const stella_bom *bom, stella_buf *out, stella_error *err) {
    (void)err;
    stella_buf_add(out, STELLA_SV("flowchart TD\n"));
    for (uint32_t i = 0; i < bom->trace->nodes.count; i++) {
        const stella_trace_node *n = render_node(bom, i);
        stella_buf_printf(out, "    n%u%s\"", i, n->type.len ? "([" : "[");
        write_command(n, out);
        stella_buf_printf(out, "\"%s\n", n->type.len ? "])" : "]");
    }
    for (uint32_t i = 0; i < bom->trace->edges.count; i++) {
        const stella_trace_edge *e = STELLA_AT(bom->trace->edges, stella_trace_edge, i);
        stella_buf_printf(out, "    n%u %s|\"", e->from, e->is_possible ? "-.->" : "-->");
        write_label(e->relation, out);
        stella_buf_printf(out, "\"| n%u\n", e->to);
    }
    return stella_buf_add(out, STELLA_SV(""));
}
