#include "pending.h"

static int has(const pending *p, uint64_t layer, stella_sv path) {
    for (uint32_t i = 0; i < p->count; i++)
        if (p->files[i].layer == layer && stella_sv_eq(p->files[i].path, path))
            return 1;
    return 0;
}

stella_status pending_add(pending *p, const stella_json *list, uint32_t layer_count, stella_arena *arena,
                          uint32_t *added, stella_error *err) {
    uint32_t fresh = 0;
    if (!p->files)
        p->files = stella_arena_alloc(arena, PENDING_MAX, sizeof *p->files);
    if (!p->files)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files that analyzers asked for");
    const uint32_t before = p->count; /* one reply names a file once: only earlier rounds are looked through */
    const pending earlier = {.count = before, .files = p->files};
    for (uint32_t i = 0; i < list->count; i++) {
        const stella_json *item = stella_json_at(list, i);
        const stella_sv path = stella_json_str(stella_json_get(item, "path"));
        uint64_t layer = 0;
        if (!stella_json_u64(stella_json_get(item, "layer"), &layer) || layer >= layer_count || path.len == 0)
            return stella_error_set(err, STELLA_E_INTERNAL, "/pending",
                                    "the reply of image.analyze breaks the protocol");
        if (has(&earlier, layer, path))
            continue;
        if (p->count == PENDING_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, "/pending", "analyzers asked for more than %d files",
                                    PENDING_MAX);
        const stella_sv kept = stella_arena_dup(arena, path);
        if (!kept.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files that analyzers asked for");
        p->files[p->count++] = (pending_file){.layer = (uint32_t)layer, .path = kept};
        fresh++;
    }
    *added = fresh;
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
