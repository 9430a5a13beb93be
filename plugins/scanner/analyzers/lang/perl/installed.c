#include "installed.h"

#include "meta.h"
#include "packlist.h"

#include "common/entry.h"

/* "Alpha::Beta" with another separator; ptr NULL when the arena is spent. */
static stella_sv respell(stella_sv module, const char *from, const char *to, stella_arena *arena) {
    const size_t skip = strlen(from), len = strlen(to);
    char *text = stella_arena_alloc(arena, 2 * module.len + 1, 1);
    size_t used = 0;
    if (!text)
        return stella_sv_of(NULL, 0);
    while (module.len) {
        const int is_here = stella_sv_starts(module, stella_sv_of(from, skip));
        memcpy(text + used, is_here ? to : module.ptr, is_here ? len : 1);
        used += is_here ? len : 1;
        module = stella_sv_skip(module, is_here ? skip : 1);
    }
    return stella_sv_of(text, used);
}

/* ROOT/.meta/NAME/install.json */
static stella_sv root_of(stella_sv path) {
    for (int i = 0; i < 3; i++)
        (void)entry_pop(&path);
    return path;
}

static stella_status key_of(const inventory *inv, stella_sv root, stella_sv module, stella_sv *out, stella_error *err) {
    *out = stella_arena_printf(inv->base.job->arena, "%.*s\n%.*s", STELLA_SV_FMT(root), STELLA_SV_FMT(module));
    return out->ptr ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a module");
}

static void own(stella_component *c, stella_sv packlist) {
    stella_sv path;
    while (packlist_next(&packlist, &path)) {
        const stella_owned owned = {.struct_size = sizeof owned, .path = path};
        stella_component_owns(c, &owned);
    }
}

/* An install.json while it is read. */
typedef struct reading {
    const stella_file *file;
    meta info;
    stella_sv module, key; /* "Alpha/Beta" */
    stella_file packlist;  /* bytes is empty when there is none */
} reading;

static stella_status begin(inventory *inv, const stella_file *file, stella_arena *scratch, reading *r,
                           stella_error *err) {
    const stella_sv root = root_of(file->path);
    r->file = file;
    r->packlist = (stella_file)STELLA_FILE_INIT;
    stella_status status = meta_read(file, scratch, &r->info, err);
    if (status != STELLA_OK)
        return status;
    r->module = respell(r->info.module, "::", "/", scratch);
    const stella_sv path = r->module.ptr ? stella_arena_printf(scratch, "%.*s/auto/%.*s/.packlist", STELLA_SV_FMT(root),
                                                               STELLA_SV_FMT(r->module))
                                         : r->module;
    if (!path.ptr)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the name of the module is too long");
    if (stella_view_stat(inv->base.job, path, &r->packlist, NULL) != STELLA_OK)
        r->packlist = (stella_file)STELLA_FILE_INIT;
    return key_of(inv, root, r->module, &r->key, err);
}

/* cpanm leaves what it kept of a version that a newer one has replaced: the module's own file tells. */
static stella_status is_replaced(const inventory *inv, const reading *r, int *out, stella_error *err) {
    uint32_t count;
    stella_sv version = {0};
    *out = 0;
    (void)providers_find(&inv->known, r->key, &count);
    if (count < 2)
        return STELLA_OK;
    const stella_status status = packlist_version(inv->base.job, r->packlist.bytes, r->module, &version, err);
    *out = version.len && !stella_sv_eq(version, r->info.stated) && !stella_sv_eq(version, r->info.version);
    return status;
}

static stella_status name_modules(graph *g, stella_component *c, const meta *info, stella_error *err) {
    stella_status status = graph_name(g, STELLA_SV(""), info->module, c, err);
    for (uint32_t i = 0;
         status == STELLA_OK && stella_json_is(info->provides, STELLA_JSON_OBJECT) && i < info->provides->count; i++)
        if (!stella_sv_eq(info->provides->members[i].key, info->module))
            status = graph_name(g, STELLA_SV(""), info->provides->members[i].key, c, err);
    return status;
}

