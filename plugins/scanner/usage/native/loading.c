#include "loading.h"
#include "ld_expand.h"

#include <stdio.h>

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the libraries of a program");
}

/* ---- objects */

static stella_status make_room(loading *l, stella_error *err) {
    if (l->count < l->room)
        return STELLA_OK;
    const uint32_t room = l->room ? 2 * l->room : 32;
    object *objects = stella_arena_alloc(l->world->view.job->arena, room, sizeof *objects);
    if (!objects)
        return no_memory(err);
    if (l->count)
        memcpy(objects, l->objects, l->count * sizeof *objects);
    l->objects = objects;
    l->room = room;
    return STELLA_OK;
}

static stella_sv directory_of(stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    return stella_sv_first(path, slash < path.len ? slash : 0);
}

stella_status loading_add(loading *l, const stella_file *found, stella_sv asked, uint32_t loader, const char *how,
                          uint32_t *out, stella_error *err) {
    if (names_find(&l->paths, found->path, out))
        return STELLA_OK;
    *out = LOADING_NONE;
    if (l->count == CLOSURE_OBJECTS_MAX)
        return STELLA_OK;
    stella_status status = make_room(l, err);
    object o = {.path = found->path,
                .origin = stella_arena_dup(l->world->view.job->arena, directory_of(asked)),
                .loader = loader,
                .how = how};
    if (status == STELLA_OK && !o.origin.ptr && directory_of(asked).len)
        status = no_memory(err);
    (void)elf_index_find(&l->world->elfs, found->path, &o.facts);
    if (status == STELLA_OK)
        status = names_add(&l->paths, o.path, l->count, err);
    if (status == STELLA_OK && o.facts.soname.len)
        status = names_add(&l->names, o.facts.soname, l->count, err);
    if (status != STELLA_OK)
        return status;
    l->objects[l->count] = o;
    *out = l->count++;
    return STELLA_OK;
}

/* ---- search */

/* Libraries for another machine are stepped over, and what is no ELF file (a script of the linker). */
static int is_library(const loading *l, const stella_file *file) {
    binary_facts facts;
    if (file->kind != STELLA_FILE_REGULAR || file->type != STELLA_TYPE_ELF)
        return 0;
    const binary_facts *program = &l->objects[0].facts;
    return !elf_index_find(&l->world->elfs, file->path, &facts) ||
           (facts.machine == program->machine && facts.bits == program->bits && facts.type == ELF_TYPE_SHARED);
}

typedef struct search {
    stella_sv name;
    stella_file file;
    stella_sv asked; /* the path under which it was found, before links */
} search;

static int found_at(loading *l, stella_sv directory, search *s, stella_status *status) {
    if (!ld_view_find(&l->world->view, directory, s->name, &s->file) || !is_library(l, &s->file))
        return 0;
    s->asked =
        stella_arena_printf(l->world->view.job->arena, "%.*s/%.*s", STELLA_SV_FMT(directory), STELLA_SV_FMT(s->name));
    *status = s->asked.ptr ? STELLA_OK : STELLA_E_NOMEM;
    return 1;
}

/* Which subdirectory a processor takes is not known: what is in the directory itself counts, for every processor may take
 * it; what is only in a subdirectory is the one for the lowest. */
static int found_in(loading *l, const ld_dirs *dirs, search *s, stella_status *status) {
    for (uint32_t i = 0; i < dirs->count; i++) {
        if (found_at(l, dirs->at[i].path, s, status))
            return 1;
        for (size_t h = 0; dirs->at[i].has_hwcaps && !l->is_musl && h < 4 && l->machine->hwcaps[h]; h++) {
            char path[LD_PATH_MAX];
            const int len = snprintf(path, sizeof path, "%.*s/glibc-hwcaps/%s", STELLA_SV_FMT(dirs->at[i].path),
                                     l->machine->hwcaps[h]);
            if (len > 0 && (size_t)len < sizeof path && found_at(l, stella_sv_of(path, (size_t)len), s, status))
                return 1;
        }
    }
    return 0;
}

/* "$LIB" is what the distribution built into its loader: the directory of Debian's, then the other. */
static stella_status add_own(loading *l, const object *o, stella_sv part, ld_dirs *out, stella_error *err) {
    stella_arena *arena = l->world->view.job->arena;
    const int is_twice = stella_sv_find(part, '$') < part.len && l->machine->multiarch[0];
    ld_tokens tokens = {.origin = o->origin, .platform = stella_sv_cstr(l->machine->platform)};
    stella_status status = STELLA_OK;
    for (int i = is_twice ? 0 : 1; i < 2 && status == STELLA_OK; i++) {
        stella_sv path = {0};
        tokens.lib = i ? stella_sv_cstr(l->machine->lib) : stella_arena_printf(arena, "lib/%s", l->machine->multiarch);
        status = tokens.lib.ptr ? ld_expand(part, &tokens, arena, &path, err) : no_memory(err);
        if (status == STELLA_OK && path.len)
            status = ld_dirs_add(out, &l->world->view, path, err);
        if (memmem(part.ptr, part.len, "LIB", 3) == NULL)
            break;
    }
    return status;
}

