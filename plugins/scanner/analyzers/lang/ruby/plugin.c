/* The analyzer of Ruby gems (README.md). */
#include "gemspec.h"
#include "locked.h"

#include "common/entry.h"
#include "common/walk.h"

#define GEMSPEC_BYTES_MAX (4u << 20)
#define LOCK_BYTES_MAX    (32u << 20)

enum { GEMSPEC, GEMFILE_LOCK, GEMS_LOCKED, APPRAISAL_LOCK, NEXT_LOCK, INTERESTS };

static const stella_interest interests[INTERESTS] = {
    [GEMSPEC] = {.mode = STELLA_KEEP, .below = "specifications", .suffix = ".gemspec", .max_bytes = GEMSPEC_BYTES_MAX},
    [GEMFILE_LOCK] = {.mode = STELLA_KEEP, .name = "Gemfile.lock", .max_bytes = LOCK_BYTES_MAX},
    [GEMS_LOCKED] = {.mode = STELLA_KEEP, .name = "gems.locked", .max_bytes = LOCK_BYTES_MAX},
    [APPRAISAL_LOCK] = {.mode = STELLA_KEEP, .suffix = ".gemfile.lock", .max_bytes = LOCK_BYTES_MAX},
    [NEXT_LOCK] = {.mode = STELLA_KEEP, .name = "Gemfile.next.lock", .max_bytes = LOCK_BYTES_MAX},
};

static stella_status describe(const gemspec *spec, const stella_file *file, stella_component *c, stella_error *err) {
    stella_sv folder = file->path;
    (void)entry_pop(&folder);
    if (!stella_sv_eq(spec->platform, STELLA_SV("ruby")))
        stella_component_qualifier(c, STELLA_SV("platform"), spec->platform);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, spec->homepage);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, spec->summary);
    stella_component_set(c, STELLA_FIELD_MAINTAINER, spec->author);
    if (stella_sv_eq(entry_pop(&folder), STELLA_SV("default"))) /* came with Ruby itself */
        stella_component_property(c, STELLA_SV("gem:default"), STELLA_SV("true"));
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < spec->license_count && status == STELLA_OK; i++)
        status = entry_license(c, spec->licenses[i], err);
    return status;
}

static stella_status read_gemspec(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    gemspec *spec = stella_arena_alloc(scratch, 1, sizeof *spec);
    if (!spec)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a specification");
    stella_status status = gemspec_read(file->bytes, scratch, spec, err);
    if (status != STELLA_OK)
        return status;
    if (spec->bad_line)
        stella_note(g->job, STELLA_NOTE_ERROR, file->path, spec->bad_line,
                    STELLA_SV("a line of the specification could not be read"));
    if (spec->version.len == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the specification states no version");
    const entry e = {.type = STELLA_SV("gem"),
                     .name = spec->name,
                     .version = spec->version,
                     .line = spec->line,
                     .method = "metadata"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    status = describe(spec, file, c, err);
    if (status == STELLA_OK)
        status = graph_name(g, STELLA_SV(""), spec->name, c, err);
    for (uint32_t i = 0; i < spec->dependency_count && status == STELLA_OK; i++)
        status = graph_needs(g, c, STELLA_SV(""), spec->dependencies[i], 0, err);
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = walk_files(&g, GEMSPEC, read_gemspec, err);
    for (uint32_t i = GEMFILE_LOCK; i < INTERESTS && status == STELLA_OK; i++)
        status = walk_locks(&g, i, locked_read, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.ruby", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
