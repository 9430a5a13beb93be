/* From entries as they came to rows in tree order. */
#include "index_builder.h"
#include "path.h"

#include <stdlib.h>

typedef struct sorter {
    index_builder *index;
    index_note note;
    void *self;
} sorter;

static stella_sv name_of(const index_builder *index, uint32_t id) {
    return text_heap_get(&index->texts, index_at(index, id)->name);
}

/* The last entry of that path which came before the link. */
static uint32_t find_before(const index_builder *index, stella_sv path, uint32_t before) {
    stella_sv dir_path, name;
    path_split(path, &dir_path, &name);
    const uint32_t dir = index_dir_find(index, dir_path);
    if (dir == INDEX_NONE || path.len == 0)
        return INDEX_NONE;
    const uint32_t *ids = index->order + index->dirs[dir].first_row;
    uint32_t low = 0, high = index->dirs[dir].row_count; /* the first that is (name, before) or later */
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = stella_sv_cmp(name_of(index, ids[middle]), name);
        if (order < 0 || (order == 0 && ids[middle] < before))
            low = middle + 1;
        else
            high = middle;
    }
    while (low > 0 && stella_sv_eq(name_of(index, ids[low - 1]), name)) {
        if (index_at(index, ids[low - 1])->mode >> 12)
            return ids[low - 1];
        low--; /* only a whiteout */
    }
    return INDEX_NONE;
}

/* A hard link takes the facts of the file it names; links to links were resolved before, for they came before. */
static void resolve_link(const sorter *s, uint32_t id) {
    index_item *item = index_at(s->index, id);
    char buf[PATH_BYTES_MAX];
    const uint32_t first =
        item->link == INDEX_NONE ? INDEX_NONE : find_before(s->index, text_heap_get(&s->index->texts, item->link), id);
    const index_item *target = first == INDEX_NONE ? NULL : index_at(s->index, first);
    if (!target || (target->flags & PACK_DANGLING) || target->mode >> 12 == STELLA_FILE_DIRECTORY) {
        item->flags |= PACK_DANGLING;
        s->note(s->self, index_entry_path(s->index, id, buf), "a hard link to what is not a file of this layer");
        return;
    }
    item->size = target->size;
    item->mode = target->mode;
    item->type = target->type;
    item->uid = target->uid;
    item->gid = target->gid;
    item->flags |= target->flags & (PACK_SPARSE | PACK_ABSENT);
    if (target->mode >> 12 == STELLA_FILE_SYMLINK) { /* another name of a symbolic link is a symbolic link */
        item->flags &= (uint8_t)~PACK_HARDLINK;
        item->link = target->link;
    } else {
        item->link = target->flags & PACK_HARDLINK ? target->link : first;
    }
}

static void resolve_links(const sorter *s) {
    for (uint32_t id = 0; id < s->index->count; id++)
        if (index_at(s->index, id)->flags & PACK_HARDLINK)
            resolve_link(s, id);
}

/* Of the entries with one name, from ids on: how many there are; *kept is the last that is more than a whiteout. Marks
 * of any of them hold. */
static uint32_t same_name(index_builder *index, const uint32_t *ids, uint32_t count, uint32_t *kept) {
    uint32_t same = 1, last = 0;
    const stella_sv name = name_of(index, ids[0]);
    uint8_t marks = index_at(index, ids[0])->flags & (PACK_WHITEOUT | PACK_OPAQUE);
    for (; same < count && stella_sv_eq(name_of(index, ids[same]), name); same++) {
        const index_item *item = index_at(index, ids[same]);
        marks |= item->flags & (PACK_WHITEOUT | PACK_OPAQUE);
        if (item->mode >> 12)
            last = same;
    }
    *kept = ids[last];
    index_at(index, *kept)->flags |= marks;
    return same;
}

/* Walks the tree: entries and sub-directories of a directory are merged by name; a directory follows its entry. Where
 * each directory stands is kept in its own record, so depth costs nothing. */
typedef struct position {
    uint32_t dir, row, child; /* how many rows and children of dir are done */
} position;