static stella_status describe(graph *g, stella_component *c, const reading *r, stella_arena *scratch,
                              stella_error *err) {
    stella_sv folder = r->file->path;
    stella_file file = STELLA_FILE_INIT;
    const stella_json *document;
    (void)entry_pop(&folder);
    const stella_sv path = stella_arena_printf(scratch, "%.*s/MYMETA.json", STELLA_SV_FMT(folder));
    if (!path.ptr || stella_view_stat(g->job, path, &file, NULL) != STELLA_OK || !file.bytes.ptr)
        return STELLA_OK;
    stella_error why = {0};
    if (walk_json(&file, scratch, &document, &why) == STELLA_OK)
        return meta_describe(g, c, document, err);
    stella_note(g->job, STELLA_NOTE_ERROR, path, 0, stella_sv_cstr(why.message));
    return STELLA_OK;
}

static stella_status add_distribution(inventory *inv, const reading *r, stella_arena *scratch, stella_error *err) {
    const entry e = {
        .type = STELLA_SV("cpan"), .name = r->info.name, .version = r->info.version, .line = 1, .method = "metadata"};
    stella_component *c = entry_add(inv->base.job, r->file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_qualifier(c, STELLA_SV("author"), r->info.author);
    if (r->packlist.bytes.ptr) {
        stella_component_evidence(c, &r->packlist, 0, STELLA_SV("metadata"));
        own(c, r->packlist.bytes);
    }
    stella_status status = name_modules(&inv->base, c, &r->info, err);
    if (status == STELLA_OK)
        status = describe(&inv->base, c, r, scratch, err);
    if (status == STELLA_OK)
        status = providers_add(&inv->settled, (provider){.name = r->key}, err);
    return status;
}

static stella_status add_packlist(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    inventory *inv = (inventory *)g;
    stella_sv root, module, key, version;
    uint32_t count;
    if (!packlist_split(file->path, &root, &module))
        return STELLA_OK;
    stella_status status = key_of(inv, root, module, &key, err);
    if (status != STELLA_OK || providers_find(&inv->settled, key, &count))
        return status;
    status = packlist_version(inv->base.job, file->bytes, module, &version, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv name = respell(module, "/", "-", scratch), spelled = respell(module, "/", "::", scratch);
    const entry e = {.type = STELLA_SV("cpan"), .name = name, .version = version, .method = "metadata"};
    stella_component *c = entry_add(inv->base.job, file, &e);
    if (!c)
        return STELLA_OK;
    own(c, file->bytes);
    return graph_name(&inv->base, STELLA_SV(""), spelled, c, err);
}

static stella_status learn(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    inventory *inv = (inventory *)g;
    reading r;
    const stella_status status = begin(inv, file, scratch, &r, err);
    if (status == STELLA_E_FORMAT || status == STELLA_E_LIMIT)
        return STELLA_OK; /* told of when it is read again */
    return status == STELLA_OK ? providers_add(&inv->known, (provider){.name = r.key}, err) : status;
}

static stella_status add_info(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    inventory *inv = (inventory *)g;
    reading r;
    int replaced = 0;
    stella_status status = begin(inv, file, scratch, &r, err);
    if (status == STELLA_OK)
        status = is_replaced(inv, &r, &replaced, err);
    return status == STELLA_OK && !replaced ? add_distribution(inv, &r, scratch, err) : status;
}

stella_status installed_read(inventory *inv, uint32_t infos, uint32_t packlists, stella_error *err) {
    inv->known = inv->settled = (providers){.arena = inv->base.job->arena};
    stella_status status = walk_files(&inv->base, infos, learn, err);
    providers_sort(&inv->known);
    if (status == STELLA_OK)
        status = walk_files(&inv->base, infos, add_info, err);
    providers_sort(&inv->settled);
    return status == STELLA_OK ? walk_files(&inv->base, packlists, add_packlist, err) : status;
}
