#include "findings.h"

#include <stella/auto.h>

#include <stdlib.h>

stage *stage_create(stella_sv plugin, stella_sv version, uint32_t phase, uint64_t budget_bytes) {
    STELLA_AUTO(stage_destroyp) stage *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->arena = stella_arena_create(budget_bytes);
    if (!s->arena)
        return NULL;
    s->plugin = stella_arena_dup(s->arena, plugin);
    s->version = stella_arena_dup(s->arena, version);
    s->phase = phase;
    return s->plugin.ptr && s->version.ptr ? STELLA_TAKE(s) : NULL;
}

void stage_destroy(stage *s) {
    if (!s)
        return;
    stella_arena_destroy(s->arena);
    free(s);
}

void stage_destroyp(stage **s) {
    stage_destroy(*s);
    *s = NULL;
}

stella_status stage_settle(stage *s, stella_error *err) {
    s->published = chain_array(&s->publications, s->arena, sizeof *s->published);
    return s->published ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what it published");
}

stella_status stages_add(stages *all, stage **s, stella_error *err) {
    if (all->count == all->room) {
        const uint32_t room = all->room ? all->room * 2 : 16;
        stage **items = realloc(all->items, room * sizeof(stage *));
        if (!items)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the result of %.*s",
                                    STELLA_SV_FMT((*s)->plugin));
        all->items = items;
        all->room = room;
    }
    all->items[all->count++] = STELLA_TAKE(*s);
    return STELLA_OK;
}

void stages_fini(stages *all) {
    for (uint32_t i = 0; i < all->count; i++)
        stage_destroy(all->items[i]);
    free(all->items);
    *all = (stages){0};
}
