/* render.h - the renderings of a trace, a file each; all write to a buffer, which fails as a whole. */
#ifndef EMITTER_ENTRYTRACE_RENDER_H
#define EMITTER_ENTRYTRACE_RENDER_H

#include <stella/bom.h>
#include <stella/sink.h>

/* [any thread] Each returns what the buffer says: STELLA_E_LIMIT or STELLA_E_NOMEM, or of the tree's arena. */
stella_status render_tree(const stella_bom *bom, stella_buf *out, stella_error *err);
stella_status render_json(const stella_bom *bom, stella_buf *out, stella_error *err);
stella_status render_dot(const stella_bom *bom, stella_buf *out, stella_error *err);
stella_status render_mermaid(const stella_bom *bom, stella_buf *out, stella_error *err);

/* What a node is called: its words, what is not known as it is written, control characters as '?', at most max bytes. */
void render_command(const stella_trace_node *node, size_t max, stella_buf *out);

/* The same for any text. */
void render_text(stella_sv text, size_t max, stella_buf *out);

static inline const stella_trace_node *render_node(const stella_bom *bom, uint32_t i) {
    return STELLA_AT(bom->trace->nodes, stella_trace_node, i);
}

#endif
