/* index_builder.h - the inside of an index under construction, shared by the files that build it. */
#ifndef SCANNER_ENGINE_INDEX_BUILDER_H
#define SCANNER_ENGINE_INDEX_BUILDER_H

#include "index.h"
#include "text_heap.h"

#define INDEX_CHUNK 65536u
#define INDEX_NONE  0xffffffffu

typedef struct index_item {
    uint64_t size;
    uint32_t dir, name; /* dir INDEX_NONE: the root itself */
    uint32_t uid, gid;
    uint32_t link; /* text of a link's target; after sorting, of a hard link, the entry that carries the bytes */
    uint16_t mode; /* kind and mode, as in a row */
    uint8_t type, flags;
} index_item;

typedef struct index_dir {
    uint32_t parent, name, hash;
    uint32_t first_row, row_count;     /* in order, after grouping */
    uint32_t first_child, child_count; /* in children, after grouping */
} index_dir;

struct index_builder {
    uint64_t entries_max;
    index_item **chunks;
    uint32_t count, chunk_count, chunk_room;
    text_heap texts;
    index_dir *dirs; /* 0 is the root */
    uint32_t dir_count, dir_room;
    uint32_t *dir_table; /* open addressing; INDEX_NONE is free */
    uint32_t dir_table_size;
    uint32_t last_dir; /* most entries lie where the one before did */
    stella_sv last_path;
    char last_buf[PATH_BYTES_MAX];
    uint32_t *order; /* entries by directory and name; after sorting, the row of each entry */
    uint32_t *children;
    uint32_t *sorted; /* entries in tree order */
    uint32_t sorted_count;
};

static inline index_item *index_at(const index_builder *index, uint32_t id) {
    return &index->chunks[id / INDEX_CHUNK][id % INDEX_CHUNK];
}

/* The directory of that path: index_dirs.c. _find answers INDEX_NONE when it is not known. */
stella_status index_dir_intern(index_builder *index, stella_sv path, uint32_t *dir, stella_error *err);
uint32_t index_dir_find(const index_builder *index, stella_sv path);

/* The full path of a directory, put into buf of PATH_BYTES_MAX bytes. */
stella_sv index_dir_path(const index_builder *index, uint32_t dir, char *buf);

/* Groups entries and directories by directory, each group sorted by name, equal names in order of arrival. */
stella_status index_group(index_builder *index, stella_error *err);

#endif
