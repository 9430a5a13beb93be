#include "relations.h"

#include "evr.h"
#include "tags.h"

/* What somebody provides. */
typedef struct provided {
    stella_sv name, version;
    uint64_t flags;
    const package *by;
    uint32_t next; /* of the same bucket, 1-based */
} provided;

/* A path that somebody requires, in one of its spellings. */
typedef struct wanted_path {
    stella_sv path; /* relative to the image's root */
    const package *owner;
    uint32_t primary; /* the path as it is required: its owner counts */
    uint32_t next;
} wanted_path;

struct relations {
    stella_analysis *job;
    const package *packages;
    uint32_t count;
    provided *provides;
    wanted_path *paths;
    uint32_t provided_count, path_count, path_room;
    uint32_t *provided_buckets, *path_buckets; /* 1-based positions, 0 none */
    uint32_t provided_mask, path_mask;
    uint64_t lengths[64]; /* by last byte: the lengths of wanted paths, to pass over most files at once */
};

/* One dependency at a time from the three columns that make it. */
typedef struct dependencies {
    header_strings names, versions;
    header_value flags;
    uint32_t position;
} dependencies;

typedef struct dependency {
    stella_sv name, version;
    uint64_t flags;
} dependency;

static dependencies requires_of(const package *p) {
    dependencies d = {.names = header_strings_of(&p->h, TAG_REQUIRE_NAME),
                      .versions = header_strings_of(&p->h, TAG_REQUIRE_VERSION)};
    (void)header_find(&p->h, TAG_REQUIRE_FLAGS, &d.flags);
    return d;
}

static dependencies provides_of(const package *p) {
    dependencies d = {.names = header_strings_of(&p->h, TAG_PROVIDE_NAME),
                      .versions = header_strings_of(&p->h, TAG_PROVIDE_VERSION)};
    (void)header_find(&p->h, TAG_PROVIDE_FLAGS, &d.flags);
    return d;
}

static int dependencies_next(dependencies *d, dependency *out) {
    out->version = (stella_sv){0};
    if (!header_strings_next(&d->names, &out->name))
        return 0;
    (void)header_strings_next(&d->versions, &out->version);
    out->flags = header_value_number(&d->flags, d->position++);
    return 1;
}

/* FNV-1a. */
static uint32_t hash_of(stella_sv text) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < text.len; i++)
        hash = (hash ^ (unsigned char)text.ptr[i]) * 16777619u;
    return hash ^ hash >> 15;
}

static uint32_t mask_for(uint32_t count) {
    uint32_t size = 16;
    while (size < count && size < 1u << 24)
        size *= 2;
    return size - 1;
}

static int is_path(const dependency *d) {
    return d->name.len > 1 && d->name.ptr[0] == '/';
}

/* What rpm itself understands, and expressions: they name no package. */
static int is_no_name(const dependency *d) {
    return d->name.len == 0 || d->name.ptr[0] == '(' || d->flags & SENSE_RPMLIB ||
           stella_sv_starts(d->name, STELLA_SV("rpmlib("));
}

static stella_status index_provides(relations *r) {
    uint64_t room = 0;
    for (uint32_t i = 0; i < r->count; i++)
        room += provides_of(&r->packages[i]).names.count;
    if (room > UINT32_MAX)
        return STELLA_E_NOMEM;
    r->provided_mask = mask_for((uint32_t)room);
    r->provides = stella_arena_alloc(r->job->arena, room, sizeof *r->provides);
    r->provided_buckets = stella_arena_alloc(r->job->arena, r->provided_mask + (uint64_t)1, sizeof(uint32_t));
    if (!r->provides || !r->provided_buckets)
        return STELLA_E_NOMEM;
    for (uint32_t i = r->count; i-- > 0;) { /* backwards: chains come in the order of packages */
        dependency d;
        for (dependencies all = provides_of(&r->packages[i]);
             r->provided_count < room && dependencies_next(&all, &d);) {
            uint32_t *bucket = &r->provided_buckets[hash_of(d.name) & r->provided_mask];
            r->provides[r->provided_count++] = (provided){
                .name = d.name, .version = d.version, .flags = d.flags, .by = &r->packages[i], .next = *bucket};
            *bucket = r->provided_count;
        }
    }
    return STELLA_OK;
}

static wanted_path *find_path(const relations *r, stella_sv path) {
    uint32_t steps = 0;
    for (uint32_t at = r->path_buckets[hash_of(path) & r->path_mask]; at && steps++ < RELATIONS_CANDIDATES_MAX;
         at = r->paths[at - 1].next)
        if (stella_sv_eq(r->paths[at - 1].path, path))
            return &r->paths[at - 1];
    return NULL;
}

/* Remembers a spelling; primary is UINT32_MAX for the path as it is required. Returns its position. */
static uint32_t add_path(relations *r, stella_sv path, uint32_t primary) {
    uint32_t *bucket = &r->path_buckets[hash_of(path) & r->path_mask];
    const uint32_t position = r->path_count++;
    r->paths[position] =
        (wanted_path){.path = path, .primary = primary == UINT32_MAX ? position : primary, .next = *bucket};
    *bucket = position + 1;
    r->lengths[(unsigned char)path.ptr[path.len - 1] & 63] |= (uint64_t)1 << (path.len & 63);
    return position;
}

