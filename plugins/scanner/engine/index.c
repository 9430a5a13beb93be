/* Taking entries in. */
#include "index_builder.h"
#include "path.h"

#include <stella/auto.h>

#include <stdlib.h>

index_builder *index_create(uint64_t entries_max) {
    STELLA_AUTO(index_destroyp) index_builder *index = calloc(1, sizeof *index);
    if (!index)
        return NULL;
    index->entries_max = entries_max < INDEX_NONE - 1 ? entries_max : INDEX_NONE - 1;
    index->texts = (text_heap)TEXT_HEAP_INIT;
    index->dir_room = 1024;
    index->dirs = calloc(index->dir_room, sizeof *index->dirs);
    index->dir_table_size = 4096;
    index->dir_table = malloc(index->dir_table_size * sizeof *index->dir_table);
    if (!index->dirs || !index->dir_table)
        return NULL;
    memset(index->dir_table, 0xff, index->dir_table_size * sizeof *index->dir_table);
    index->dir_count = 1;
    index->dirs[0].parent = INDEX_NONE;
    if (text_heap_add(&index->texts, STELLA_SV(""), &index->dirs[0].name, NULL) != STELLA_OK)
        return NULL;
    return STELLA_TAKE(index);
}

void index_destroy(index_builder *index) {
    if (!index)
        return;
    for (uint32_t i = 0; i < index->chunk_count; i++)
        free(index->chunks[i]);
    free(index->chunks);
    text_heap_fini(&index->texts);
    free(index->dirs);
    free(index->dir_table);
    free(index->order);
    free(index->children);
    free(index->sorted);
    free(index);
}

void index_destroyp(index_builder **index) {
    index_destroy(*index);
    *index = NULL;
}

uint32_t index_count(const index_builder *index) {
    return index->count;
}

/* Room for one more entry. */
static stella_status grow(index_builder *index, stella_error *err) {
    if (index->count >= index->entries_max)
        return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                "more than %llu entries in one layer; " OPTION_ENTRIES " raises the limit",
                                (unsigned long long)index->entries_max);
    const uint32_t chunk = index->chunk_count;
    if (index->count < (uint64_t)chunk * INDEX_CHUNK)
        return STELLA_OK;
    if (chunk == index->chunk_room) {
        const uint32_t room = chunk ? chunk * 2 : 16;
        index_item **chunks = realloc(index->chunks, room * sizeof *chunks);
        if (!chunks)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the index");
        index->chunks = chunks;
        index->chunk_room = room;
    }
    index->chunks[chunk] = malloc(INDEX_CHUNK * sizeof(index_item));
    if (!index->chunks[chunk])
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the index");
    index->chunk_count++;
    return STELLA_OK;
}

stella_status index_add(index_builder *index, const index_entry *entry, uint32_t *id, stella_error *err) {
    index_item item = {.size = entry->size,
                       .dir = INDEX_NONE,
                       .uid = entry->uid,
                       .gid = entry->gid,
                       .link = INDEX_NONE,
                       .mode = (uint16_t)(entry->kind << 12 | (entry->mode & 07777)),
                       .type = (uint8_t)entry->type,
                       .flags = (uint8_t)entry->flags};
    stella_sv dir, name;
    path_split(entry->path, &dir, &name);
    stella_status status = grow(index, err);
    if (status == STELLA_OK && entry->path.len)
        status = index_dir_intern(index, dir, &item.dir, err);
    if (status == STELLA_OK)
        status = text_heap_add(&index->texts, name, &item.name, err);
    if (status == STELLA_OK && entry->target.len)
        status = text_heap_add(&index->texts, entry->target, &item.link, err);
    if (status != STELLA_OK)
        return status;
    *index_at(index, index->count) = item;
    *id = index->count++;
    return STELLA_OK;
}
