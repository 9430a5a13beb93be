/* A table of contents of any bytes: chunks make up their files and lie in the data, the plan's ranges stand in order,
 * apart, inside the data, and hold every chunk of a wanted file. */
#include "toc.h"

#include <assert.h>

#define DATA_BYTES 5000

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_file(const toc *t, const toc_file *file, const toc_range *ranges, uint32_t count) {
    uint64_t sum = 0;
    assert(file->first_chunk <= t->chunk_count && file->chunk_count <= t->chunk_count - file->first_chunk);
    for (uint32_t i = 0; i < file->chunk_count; i++) {
        const toc_chunk *chunk = &t->chunks[file->first_chunk + i];
        int is_held = chunk->is_zeros;
        sum += chunk->size;
        assert(is_held || (chunk->offset < chunk->end && chunk->end <= DATA_BYTES));
        for (uint32_t j = 0; j < count && !is_held; j++)
            is_held = ranges[j].offset <= chunk->offset && chunk->end <= ranges[j].offset + ranges[j].size;
        assert(is_held || !file->is_wanted);
    }
    assert(sum == file->entry.size);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const stella_interest interests[] = {{.mode = STELLA_KEEP, .path = "var/lib/dpkg/status"},
                                                {.mode = STELLA_KEEP, .suffix = ".list"}};
    static toc_range ranges[TOC_RANGES_MAX];
    matcher *m = matcher_create();
    toc t = {.arena = NULL};
    uint32_t count = 0;
    uint64_t after = 0;
    if (m && matcher_add(m, 1, interests, 2, sizeof interests[0], NULL) == STELLA_OK &&
        toc_parse(stella_sv_of((const char *)data, size), DATA_BYTES, &t, NULL) == STELLA_OK &&
        toc_plan(&t, m, ranges, &count, NULL) == STELLA_OK) {
        assert(count <= TOC_RANGES_MAX);
        for (uint32_t i = 0; i < count; i++) {
            assert(ranges[i].offset >= after && ranges[i].size && ranges[i].offset < DATA_BYTES);
            after = ranges[i].offset + ranges[i].size;
            assert(after <= DATA_BYTES);
        }
        for (uint32_t i = 0; i < t.file_count; i++)
            check_file(&t, &t.files[i], ranges, count);
    }
    toc_fini(&t);
    matcher_destroy(m);
    return 0;
}
