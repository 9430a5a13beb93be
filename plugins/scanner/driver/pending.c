#include "pending.h"

static stella_status broken(stella_error *err) {
    return stella_error_set(err, STELLA_E_INTERNAL, "/pending", "the reply of image.analyze breaks the protocol");
}

stella_status pending_read(const stella_json *list, uint32_t layer_count, stella_arena *arena, pending *out,
                           stella_error *err) {
    if (!stella_json_is(list, STELLA_JSON_ARRAY))
        return broken(err);
    if (list->count > PENDING_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "/pending", "analyzers asked for %u files, at most %d can be read",
                                list->count, PENDING_MAX);
    pending_file *files = stella_arena_alloc(arena, list->count, sizeof *files);
    if (!files)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files that analyzers asked for");
    for (uint32_t i = 0; i < list->count; i++) {
        const stella_json *item = stella_json_at(list, i);
        uint64_t layer = 0;
        files[i].path = stella_json_str(stella_json_get(item, "path"));
        if (!stella_json_u64(stella_json_get(item, "layer"), &layer) || layer >= layer_count || !files[i].path.len)
            return broken(err);
        files[i].layer = (uint32_t)layer;
    }
    *out = (pending){.count = list->count, .files = files};
    return STELLA_OK;
}

stella_status pending_of_layer(const pending *p, uint32_t layer, stella_arena *arena, const stella_sv **paths,
                               uint32_t *count, stella_error *err) {
    uint32_t found = 0;
    stella_sv *list = stella_arena_alloc(arena, p->count, sizeof *list);
    if (!list)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files that analyzers asked for");
    for (uint32_t i = 0; i < p->count; i++)
        if (p->files[i].layer == layer)
            list[found++] = p->files[i].path;
    *paths = list;
    *count = found;
    return STELLA_OK;
}
