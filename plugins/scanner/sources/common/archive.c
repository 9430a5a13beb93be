#include "archive.h"

#include "path.h"
#include "tar.h"

#include <stella/auto.h>

#include <stdlib.h>

#define ARCHIVE_NAME_MAX 1024        /* of a file or a link's target in an image archive */
#define ARCHIVE_READ     (16u << 10) /* bytes read at once: headers lie far apart */

struct archive {
    archive_entry *entries; /* ordered by name, one each */
    uint32_t count;
};

static stella_status read_target(void *self, uint64_t offset, void *buf, size_t size, size_t *got, stella_error *err) {
    uint64_t read = 0;
    const stella_status status = stella_target_read(self, (stella_sv){0}, offset, buf, size, &read, err);
    if (status == STELLA_OK)
        *got = (size_t)read;
    return status;
}

/* Walks a link's target from a directory of the archive. Returns 0 when it leads out of it. */
static int follow(stella_sv dir, stella_sv target, char buf[ARCHIVE_NAME_MAX], size_t *len) {
    stella_sv part;
    if (target.len && target.ptr[0] == '/')
        dir.len = 0;
    if (dir.len + 1 + target.len >= ARCHIVE_NAME_MAX)
        return 0;
    if (dir.len)
        memcpy(buf, dir.ptr, dir.len);
    *len = dir.len;
    while (stella_sv_split(&target, '/', &part)) {
        if (part.len == 0 || stella_sv_eq(part, STELLA_SV(".")))
            continue;
        if (stella_sv_eq(part, STELLA_SV(".."))) {
            if (*len == 0)
                return 0;
            const size_t slash = stella_sv_rfind(stella_sv_of(buf, *len), '/');
            *len = slash < *len ? slash : 0;
            continue;
        }
        if (*len)
            buf[(*len)++] = '/';
        memcpy(buf + *len, part.ptr, part.len);
        *len += part.len;
    }
    return 1;
}

/* What a link leads to; one that leads out of the archive leads to nothing. */
static stella_status note_link(const tar_entry *from, stella_arena *arena, archive_entry *entry, stella_error *err) {
    stella_sv dir = {0}, base;
    char buf[ARCHIVE_NAME_MAX];
    size_t len = 0;
    if (!from->is_hardlink) /* hard links are written from the archive's root */
        path_split(entry->name, &dir, &base);
    entry->is_link = 1;
    if (!follow(dir, from->link, buf, &len))
        return STELLA_OK;
    entry->link = stella_arena_dup(arena, stella_sv_of(buf, len));
    return entry->link.ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, "", "no memory for the archive's names");
}

/* Files and links whose name an image can use; sparse files are none that any tool writes. */
static stella_status note_entry(archive *list, const tar_entry *from, stella_arena *arena, stella_error *err) {
    char buf[ARCHIVE_NAME_MAX];
    stella_sv name;
    const int is_link = from->is_hardlink || from->kind == STELLA_FILE_SYMLINK;
    if (!is_link && (from->kind != STELLA_FILE_REGULAR || from->is_sparse))
        return STELLA_OK;
    if (path_clean(from->name, buf, sizeof buf, &name, NULL) != PATH_OK)
        return STELLA_OK;
    if (list->count == ARCHIVE_ENTRIES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "", "more than %d files in the image archive",
                                ARCHIVE_ENTRIES_MAX);
    archive_entry entry = {
        .name = stella_arena_dup(arena, name), .offset = from->offset, .size = from->size, .position = list->count};
    if (!entry.name.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, "", "no memory for the archive's names");
    const stella_status status = is_link ? note_link(from, arena, &entry, err) : STELLA_OK;
    if (status == STELLA_OK)
        list->entries[list->count++] = entry;
    return status;
}

static int by_name(const void *a, const void *b) {
    const archive_entry *left = a, *right = b;
    const int order = stella_sv_cmp(left->name, right->name);
    return order ? order : (left->position > right->position) - (left->position < right->position);
}

/* Of several entries with one name the last stands. */
static void order_by_name(archive *list) {
    uint32_t kept = 0;
    qsort(list->entries, list->count, sizeof *list->entries, by_name);
    for (uint32_t i = 0; i < list->count; i++) {
        if (kept && stella_sv_eq(list->entries[kept - 1].name, list->entries[i].name))
            kept--;
        list->entries[kept++] = list->entries[i];
    }
    list->count = kept;
}

static stella_status read_entries(stella_target *target, uint64_t size, archive *list, stella_error *err) {
    STELLA_AUTO(input_file_fini) input_file file = {0};
    stella_status status = input_file_init(&file, read_target, target, 0, size, ARCHIVE_READ, err);
    if (status != STELLA_OK)
        return status;
    STELLA_AUTO(tar_destroyp) tar *reader = tar_create(&file.base);
    if (!reader)
        return stella_error_set(err, STELLA_E_NOMEM, "", "no memory for the archive's reader");
    int more = 1;
    while (status == STELLA_OK) {
        tar_entry entry;
        status = tar_next(reader, &entry, &more, err);
        if (status != STELLA_OK || !more)
            break;
        if (entry.body_size && (entry.offset > size || entry.body_size > size - entry.offset))
            return stella_error_at(err, STELLA_E_FORMAT, stella_sv_first(entry.name, 128),
                                   "the archive ends inside this file");
        status = note_entry(list, &entry, target->arena, err);
    }
    return status;
}

stella_status archive_open(stella_target *target, const archive **out, stella_error *err) {
    uint64_t size = 0;
    archive *list = stella_arena_alloc(target->arena, 1, sizeof *list);
    if (list)
        list->entries = stella_arena_alloc(target->arena, ARCHIVE_ENTRIES_MAX, sizeof *list->entries);
    if (!list || !list->entries)
        return stella_error_set(err, STELLA_E_NOMEM, "", "no memory for the archive's table of contents");
    stella_status status = stella_target_size(target, (stella_sv){0}, &size, err);
    if (status == STELLA_OK)
        status = read_entries(target, size, list, err);
    if (status != STELLA_OK)
        return status;
    order_by_name(list);
    *out = list;
    return STELLA_OK;
}

static const archive_entry *find_name(const archive *list, stella_sv name) {
    uint32_t low = 0, high = list->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = stella_sv_cmp(list->entries[middle].name, name);
        if (order == 0)
            return &list->entries[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

const archive_entry *archive_find(const archive *list, stella_sv name) {
    const archive_entry *entry = find_name(list, name);
    for (int links = 0; entry && entry->is_link; links++)
        entry = links < ARCHIVE_LINKS_MAX && entry->link.len ? find_name(list, entry->link) : NULL;
    return entry;
}
