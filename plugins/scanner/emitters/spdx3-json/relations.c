#include "spdx3-json/graph.h"

#include <stella/analyzer.h>

/* Edges of one component that differ in the other end only: kind and flags, a number below 16. */
#define CLASSES 16u

static uint32_t class_of(const stella_bom_relation *r) {
    const uint32_t flags = r->flags & (STELLA_RELATION_INFERRED | STELLA_RELATION_OPTIONAL | STELLA_RELATION_DEV);
    return flags | (r->kind == STELLA_RELATION_CONTAINS ? 8u : 0u);
}

static stella_sv type_of(uint32_t class) {
    const int is_contains = (class & 8u) != 0;
    if (class & STELLA_RELATION_OPTIONAL)
        return is_contains ? STELLA_SV("hasOptionalComponent") : STELLA_SV("hasOptionalDependency");
    return is_contains ? STELLA_SV("contains") : STELLA_SV("dependsOn");
}

static const stella_bom_relation *edge(const graph *g, uint32_t index) {
    return STELLA_AT(g->d->bom->relations, stella_bom_relation, index);
}

static stella_sv iri_of(graph *g, uint32_t index) {
    stella_arena_reset(g->d->scratch);
    const stella_sv id = spdx_package_id(g->d, index);
    g->d->text.failed |= !id.ptr;
    return graph_iri(g, id);
}

static void write_class(graph *g, uint32_t first, uint32_t end, uint32_t class) {
    const int is_dev = (class & STELLA_RELATION_DEV) != 0;
    graph_begin_numbered(g, is_dev ? "LifecycleScopedRelationship" : "Relationship", "Relationship",
                         g->relationships++);
    if (class & STELLA_RELATION_INFERRED)
        stella_json_member_str(g->w, "comment", STELLA_SV("inferred"));
    stella_json_member_str(g->w, "relationshipType", type_of(class));
    if (is_dev)
        stella_json_member_str(g->w, "scope", STELLA_SV("development"));
    stella_json_member_str(g->w, "from", iri_of(g, edge(g, first)->from));
    stella_json_member_array(g->w, "to");
    for (uint32_t i = first; i < end; i++)
        if (class_of(edge(g, i)) == class)
            stella_json_write_str(g->w, iri_of(g, edge(g, i)->to));
    stella_json_end_array(g->w);
    stella_json_end_object(g->w);
}

/* Relations are ordered by from, so each component's stand together. */
stella_status graph_relations(graph *g, stella_error *err) {
    const uint32_t count = g->d->bom->relations.count;
    for (uint32_t first = 0, end; first < count; first = end) {
        uint32_t classes = 0;
        for (end = first; end < count && edge(g, end)->from == edge(g, first)->from; end++)
            classes |= 1u << class_of(edge(g, end));
        for (uint32_t class = 0; class < CLASSES; class ++)
            if (classes & 1u << class)
                write_class(g, first, end, class);
    }
    return g->d->text.failed ? stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an id") : STELLA_OK;
}
