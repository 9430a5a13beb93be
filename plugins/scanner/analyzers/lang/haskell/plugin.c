/* The analyzer of Haskell packages (README.md). */
#include "conf.h"
#include "freeze.h"
#include "stack.h"

#include "common/entry.h"
#include "common/graph.h"
#include "common/inside.h"
#include "common/words.h"
#include "common/yaml/yaml.h"

#include <stella/auto.h>

#define CONF_BYTES_MAX   (1u << 20)
#define FREEZE_BYTES_MAX (8u << 20)
#define STACK_ARENA_MAX  (64u << 20) /* for the tree of a lock file */

enum { CONF_SHARED, CONF_STORE, FREEZE, STACK };

static const stella_interest interests[] = {
    [CONF_SHARED] = {.mode = STELLA_KEEP, .parent = "package.conf.d", .suffix = ".conf", .max_bytes = CONF_BYTES_MAX},
    [CONF_STORE] = {.mode = STELLA_KEEP, .parent = "package.db", .suffix = ".conf", .max_bytes = CONF_BYTES_MAX},
    [FREEZE] = {.mode = STELLA_KEEP, .name = "cabal.project.freeze", .max_bytes = FREEZE_BYTES_MAX},
    [STACK] = {.mode = STELLA_KEEP, .name = "stack.yaml.lock", .max_bytes = FREEZE_BYTES_MAX},
};

static stella_status add_installed(graph *g, const stella_file *file, stella_error *err) {
    const conf found = conf_read(file->bytes);
    const entry e = {.type = STELLA_SV("hackage"),
                     .name = found.name,
                     .version = found.version,
                     .line = found.line,
                     .method = "package-database"};
    stella_component *c = entry_add(g->job, file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_set(c, STELLA_FIELD_MAINTAINER, found.maintainer);
    stella_component_set(c, STELLA_FIELD_HOMEPAGE, found.homepage);
    stella_component_set(c, STELLA_FIELD_DESCRIPTION, found.synopsis);
    stella_status status = entry_license(c, found.license, err);
    if (status == STELLA_OK && found.id.len)
        status = graph_name(g, STELLA_SV(""), found.id, c, err);
    stella_sv ids = found.depends, id;
    while (status == STELLA_OK && word_next(&ids, &id))
        status = graph_needs(g, c, STELLA_SV(""), id, 0, err);
    return status;
}

static stella_status add_database(graph *g, uint32_t interest, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(interest); status == STELLA_OK && stella_files_next(g->job, &it, &file);) {
        if (stella_cancelled(g->job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = add_installed(g, &file, err);
    }
    return status;
}

static void add_locked(stella_analysis *job, const stella_file *file, stella_sv name, stella_sv version,
                       uint32_t line) {
    const entry e = {.type = STELLA_SV("hackage"),
                     .name = name,
                     .version = version,
                     .line = line,
                     .flags = STELLA_COMPONENT_DECLARED,
                     .method = "lockfile"};
    (void)entry_add(job, file, &e);
}

static void add_frozen(stella_analysis *job) {
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(FREEZE); inside_skip_next(job, &it, &file);) {
        freeze_entry found;
        for (freeze_reader reader = freeze_open(file.bytes); freeze_next(&reader, &found);)
            add_locked(job, &file, found.name, found.version, found.line);
    }
}

static stella_status add_stack(stella_analysis *job, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    for (stella_files it = stella_files_of(STACK); inside_skip_next(job, &it, &file);) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
        const stella_json *documents = NULL;
        stella_error why = {0};
        const stella_status status = entry_scratch(STACK_ARENA_MAX, &scratch, err);
        if (status != STELLA_OK)
            return status;
        if (yaml_parse(file.bytes, scratch, &documents, &why) != STELLA_OK)
            entry_fault(job, &file, &why);
        const stella_json *packages = stella_json_get(stella_json_at(documents, 0), "packages"), *package;
        for (uint32_t i = 0; (package = stella_json_at(packages, i)); i++) {
            const stack_entry found = stack_read(package);
            if (found.name.len && found.version.len)
                add_locked(job, &file, found.name, found.version, found.line);
        }
    }
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = add_database(&g, CONF_SHARED, err);
    if (status == STELLA_OK)
        status = add_database(&g, CONF_STORE, err);
    if (status != STELLA_OK)
        return status;
    graph_relate(&g);
    add_frozen(job);
    return add_stack(job, err);
}

STELLA_ANALYZER("org.stella-ops.analyzer.haskell", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
