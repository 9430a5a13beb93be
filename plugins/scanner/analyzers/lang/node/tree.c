#include "tree.h"

#include "names.h"
#include "probe.h"

#include "common/counting.h"

#define PATH_BYTES_MAX 4096

static const stella_sv modules_name = STELLA_SV_INIT("node_modules");

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the packages of the tree");
}

/* ".../node_modules" of ".../node_modules/@scope/a". */
static stella_sv holder_of(stella_sv folder) {
    stella_sv above = place_folder(folder);
    const size_t slash = stella_sv_rfind(above, '/');
    const size_t last = slash < above.len ? slash + 1 : 0;
    return above.len > last && above.ptr[last] == '@' ? place_folder(above) : above;
}

static stella_status add_module(tree *t, const stella_record *record, stella_error *err) {
    module *m = &t->modules[t->count];
    const stella_status status = package_decode(record->bytes, &m->package, err);
    if (status != STELLA_OK)
        return status;
    m->record = *record;
    m->folder = place_folder(record->path);
    m->place = place_of(record->path);
    if (!lookup_add(&t->by_folder, m->folder, t->count))
        return no_memory(err);
    if (m->place == PLACE_MODULE && !lookup_add(&t->holders, holder_of(m->folder), t->count))
        return no_memory(err);
    t->count++;
    return STELLA_OK;
}

stella_status tree_load(stella_analysis *job, tree *out, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    const uint32_t room = count_records(job, STELLA_SV(NODE_PACKAGE));
    out->job = job;
    out->links_left = TREE_LINKS_MAX;
    out->by_folder = lookup_in(job->arena);
    out->holders = lookup_in(job->arena);
    out->modules = stella_arena_alloc(job->arena, room, sizeof *out->modules);
    if (!out->modules)
        return no_memory(err);
    for (stella_records it = stella_records_of(STELLA_SV(NODE_PACKAGE));
         status == STELLA_OK && out->count < room && stella_records_next(job, &it, &record);)
        status = add_module(out, &record, err);
    lookup_sort(&out->by_folder);
    lookup_sort(&out->holders);
    return status == STELLA_OK ? license_texts_load(job, &out->licenses, err) : status;
}

/* ---- folders above --------------------------------------------------------------------------------------------------
 */

typedef struct joined {
    char bytes[PATH_BYTES_MAX];
    size_t len;
} joined;

/* Returns 0 when it is longer than a path can be. */
static int join(joined *out, const stella_sv *parts, uint32_t count) {
    out->len = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (parts[i].len > sizeof out->bytes - out->len)
            return 0;
        if (parts[i].len)
            memcpy(out->bytes + out->len, parts[i].ptr, parts[i].len);
        out->len += parts[i].len;
    }
    return 1;
}

static stella_sv slash_behind(stella_sv folder) {
    return folder.len ? STELLA_SV("/") : STELLA_SV("");
}

/* Packages in it, or links alone, as where pnpm has made it. */
static int has_modules(const tree *t, stella_sv folder) {
    const stella_sv parts[] = {folder, slash_behind(folder), modules_name};
    stella_file file = STELLA_FILE_INIT;
    joined path;
    if (stella_sv_ends(folder, modules_name)) /* node skips it */
        return 0;
    if (lookup_find_joined(&t->holders, parts, 3) != LOOKUP_NONE)
        return 1;
    return join(&path, parts, 3) &&
           stella_view_stat(t->job, stella_sv_of(path.bytes, path.len), &file, NULL) == STELLA_OK &&
           file.kind == STELLA_FILE_DIRECTORY;
}

static int is_above(stella_sv folder, stella_sv below) {
    return folder.len == 0 ||
           (stella_sv_starts(below, folder) && (below.len == folder.len || below.ptr[folder.len] == '/'));
}

static void push(tree *t, stella_sv folder) {
    if (t->level_count < TREE_LEVELS_MAX)
        t->levels[t->level_count++] = (tree_level){.folder = folder, .has_modules = has_modules(t, folder)};
}

void tree_enter(tree *t, stella_sv folder) {
    while (t->level_count && !is_above(t->levels[t->level_count - 1].folder, folder))
        t->level_count--;
    if (t->level_count == 0)
        push(t, STELLA_SV(""));
    for (size_t at = t->levels[t->level_count - 1].folder.len; at < folder.len;) {
        const size_t from = at ? at + 1 : 0; /* behind the slash */
        at = from + stella_sv_find(stella_sv_skip(folder, from), '/');
        push(t, stella_sv_first(folder, at));
    }
}

/* Through symbolic links: pnpm's, those of workspaces, those of "npm link". */
static uint32_t find_linked(tree *t, const stella_sv *parts, uint32_t count) {
    stella_file file = STELLA_FILE_INIT;
    joined path;
    if (t->links_left == 0)
        return LOOKUP_NONE;
    if (--t->links_left == 0)
        stella_note(t->job, STELLA_NOTE_ERROR, STELLA_SV(""), 0,
                    STELLA_SV("too many dependencies to look for: what links lead to was left out"));
    if (!join(&path, parts, count) ||
        stella_view_stat(t->job, stella_sv_of(path.bytes, path.len), &file, NULL) != STELLA_OK)
        return LOOKUP_NONE;
    return lookup_find(&t->by_folder, place_folder(file.path));
}

module *tree_resolve(tree *t, stella_sv name) {
    if (!name_is_good(name))
        return NULL;
    for (uint32_t i = t->level_count; i-- > 0;) {
        const stella_sv folder = t->levels[i].folder;
        const stella_sv parts[] = {folder, slash_behind(folder), STELLA_SV("node_modules/"), name,
                                   STELLA_SV("/package.json")};
        if (!t->levels[i].has_modules)
            continue;
        uint32_t found = lookup_find_joined(&t->by_folder, parts, 4);
        if (found == LOOKUP_NONE)
            found = find_linked(t, parts, 5);
        if (found != LOOKUP_NONE)
            return &t->modules[found];
    }
    return NULL;
}
