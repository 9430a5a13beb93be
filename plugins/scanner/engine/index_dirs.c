/* Directories, each once: found by parent and name. */
#include "index_builder.h"
#include "path.h"

#include <stdlib.h>

static uint32_t hash_of(uint32_t parent, stella_sv name) {
    uint64_t hash = (parent + 1) * 0x9e3779b97f4a7c15ull;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.ptr[i]) * 0x100000001b3ull;
    return (uint32_t)(hash ^ hash >> 32);
}

/* The place in the table where the directory is, or would be. */
static uint32_t *place(const index_builder *index, uint32_t parent, stella_sv name, uint32_t hash) {
    const uint32_t mask = index->dir_table_size - 1;
    for (uint32_t at = hash & mask;; at = (at + 1) & mask) {
        uint32_t *slot = &index->dir_table[at];
        if (*slot == INDEX_NONE)
            return slot;
        const index_dir *dir = &index->dirs[*slot];
        if (dir->hash == hash && dir->parent == parent && stella_sv_eq(text_heap_get(&index->texts, dir->name), name))
            return slot;
    }
}

/* At half full the table doubles. */
static stella_status grow_table(index_builder *index, stella_error *err) {
    if (index->dir_count * 2ull < index->dir_table_size)
        return STELLA_OK;
    const uint32_t size = index->dir_table_size * 2;
    uint32_t *table = malloc(size * sizeof *table);
    if (!table)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for directories");
    memset(table, 0xff, size * sizeof *table);
    for (uint32_t i = 1; i < index->dir_count; i++) {
        uint32_t at = index->dirs[i].hash & (size - 1);
        while (table[at] != INDEX_NONE)
            at = (at + 1) & (size - 1);
        table[at] = i;
    }
    free(index->dir_table);
    index->dir_table = table;
    index->dir_table_size = size;
    return STELLA_OK;
}

static stella_status grow_dirs(index_builder *index, stella_error *err) {
    if (index->dir_count < index->dir_room)
        return grow_table(index, err);
    const uint32_t room = index->dir_room * 2;
    index_dir *dirs = realloc(index->dirs, room * sizeof *dirs);
    if (!dirs)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for directories");
    index->dirs = dirs;
    index->dir_room = room;
    return grow_table(index, err);
}

static stella_status intern_child(index_builder *index, uint32_t parent, stella_sv name, uint32_t *out,
                                  stella_error *err) {
    const uint32_t hash = hash_of(parent, name);
    const uint32_t found = *place(index, parent, name, hash);
    if (found != INDEX_NONE) {
        *out = found;
        return STELLA_OK;
    }
    /* Directories that no entry names count too: otherwise deep paths would be a way around the limit. */
    if (index->dir_count >= index->entries_max)
        return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                "more than %llu directories in one layer; " OPTION_ENTRIES " raises the limit",
                                (unsigned long long)index->entries_max);
    index_dir dir = {.parent = parent, .hash = hash};
    stella_status status = grow_dirs(index, err);
    if (status == STELLA_OK)
        status = text_heap_add(&index->texts, name, &dir.name, err);
    if (status != STELLA_OK)
        return status;
    *out = index->dir_count;
    *place(index, parent, name, hash) = index->dir_count;
    index->dirs[index->dir_count++] = dir;
    return STELLA_OK;
}

stella_status index_dir_intern(index_builder *index, stella_sv path, uint32_t *dir, stella_error *err) {
    if (stella_sv_eq(path, index->last_path)) {
        *dir = index->last_dir;
        return STELLA_OK;
    }
    uint32_t at = 0;
    stella_sv rest = path, part;
    while (path.len && stella_sv_split(&rest, '/', &part)) {
        const stella_status status = intern_child(index, at, part, &at, err);
        if (status != STELLA_OK)
            return status;
    }
    if (path.len <= sizeof index->last_buf) {
        memcpy(index->last_buf, path.ptr ? path.ptr : "", path.len);
        index->last_path = stella_sv_of(index->last_buf, path.len);
        index->last_dir = at;
    }
    *dir = at;
    return STELLA_OK;
}

uint32_t index_dir_find(const index_builder *index, stella_sv path) {
    uint32_t at = 0;
    stella_sv rest = path, part;
    while (path.len && at != INDEX_NONE && stella_sv_split(&rest, '/', &part))
        at = *place(index, at, part, hash_of(at, part));
    return at;
}

/* Built from its end. */
stella_sv index_dir_path(const index_builder *index, uint32_t dir, char *buf) {
    size_t at = PATH_BYTES_MAX;
    for (; dir != 0; dir = index->dirs[dir].parent) {
        const stella_sv name = text_heap_get(&index->texts, index->dirs[dir].name);
        if (at < PATH_BYTES_MAX)
            buf[--at] = '/';
        at -= name.len;
        memcpy(buf + at, name.ptr, name.len);
    }
    memmove(buf, buf + at, PATH_BYTES_MAX - at);
    return stella_sv_of(buf, PATH_BYTES_MAX - at);
}

stella_sv index_entry_path(const index_builder *index, uint32_t id, char *buf) {
    const index_item *item = index_at(index, id);
    if (item->dir == INDEX_NONE)
        return stella_sv_of(buf, 0);
    stella_sv path = index_dir_path(index, item->dir, buf);
    const stella_sv name = text_heap_get(&index->texts, item->name);
    if (path.len)
        buf[path.len++] = '/';
    memcpy(buf + path.len, name.ptr, name.len);
    path.len += name.len;
    return path;
}
