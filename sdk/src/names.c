#include <stella/names.h>

#include <stella/file.h>

static int is_name(stella_sv name) {
    return name.len && name.len <= STELLA_NAMES_NAME_MAX && stella_sv_find(name, '/') == name.len &&
           stella_sv_find(name, 0) == name.len && !stella_sv_eq(name, STELLA_SV(".")) &&
           !stella_sv_eq(name, STELLA_SV(".."));
}

static int is_entry(const stella_name_entry *e) {
    return e->kind >= STELLA_FILE_REGULAR && e->kind <= STELLA_FILE_OTHER && e->mode <= 07777 && is_name(e->name) &&
           e->target.len <= STELLA_NAMES_TARGET_MAX && (e->kind == STELLA_FILE_SYMLINK || e->target.len == 0);
}

int stella_names_begin(stella_cursor *listing, stella_names_dir *out) {
    stella_names_dir dir;
    dir.device = stella_cursor_u64le(listing);
    dir.file_system = stella_cursor_u64le(listing);
    if (listing->ok)
        *out = dir;
    return listing->ok;
}

int stella_names_next(stella_cursor *listing, stella_name_entry *out) {
    if (stella_cursor_left(listing) == 0)
        return 0;
    stella_name_entry e;
    e.kind = stella_cursor_u32le(listing);
    e.mode = stella_cursor_u32le(listing);
    e.uid = stella_cursor_u32le(listing);
    e.gid = stella_cursor_u32le(listing);
    e.size = stella_cursor_u64le(listing);
    e.inode = stella_cursor_u64le(listing);
    e.device = stella_cursor_u64le(listing);
    e.mtime_ns = (int64_t)stella_cursor_u64le(listing);
    const uint32_t name_len = stella_cursor_u32le(listing), target_len = stella_cursor_u32le(listing);
    e.name = stella_cursor_str(listing, name_len);
    e.target = stella_cursor_str(listing, target_len);
    listing->ok = listing->ok && is_entry(&e);
    if (listing->ok)
        *out = e;
    return listing->ok;
}

stella_status stella_names_start(stella_buf *listing, const stella_names_dir *dir) {
    stella_buf_u64le(listing, dir->device);
    return stella_buf_u64le(listing, dir->file_system);
}

stella_status stella_names_add(stella_buf *listing, const stella_name_entry *e) {
    if (!is_entry(e))
        return STELLA_E_INVALID;
    stella_buf_u32le(listing, e->kind);
    stella_buf_u32le(listing, e->mode);
    stella_buf_u32le(listing, e->uid);
    stella_buf_u32le(listing, e->gid);
    stella_buf_u64le(listing, e->size);
    stella_buf_u64le(listing, e->inode);
    stella_buf_u64le(listing, e->device);
    stella_buf_u64le(listing, (uint64_t)e->mtime_ns);
    stella_buf_u32le(listing, (uint32_t)e->name.len);
    stella_buf_u32le(listing, (uint32_t)e->target.len);
    stella_buf_add(listing, e->name);
    return stella_buf_add(listing, e->target);
}
