#include "elf_index.h"

static stella_status add(elf_index *index, const stella_record *record, stella_arena *arena, stella_error *err) {
    if (index->count == index->room) {
        const uint32_t room = index->room ? 2 * index->room : 256;
        stella_sv *records = stella_arena_alloc(arena, room, sizeof *records);
        if (!records)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the facts of binaries");
        if (index->count)
            memcpy(records, index->records, index->count * sizeof *records);
        index->records = records;
        index->room = room;
    }
    index->records[index->count] = record->bytes;
    return names_push(&index->paths, record->key, index->count++, err);
}

stella_status elf_index_of(stella_analysis *job, elf_index *out, stella_error *err) {
    elf_index index = {.paths = names_of(job->arena)};
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_published(STELLA_SV(BINARY_FACTS_KIND));
         status == STELLA_OK && stella_records_next(job, &it, &record);)
        status = add(&index, &record, job->arena, err);
    if (status != STELLA_OK)
        return status;
    names_order(&index.paths);
    *out = index;
    return STELLA_OK;
}

int elf_index_find(const elf_index *index, stella_sv path, binary_facts *out) {
    uint32_t i;
    return names_find(&index->paths, path, &i) && binary_facts_decode(index->records[i], out, NULL) == STELLA_OK;
}
