#include "ld_dirs.h"

int ld_view_find(ld_view *view, stella_sv directory, stella_sv name, stella_file *out) {
    char path[LD_PATH_MAX];
    stella_file file = STELLA_FILE_INIT;
    if (view->lookups_left == 0 || directory.len + name.len + 1 > sizeof path)
        return 0;
    view->lookups_left--;
    size_t len = directory.len;
    if (directory.len)
        memcpy(path, directory.ptr, directory.len);
    if (directory.len && name.len)
        path[len++] = '/';
    if (name.len)
        memcpy(path + len, name.ptr, name.len);
    len += name.len;
    if (len == 0 || memchr(path, '\0', len) ||
        stella_view_stat(view->job, stella_sv_of(path, len), &file, NULL) != STELLA_OK)
        return 0;
    *out = file;
    return 1;
}

stella_status ld_dirs_add(ld_dirs *dirs, ld_view *view, stella_sv path, stella_error *err) {
    stella_file file;
    if (dirs->count == LD_DIRS_MAX || !ld_view_find(view, path, STELLA_SV(""), &file) ||
        file.kind != STELLA_FILE_DIRECTORY)
        return STELLA_OK;
    if (dirs->count == dirs->room) {
        const uint32_t room = dirs->room ? 2 * dirs->room : 16;
        ld_dir *at = stella_arena_alloc(view->job->arena, room, sizeof *at);
        if (!at)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the directories of libraries");
        if (dirs->count)
            memcpy(at, dirs->at, dirs->count * sizeof *at);
        dirs->at = at;
        dirs->room = room;
    }
    dirs->at[dirs->count++] =
        (ld_dir){.path = path, .has_hwcaps = ld_view_find(view, path, STELLA_SV("glibc-hwcaps"), &file)};
    return STELLA_OK;
}
