#include "phases.h"

#include "trace.h"

#include <stella/auto.h>

#include <stdlib.h>

typedef struct analyzers {
    analysis_plugin *items;
    uint32_t count;
} analyzers;

static int by_phase(const void *left, const void *right) {
    const analysis_plugin *a = left, *b = right;
    if (a->table->phase != b->table->phase)
        return a->table->phase < b->table->phase ? -1 : 1;
    return stella_sv_cmp(a->id, b->id);
}

static stella_status list_analyzers(stella_job *job, stella_arena *arena, analyzers *out, stella_error *err) {
    analysis_plugin *items = stella_arena_alloc(arena, ANALYZERS_MAX, sizeof *items);
    if (!items)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of analyzers");
    uint32_t count = 0;
    stella_peer peer = {.struct_size = sizeof peer};
    for (uint32_t i = 0; stella_job_peer(job, STELLA_ANALYZER_INTERFACE, i, &peer); i++) {
        const stella_analyzer *table = peer.interface;
        if (count == ANALYZERS_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u analyzers", ANALYZERS_MAX);
        if (STELLA_HAS(table, stella_analyzer, analyze) && table->analyze)
            items[count++] = (analysis_plugin){.table = table,
                                               .instance = peer.instance,
                                               .id = stella_sv_cstr(peer.id),
                                               .version = stella_sv_cstr(peer.version),
                                               .digest = stella_sv_cstr(peer.digest),
                                               .index = peer.index};
    }
    if (count)
        qsort(items, count, sizeof *items, by_phase);
    *out = (analyzers){.items = items, .count = count};
    return STELLA_OK;
}

/* The result says whose contribution is missing, and why. */
static stella_status report(const analysis_plugin *plugin, stella_status status, const stella_error *why,
                            stella_arena *arena, chain *errors) {
    stella_bom_error *e = chain_add(errors, arena, sizeof *e);
    if (!e)
        return STELLA_E_NOMEM;
    *e = (stella_bom_error){.plugin = stella_arena_dup(arena, plugin->id),
                            .code = stella_sv_cstr(stella_status_name(status)),
                            .message = stella_arena_dup(arena, stella_sv_cstr(why->message)),
                            .path = stella_arena_dup(arena, stella_sv_cstr(why->path)),
                            .severity = STELLA_NOTE_ERROR,
                            .layer = -1,
                            .lost = 1};
    return e->plugin.ptr && e->message.ptr && e->path.ptr ? STELLA_OK : STELLA_E_NOMEM;
}

/* One phase: nobody in it sees what another says, so what they say is put aside until all have spoken. */
static stella_status run_phase(const analysis_world *world, const analysis_plugin *plugins, uint32_t count,
                               stella_arena *arena, stages *made, phases_result *result) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++) {
        STELLA_AUTO(stage_destroyp) stage *s = NULL;
        stella_error why = {0};
        status = analysis_run(world, &plugins[i], &result->wishes, arena, &s, &why);
        if (status == STELLA_OK)
            status = stages_add(made, &s, NULL);
        else if (status == STELLA_E_PENDING)
            status = STELLA_OK;
        else
            status = report(&plugins[i], status, &why, arena, &result->errors);
    }
    return status;
}

static stella_status commit(stages *made, stages *all, ownership *owners, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < made->count && status == STELLA_OK; i++) {
        status = ownership_add(owners, made->items[i], err);
        if (status == STELLA_OK)
            status = stages_add(all, &made->items[i], err);
    }
    return status;
}

/* What the image runs is found out once, behind the phase that bears its name. */
static stella_status trace_before(analysis_world *world, uint32_t phase, stella_arena *arena, phases_result *result,
                                  stella_error *err) {
    if (phase <= STELLA_PHASE_ENTRYTRACE || !world->process || world->trace)
        return STELLA_OK;
    const stella_status status = trace_run(world, world->process, arena, result, &result->trace, err);
    world->trace = result->trace;
    return status;
}

stella_status phases_run(analysis_world *world, stella_arena *arena, phases_result *result, stella_error *err) {
    analyzers list = {0};
    result->owners = ownership_create(world->view);
    if (!result->owners)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the owners of files");
    stella_status status = list_analyzers(world->job, arena, &list, err);
    world->earlier = &result->stages;
    world->owners = result->owners;
    for (uint32_t first = 0, next; first < list.count && status == STELLA_OK; first = next) {
        status = trace_before(world, list.items[first].table->phase, arena, result, err);
        if (status != STELLA_OK)
            break;
        for (next = first; next < list.count && list.items[next].table->phase == list.items[first].table->phase;)
            next++;
        STELLA_AUTO(stages_fini) stages made = {0};
        if (run_phase(world, list.items + first, next - first, arena, &made, result) != STELLA_OK)
            status = stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the analyzers say");
        else
            status = commit(&made, &result->stages, result->owners, err);
    }
    return status == STELLA_OK ? trace_before(world, UINT32_MAX, arena, result, err) : status;
}

void phases_fini(phases_result *result) {
    stage_destroyp(&result->traced);
    ownership_destroyp(&result->owners);
    stages_fini(&result->stages);
}
