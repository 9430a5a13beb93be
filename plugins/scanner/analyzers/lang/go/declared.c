#include "declared.h"

#include "gomod.h"
#include "program.h"
#include "semver.h"

#include "common/entry.h"
#include "common/inside.h"

#include <stdlib.h>

#define LISTS_ALL_SINCE "v1.17" /* of "go": go.mod names all modules, those that others need too */

/* What a go.mod says, sorted by path and version. */
typedef struct manifest {
    gomod_entry *entries;
    uint32_t count;
    gosum_entry *sums;
    uint32_t sum_count;
    stella_sv go, toolchain, module;
} manifest;

static int entry_cmp(const void *a, const void *b) {
    const gomod_entry *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    const int order = stella_sv_cmp(x->path, y->path);
    return order ? order : stella_sv_cmp(x->version, y->version);
}

static int sum_cmp(const void *a, const void *b) {
    const gosum_entry *x = a, *y = b;
    const int order = stella_sv_cmp(x->path, y->path);
    return order ? order : semver_cmp(x->version, y->version);
}

/* ---- reading */

static stella_status too_many(stella_error *err) {
    return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d entries", DECLARED_ENTRIES_MAX);
}

static stella_status read_manifest(stella_sv bytes, stella_arena *scratch, manifest *m, stella_error *err) {
    gomod_entry met;
    uint32_t count = 0;
    for (gomod_reader reader = gomod_open(bytes); gomod_next(&reader, &met);)
        count++;
    if (count > DECLARED_ENTRIES_MAX)
        return too_many(err);
    m->entries = stella_arena_alloc(scratch, count, sizeof *m->entries);
    if (!m->entries)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for go.mod");
    for (gomod_reader reader = gomod_open(bytes); gomod_next(&reader, &met);) {
        stella_sv *const single = met.kind == GOMOD_GO          ? &m->go
                                  : met.kind == GOMOD_TOOLCHAIN ? &m->toolchain
                                  : met.kind == GOMOD_MODULE    ? &m->module
                                                                : NULL;
        if (single)
            *single = met.path;
        else if (met.kind != GOMOD_OTHER)
            m->entries[m->count++] = met;
    }
    qsort(m->entries, m->count, sizeof *m->entries, entry_cmp);
    return STELLA_OK;
}

/* The sums of the go.sum beside it, should there be one. */
static stella_status read_sums(stella_analysis *job, const stella_file *file, stella_arena *scratch, manifest *m,
                               stella_error *err) {
    stella_sv folder = file->path;
    (void)entry_pop(&folder);
    const stella_sv path = stella_arena_printf(scratch, "%.*s%sgo.sum", STELLA_SV_FMT(folder), folder.len ? "/" : "");
    stella_file sums = STELLA_FILE_INIT;
    gosum_entry met;
    uint32_t count = 0;
    if (!path.ptr || stella_view_stat(job, path, &sums, NULL) != STELLA_OK || !sums.bytes.ptr)
        return STELLA_OK;
    for (gosum_reader reader = gosum_open(sums.bytes); gosum_next(&reader, &met);)
        count++;
    if (count > DECLARED_ENTRIES_MAX)
        return too_many(err);
    m->sums = stella_arena_alloc(scratch, count, sizeof *m->sums);
    if (!m->sums)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for go.sum");
    for (gosum_reader reader = gosum_open(sums.bytes); gosum_next(&reader, &met);)
        m->sums[m->sum_count++] = met;
    qsort(m->sums, m->sum_count, sizeof *m->sums, sum_cmp);
    return STELLA_OK;
}

/* ---- look-ups */

static const gomod_entry *find(const manifest *m, gomod_kind kind, stella_sv path, stella_sv version) {
    const gomod_entry want = {.kind = kind, .path = path, .version = version};
    return m->count ? bsearch(&want, m->entries, m->count, sizeof want, entry_cmp) : NULL;
}

static stella_sv sum_of(const manifest *m, stella_sv path, stella_sv version) {
    const gosum_entry want = {.path = path, .version = version};
    const gosum_entry *found = m->sum_count ? bsearch(&want, m->sums, m->sum_count, sizeof want, sum_cmp) : NULL;
    return found ? found->sum : (stella_sv){0};
}

/* ---- stating */

typedef struct module {
    stella_sv path, version, by_path, by_version;
    uint32_t line;
    const char *method;
} module;

/* A module and what replaces it: a folder (no version) leaves the name and takes the version. */
static stella_component *state(stella_analysis *job, const stella_file *file, const module *m) {
    const int is_replaced = m->by_path.len && m->by_version.len;
    const stella_sv own = m->by_path.len ? STELLA_SV("") : m->version;
    const stella_sv version = is_replaced ? m->by_version : own;
    stella_component *c = program_add_module(job, file, is_replaced ? m->by_path : m->path, version, m->line,
                                             STELLA_COMPONENT_DECLARED, m->method);
    if (c && m->by_path.len)
        stella_component_property(c, is_replaced ? STELLA_SV("go:replaces") : STELLA_SV("go:replaced-by"),
                                  is_replaced ? m->path : m->by_path);
    return c;
}

