/* The analyzer of R packages (README.md). */
#include "description.h"
#include "remote.h"
#include "renv.h"

#include "common/entry.h"

#define DESCRIPTION_BYTES_MAX (1u << 20)
#define LOCK_BYTES_MAX        (32u << 20)

enum { DESCRIPTION, RENV };

static const stella_interest interests[] = {
    [DESCRIPTION] = {.mode = STELLA_KEEP, .name = "DESCRIPTION", .max_bytes = DESCRIPTION_BYTES_MAX},
    [RENV] = {.mode = STELLA_KEEP, .name = "renv.lock", .max_bytes = LOCK_BYTES_MAX},
};

static stella_status describe(stella_component *c, const description *d, stella_arena *scratch, stella_error *err) {
    const remote from = {.host = d->remote_host,
                         .username = d->remote_username,
                         .repo = d->remote_repo,
                         .sha = d->remote_sha,
                         .is_bioconductor = d->bioc_views.len != 0};
    const stella_sv license = description_license(d->license, scratch);
    remote_qualify(c, &from, scratch);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, d->title);
    stella_component_set(c, STELLA_FIELD_MAINTAINER, d->maintainer);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, stella_sv_first(d->url, stella_sv_find(d->url, ',')));
    if (d->priority.len)
        stella_component_property(c, STELLA_SV("r:priority"), d->priority);
    return entry_license(c, license.ptr ? license : d->license, err);
}

/* The name of the file is common: one without Package and Version is something else. */
static stella_status read_description(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    const description d = description_read(file->bytes);
    const int is_installed = d.built.len != 0;
    if (d.package.len == 0 || d.version.len == 0)
        return STELLA_OK;
    const entry e = {.type = STELLA_SV("cran"),
                     .name = d.package,
                     .version = d.version,
                     .line = d.line,
                     .flags = is_installed ? 0 : STELLA_COMPONENT_DECLARED,
                     .method = is_installed ? "metadata" : "manifest"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    stella_status status = describe(c, &d, scratch, err);
    if (status == STELLA_OK && is_installed)
        status = graph_name(g, STELLA_SV(""), d.package, c, err);
    for (uint32_t i = 0; i < STELLA_COUNT(d.needs); i++) {
        stella_sv list = d.needs[i], name;
        while (status == STELLA_OK && description_next(&list, &name))
            status = graph_needs(g, c, STELLA_SV(""), name, 0, err);
    }
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = walk_files(&g, DESCRIPTION, read_description, err);
    if (status == STELLA_OK)
        status = walk_locks(&g, RENV, renv_read, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.r", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