static void leave_out(const sorter *s, uint32_t dir) {
    char buf[PATH_BYTES_MAX];
    s->note(s->self, index_dir_path(s->index, dir, buf),
            "entries of the archive lie beneath this path, which is no directory: they are left out");
}

/* Takes the next row of the directory, unless a sub-directory without an entry of its own comes first.
 * Returns the sub-directory to descend into, or INDEX_NONE. */
static uint32_t take(const sorter *s, position *at) {
    index_builder *index = s->index;
    const index_dir *dir = &index->dirs[at->dir];
    const uint32_t *rows = index->order + dir->first_row, *children = index->children + dir->first_child;
    const uint32_t child = at->child < dir->child_count ? children[at->child] : INDEX_NONE;
    int order = -1;
    if (at->row == dir->row_count)
        order = 1;
    else if (child != INDEX_NONE)
        order = stella_sv_cmp(name_of(index, rows[at->row]), text_heap_get(&index->texts, index->dirs[child].name));
    int is_blocked = 0;
    if (order <= 0) {
        uint32_t kept;
        at->row += same_name(index, rows + at->row, dir->row_count - at->row, &kept);
        index->sorted[index->sorted_count++] = kept;
        const uint32_t kind = index_at(index, kept)->mode >> 12;
        is_blocked = kind != 0 && kind != STELLA_FILE_DIRECTORY;
    }
    if (order < 0)
        return INDEX_NONE;
    at->child++;
    if (is_blocked)
        leave_out(s, child);
    return is_blocked ? INDEX_NONE : child;
}

static stella_status walk_tree(const sorter *s, stella_error *err) {
    size_t depth = 0, room = 64;
    position *stack = malloc(room * sizeof *stack);
    if (!stack)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to sort the index");
    stack[0] = (position){0};
    for (;;) {
        position *at = &stack[depth];
        const index_dir *dir = &s->index->dirs[at->dir];
        if (at->row == dir->row_count && at->child == dir->child_count) {
            if (depth-- == 0)
                break;
            continue;
        }
        const uint32_t child = take(s, at);
        if (child == INDEX_NONE)
            continue;
        if (++depth == room) {
            position *grown = realloc(stack, 2 * room * sizeof *stack);
            if (!grown) {
                free(stack);
                return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to sort the index");
            }
            stack = grown;
            room *= 2;
        }
        stack[depth] = (position){.dir = child};
    }
    free(stack);
    return STELLA_OK;
}

/* The root has a row only when something was said of it. */
static void take_root(index_builder *index) {
    for (uint32_t id = 0; id < index->count; id++) {
        if (index_at(index, id)->dir == INDEX_NONE) {
            index->sorted[index->sorted_count++] = id;
            return;
        }
    }
}

stella_status index_sort(index_builder *index, index_note note, void *self, stella_error *err) {
    const sorter s = {.index = index, .note = note, .self = self};
    stella_status status = index_group(index, err);
    if (status != STELLA_OK)
        return status;
    index->sorted = malloc((index->count + 1ull) * sizeof *index->sorted);
    if (!index->sorted)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to sort the index");
    resolve_links(&s);
    take_root(index);
    status = walk_tree(&s, err);
    if (status != STELLA_OK)
        return status;
    memset(index->order, 0xff, index->count * sizeof *index->order);
    for (uint32_t row = 0; row < index->sorted_count; row++)
        /* NOLINTNEXTLINE(clang-analyzer-core.uninitialized.ArraySubscript): the walk set as many as it counted */
        index->order[index->sorted[row]] = row;
    return STELLA_OK;
}

int index_link(const index_builder *index, uint32_t id, uint32_t *first, uint32_t *type) {
    const index_item *item = index_at(index, id);
    if (!(item->flags & PACK_HARDLINK) || (item->flags & (PACK_DANGLING | PACK_SPARSE | PACK_ABSENT)) ||
        item->mode >> 12 != STELLA_FILE_REGULAR)
        return 0;
    *first = item->link;
    *type = item->type;
    return 1;
}

uint32_t index_row(const index_builder *index, uint32_t id) {
    return id < index->count ? index->order[id] : PACK_NO_ROW;
}
