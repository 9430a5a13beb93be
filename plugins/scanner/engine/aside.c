#include "aside.h"

#include <stella/auto.h>

#include <stdlib.h>

#define TEXT_BYTES_MAX (1ull << 30) /* paths of HELD_FILES_MAX names, and the links to them */

typedef struct call {
    uint32_t plugin;
    stella_file facts;
    probe_call call; /* .facts is set when it is made */
    probe_content content;
} call;

struct aside {
    stella_arena *texts;
    aside_file *files; /* sorted by aside_run */
    call *calls;
    uint32_t file_count, file_room, call_count, call_room;
    uint64_t held_bytes;
    uint32_t held_files;
};

aside *aside_create(void) {
    aside *a = calloc(1, sizeof *a);
    if (a)
        a->texts = stella_arena_create(TEXT_BYTES_MAX);
    if (a && !a->texts) {
        free(a);
        a = NULL;
    }
    return a;
}

void aside_destroy(aside *a) {
    if (!a)
        return;
    stella_arena_destroy(a->texts);
    free(a->files);
    free(a->calls);
    free(a);
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for files that wait for the end of the layer");
}

static stella_status too_many(stella_error *err) {
    return stella_error_set(err, STELLA_E_LIMIT, NULL,
                            "more than %u files of one layer wait for companions, or may be such", HELD_FILES_MAX);
}

stella_status aside_reserve(aside *a, uint64_t size, stella_error *err) {
    if (a->held_files == HELD_FILES_MAX)
        return too_many(err);
    if (size > HELD_BYTES_MAX - a->held_bytes)
        return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                "more than %llu bytes of one layer wait for companions, or may be such",
                                (unsigned long long)HELD_BYTES_MAX);
    a->held_files++;
    a->held_bytes += size;
    return STELLA_OK;
}

/* Room for one more element behind count; items as it was, or larger. */
static void *grow(void *items, uint32_t count, uint32_t *room, size_t size, stella_error *err) {
    if (count < *room)
        return items;
    const uint32_t more = *room ? 2 * *room : 16;
    void *bigger = realloc(items, more * size);
    if (bigger)
        *room = more;
    else
        no_memory(err);
    return bigger;
}

stella_status aside_add(aside *a, const aside_file *file, stella_error *err) {
    if (a->file_count == HELD_FILES_MAX)
        return too_many(err);
    aside_file copy = *file;
    copy.path = stella_arena_dup(a->texts, file->path);
    if (file->failure) {
        stella_error *failure = stella_arena_alloc(a->texts, 1, sizeof *failure);
        if (failure)
            *failure = *file->failure;
        copy.failure = failure;
    }
    aside_file *files = grow(a->files, a->file_count, &a->file_room, sizeof *a->files, err);
    if (!files)
        return STELLA_E_NOMEM;
    a->files = files;
    if (!copy.path.ptr || (file->failure && !copy.failure))
        return no_memory(err);
    a->files[a->file_count++] = copy;
    return STELLA_OK;
}

stella_status aside_call(aside *a, uint32_t plugin, const probe_call *what, const probe_content *content,
                         stella_error *err) {
    if (a->call_count == HELD_FILES_MAX)
        return too_many(err);
    call copy = {.plugin = plugin, .facts = *what->facts, .call = *what, .content = *content};
    copy.facts.path = stella_arena_dup(a->texts, what->facts->path);
    copy.call.interests = stella_arena_dup(a->texts, what->interests);
    call *calls = grow(a->calls, a->call_count, &a->call_room, sizeof *a->calls, err);
    if (!calls)
        return STELLA_E_NOMEM;
    a->calls = calls;
    if (!copy.facts.path.ptr || !copy.call.interests.ptr)
        return no_memory(err);
    a->calls[a->call_count++] = copy;
    return STELLA_OK;
}

static int by_path(const void *left, const void *right) {
    const aside_file *a = left, *b = right;
    return stella_sv_cmp(a->path, b->path);
}

/* Only files that stand are looked for: of several entries of one path one is left. */
static void keep_what_stands(aside *a, const index_builder *index) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < a->file_count; i++)
        if (index_row(index, a->files[i].id) != PACK_NO_ROW)
            a->files[kept++] = a->files[i];
    a->file_count = kept;
    if (kept)
        qsort(a->files, kept, sizeof *a->files, by_path);
}

stella_status aside_run(aside *a, analyzers *all, const index_builder *index, stella_error *err) {
    stella_status status = STELLA_OK;
    keep_what_stands(a, index);
    for (uint32_t i = 0; i < a->call_count && status == STELLA_OK; i++) {
        call *c = &a->calls[i];
        analyzer *one = &all->list[c->plugin];
        if (index_row(index, c->call.file) == PACK_NO_ROW)
            continue;
        c->call.facts = &c->facts;
        c->call.beside = a;
        status = probe_run(all, one, &c->call, &c->content, err);
        if (status == STELLA_OK)
            status = evidence_settle(one->evidence, err);
    }
    return status;
}

/* path and suffix are one text in two pieces. */
static int compare(stella_sv path, stella_sv suffix, stella_sv with) {
    const int order = stella_sv_cmp(path, stella_sv_first(with, path.len));
    return order ? order : stella_sv_cmp(suffix, stella_sv_skip(with, path.len));
}

int aside_find(const aside *a, stella_sv path, stella_sv suffix, const aside_file **out) {
    uint32_t low = 0, high = a->file_count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = compare(path, suffix, a->files[middle].path);
        if (order == 0) {
            *out = &a->files[middle];
            return 1;
        }
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return 0;
}
