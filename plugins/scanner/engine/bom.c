#include "bom.h"

#include "counts.h"
#include "graph.h"
#include "identity.h"
#include "managed.h"
#include "protocol.h"
#include "usage.h"

#include <stella/distro.h>

#include <stdlib.h>

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the result");
}

/* ---- errors -------------------------------------------------------------------------------------------------------
 */

static int by_error(const void *left, const void *right) {
    const stella_bom_error *a = left, *b = right;
    int order = stella_sv_cmp(a->plugin, b->plugin);
    if (!order)
        order = stella_sv_cmp(a->path, b->path);
    if (!order)
        order = (a->line > b->line) - (a->line < b->line);
    if (!order)
        order = stella_sv_cmp(a->code, b->code);
    if (!order)
        order = stella_sv_cmp(a->message, b->message);
    if (!order)
        order = (a->layer > b->layer) - (a->layer < b->layer);
    if (!order)
        order = (a->severity < b->severity) - (a->severity > b->severity);
    return order ? order : (a->lost < b->lost) - (a->lost > b->lost);
}

static uint32_t count_errors(const analyze_request *request, const phases_result *result) {
    uint32_t count = request->error_count + request->layer_count + result->errors.count;
    for (uint32_t i = 0; i < result->stages.count; i++)
        count += result->stages.items[i]->notes.count;
    return count + (result->traced ? result->traced->notes.count : 0);
}

static int is_explained(const analyze_request *request, uint32_t layer) {
    for (uint32_t i = 0; i < request->error_count; i++)
        if (request->errors[i].layer == (int32_t)layer)
            return 1;
    return 0;
}

static uint32_t put_chain(stella_bom_error *to, uint32_t at, const chain *from) {
    for (const stella_bom_error *e = chain_first(from); e; e = chain_next(e))
        to[at++] = *e;
    return at;
}

static uint32_t put_missing_layers(stella_bom_error *to, uint32_t at, const analyze_request *request) {
    for (uint32_t i = 0; i < request->layer_count; i++)
        if (request->layers[i].pack == ANALYZE_NO_FD && !is_explained(request, i))
            to[at++] = (stella_bom_error){.code = STELLA_SV("layer-missing"),
                                          .message = STELLA_SV("the layer could not be read: what is in it is unknown"),
                                          .severity = STELLA_NOTE_ERROR,
                                          .layer = (int32_t)i};
    return at;
}

