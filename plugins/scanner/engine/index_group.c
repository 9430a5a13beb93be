/* Entries grouped by directory (a counting sort) and sorted by name within. */
#include "index_builder.h"

#include <stdlib.h>

static int by_name(const void *a, const void *b, void *context) {
    const index_builder *index = context;
    const uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;
    const int order = stella_sv_cmp(text_heap_get(&index->texts, index_at(index, left)->name),
                                    text_heap_get(&index->texts, index_at(index, right)->name));
    return order ? order : (left > right) - (left < right);
}

static int dirs_by_name(const void *a, const void *b, void *context) {
    const index_builder *index = context;
    return stella_sv_cmp(text_heap_get(&index->texts, index->dirs[*(const uint32_t *)a].name),
                         text_heap_get(&index->texts, index->dirs[*(const uint32_t *)b].name));
}

/* Most archives are sorted already: then looking is all it takes. */
static void sort(uint32_t *ids, uint32_t count, int (*order)(const void *, const void *, void *),
                 index_builder *index) {
    for (uint32_t i = 1; i < count; i++) {
        if (order(&ids[i - 1], &ids[i], index) > 0) {
            qsort_r(ids, count, sizeof *ids, order, index);
            return;
        }
    }
}

static void group_entries(index_builder *index) {
    uint32_t at = 0;
    for (uint32_t id = 0; id < index->count; id++)
        if (index_at(index, id)->dir != INDEX_NONE)
            index->dirs[index_at(index, id)->dir].row_count++;
    for (uint32_t dir = 0; dir < index->dir_count; dir++) {
        index->dirs[dir].first_row = at;
        at += index->dirs[dir].row_count;
        index->dirs[dir].row_count = 0;
    }
    for (uint32_t id = 0; id < index->count; id++) {
        if (index_at(index, id)->dir == INDEX_NONE)
            continue;
        index_dir *dir = &index->dirs[index_at(index, id)->dir];
        index->order[dir->first_row + dir->row_count++] = id;
    }
}

static void group_dirs(index_builder *index) {
    uint32_t at = 0;
    for (uint32_t dir = 1; dir < index->dir_count; dir++)
        index->dirs[index->dirs[dir].parent].child_count++;
    for (uint32_t dir = 0; dir < index->dir_count; dir++) {
        index->dirs[dir].first_child = at;
        at += index->dirs[dir].child_count;
        index->dirs[dir].child_count = 0;
    }
    for (uint32_t dir = 1; dir < index->dir_count; dir++) {
        index_dir *parent = &index->dirs[index->dirs[dir].parent];
        index->children[parent->first_child + parent->child_count++] = dir;
    }
}

stella_status index_group(index_builder *index, stella_error *err) {
    index->order = malloc((index->count + 1ull) * sizeof *index->order);
    index->children = malloc(index->dir_count * sizeof *index->children);
    if (!index->order || !index->children)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to sort the index");
    group_entries(index);
    group_dirs(index);
    for (uint32_t i = 0; i < index->dir_count; i++) {
        sort(index->order + index->dirs[i].first_row, index->dirs[i].row_count, by_name, index);
        sort(index->children + index->dirs[i].first_child, index->dirs[i].child_count, dirs_by_name, index);
    }
    return STELLA_OK;
}
