#include "framework.h"

#define SCOPE             "framework"
#define SUFFIX            ".runtimeconfig.json"
#define FRAMEWORKS_MAX    64 /* that one application asks for */
#define FOLDER_OF_SHARED  "shared"
#define FOLDER_OF_TARGETS "packs"

static int is_digit(char c) {
    return c >= '0' && c <= '9';
}

/* Frameworks are named like packages, Microsoft.NETCore.App, which few folders called "shared" hold. */
static int is_framework(stella_sv name, stella_sv version) {
    return entry_is_name(name) && entry_is_name(version) && stella_sv_find(name, '.') < name.len &&
           is_digit(version.ptr[0]) && stella_sv_find(version, '.') < version.len;
}

int framework_of(stella_sv path, framework *out) {
    stella_sv rest = path, segment;
    while (stella_sv_split(&rest, '/', &segment)) {
        if (!stella_sv_eq(segment, STELLA_SV(FOLDER_OF_SHARED)) && !stella_sv_eq(segment, STELLA_SV(FOLDER_OF_TARGETS)))
            continue;
        stella_sv ahead = rest, name, version;
        if (!stella_sv_split(&ahead, '/', &name) || !stella_sv_split(&ahead, '/', &version) || !ahead.ptr ||
            !is_framework(name, version))
            continue;
        const size_t len = (size_t)(version.ptr + version.len - path.ptr);
        *out = (framework){.folder = stella_sv_first(path, len), .name = name, .version = version};
        return 1;
    }
    return 0;
}

/* Applications of one major version run on every later minor one: both answer to "NAME/MAJOR". */
static stella_sv key_of(stella_arena *arena, stella_sv name, stella_sv version) {
    const stella_sv major = stella_sv_first(version, stella_sv_find(version, '.'));
    return stella_arena_printf(arena, "%.*s/%.*s", STELLA_SV_FMT(name), STELLA_SV_FMT(major));
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for frameworks");
}

stella_status framework_add(dotnet *d, const framework *f, const stella_file *file, const char *method,
                            stella_component **out, stella_error *err) {
    const dotnet_package package = {.name = f->name, .version = f->version, .method = method};
    const stella_sv key = key_of(d->g.job->arena, f->name, f->version);
    if (!key.ptr)
        return no_memory(err);
    stella_component *c = dotnet_add(d, file, &package);
    stella_status status = STELLA_OK;
    if (c) {
        stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("framework"));
        status = dotnet_name(d, STELLA_SV(SCOPE), key, c, err);
    }
    if (c && status == STELLA_OK)
        status = dotnet_owns_folder(d, c, f->folder, err);
    if (status == STELLA_OK)
        *out = c;
    return status;
}

/* ---- X.runtimeconfig.json */

typedef struct requirement {
    dotnet *d;
    stella_component *application;
    const stella_file *file;
    stella_arena *scratch;
} requirement;

/* One that it has with it is there; one that it asks for may be. */
static stella_status require(const requirement *r, const stella_json *framework_, int is_included, stella_error *err) {
    const stella_sv name = stella_json_str(stella_json_get(framework_, "name"));
    const stella_sv version = stella_json_str(stella_json_get(framework_, "version"));
    const dotnet_package package = {.name = name,
                                    .version = version,
                                    .line = framework_->line,
                                    .flags = is_included ? 0 : STELLA_COMPONENT_DECLARED,
                                    .method = is_included ? "metadata" : "manifest"};
    const stella_sv key = key_of(r->scratch, name, version);
    if (!key.ptr)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the description is too large to be read");
    stella_component *c = dotnet_add(r->d, r->file, &package);
    if (!c)
        return STELLA_OK;
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("framework"));
    if (is_included && r->application) {
        stella_relate(r->d->g.job, r->application, c, STELLA_RELATION_DEPENDS_ON, 0);
        return STELLA_OK;
    }
    const stella_status status = is_included ? STELLA_OK : dotnet_name(r->d, STELLA_SV(SCOPE), key, c, err);
    if (status != STELLA_OK || !r->application)
        return status;
    return dotnet_needs(r->d, r->application, STELLA_SV(SCOPE), key, 0, err);
}

static stella_status require_all(const requirement *r, const stella_json *list, int is_included, stella_error *err) {
    stella_status status = STELLA_OK;
    const stella_json *one;
    for (uint32_t i = 0; i < FRAMEWORKS_MAX && (one = stella_json_at(list, i)) && status == STELLA_OK; i++)
        status = require(r, one, is_included, err);
    return status;
}

stella_status framework_require(dotnet *d, stella_component *application, const stella_file *file, stella_sv text,
                                stella_arena *scratch, int *is_self_contained, stella_error *err) {
    const stella_file whole = {.bytes = text};
    const stella_json *document;
    stella_status status = walk_json(&whole, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *options = stella_json_get(document, "runtimeOptions");
    const stella_json *included = stella_json_get(options, "includedFrameworks");
    const stella_json *single = stella_json_get(options, "framework");
    const requirement r = {.d = d, .application = application, .file = file, .scratch = scratch};
    status = require_all(&r, included, 1, err);
    if (status == STELLA_OK && stella_json_is(single, STELLA_JSON_OBJECT))
        status = require(&r, single, 0, err);
    if (status == STELLA_OK)
        status = require_all(&r, stella_json_get(options, "frameworks"), 0, err);
    if (status == STELLA_OK && stella_json_is(included, STELLA_JSON_ARRAY) && included->count)
        *is_self_contained = 1;
    return status;
}

stella_status framework_read(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    stella_file beside;
    const stella_sv stem = stella_sv_first(file->path, file->path.len - (sizeof SUFFIX - 1));
    const stella_sv path = stella_arena_printf(scratch, "%.*s.deps.json", STELLA_SV_FMT(stem));
    int is_self_contained = 0;
    if (!path.ptr)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the description is too large to be read");
    const stella_status status = dotnet_find(dotnet_at(g), path, &beside, err);
    if (status != STELLA_OK || beside.struct_size)
        return status;
    return framework_require(dotnet_at(g), NULL, file, file->bytes, scratch, &is_self_contained, err);
}