static void state_required(stella_analysis *job, const stella_file *file, const manifest *m, const gomod_entry *e) {
    const gomod_entry *by = find(m, GOMOD_REPLACE, e->path, e->version);
    if (!by)
        by = find(m, GOMOD_REPLACE, e->path, (stella_sv){0});
    if (!by && find(m, GOMOD_EXCLUDE, e->path, e->version))
        return;
    const module required = {.path = e->path,
                             .version = e->version,
                             .by_path = by ? by->by_path : (stella_sv){0},
                             .by_version = by ? by->by_version : (stella_sv){0},
                             .line = e->line,
                             .method = "manifest"};
    stella_component *c = state(job, file, &required);
    if (!c)
        return;
    const stella_sv sum = sum_of(m, required.by_version.len ? required.by_path : e->path,
                                 required.by_version.len ? required.by_version : e->version);
    if (sum.len && (required.by_path.len == 0 || required.by_version.len))
        stella_component_property(c, STELLA_SV("go:sum"), sum);
    if (e->is_indirect)
        stella_component_property(c, STELLA_SV("go:indirect"), STELLA_SV("true"));
}

static int requires(const manifest *m, stella_sv path) {
    uint32_t low = 0, high = m->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const gomod_entry *e = &m->entries[middle];
        const int order = e->kind != GOMOD_REQUIRE ? (e->kind < GOMOD_REQUIRE ? -1 : 1) : stella_sv_cmp(e->path, path);
        if (order == 0)
            return 1;
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return 0;
}

/* Before Go 1.17 go.mod names only what the module itself needs: the greatest version of each other module in go.sum. */
static void state_sums(stella_analysis *job, const stella_file *file, const manifest *m) {
    for (uint32_t i = 0; i < m->sum_count; i++) {
        const gosum_entry *e = &m->sums[i];
        const int is_last = i + 1 == m->sum_count || !stella_sv_eq(e->path, m->sums[i + 1].path);
        if (!is_last || requires(m, e->path) || find(m, GOMOD_REPLACE, e->path, (stella_sv){0}))
            continue;
        const module needed = {.path = e->path, .version = e->version, .method = "lockfile"};
        stella_component *c = state(job, file, &needed);
        if (c) {
            stella_component_property(c, STELLA_SV("go:sum"), e->sum);
            stella_component_property(c, STELLA_SV("go:indirect"), STELLA_SV("true"));
        }
    }
}

static int lists_all(stella_sv go, stella_arena *scratch) {
    const stella_sv version = stella_arena_printf(scratch, "v%.*s", STELLA_SV_FMT(go));
    return version.ptr && semver_cmp(version, STELLA_SV(LISTS_ALL_SINCE)) >= 0;
}

/* Modules among test data are not what is built here; nor is the standard library's own. */
static int is_foreign(const stella_file *file, stella_sv module_path) {
    return inside_folder(file->path, STELLA_SV("testdata")) || stella_sv_eq(module_path, STELLA_SV("std")) ||
           stella_sv_eq(module_path, STELLA_SV("cmd"));
}

stella_status declared_read_mod(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    manifest m = {0};
    stella_status status = read_manifest(file->bytes, scratch, &m, err);
    if (status != STELLA_OK || is_foreign(file, m.module))
        return status;
    if (m.module.len == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "no line names the module: it is no go.mod");
    status = read_sums(g->job, file, scratch, &m, err);
    if (status != STELLA_OK)
        return status;
    for (uint32_t i = 0; i < m.count; i++)
        if (m.entries[i].kind == GOMOD_REQUIRE)
            state_required(g->job, file, &m, &m.entries[i]);
    if (!lists_all(m.go, scratch))
        state_sums(g->job, file, &m);
    if (stella_sv_starts(m.toolchain, STELLA_SV("go")))
        (void)program_add_module(g->job, file, STELLA_SV("stdlib"), stella_sv_skip(m.toolchain, 2), 0,
                                 STELLA_COMPONENT_DECLARED, "manifest");
    return STELLA_OK;
}

stella_status declared_read_vendored(graph *g, const stella_file *file, stella_arena *scratch, stella_error *err) {
    gosum_entry met;
    uint32_t count = 0;
    (void)scratch;
    for (gosum_reader reader = gosum_open(file->bytes); vendored_next(&reader, &met);) {
        const module vendored = {.path = met.path,
                                 .version = met.version,
                                 .by_path = met.by_path,
                                 .by_version = met.by_version,
                                 .line = met.line,
                                 .method = "vendored"};
        if (++count > DECLARED_ENTRIES_MAX)
            return too_many(err);
        (void)state(g->job, file, &vendored);
    }
    return STELLA_OK;
}
