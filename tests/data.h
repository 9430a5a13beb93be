/* data.h - published test data that is not part of this repository, below the directory that STELLA_TEST_DATA names.
 * Tests that need it skip themselves without it. */
#ifndef TESTS_DATA_H
#define TESTS_DATA_H

#include <stella/arena.h>

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct data_names {
    char paths[128][512]; /* absolute, in byte order */
    size_t count;
} data_names;

static inline const char *data_root(void) {
    const char *root = getenv("STELLA_TEST_DATA");
    return root && root[0] ? root : NULL;
}

/* The JSON files of a folder below the root. */
static inline void data_list(const char *folder, data_names *out) {
    char path[384];
    struct dirent **entries = NULL;
    out->count = 0;
    snprintf(path, sizeof path, "%s/%s", data_root(), folder);
    const int count = scandir(path, &entries, NULL, alphasort);
    for (int i = 0; i < count; i++) {
        const size_t len = strlen(entries[i]->d_name);
        if (len > 5 && len < 120 && strcmp(entries[i]->d_name + len - 5, ".json") == 0 && out->count < 128)
            snprintf(out->paths[out->count++], sizeof out->paths[0], "%s/%.120s", path, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
}

/* The whole file, in the arena; ptr NULL when there is none. */
static inline stella_sv data_read(const char *path, stella_arena *arena) {
    FILE *file = fopen(path, "rb");
    if (!file)
        return stella_sv_of(NULL, 0);
    fseek(file, 0, SEEK_END);
    const long size = ftell(file);
    rewind(file);
    char *bytes = size >= 0 ? stella_arena_alloc(arena, (uint64_t)size + 1, 1) : NULL;
    const size_t got = bytes ? fread(bytes, 1, (size_t)size, file) : 0;
    fclose(file);
    return stella_sv_of(bytes, got);
}

#endif
