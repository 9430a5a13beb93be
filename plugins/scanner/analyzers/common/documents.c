#include "documents.h"

#include <stella/auto.h>

#define TREE_BYTES_MAX (256u << 20)

static stella_status read_one(stella_analysis *job, const stella_file *file, documents_parse parse, documents_take take,
                              void *self, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    const stella_json *root = NULL;
    stella_error why = {0};
    const stella_status status = entry_scratch(TREE_BYTES_MAX, &scratch, err);
    if (status != STELLA_OK)
        return status;
    if (walk_tree(file, parse, scratch, &root, &why) == STELLA_OK)
        return take(self, file, root, err);
    entry_fault(job, file, &why);
    return STELLA_OK;
}

static stella_status read_all(stella_analysis *job, uint32_t interest, int is_lock, documents_parse parse,
                              documents_take take, void *self, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_files it = stella_files_of(interest);
    stella_status status = STELLA_OK;
    while (walk_next(job, &it, is_lock, &file, &status, err))
        status = read_one(job, &file, parse, take, self, err);
    return status;
}

stella_status documents_read(stella_analysis *job, uint32_t interest, documents_parse parse, documents_take take,
                             void *self, stella_error *err) {
    return read_all(job, interest, 0, parse, take, self, err);
}

stella_status documents_read_locks(stella_analysis *job, uint32_t interest, documents_parse parse, documents_take take,
                                   void *self, stella_error *err) {
    return read_all(job, interest, 1, parse, take, self, err);
}