static stella_status work_out_own(loading *l, object *o, stella_error *err) {
    stella_sv rest = o->facts.runpath.len ? o->facts.runpath : o->facts.rpath, part;
    stella_status status = STELLA_OK;
    if (o->has_own)
        return STELLA_OK;
    while (rest.len && status == STELLA_OK && stella_sv_split(&rest, ':', &part))
        status = part.len ? add_own(l, o, part, &o->own, err) : STELLA_OK;
    o->has_own = status == STELLA_OK;
    return status;
}

/* An empty entry is the directory the program is started in, which is not known, as are relative ones. */
stella_status loading_environment(loading *l, stella_sv library_path, stella_error *err) {
    stella_status status = STELLA_OK;
    while (library_path.len && status == STELLA_OK) {
        size_t end = 0;
        while (end < library_path.len && library_path.ptr[end] != ':' && library_path.ptr[end] != ';')
            end++;
        const stella_sv part = stella_sv_first(library_path, end);
        library_path = stella_sv_skip(library_path, end + 1);
        status = part.len ? add_own(l, &l->objects[0], part, &l->environment, err) : STELLA_OK;
    }
    return status;
}

/* What the object and those that led to it say: glibc asks the loaders' RPATH only when the object has no RUNPATH, musl
 * all of both. */
static int found_by_objects(loading *l, uint32_t by, search *s, stella_status *status, stella_error *err) {
    const int is_own_alone = !l->is_musl && l->objects[by].facts.runpath.len;
    for (uint32_t i = by; i != LOADING_NONE && *status == STELLA_OK; i = l->objects[i].loader) {
        object *o = &l->objects[i];
        if (l->world->view.lookups_left == 0)
            return 0;
        l->world->view.lookups_left--;
        if (l->is_musl || i == by || !o->facts.runpath.len) {
            *status = work_out_own(l, o, err);
            if (*status == STELLA_OK && found_in(l, &o->own, s, status))
                return 1;
        }
        if (is_own_alone)
            return 0;
    }
    return 0;
}

/* LD_LIBRARY_PATH comes before a RUNPATH and behind each RPATH; with musl before all. */
static int found_by_name(loading *l, uint32_t by, search *s, stella_status *status, stella_error *err) {
    const int is_environment_first = l->is_musl || l->objects[by].facts.runpath.len;
    if (is_environment_first && found_in(l, &l->environment, s, status))
        return 1;
    if (*status == STELLA_OK && found_by_objects(l, by, s, status, err))
        return 1;
    if (*status == STELLA_OK && !is_environment_first && found_in(l, &l->environment, s, status))
        return 1;
    return *status == STELLA_OK && found_in(l, &l->system, s, status);
}

static int found_by_path(loading *l, uint32_t by, search *s, stella_status *status, stella_error *err) {
    const object *o = &l->objects[by];
    const ld_tokens tokens = {
        .origin = o->origin, .lib = stella_sv_cstr(l->machine->lib), .platform = stella_sv_cstr(l->machine->platform)};
    stella_sv path = {0};
    *status = ld_expand(s->name, &tokens, l->world->view.job->arena, &path, err);
    s->asked = path;
    return *status == STELLA_OK && path.len && ld_view_find(&l->world->view, path, STELLA_SV(""), &s->file) &&
           is_library(l, &s->file);
}

/* musl is its own libc, libpthread and so on: nothing of that name is looked for. */
static int is_musl_itself(stella_sv name) {
    static const char *const parts[] = {"libc.", "libpthread.", "librt.", "libm.", "libdl.", "libutil.", "libxnet."};
    for (size_t i = 0; i < STELLA_COUNT(parts); i++)
        if (stella_sv_starts(name, stella_sv_cstr(parts[i])))
            return 1;
    return 0;
}

stella_status loading_request(loading *l, uint32_t by, stella_sv name, const char *how, uint32_t *out,
                              stella_error *err) {
    search s = {.name = name};
    stella_status status = STELLA_OK;
    int is_found;
    if (names_find(&l->names, name, out))
        return STELLA_OK;
    *out = LOADING_NONE;
    if (l->is_musl && is_musl_itself(name)) {
        *out = l->count > 1 ? 1 : 0; /* the interpreter comes behind the program */
        return STELLA_OK;
    }
    if (stella_sv_find(name, '/') < name.len)
        is_found = found_by_path(l, by, &s, &status, err);
    else
        is_found = found_by_name(l, by, &s, &status, err);
    if (status == STELLA_E_NOMEM)
        return no_memory(err);
    if (status != STELLA_OK || !is_found)
        return status;
    status = loading_add(l, &s.file, s.asked, by, how, out, err);
    return status == STELLA_OK && *out != LOADING_NONE ? names_add(&l->names, name, *out, err) : status;
}
