/* The analyzer of opam's switches and lock files (README.md). */
#include "opam.h"

#include "common/entry.h"
#include "common/graph.h"
#include "common/inside.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define FILE_BYTES_MAX    (4u << 20)
#define SCRATCH_BYTES_MAX (32u << 20)
#define STATE_DIR         ".opam-switch"

enum { STATE, DESCRIPTION, CHANGES, LOCKED };

static const stella_interest interests[] = {
    [STATE] = {.mode = STELLA_KEEP, .name = "switch-state", .parent = STATE_DIR, .max_bytes = FILE_BYTES_MAX},
    [DESCRIPTION] = {.mode = STELLA_KEEP, .name = "opam", .below = STATE_DIR, .max_bytes = FILE_BYTES_MAX},
    [CHANGES] = {.mode = STELLA_KEEP, .suffix = ".changes", .below = STATE_DIR, .max_bytes = 4 * FILE_BYTES_MAX},
    [LOCKED] = {.mode = STELLA_KEEP, .suffix = "opam.locked", .max_bytes = FILE_BYTES_MAX},
};

/* What a file is read for. */
typedef struct reading {
    stella_analysis *job;
    graph *graph;
    stella_sv folder;            /* of the switch's state */
    const stella_file *file;     /* that is read */
    stella_component *component; /* that the file describes */
} reading;

typedef stella_status (*take_item)(reading *r, const opam_item *item, stella_error *err);

/* Gives take every text of the file. What is no opam file is noted. */
static stella_status read_items(reading *r, const stella_file *file, take_item take, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_status status = entry_scratch(SCRATCH_BYTES_MAX, &scratch, err);
    if (status != STELLA_OK)
        return status;
    opam_reader reader = opam_open(file->bytes, scratch);
    opam_item item;
    stella_error why = {0};
    while ((status = opam_next(&reader, &item, &why)) == STELLA_OK && item.field.ptr) {
        status = take(r, &item, err);
        if (status != STELLA_OK)
            return status;
    }
    if (status != STELLA_OK)
        entry_fault(r->job, file, &why);
    return STELLA_OK;
}

static int is_field(const opam_item *item, const char *name) {
    return stella_sv_eq(item->field, stella_sv_cstr(name));
}

/* ---- what is installed ---------------------------------------------------------------------------------------------
 */

static stella_status take_description(reading *r, const opam_item *item, stella_error *err) {
    if (is_field(item, "license"))
        return entry_license(r->component, item->text, err);
    if (is_field(item, "depends") && !item->is_dev)
        return graph_needs(r->graph, r->component, r->folder, item->text, 0, err);
    if (is_field(item, "depopts"))
        return graph_needs(r->graph, r->component, r->folder, item->text, STELLA_RELATION_OPTIONAL, err);
    if (is_field(item, "synopsis"))
        stella_component_set(r->component, STELLA_FIELD_DESCRIPTION, item->text);
    else if (is_field(item, "homepage"))
        stella_component_set(r->component, STELLA_FIELD_HOMEPAGE, item->text);
    else if (is_field(item, "maintainer"))
        stella_component_set(r->component, STELLA_FIELD_MAINTAINER, item->text);
    return STELLA_OK;
}

/* "lib/toylib/META" {"F:..."}: below the switch, whose state lies in a folder of it; "D" are directories. */
static stella_status take_change(reading *r, const opam_item *item, stella_error *err) {
    stella_sv prefix = r->folder;
    (void)entry_pop(&prefix);
    if (!is_field(item, "added") || stella_sv_starts(item->filter, STELLA_SV("D")) || item->text.len > 4096)
        return STELLA_OK;
    STELLA_AUTO(stella_buf_fini) stella_buf path = stella_buf_of(1u << 20);
    if (stella_buf_printf(&path, "%.*s%s%.*s", STELLA_SV_FMT(prefix), prefix.len ? "/" : "",
                          STELLA_SV_FMT(item->text)) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files of a package");
    const stella_owned owned = {.struct_size = sizeof owned, .path = stella_buf_sv(&path)};
    stella_component_owns(r->component, &owned);
    return STELLA_OK;
}

/* Reads "DIR/NAME" and the end of the switch's folder, a file of the component, should it be there. */
static stella_status read_beside(reading *r, const char *dir, stella_sv name, const char *end, take_item take,
                                 stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    STELLA_AUTO(stella_buf_fini) stella_buf path = stella_buf_of(1u << 20);
    if (stella_buf_printf(&path, "%.*s/%s/%.*s%s", STELLA_SV_FMT(r->folder), dir, STELLA_SV_FMT(name), end) !=
        STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
    if (stella_view_stat(r->job, stella_buf_sv(&path), &file, NULL) != STELLA_OK || !file.bytes.ptr)
        return STELLA_OK;
    stella_component_evidence(r->component, &file, 0, STELLA_SV("metadata"));
    return read_items(r, &file, take, err);
}

/* installed: [ "toylib.1.2" ]; a name holds no dot. */
static stella_status take_state(reading *r, const opam_item *item, stella_error *err) {
    const size_t dot = stella_sv_find(item->text, '.');
    if (!is_field(item, "installed"))
        return STELLA_OK;
    const entry e = {.type = STELLA_SV("opam"),
                     .name = stella_sv_first(item->text, dot),
                     .version = stella_sv_skip(item->text, dot + 1),
                     .line = item->line,
                     .method = "package-database"};
    r->component = entry_add(r->job, r->file, &e);
    if (!r->component)
        return STELLA_OK;
    stella_status status = graph_name(r->graph, r->folder, e.name, r->component, err);
    if (status == STELLA_OK && entry_is_name(item->text))
        status = read_beside(r, "packages", item->text, "/opam", take_description, err);
    if (status == STELLA_OK)
        status = read_beside(r, "install", e.name, ".changes", take_change, err);
    return status;
}

/* ---- what is locked ------------------------------------------------------------------------------------------------
 */

static stella_status take_locked(reading *r, const opam_item *item, stella_error *err) {
    (void)err;
    if (!is_field(item, "depends") || !item->is_exact)
        return STELLA_OK;
    const entry e = {.type = STELLA_SV("opam"),
                     .name = item->text,
                     .version = item->filter,
                     .line = item->line,
                     .flags = STELLA_COMPONENT_DECLARED | (item->is_dev ? STELLA_COMPONENT_DEV : 0),
                     .method = "lockfile"};
    (void)entry_add(r->job, r->file, &e);
    return STELLA_OK;
}

static stella_status read_files(graph *g, uint32_t interest, take_item take, stella_error *err) {
    stella_file file = STELLA_FILE_INIT;
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(interest); status == STELLA_OK && stella_files_next(g->job, &it, &file);) {
        if (interest == LOCKED && inside_package(file.path))
            continue;
        reading r = {.job = g->job, .graph = g, .folder = file.path, .file = &file};
        (void)entry_pop(&r.folder);
        if (stella_cancelled(g->job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = read_items(&r, &file, take, err);
    }
    return status;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    graph g = graph_of(job);
    stella_status status = read_files(&g, STATE, take_state, err);
    if (status == STELLA_OK)
        status = read_files(&g, LOCKED, take_locked, err);
    if (status == STELLA_OK)
        graph_relate(&g);
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.ocaml", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .analyze = analyze);
