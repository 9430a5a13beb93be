/* The analyzer of snaps (README.md). */
#include "document.h"

#include "common/documents.h"
#include "common/graph.h"
#include "common/yaml/yaml.h"

#define YAML_BYTES_MAX (8u << 20)
#define IMAGE_KIND     "image"

enum { SNAP_YAML, MANIFEST_YAML };

static const stella_interest interests[] = {
    [SNAP_YAML] = {.mode = STELLA_KEEP, .name = "snap.yaml", .parent = "meta", .max_bytes = YAML_BYTES_MAX},
    [MANIFEST_YAML] = {.mode = STELLA_KEEP, .name = "manifest.yaml", .parent = "snap", .max_bytes = YAML_BYTES_MAX},
    {.mode = STELLA_PROBE, .suffix = ".snap", .dir = "var/lib/snapd"},
};

/* The snaps of the tree, by folder and by "NAME REVISION"; they need each other by name. */
typedef struct snaps {
    graph g;
    providers places;
    stella_component **items; /* by provider.package */
    uint32_t count, room;
} snaps;

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for snaps");
}

/* The image of a snap: nothing of it is read, its name says which snap and revision it is. */
static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    stella_sv name, revision;
    if (!snap_file_parse(p->file->path, &name, &revision))
        return STELLA_OK;
    const stella_sv key = stella_arena_printf(p->arena, "%.*s %.*s", STELLA_SV_FMT(stella_sv_first(name, 256)),
                                              STELLA_SV_FMT(stella_sv_first(revision, 256)));
    if (!key.ptr)
        return no_memory(err);
    const stella_record record = {.struct_size = sizeof record, .kind = STELLA_SV(IMAGE_KIND), .key = key};
    return stella_probe_record(p, &record, err);
}

/* ---- snap.yaml */

static void property(stella_component *c, const char *name, stella_sv value) {
    if (value.len)
        stella_component_property(c, stella_sv_cstr(name), value);
}

/* A base, and the old core that was all of a system, are what others run on. */
static stella_sv kind_of(stella_sv type) {
    const int is_platform = stella_sv_eq(type, STELLA_SV("base")) || stella_sv_eq(type, STELLA_SV("os"));
    return is_platform ? STELLA_SV("platform") : STELLA_SV("application");
}

static void add_facts(stella_component *c, const stella_json *snap, const snap_place *place) {
    const stella_json *architectures = stella_json_get(snap, "architectures"), *apps = stella_json_get(snap, "apps");
    stella_component_set(c, STELLA_FIELD_KIND, kind_of(text_of(snap, "type")));
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, text_of(snap, "summary"));
    stella_component_set(c, STELLA_FIELD_ARCHITECTURE, stella_json_str(stella_json_at(architectures, 0)));
    property(c, "snap:revision", place->revision);
    property(c, "snap:type", text_of(snap, "type"));
    property(c, "snap:base", text_of(snap, "base"));
    property(c, "snap:confinement", text_of(snap, "confinement"));
    property(c, "snap:grade", text_of(snap, "grade"));
    if (apps && apps->kind == STELLA_JSON_OBJECT)
        for (uint32_t i = 0; i < apps->count; i++)
            property(c, "snap:app", apps->members[i].key);
}

/* The base, and the snaps that content interfaces are meant to come from: what they lack, the application bears. */
static stella_status add_needs(graph *g, stella_component *c, const stella_json *snap, stella_error *err) {
    const stella_json *plugs = stella_json_get(snap, "plugs");
    const stella_sv base = text_of(snap, "base");
    stella_status status = base.len ? graph_needs(g, c, (stella_sv){0}, base, 0, err) : STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && plugs && plugs->kind == STELLA_JSON_OBJECT && i < plugs->count; i++) {
        const stella_sv from = text_of(&plugs->members[i].value, "default-provider");
        if (from.len)
            status = graph_needs(g, c, (stella_sv){0}, stella_sv_first(from, stella_sv_find(from, ':')),
                                 STELLA_RELATION_OPTIONAL, err);
    }
    return status;
}

/* What the others of the tree know it by. */
static stella_status add_names(snaps *s, stella_component *c, stella_sv name, const snap_place *place,
                               stella_error *err) {
    stella_arena *arena = s->g.job->arena;
    const stella_sv folder = stella_arena_printf(arena, "%.*s", STELLA_SV_FMT(place->folder));
    const stella_sv key = stella_arena_printf(arena, "%.*s %.*s", STELLA_SV_FMT(name), STELLA_SV_FMT(place->revision));
    if (!folder.ptr || !key.ptr)
        return no_memory(err);
    s->items[s->count] = c;
    stella_status status = providers_add(&s->places, (provider){.name = folder, .package = s->count}, err);
    if (status == STELLA_OK)
        status = providers_add(&s->places, (provider){.name = key, .package = s->count}, err);
    s->count++;
    return status == STELLA_OK ? graph_name(&s->g, (stella_sv){0}, name, c, err) : status;
}

