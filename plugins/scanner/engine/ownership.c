#include "ownership.h"

#include "path.h"

#include <stella/auto.h>

#include <stdlib.h>

typedef struct owned {
    uint32_t hash; /* of the resolved path */
    stella_sv path;
    const finding *owner; /* NULL: the slot is free */
    const stella_bom_file *file;
} owned;

/* The directory of the path resolved, its last name as it is: what a package owns is the link, not its target. Files of
 * one package come directory by directory, so the last directory is remembered. */
typedef struct resolver {
    const view *view;
    char dir[PATH_BYTES_MAX], canonical[PATH_BYTES_MAX], path[PATH_BYTES_MAX];
    size_t dir_len, canonical_len;
    int is_known;
} resolver;

struct ownership {
    const view *view;
    resolver *asked;     /* of ownership_of */
    stella_arena *texts; /* resolved paths that differ from how they are listed */
    owned *slots;
    uint32_t slot_count, used;
};

#define TEXTS_BYTES_MAX (256u << 20)

static resolver *resolver_create(const view *v) {
    resolver *r = malloc(sizeof *r);
    if (r) {
        r->view = v;
        r->is_known = 0;
    }
    return r;
}

ownership *ownership_create(const view *v) {
    STELLA_AUTO(ownership_destroyp) ownership *o = calloc(1, sizeof *o);
    if (!o)
        return NULL;
    o->view = v;
    o->slot_count = 1024;
    o->slots = calloc(o->slot_count, sizeof *o->slots);
    o->texts = stella_arena_create(TEXTS_BYTES_MAX);
    o->asked = resolver_create(v);
    return o->slots && o->texts && o->asked ? STELLA_TAKE(o) : NULL;
}

void ownership_destroy(ownership *o) {
    if (!o)
        return;
    stella_arena_destroy(o->texts);
    free(o->asked);
    free(o->slots);
    free(o);
}

void ownership_destroyp(ownership **o) {
    ownership_destroy(*o);
    *o = NULL;
}

static uint32_t hash_of(stella_sv path) {
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < path.len; i++)
        hash = (hash ^ (unsigned char)path.ptr[i]) * 0x100000001b3u;
    return (uint32_t)(((hash ^ hash >> 29) * 0x9e3779b97f4a7c15u) >> 32);
}

static owned *slot_of(const ownership *o, stella_sv path, uint32_t hash) {
    const uint32_t mask = o->slot_count - 1;
    uint32_t i = hash & mask;
    while (o->slots[i].owner && !(o->slots[i].hash == hash && stella_sv_eq(o->slots[i].path, path)))
        i = (i + 1) & mask;
    return &o->slots[i];
}

static stella_status grow(ownership *o) {
    const owned *old = o->slots;
    const uint32_t old_count = o->slot_count;
    owned *slots = old_count <= UINT32_MAX / 2 ? calloc((size_t)old_count * 2, sizeof *slots) : NULL;
    if (!slots)
        return STELLA_E_NOMEM;
    o->slots = slots;
    o->slot_count = old_count * 2;
    for (uint32_t i = 0; i < old_count; i++)
        if (old[i].owner)
            *slot_of(o, old[i].path, old[i].hash) = old[i];
    free((void *)(uintptr_t)old);
    return STELLA_OK;
}

static int resolve_dir(resolver *r, stella_sv dir) {
    if (r->is_known && stella_sv_eq(stella_sv_of(r->dir, r->dir_len), dir))
        return 1;
    stella_sv canonical;
    view_entry entry;
    r->is_known = 0;
    const stella_status status = view_resolve(r->view, dir, 1, r->canonical, &canonical, &entry, NULL);
    if (status != STELLA_OK && status != STELLA_E_NOTFOUND)
        return 0;
    memcpy(r->dir, dir.ptr, dir.len);
    r->dir_len = dir.len;
    r->canonical_len = canonical.len;
    r->is_known = 1;
    return 1;
}

/* The resolved path in r->path, or empty when it cannot be: too long, or links in a circle. */
static stella_sv resolve(resolver *r, stella_sv path) {
    stella_sv dir, name;
    path_split(path, &dir, &name);
    if (dir.len >= PATH_BYTES_MAX || (dir.len && !resolve_dir(r, dir)))
        return (stella_sv){0};
    const size_t prefix = dir.len ? r->canonical_len : 0, slash = prefix != 0;
    if (prefix + slash + name.len >= PATH_BYTES_MAX)
        return (stella_sv){0};
    memcpy(r->path, r->canonical, prefix);
    if (slash)
        r->path[prefix] = '/';
    memcpy(r->path + prefix + slash, name.ptr, name.len);
    return stella_sv_of(r->path, prefix + slash + name.len);
}

static stella_status put(ownership *o, stella_sv resolved, const finding *owner, const stella_bom_file *file) {
    if (o->used >= o->slot_count / 4 * 3 && grow(o) != STELLA_OK)
        return STELLA_E_NOMEM;
    const uint32_t hash = hash_of(resolved);
    owned *slot = slot_of(o, resolved, hash);
    if (slot->owner)
        return STELLA_OK;
    const stella_sv path = stella_sv_eq(resolved, file->path) ? file->path : stella_arena_dup(o->texts, resolved);
    if (!path.ptr)
        return STELLA_E_NOMEM;
    *slot = (owned){.hash = hash, .path = path, .owner = owner, .file = file};
    o->used++;
    return STELLA_OK;
}

stella_status ownership_add(ownership *o, stage *s, stella_error *err) {
    STELLA_AUTO(stella_freep) resolver *r = resolver_create(o->view);
    stella_status status = r ? STELLA_OK : STELLA_E_NOMEM;
    for (finding *f = chain_first(&s->findings); f && status == STELLA_OK; f = chain_next(f)) {
        for (stella_bom_file *file = chain_first(&f->files); file && status == STELLA_OK; file = chain_next(file)) {
            const stella_sv resolved = resolve(r, file->path);
            view_entry entry;
            file->present = resolved.len && view_at(o->view, resolved, &entry);
            if (resolved.len)
                status = put(o, resolved, f, file);
        }
    }
    return status == STELLA_OK ? status : stella_error_set(err, status, NULL, "no memory for the owners of files");
}

const finding *ownership_of(const ownership *o, stella_sv path, const stella_bom_file **file) {
    const stella_sv resolved = resolve(o->asked, path);
    const owned *slot = slot_of(o, resolved, hash_of(resolved));
    if (slot->owner)
        *file = slot->file;
    return slot->owner;
}
