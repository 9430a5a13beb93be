/* Which files of a table of contents are wanted, and what of the blob that takes. */
#include "path.h"
#include "toc.h"

#include <stella/auto.h>

#include <stdlib.h>

#define LINKS_MAX 16 /* of links to links */

/* A regular file or hard link by its clean name. */
typedef struct named {
    stella_sv path;
    uint32_t file;
} named;

typedef struct plan {
    toc *t;
    const matcher *m;
    stella_arena *arena;
    named *names; /* sorted; of one path the last entry is the last */
    uint32_t count;
} plan;

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the plan of a layer");
}

static int is_wanted(const plan *p, stella_sv path) {
    matcher_hit hits[MATCHER_HITS_MAX];
    uint64_t ignored;
    const uint32_t count = matcher_match(p->m, path, hits);
    for (uint32_t i = 0; i < count; i++)
        if (hits[i].by_path)
            return 1;
    return matcher_is_companion(p->m, path, &ignored);
}

static int by_name(const void *a, const void *b) {
    const named *x = a, *y = b;
    const int order = stella_sv_cmp(x->path, y->path);
    return order ? order : (x->file > y->file) - (x->file < y->file);
}

static int clean(const plan *p, stella_sv name, stella_sv *out) {
    char buf[PATH_BYTES_MAX];
    stella_sv path;
    if (path_clean(name, buf, sizeof buf, &path, NULL) != PATH_OK)
        return 0;
    *out = path.ptr == buf ? stella_arena_dup(p->arena, path) : path;
    return out->ptr != NULL;
}

static void collect_names(plan *p) {
    for (uint32_t i = 0; i < p->t->file_count; i++) {
        named *to = &p->names[p->count];
        if (p->t->files[i].entry.kind != STELLA_FILE_REGULAR || !clean(p, p->t->files[i].entry.name, &to->path))
            continue;
        to->file = i;
        p->count++;
    }
    qsort(p->names, p->count, sizeof *p->names, by_name);
}

static const named *find(const plan *p, stella_sv path) {
    uint32_t low = 0, high = p->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stella_sv_cmp(p->names[middle].path, path) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low && stella_sv_eq(p->names[low - 1].path, path) ? &p->names[low - 1] : NULL;
}

/* The file itself, or what a hard link leads to; links that lead in a circle lead nowhere. */
static void want(plan *p, uint32_t file) {
    toc_file *at = &p->t->files[file];
    for (int steps = 0; at->entry.is_hardlink && steps < LINKS_MAX; steps++) {
        stella_sv target;
        const named *found = clean(p, at->entry.link, &target) ? find(p, target) : NULL;
        if (!found)
            return;
        at = &p->t->files[found->file];
    }
    at->is_wanted = !at->entry.is_hardlink;
}

static int by_offset(const void *a, const void *b) {
    const toc_range *x = a, *y = b;
    return (x->offset > y->offset) - (x->offset < y->offset);
}

/* What wanted files need, one range a chunk. */
static uint32_t collect_ranges(const toc *t, toc_range *out) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < t->file_count; i++)
        for (uint32_t j = 0; t->files[i].is_wanted && j < t->files[i].chunk_count; j++) {
            const toc_chunk *chunk = &t->chunks[t->files[i].first_chunk + j];
            if (!chunk->is_zeros)
                out[count++] = (toc_range){.offset = chunk->offset, .size = chunk->end - chunk->offset};
        }
    qsort(out, count, sizeof *out, by_offset);
    return count;
}

/* Joins those that are nearer than gap, in place. */
static uint32_t join(toc_range *ranges, uint32_t count, uint64_t gap) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        toc_range *last = kept ? &ranges[kept - 1] : NULL;
        const uint64_t end = last ? last->offset + last->size : 0, own = ranges[i].offset + ranges[i].size;
        if (last && (ranges[i].offset <= end || ranges[i].offset - end < gap))
            last->size = (own > end ? own : end) - last->offset;
        else
            ranges[kept++] = ranges[i];
    }
    return kept;
}

stella_status toc_plan(toc *t, const matcher *m, toc_range *ranges, uint32_t *count, stella_error *err) {
    STELLA_AUTO(stella_freep) named *names = calloc(t->file_count + (size_t)1, sizeof *names);
    STELLA_AUTO(stella_freep) toc_range *all = calloc(t->chunk_count + (size_t)1, sizeof *all);
    plan p = {.t = t, .m = m, .arena = t->arena, .names = names};
    if (!names || !all)
        return no_memory(err);
    collect_names(&p);
    for (uint32_t i = 0; i < p.count; i++)
        if (is_wanted(&p, p.names[i].path))
            want(&p, p.names[i].file);
    uint32_t found = join(all, collect_ranges(t, all), TOC_GAP);
    for (uint64_t gap = 2 * TOC_GAP; found > TOC_RANGES_MAX; gap *= 2)
        found = join(all, found, gap);
    if (found)
        memcpy(ranges, all, found * sizeof *all);
    *count = found;
    return STELLA_OK;
}
