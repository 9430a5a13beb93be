/* What a directory of the merged tree holds. */
#include "analysis.h"

#include "path.h"

#include <stella/auto.h>

#include <stdlib.h>

#define LIST_ROWS_MAX 2000000u /* of all layers, below one directory */

/* A directory that was listed in this call. */
typedef struct listed {
    stella_sv directory; /* as it was asked for */
    stella_sv *paths;    /* by byte order */
    uint32_t count;
} listed;

/* The first name below the directory: "a/b" of "a/b/c" in "a". */
static stella_sv child_of(stella_sv path, stella_sv directory) {
    size_t end = directory.len ? directory.len + 1 : 0;
    while (end < path.len && path.ptr[end] != '/')
        end++;
    return stella_sv_first(path, end);
}

/* Adds what one layer names there, each name once. */
static stella_status list_layer(analysis *job, const pack *p, stella_sv directory, chain *names, stella_error *err) {
    STELLA_AUTO(stella_freep) pack_walk *walk = malloc(sizeof *walk);
    uint32_t row = 0;
    if (!walk)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to list a directory");
    if (directory.len)
        (void)pack_find(p, directory, &row);
    stella_sv last = {0};
    pack_walk_init(walk, p, row);
    for (uint32_t steps = 0; pack_walk_next(walk) && steps < LIST_ROWS_MAX; steps++) {
        if (stella_sv_eq(walk->path, directory) || !walk->path.len)
            continue;
        if (!path_below(walk->path, directory))
            break;
        const stella_sv child = child_of(walk->path, directory);
        if (stella_sv_eq(child, last))
            continue;
        stella_sv *name = chain_add(names, job->base.arena, sizeof *name);
        last = stella_arena_dup(job->base.arena, child);
        if (!name || !last.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to list a directory");
        *name = last;
    }
    return STELLA_OK;
}

static int by_bytes(const void *left, const void *right) {
    return stella_sv_cmp(*(const stella_sv *)left, *(const stella_sv *)right);
}

/* Of the names of all layers those that are there, once. */
static stella_status settle(analysis *job, const chain *names, listed *out) {
    stella_sv *all = chain_array(names, job->base.arena, sizeof *all);
    if (!all)
        return STELLA_E_NOMEM;
    qsort(all, names->count, sizeof *all, by_bytes);
    uint32_t kept = 0;
    view_entry entry;
    for (uint32_t i = 0; i < names->count; i++)
        if ((!kept || !stella_sv_eq(all[kept - 1], all[i])) && view_at(job->world->view, all[i], &entry))
            all[kept++] = all[i];
    out->paths = all;
    out->count = kept;
    return STELLA_OK;
}

static stella_status list_directory(analysis *job, stella_sv directory, listed *out, stella_error *err) {
    char buf[PATH_BYTES_MAX];
    stella_sv canonical = {0};
    view_entry entry;
    chain names = {0};
    const stella_status found = view_resolve(job->world->view, directory, 1, buf, &canonical, &entry, NULL);
    stella_status status = STELLA_OK;
    if (found != STELLA_OK && canonical.len)
        return STELLA_OK; /* nothing is there: an empty list */
    for (uint32_t i = 0; i < view_layer_count(job->world->view) && status == STELLA_OK; i++)
        if (job->world->packs[i])
            status = list_layer(job, job->world->packs[i], canonical, &names, err);
    if (status == STELLA_OK && names.count && settle(job, &names, out) != STELLA_OK)
        status = stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to list a directory");
    return status;
}

static const listed *list_of(analysis *job, stella_sv directory) {
    for (const listed *l = chain_first(&job->lists); l; l = chain_next(l))
        if (stella_sv_eq(l->directory, directory))
            return l;
    listed *added = chain_add(&job->lists, job->base.arena, sizeof *added);
    stella_error why = {0};
    if (added)
        added->directory = stella_arena_dup(job->base.arena, directory);
    if (!added || !added->directory.ptr || list_directory(job, directory, added, &why) != STELLA_OK) {
        analysis_fail(job, STELLA_E_NOMEM, "view_next", "no memory to list a directory");
        return NULL;
    }
    return added;
}

int32_t analysis_view_next(stella_analysis *base, stella_sv directory, stella_entries *it, stella_file *out) {
    analysis *job = (analysis *)base;
    if (!it || !out)
        analysis_fail(job, STELLA_E_INVALID, "view_next", "no iterator, or nowhere to put a file");
    if (!analysis_accepts(job, directory, "view_next directory") || !it || !out)
        return 0;
    const listed *l = list_of(job, directory);
    view_entry entry;
    if (!l || it->position >= l->count || !view_at(job->world->view, l->paths[it->position], &entry))
        return 0;
    const stella_file file = analysis_file(job, entry, l->paths[it->position++]);
    analysis_fill(out, out->struct_size, &file, sizeof file);
    return 1;
}
