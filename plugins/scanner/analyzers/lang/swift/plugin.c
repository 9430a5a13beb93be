/* The analyzer of Swift packages (README.md). */
#include "location.h"

#include "common/entry.h"
#include "common/walk.h"

#define BYTES_MAX (32u << 20)

static const stella_interest interests[] = {
    {.mode = STELLA_KEEP, .name = "Package.resolved", .max_bytes = BYTES_MAX},
};

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

/* Sources of packages that were checked out to be built: ".build/checkouts/NAME", "SourcePackages/checkouts/NAME". */
static int is_within_checkout(stella_sv path) {
    while (path.len)
        if (stella_sv_eq(entry_pop(&path), STELLA_SV("checkouts"))) {
            const stella_sv above = entry_pop(&path);
            if (stella_sv_eq(above, STELLA_SV(".build")) || stella_sv_eq(above, STELLA_SV("SourcePackages")))
                return 1;
        }
    return 0;
}

/* "mona.LinkedList" of a registry: scope and name. */
static void split_identity(stella_sv identity, entry *e) {
    const size_t dot = stella_sv_find(identity, '.');
    e->namespace_ = stella_sv_first(identity, dot);
    e->name = stella_sv_skip(identity, dot + 1);
}

static stella_status name_of(const stella_json *pin, entry *e, stella_arena *scratch, stella_error *err) {
    const stella_sv location_text = text_of(pin, "location"), identity = text_of(pin, "identity");
    location from;
    if (stella_sv_eq(text_of(pin, "kind"), STELLA_SV("registry"))) {
        split_identity(identity, e);
        return STELLA_OK;
    }
    if (!location_read(location_text.len ? location_text : text_of(pin, "repositoryURL"), &from))
        return STELLA_OK; /* a folder has no package URL: refused for want of a name */
    e->name = from.name;
    e->namespace_ = stella_arena_printf(scratch, "%.*s%s%.*s", STELLA_SV_FMT(from.host), from.owner.len ? "/" : "",
                                        STELLA_SV_FMT(from.owner));
    return e->namespace_.ptr ? STELLA_OK : stella_error_set(err, STELLA_E_LIMIT, NULL, "too many pins to be read");
}

static stella_status add_pin(graph *g, const stella_file *file, const stella_json *pin, stella_arena *scratch,
                             stella_error *err) {
    const stella_json *state = stella_json_get(pin, "state");
    const stella_sv version = text_of(state, "version"), revision = text_of(state, "revision");
    entry e = {.type = STELLA_SV("swift"),
               .version = version.len ? version : revision,
               .line = pin->line,
               .flags = STELLA_COMPONENT_DECLARED,
               .method = "lockfile"};
    const stella_status status = name_of(pin, &e, scratch, err);
    stella_component *c = status == STELLA_OK ? entry_add(g->job, file, &e) : NULL;
    if (!c)
        return status;
    if (revision.len)
        stella_component_property(c, STELLA_SV("swift:revision"), revision);
    if (text_of(state, "branch").len)
        stella_component_property(c, STELLA_SV("swift:branch"), text_of(state, "branch"));
    return STELLA_OK;
}

static stella_status read_resolved(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const stella_json *document;
    if (is_within_checkout(file->path))
        return STELLA_OK;
    stella_status status = walk_json(file, scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *object = stella_json_get(document, "object"); /* format 1 */
    const stella_json *pins = stella_json_get(object ? object : document, "pins");
    if (!stella_json_is(pins, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no list of pins");
    for (uint32_t i = 0; status == STELLA_OK && i < pins->count; i++)
        status = add_pin(g, file, stella_json_at(pins, i), scratch, err);
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    return walk_locks(&g, 0, read_resolved, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.swift", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