static stella_status take_snap(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    snaps *s = self;
    const stella_json *snap = stella_json_at(root, 0), *name = stella_json_get(snap, "name");
    const snap_place place = snap_place_of(file->path);
    const entry e = {.type = STELLA_SV("generic"),
                     .namespace_ = STELLA_SV("snap"),
                     .name = stella_json_str(name),
                     .version = text_of(snap, "version"),
                     .line = name ? name->line : 0,
                     .method = "metadata"};
    stella_component *c = s->count < s->room ? entry_add(s->g.job, file, &e) : NULL;
    if (!c)
        return STELLA_OK;
    add_facts(c, snap, &place);
    stella_status status = entry_license(c, text_of(snap, "license"), err);
    if (status == STELLA_OK)
        status = add_names(s, c, e.name, &place, err);
    return status == STELLA_OK ? add_needs(&s->g, c, snap, err) : status;
}

/* ---- manifest.yaml */

static stella_sv distro_of(const stella_json *manifest, stella_arena *arena) {
    const stella_sv id = text_of(manifest, "snapcraft-os-release-id");
    const stella_sv version = text_of(manifest, "snapcraft-os-release-version-id");
    return id.len && version.len ? stella_arena_printf(arena, "%.*s-%.*s", STELLA_SV_FMT(id), STELLA_SV_FMT(version))
                                 : id;
}

/* The snap of that folder, or of that name and revision. */
static stella_component *snap_of(const snaps *s, stella_sv place) {
    uint32_t count;
    const provider *found = providers_find(&s->places, place, &count);
    return count ? s->items[found->package] : NULL;
}

/* Packages of the distribution that snapcraft took files from. They are declared: nothing says which files are left. */
static stella_status take_manifest(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    const snaps *s = self;
    stella_analysis *job = s->g.job;
    const stella_json *manifest = stella_json_at(root, 0);
    const stella_sv id = text_of(manifest, "snapcraft-os-release-id"), distro = distro_of(manifest, job->arena);
    stella_component *const snap = snap_of(s, snap_place_of(file->path).folder);
    snap_package package;
    if (id.len && !distro.ptr)
        return no_memory(err);
    for (snap_packages it = snap_packages_of(manifest); snap_packages_next(&it, &package);) {
        const entry e = {.type = STELLA_SV("deb"),
                         .namespace_ = id.len ? id : STELLA_SV("ubuntu"), /* what snapcraft builds on */
                         .name = package.name,
                         .version = package.version,
                         .line = package.line,
                         .flags = STELLA_COMPONENT_DECLARED,
                         .method = "manifest"};
        stella_component *c = entry_add(job, file, &e);
        if (!c)
            continue;
        entry_qualifier(c, "arch", package.architecture);
        entry_qualifier(c, "distro", distro);
        if (snap)
            stella_relate(job, snap, c, STELLA_RELATION_CONTAINS, 0);
    }
    return STELLA_OK;
}

/* ---- images */

/* The image of a mounted snap is more evidence of it; another one stands for itself, without a version. */
static stella_status add_image(snaps *s, const stella_record *record, stella_error *err) {
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    const stella_owned owned = {.struct_size = sizeof owned, .path = record->path};
    stella_component *c = snap_of(s, record->key);
    stella_sv revision = record->key, name;
    (void)stella_sv_split(&revision, ' ', &name);
    if (c) {
        stella_component_evidence(c, &file, 0, STELLA_SV("file-name"));
        stella_component_owns(c, &owned);
        return STELLA_OK;
    }
    const entry e = {
        .type = STELLA_SV("generic"), .namespace_ = STELLA_SV("snap"), .name = name, .method = "file-name"};
    c = entry_add(s->g.job, &file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_from_record(c, record);
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    property(c, "snap:revision", revision);
    stella_component_owns(c, &owned);
    return graph_name(&s->g, (stella_sv){0}, name, c, err);
}

static stella_status add_images(snaps *s, stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(IMAGE_KIND));
         status == STELLA_OK && stella_records_next(s->g.job, &it, &record);) {
        if (stella_cancelled(s->g.job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = add_image(s, &record, err);
    }
    return status;
}

static uint32_t count_files(stella_analysis *job, uint32_t interest) {
    stella_file file = STELLA_FILE_INIT;
    uint32_t count = 0;
    for (stella_files it = stella_files_of(interest); stella_files_next(job, &it, &file);)
        count++;
    return count;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    snaps s = {.g = graph_of(job), .places = {.arena = job->arena}, .room = count_files(job, SNAP_YAML)};
    s.items = stella_arena_alloc(job->arena, s.room, sizeof(stella_component *));
    if (!s.items)
        return no_memory(err);
    stella_status status = documents_read(job, SNAP_YAML, yaml_parse, take_snap, &s, err);
    providers_sort(&s.places);
    if (status == STELLA_OK)
        status = documents_read(job, MANIFEST_YAML, yaml_parse, take_manifest, &s, err);
    if (status == STELLA_OK)
        status = add_images(&s, err);
    if (status == STELLA_OK)
        graph_relate(&s.g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.snap", "0.1.0", STELLA_PHASE_BINARIES, interests, .probe = probe,
                .analyze = analyze);
