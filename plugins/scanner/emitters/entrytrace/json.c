/* The trace as a document; docs/entrytrace/README.md describes it. */
#include "render.h"

#include <stella/json.h>

static void write_words(stella_json_writer *w, const stella_list *words) {
    stella_json_member_array(w, "args");
    for (uint32_t i = 0; i < words->count; i++) {
        const stella_word *word = STELLA_AT(*words, stella_word, i);
        if (!word->flags) {
            stella_json_write_str(w, word->text);
            continue;
        }
        stella_json_begin_object(w);
        stella_json_member_str(w, word->flags & STELLA_WORD_MANY ? "words" : "unknown", word->text);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static void write_span(stella_json_writer *w, const stella_span *span) {
    if (!span->path.len)
        return;
    stella_json_member_object(w, "span");
    stella_json_member_str(w, "path", span->path);
    stella_json_member_u64(w, "startLine", span->first_line);
    stella_json_member_u64(w, "startColumn", span->first_column);
    stella_json_member_u64(w, "endLine", span->last_line);
    stella_json_member_u64(w, "endColumn", span->last_column);
    stella_json_end_object(w);
}

static void write_layer(stella_json_writer *w, const stella_bom *bom, uint32_t layer) {
    if (layer == STELLA_BOM_NO_LAYER || layer >= bom->layers.count)
        return;
    const stella_bom_layer *l = STELLA_AT(bom->layers, stella_bom_layer, layer);
    stella_json_member_u64(w, "layer", layer);
    stella_json_member_opt(w, "layerDigest", l->digest);
    stella_json_member_opt(w, "createdBy", l->created_by);
}

static void write_node(stella_json_writer *w, const stella_bom *bom, uint32_t id) {
    const stella_trace_node *n = render_node(bom, id);
    stella_json_begin_object(w);
    stella_json_member_u64(w, "id", id);
    stella_json_member_str(w, "kind", stella_node_kind_name(n->kind));
    stella_json_member_str(w, "name", n->name);
    stella_json_member_opt(w, "path", n->path);
    write_words(w, &n->args);
    stella_json_member_opt(w, "user", n->user);
    stella_json_member_str(w, "interpreter", n->language.len ? n->language : STELLA_SV("none"));
    write_layer(w, bom, n->layer);
    if (n->is_possible)
        stella_json_member_bool(w, "possible", 1);
    if (n->type.len) {
        stella_json_member_object(w, "terminal");
        stella_json_member_str(w, "type", n->type);
        stella_json_member_opt(w, "main", n->main);
        stella_json_member_u64(w, "confidence", n->confidence);
        stella_json_end_object(w);
    }
    stella_json_end_object(w);
}

static void write_edge(stella_json_writer *w, const stella_trace_edge *e) {
    stella_json_begin_object(w);
    stella_json_member_u64(w, "from", e->from);
    stella_json_member_u64(w, "to", e->to);
    stella_json_member_str(w, "step", stella_step_name(e->step));
    stella_json_member_str(w, "relationship", e->relation);
    if (e->is_possible)
        stella_json_member_bool(w, "possible", 1);
    write_span(w, &e->span);
    stella_json_end_object(w);
}

static void write_diagnostic(stella_json_writer *w, const stella_trace_diagnostic *d) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "reason", stella_reason_name(d->reason));
    stella_json_member_u64(w, "node", d->node);
    stella_json_member_str(w, "detail", d->detail);
    write_span(w, &d->span);
    stella_json_end_object(w);
}

static void write_use(stella_json_writer *w, const stella_trace_use *u) {
    stella_json_begin_object(w);
    stella_json_member_u64(w, "node", u->node);
    stella_json_member_str(w, "path", u->path);
    stella_json_member_str(w, "how", u->how);
    stella_json_member_opt(w, "via", u->via);
    stella_json_end_object(w);
}

static void write_entrypoint(stella_json_writer *w, const stella_bom_entrypoint *e) {
    stella_json_begin_object(w);
    stella_json_member_str(w, "launcher", e->launcher);
    stella_json_member_str(w, "command", e->command);
    stella_json_member_str(w, "type", e->type);
    stella_json_member_u64(w, "confidence", e->confidence);
    stella_json_member_u64(w, "node", e->node);
    stella_json_end_object(w);
}

static void write_graph(stella_json_writer *w, const stella_bom *bom) {
    const stella_trace *t = bom->trace;
    stella_json_member_array(w, "nodes");
    for (uint32_t i = 0; i < t->nodes.count; i++)
        write_node(w, bom, i);
    stella_json_end_array(w);
    stella_json_member_array(w, "edges");
    for (uint32_t i = 0; i < t->edges.count; i++)
        write_edge(w, STELLA_AT(t->edges, stella_trace_edge, i));
    stella_json_end_array(w);
    stella_json_member_array(w, "uses");
    for (uint32_t i = 0; i < t->uses.count; i++)
        write_use(w, STELLA_AT(t->uses, stella_trace_use, i));
    stella_json_end_array(w);
    stella_json_member_array(w, "diagnostics");
    for (uint32_t i = 0; i < t->diagnostics.count; i++)
        write_diagnostic(w, STELLA_AT(t->diagnostics, stella_trace_diagnostic, i));
    stella_json_end_array(w);
}

stella_status render_json(const stella_bom *bom, stella_buf *out, stella_error *err) {
    static const char *const outcomes[] = {[STELLA_TRACE_RESOLVED] = "resolved",
                                           [STELLA_TRACE_PARTLY] = "partially-resolved",
                                           [STELLA_TRACE_UNRESOLVED] = "unresolved"};
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 1);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "schema", STELLA_SV("https://stella-ops.org/schema/entrytrace/0"));
    stella_json_member_opt(&w, "imageDigest", bom->subject_digest);
    stella_json_member_str(&w, "outcome", stella_sv_cstr(outcomes[bom->trace->outcome]));
    stella_json_member_array(&w, "entrypoints");
    for (uint32_t i = 0; i < bom->entrypoints.count; i++)
        write_entrypoint(&w, STELLA_AT(bom->entrypoints, stella_bom_entrypoint, i));
    stella_json_end_array(&w);
    write_graph(&w, bom);
    stella_json_end_object(&w);
    const stella_status status = stella_json_finish(&w, err);
    return status == STELLA_OK ? stella_buf_add(out, STELLA_SV("\n")) : status;
}
