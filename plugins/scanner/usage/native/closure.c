#include "closure.h"
#include "loading.h"

/* ---- the world */

static stella_status read_preloads(closure_world *w, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_sv word;
    if (stella_view_read(w->view.job, STELLA_SV("etc/ld.so.preload"), &file, NULL) != STELLA_OK)
        return STELLA_OK;
    stella_sv rest = stella_sv_first(file.bytes, LD_CONF_BYTES_MAX);
    for (stella_sv again = rest; w->preload_count < LD_DIRS_MAX && ld_conf_word(&again, 1, &word);)
        w->preload_count++;
    w->preloads = stella_arena_alloc(w->view.job->arena, w->preload_count, sizeof *w->preloads);
    if (!w->preloads)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for /etc/ld.so.preload");
    for (uint32_t i = 0; i < w->preload_count; i++)
        (void)ld_conf_word(&rest, 1, &w->preloads[i]);
    return STELLA_OK;
}

stella_status closure_world_of(stella_analysis *job, closure_world *out, stella_error *err) {
    closure_world w = {.view = {.job = job, .lookups_left = LD_LOOKUPS_MAX}, .missing = names_of(job->arena)};
    stella_status status = elf_index_of(job, &w.elfs, err);
    if (status == STELLA_OK)
        status = ld_system_of(&w.view, &w.system, err);
    if (status == STELLA_OK)
        status = read_preloads(&w, err);
    if (status == STELLA_OK)
        *out = w;
    return status;
}

/* ---- one program */

