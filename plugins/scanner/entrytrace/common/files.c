#include "files.h"

stella_sv files_join(stella_arena *arena, stella_sv directory, stella_sv name) {
    return stella_arena_printf(arena, "%.*s%s%.*s", STELLA_SV_FMT(directory), directory.len ? "/" : "",
                               STELLA_SV_FMT(name));
}

stella_status files_matching(stella_hop *hop, stella_sv directory, stella_sv pattern, files *out, stella_error *err) {
    stella_arena *arena = hop->view->arena;
    stella_sv *paths = NULL;
    uint32_t count = 0, room = 0;
    stella_file file = STELLA_FILE_INIT;
    for (stella_entries it = STELLA_ENTRIES_INIT; stella_view_next(hop->view, directory, &it, &file);) {
        if (!text_matches(pattern, text_base(file.path)))
            continue;
        if (count == FILES_MAX)
            return stella_error_at(err, STELLA_E_LIMIT, directory, "more than %d files", FILES_MAX);
        if (count == room) {
            room = room ? 2 * room : 16;
            stella_sv *more = stella_arena_alloc(arena, room, sizeof *more);
            if (!more)
                return hop_nomem(err);
            if (count)
                memcpy(more, paths, count * sizeof *more);
            paths = more;
        }
        paths[count] = stella_arena_dup(arena, file.path);
        if (!paths[count++].ptr)
            return hop_nomem(err);
    }
    *out = (files){.paths = paths, .count = count};
    return STELLA_OK;
}
