#include "dotnet.h"

#include "common/words.h"

#include <stddef.h>

#define TYPE          "nuget"
#define PACK_PREFIX   "runtimepack."
#define DIGEST_PREFIX "sha512-"

_Static_assert(offsetof(dotnet, g) == 0, "dotnet_at relies on it");

dotnet dotnet_of(stella_analysis *job) {
    return (dotnet){.g = graph_of(job), .files = {.arena = job->arena}, .folders = {.arena = job->arena}};
}

dotnet *dotnet_at(graph *g) {
    return (dotnet *)(void *)g;
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for packages of NuGet");
}

stella_component *dotnet_add(dotnet *d, const stella_file *file, const dotnet_package *package) {
    const entry e = {.type = STELLA_SV(TYPE),
                     .name = package->name,
                     .version = package->version,
                     .method = package->method,
                     .line = package->line,
                     .flags = package->flags};
    return entry_add(d->g.job, file, &e);
}

/* NULL when the arena is spent. */
static stella_sv lowered(stella_arena *arena, stella_sv text) {
    char *copy = stella_arena_cstr(arena, text);
    for (size_t i = 0; copy && i < text.len; i++)
        if (copy[i] >= 'A' && copy[i] <= 'Z')
            copy[i] = (char)(copy[i] - 'A' + 'a');
    return stella_sv_of(copy, copy ? text.len : 0);
}

stella_status dotnet_name(dotnet *d, stella_sv scope, stella_sv name, stella_component *c, stella_error *err) {
    const stella_sv lower = lowered(d->g.job->arena, name);
    return lower.ptr ? graph_name(&d->g, scope, lower, c, err) : no_memory(err);
}

stella_status dotnet_needs(dotnet *d, stella_component *from, stella_sv scope, stella_sv name, uint32_t flags,
                           stella_error *err) {
    const stella_sv lower = lowered(d->g.job->arena, name);
    return lower.ptr ? graph_needs(&d->g, from, scope, lower, flags, err) : no_memory(err);
}

stella_sv dotnet_without_prefix(stella_sv name) {
    return stella_sv_starts(name, STELLA_SV(PACK_PREFIX)) ? stella_sv_skip(name, sizeof PACK_PREFIX - 1) : name;
}

stella_status dotnet_needs_all(dotnet *d, stella_component *from, stella_sv scope, const stella_json *needs,
                               uint32_t *room, stella_error *err) {
    stella_status status = STELLA_OK;
    if (!stella_json_is(needs, STELLA_JSON_OBJECT))
        return STELLA_OK;
    if (needs->count > *room)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d dependencies", DOTNET_NEEDS_MAX);
    *room -= needs->count;
    for (uint32_t i = 0; i < needs->count && status == STELLA_OK; i++)
        status = dotnet_needs(d, from, scope, dotnet_without_prefix(needs->members[i].key), 0, err);
    return status;
}

void dotnet_digest(stella_component *c, stella_sv text) {
    if (stella_sv_starts(text, STELLA_SV(DIGEST_PREFIX)))
        text = stella_sv_skip(text, sizeof DIGEST_PREFIX - 1);
    if (word_is_plain(text))
        stella_component_property(c, STELLA_SV("nuget:sha512"), text);
}

stella_status dotnet_find(dotnet *d, stella_sv path, stella_file *out, stella_error *err) {
    stella_file there = STELLA_FILE_INIT;
    const stella_status status = stella_view_stat(d->g.job, path, &there, NULL);
    if (status == STELLA_E_NOMEM)
        return no_memory(err);
    *out = status == STELLA_OK && there.kind == STELLA_FILE_REGULAR ? there : (stella_file){0};
    return STELLA_OK;
}

stella_status dotnet_owns(dotnet *d, stella_component *c, stella_sv path, stella_error *err) {
    stella_file there;
    const stella_status status = dotnet_find(d, path, &there, err);
    if (status != STELLA_OK || !there.struct_size)
        return status;
    const stella_sv kept = stella_arena_dup(d->g.job->arena, there.path);
    if (!kept.ptr)
        return no_memory(err);
    const stella_owned owned = {.struct_size = sizeof owned, .path = kept};
    stella_component_owns(c, &owned);
    return providers_add(&d->files, (provider){.name = kept}, err);
}

stella_status dotnet_owns_folder(dotnet *d, stella_component *c, stella_sv folder, stella_error *err) {
    const stella_sv kept = stella_arena_dup(d->g.job->arena, folder);
    if (!kept.ptr)
        return no_memory(err);
    const stella_status status = graph_name(&d->g, STELLA_SV("folder"), kept, c, err);
    if (status != STELLA_OK)
        return status;
    return providers_add(&d->folders, (provider){.name = kept, .package = d->g.component_count - 1}, err);
}

stella_sv dotnet_join(stella_arena *arena, stella_sv folder, stella_sv name) {
    return folder.len ? stella_arena_printf(arena, "%.*s/%.*s", STELLA_SV_FMT(folder), STELLA_SV_FMT(name))
                      : stella_arena_dup(arena, name);
}