/* "/bin/sh" is also "usr/bin/sh" where bin leads to usr/bin. */
static stella_status add_spellings(relations *r, stella_sv required, stella_sv root) {
    stella_arena *arena = r->job->arena;
    const stella_sv path =
        stella_arena_printf(arena, "%.*s%.*s", STELLA_SV_FMT(root), STELLA_SV_FMT(stella_sv_skip(required, 1)));
    if (!path.ptr)
        return STELLA_E_NOMEM;
    if (path.len == 0 || r->path_count + 2 > r->path_room || find_path(r, path))
        return STELLA_OK;
    const uint32_t primary = add_path(r, path, UINT32_MAX);
    const size_t slash = stella_sv_rfind(path, '/');
    stella_file dir = STELLA_FILE_INIT;
    if (slash == path.len || stella_view_stat(r->job, stella_sv_first(path, slash), &dir, NULL) != STELLA_OK ||
        stella_sv_eq(dir.path, stella_sv_first(path, slash)))
        return STELLA_OK;
    const stella_sv other =
        stella_arena_printf(arena, "%.*s%.*s", STELLA_SV_FMT(dir.path), STELLA_SV_FMT(stella_sv_skip(path, slash)));
    if (!other.ptr)
        return STELLA_E_NOMEM;
    (void)add_path(r, other, primary);
    return STELLA_OK;
}

static stella_status index_paths(relations *r) {
    uint32_t count = 0;
    dependency d;
    for (uint32_t i = 0; i < r->count; i++)
        for (dependencies all = requires_of(&r->packages[i]); dependencies_next(&all, &d);)
            count += is_path(&d) ? 1 : 0;
    r->path_room = count < UINT32_MAX / 2 ? 2 * count : 0;
    r->path_mask = mask_for(r->path_room);
    r->paths = stella_arena_alloc(r->job->arena, r->path_room, sizeof *r->paths);
    r->path_buckets = stella_arena_alloc(r->job->arena, r->path_mask + (uint64_t)1, sizeof(uint32_t));
    if (!r->paths || !r->path_buckets)
        return STELLA_E_NOMEM;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < r->count && status == STELLA_OK; i++)
        for (dependencies all = requires_of(&r->packages[i]); status == STELLA_OK && dependencies_next(&all, &d);)
            if (is_path(&d))
                status = add_spellings(r, d.name, r->packages[i].root);
    return status;
}

stella_status relations_open(stella_analysis *job, const package *packages, uint32_t count, relations **out,
                             stella_error *err) {
    relations *r = stella_arena_alloc(job->arena, 1, sizeof *r);
    if (!r)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for relations");
    *r = (relations){.job = job, .packages = packages, .count = count};
    stella_status status = index_provides(r);
    if (status == STELLA_OK)
        status = index_paths(r);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for what %u packages provide and require", count);
    *out = r;
    return STELLA_OK;
}

void relations_file(void *self, stella_sv path, const package *owner) {
    relations *r = self;
    if (!(r->lengths[(unsigned char)path.ptr[path.len - 1] & 63] >> (path.len & 63) & 1))
        return;
    wanted_path *found = find_path(r, path);
    if (!found)
        return;
    wanted_path *primary = &r->paths[found->primary];
    if (!primary->owner)
        primary->owner = owner;
}

static void relate(const relations *r, const package *from, const package *to) {
    if (from != to)
        stella_relate(r->job, from->component, to->component, STELLA_RELATION_DEPENDS_ON, 0);
}

/* Links the providers of that name; strictly: at the right version. Returns how many. */
static uint32_t link_providers(const relations *r, const package *from, const dependency *d, int strictly) {
    uint32_t linked = 0, steps = 0;
    for (uint32_t at = r->provided_buckets[hash_of(d->name) & r->provided_mask];
         at && steps++ < RELATIONS_CANDIDATES_MAX; at = r->provides[at - 1].next) {
        const provided *p = &r->provides[at - 1];
        if (!stella_sv_eq(p->name, d->name) || (strictly && !evr_satisfies(p->version, p->flags, d->version, d->flags)))
            continue;
        relate(r, from, p->by);
        linked++;
    }
    return linked;
}

static void link_path(const relations *r, const package *from, stella_sv required) {
    char path[4096];
    const stella_sv rest = stella_sv_skip(required, 1);
    if (from->root.len + rest.len > sizeof path)
        return;
    if (from->root.len)
        memcpy(path, from->root.ptr, from->root.len);
    memcpy(path + from->root.len, rest.ptr, rest.len);
    const wanted_path *found = find_path(r, stella_sv_of(path, from->root.len + rest.len));
    if (found && r->paths[found->primary].owner)
        relate(r, from, r->paths[found->primary].owner);
}

void relations_link(relations *r) {
    for (uint32_t i = 0; i < r->count && !stella_cancelled(r->job); i++) {
        const package *from = &r->packages[i];
        dependency d;
        for (dependencies all = requires_of(from); dependencies_next(&all, &d);) {
            if (is_no_name(&d) || link_providers(r, from, &d, 1))
                continue;
            if (is_path(&d))
                link_path(r, from, d.name);
            else
                (void)link_providers(r, from, &d, 0); /* a package forced in at another version is still what it uses */
        }
    }
}