static stella_status list_errors(const analyze_request *request, const phases_result *result, stella_arena *arena,
                                 stella_list *out) {
    stella_bom_error *all = stella_arena_alloc(arena, count_errors(request, result), sizeof *all);
    if (!all)
        return STELLA_E_NOMEM;
    uint32_t count = 0, kept = 0;
    for (; count < request->error_count; count++)
        all[count] = request->errors[count];
    count = put_missing_layers(all, count, request);
    count = put_chain(all, count, &result->errors);
    for (uint32_t i = 0; i < result->stages.count; i++)
        count = put_chain(all, count, &result->stages.items[i]->notes);
    if (result->traced)
        count = put_chain(all, count, &result->traced->notes);
    if (count)
        qsort(all, count, sizeof *all, by_error);
    for (uint32_t i = 0; i < count; i++)
        if (!kept || by_error(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    *out = (stella_list){.items = all, .count = kept, .stride = sizeof *all};
    return STELLA_OK;
}

/* ---- relations ----------------------------------------------------------------------------------------------------
 */

static stella_status list_relations(const stages *all, uint32_t nodes, stella_arena *arena, stella_list *out,
                                    stella_error *err) {
    uint32_t total = 0, count = 0;
    for (uint32_t i = 0; i < all->count; i++)
        total += all->items[i]->relations.count;
    stella_bom_relation *edges = stella_arena_alloc(arena, total, sizeof *edges);
    if (!edges)
        return no_memory(err);
    for (uint32_t i = 0; i < all->count; i++) {
        const finding_relation *r = chain_first(&all->items[i]->relations);
        for (; r; r = chain_next(r))
            edges[count++] =
                (stella_bom_relation){.from = r->from->merged, .to = r->to->merged, .kind = r->kind, .flags = r->flags};
    }
    return graph_build(nodes, edges, count, arena, out, err);
}

/* ---- the rest -----------------------------------------------------------------------------------------------------
 */

static int by_pair(const void *left, const void *right) {
    const stella_bom_pair *a = left, *b = right;
    const int order = stella_sv_cmp(a->name, b->name);
    return order ? order : stella_sv_cmp(a->value, b->value);
}

static stella_status list_plugins(const stages *all, stella_arena *arena, stella_list *out) {
    stella_bom_pair *pairs = stella_arena_alloc(arena, all->count, sizeof *pairs);
    if (!pairs)
        return STELLA_E_NOMEM;
    for (uint32_t i = 0; i < all->count; i++)
        pairs[i] = (stella_bom_pair){.name = all->items[i]->plugin, .value = all->items[i]->version};
    if (all->count)
        qsort(pairs, all->count, sizeof *pairs, by_pair);
    *out = (stella_list){.items = pairs, .count = all->count, .stride = sizeof *pairs};
    return STELLA_OK;
}

/* The driver's, and those of analyzers. */
static stella_status list_counters(const analyze_request *request, const stages *all, stella_arena *arena,
                                   stella_list *out) {
    stella_list counted = {0};
    if (counts_sum(all, NULL, arena, &counted) != STELLA_OK)
        return STELLA_E_NOMEM;
    const uint32_t total = request->counter_count + counted.count;
    stella_bom_pair *pairs = stella_arena_alloc(arena, total, sizeof *pairs);
    if (!pairs)
        return STELLA_E_NOMEM;
    for (uint32_t i = 0; i < total; i++)
        pairs[i] = i < request->counter_count ? request->counters[i]
                                              : *STELLA_AT(counted, stella_bom_pair, i - request->counter_count);
    if (total)
        qsort(pairs, total, sizeof *pairs, by_pair);
    *out = (stella_list){.items = pairs, .count = total, .stride = sizeof *pairs};
    return STELLA_OK;
}

static stella_status list_layers(const analyze_request *request, stella_arena *arena, stella_list *out) {
    stella_bom_layer *layers = stella_arena_alloc(arena, request->layer_count, sizeof *layers);
    if (!layers)
        return STELLA_E_NOMEM;
    for (uint32_t i = 0; i < request->layer_count; i++)
        layers[i] = request->layers[i].facts;
    *out = (stella_list){.items = layers, .count = request->layer_count, .stride = sizeof *layers};
    return STELLA_OK;
}

/* The first analyzer that can tell the distribution is believed. */
static void set_distro(const stages *all, stella_bom *bom) {
    for (uint32_t i = 0; i < all->count; i++) {
        for (uint32_t k = 0; k < all->items[i]->publications.count; k++) {
            const stella_record *r = &all->items[i]->published[k];
            stella_distro distro;
            if (!stella_sv_eq(r->kind, STELLA_SV(STELLA_DISTRO_KIND)) ||
                stella_distro_decode(r->bytes, &distro, NULL) != STELLA_OK)
                continue;
            bom->distro_id = distro.id;
            bom->distro_version = distro.version_id;
            bom->distro_name = distro.name;
            return;
        }
    }
}

int bom_is_system(const phases_result *result, const stella_bom *bom) {
    for (uint32_t i = 0; i < result->stages.count; i++)
        if (result->stages.items[i]->phase == STELLA_PHASE_PACKAGES && result->stages.items[i]->findings.count)
            return 1;
    return bom->distro_id.len > 0;
}

stella_status bom_build(const analyze_request *request, const phases_result *result, stella_arena *arena,
                        stella_bom *out, stella_error *err) {
    stella_bom bom = {.head = STELLA_HEAD(stella_bom),
                      .tool_name = STELLA_SV("stella"),
                      .tool_version = STELLA_SV(ENGINE_VERSION),
                      .subject_kind = request->kind,
                      .subject_name = request->subject.len ? request->subject : request->name,
                      .subject_digest = request->digest,
                      .subject_config_digest = request->config_digest,
                      .os = request->os,
                      .architecture = request->architecture,
                      .variant = request->variant,
                      .created_ms = request->created_ms,
                      .view = STELLA_SV("inventory")};
    set_distro(&result->stages, &bom);
    stella_status status = identity_merge(&result->stages, arena, &bom.components, err);
    if (status == STELLA_OK)
        status = managed_mark(&result->stages, result->owners, &bom.components, err);
    if (status == STELLA_OK)
        status = usage_mark(result, result->trace, arena, &bom, err);
    if (status == STELLA_OK)
        status = list_relations(&result->stages, bom.components.count, arena, &bom.relations, err);
    if (status != STELLA_OK)
        return status;
    if (list_layers(request, arena, &bom.layers) != STELLA_OK ||
        list_errors(request, result, arena, &bom.errors) != STELLA_OK ||
        list_plugins(&result->stages, arena, &bom.plugins) != STELLA_OK ||
        list_counters(request, &result->stages, arena, &bom.counters) != STELLA_OK)
        return no_memory(err);
    *out = bom;
    return STELLA_OK;
}