/* Once for each file and name, however many programs load the file. */
static stella_status note_missing(loading *l, uint32_t by, stella_sv name, stella_error *err) {
    closure_world *w = l->world;
    stella_analysis *job = w->view.job;
    const stella_sv path = l->objects[by].path;
    const stella_sv key = stella_arena_printf(job->arena, "%.*s\n%.*s", STELLA_SV_FMT(path), STELLA_SV_FMT(name));
    uint32_t ignored;
    if (!key.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what is missing");
    if (w->missing.count == CLOSURE_NOTES_MAX || names_find(&w->missing, key, &ignored))
        return STELLA_OK;
    const stella_sv message = stella_arena_printf(job->arena, "needs %.*s, which is not there", STELLA_SV_FMT(name));
    if (!message.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what is missing");
    stella_note(job, STELLA_NOTE_INFO, path, 0, message);
    return names_add(&w->missing, key, 0, err);
}

static stella_status load_list(loading *l, uint32_t by, stella_sv list, const char *how, int is_noted,
                               stella_error *err) {
    stella_status status = STELLA_OK;
    stella_sv name;
    uint32_t ignored;
    while (list.len && status == STELLA_OK && stella_sv_split(&list, '\0', &name)) {
        status = loading_request(l, by, name, how, &ignored, err);
        if (status == STELLA_OK && ignored == LOADING_NONE && is_noted && l->world->view.lookups_left)
            status = note_missing(l, by, name, err);
    }
    return status;
}

/* Breadth first, as the loader does: what is found first under a name stands for all that ask for it later. */
static stella_status load_needed(loading *l, uint32_t from, const char *how, stella_error *err) {
    stella_status status = STELLA_OK;
    const int is_noted = strcmp(how, "needed") == 0;
    for (uint32_t i = from; i < l->count && status == STELLA_OK; i++) {
        if (stella_cancelled(l->world->view.job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = load_list(l, i, l->objects[i].facts.needed, how, is_noted, err);
    }
    return status;
}

/* Libraries that are loaded for certain may load others by a name among their constants. What those mention in turn is not
 * followed: nothing much would not be reached. */
static stella_status load_mentioned(loading *l, stella_error *err) {
    static const char how[] = "dlopen-guess";
    const uint32_t certain = l->count;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < certain && status == STELLA_OK; i++)
        status = load_list(l, i, l->objects[i].facts.mentions, how, 0, err);
    return status == STELLA_OK ? load_needed(l, certain, how, err) : status;
}

static stella_status load_interpreter(loading *l, stella_error *err) {
    const stella_sv text = l->objects[0].facts.interpreter;
    const stella_sv path = stella_sv_skip(text, text.len && text.ptr[0] == '/');
    stella_file file;
    uint32_t ignored;
    if (text.len == 0)
        return STELLA_OK;
    if (ld_view_find(&l->world->view, path, STELLA_SV(""), &file) && file.kind == STELLA_FILE_REGULAR)
        return loading_add(l, &file, path, 0, "interpreter", &ignored, err);
    return note_missing(l, 0, text, err);
}

/* LD_PRELOAD counts with both loaders, the file with glibc's alone. */
static stella_status load_preloads(loading *l, stella_sv variable, stella_error *err) {
    const closure_world *w = l->world;
    stella_status status = STELLA_OK;
    stella_sv name;
    uint32_t ignored;
    while (status == STELLA_OK && ld_conf_word(&variable, 1, &name))
        status = loading_request(l, 0, name, "preload", &ignored, err);
    for (uint32_t i = 0; i < w->preload_count && !l->is_musl && status == STELLA_OK; i++)
        status = loading_request(l, 0, w->preloads[i], "preload", &ignored, err);
    return status;
}

/* Modules that the program's plugin knows of are opened by the program, once it and what it needs are there. */
static stella_status load_stated(loading *l, const closure_start *start, stella_error *err) {
    const uint32_t first = l->count;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < start->use_count && status == STELLA_OK; i++) {
        const stella_trace_use *use = STELLA_AT(start->uses, stella_trace_use, start->first_use + i);
        const stella_file file = {.struct_size = sizeof file, .path = use->path};
        binary_facts facts;
        uint32_t ignored;
        if (elf_index_find(&l->world->elfs, file.path, &facts) && facts.machine == l->objects[0].facts.machine)
            status = loading_add(l, &file, file.path, 0, "stated", &ignored, err);
    }
    return status == STELLA_OK ? load_needed(l, first, "needed", err) : status;
}

static stella_status load_all(loading *l, const closure_start *start, stella_error *err) {
    stella_status status = load_interpreter(l, err);
    if (status == STELLA_OK)
        status = ld_paths_add(&l->world->system, &l->world->view, &l->objects[0].facts, &l->system, err);
    if (status == STELLA_OK)
        status = loading_environment(l, start->library_path, err);
    if (status == STELLA_OK)
        status = load_preloads(l, start->preload, err);
    if (status == STELLA_OK)
        status = load_needed(l, 0, "needed", err);
    if (status == STELLA_OK)
        status = load_stated(l, start, err);
    return status == STELLA_OK ? load_mentioned(l, err) : status;
}

static stella_status list_uses(const loading *l, closure *out, stella_error *err) {
    closure c = {.uses = stella_arena_alloc(l->world->view.job->arena, l->count, sizeof *c.uses)};
    if (!c.uses)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the libraries of a program");
    for (uint32_t i = 1; i < l->count; i++) {
        const object *o = &l->objects[i];
        if (strcmp(o->how, "stated") == 0)
            continue;
        c.uses[c.count++] = (closure_use){.path = o->path, .how = o->how, .via = l->objects[o->loader].path};
    }
    *out = c;
    return STELLA_OK;
}

stella_status closure_of(closure_world *world, const closure_start *start, closure *out, stella_error *err) {
    stella_arena *arena = world->view.job->arena;
    loading l = {.world = world, .names = names_of(arena), .paths = names_of(arena)};
    const stella_file file = {.struct_size = sizeof file, .path = start->program};
    binary_facts facts;
    uint32_t ignored;
    if (!elf_index_find(&world->elfs, start->program, &facts)) {
        *out = (closure){0};
        return STELLA_OK;
    }
    l.machine = ld_machine_of(&facts);
    l.is_musl = ld_is_musl(&facts);
    stella_status status = loading_add(&l, &file, start->program, LOADING_NONE, "program", &ignored, err);
    if (status == STELLA_OK && (facts.interpreter.len || facts.needed.len)) /* else it is static */
        status = load_all(&l, start, err);
    return status == STELLA_OK ? list_uses(&l, out, err) : status;
}
