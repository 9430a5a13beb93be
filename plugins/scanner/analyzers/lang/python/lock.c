#include "lock.h"

#include "name.h"

stella_status lock_init(lock *l, stella_analysis *job, const stella_file *file, uint32_t room, stella_error *err) {
    lock_package *packages = stella_arena_alloc(job->arena, room, sizeof *packages);
    if (!packages)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u packages", room);
    *l = (lock){.job = job, .file = file, .packages = packages, .room = room, .names = {.arena = job->arena}};
    return STELLA_OK;
}

void lock_note(const lock *l, uint32_t line, const char *message) {
    stella_note(l->job, STELLA_NOTE_ERROR, l->file->path, line, stella_sv_cstr(message));
}

stella_status lock_package_add(lock *l, stella_sv name, stella_sv version, const stella_json *source,
                               lock_package **out, stella_error *err) {
    *out = NULL;
    if (!name_is_valid(name) || (version.len && !version_is_valid(version))) {
        lock_note(l, source->line, "a package without a valid name and version was skipped");
        return STELLA_OK;
    }
    if (l->count == l->room)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "more packages than were counted");
    const stella_sv normal = name_normal(name, l->job->arena);
    if (!normal.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
    const stella_status status =
        providers_add(&l->names, (provider){.name = normal, .version = version, .package = l->count}, err);
    if (status != STELLA_OK)
        return status;
    *out = &l->packages[l->count++];
    **out = (lock_package){.name = normal, .version = version, .source = source};
    return STELLA_OK;
}

void lock_component_add(lock *l, lock_package *p, uint32_t flags) {
    p->component =
        stella_component_add(l->job, STELLA_SV("pypi"), p->name, p->version, STELLA_COMPONENT_DECLARED | flags);
    stella_component_evidence(p->component, l->file, p->source->line, STELLA_SV("lockfile"));
}

void lock_index(lock *l) {
    providers_sort(&l->names);
}

lock_package *lock_find(const lock *l, stella_sv name, stella_sv version, uint32_t *at) {
    char text[NAME_MAX_BYTES + 1];
    uint32_t count = 0;
    if (!name_is_valid(name) || !name_normal_into(name, text))
        return NULL;
    const provider *found = providers_find(&l->names, stella_sv_cstr(text), &count);
    while (found && *at < count) {
        const provider *one = &found[(*at)++];
        if (version.len == 0 || stella_sv_eq(one->version, version))
            return &l->packages[one->package];
    }
    return NULL;
}

void lock_relate(const lock *l, const lock_package *from, stella_sv name, stella_sv version, uint32_t flags) {
    uint32_t at = 0;
    for (const lock_package *to; (to = lock_find(l, name, version, &at)) && at < 64;)
        if (from->component && to->component && to != from)
            stella_relate(l->job, from->component, to->component, STELLA_RELATION_DEPENDS_ON, flags);
}
