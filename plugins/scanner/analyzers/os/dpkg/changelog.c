#include "changelog.h"

#include "common/counting.h"
#include "common/cve.h"
#include "common/gunzip.h"

#include <stella/auto.h>

#include <stdlib.h>

static stella_status emit(stella_probe *probe, const cve_set *set, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)CVE_IDS_MAX * 10);
    if (set->count == 0)
        return STELLA_OK;
    const stella_status status = cve_set_encode(set, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for the ids of a changelog");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(CHANGELOG_RECORD);
    record.key = stella_sv_first(probe->file->path, 4096);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(probe, &record, err);
}

/* "package (version) distribution; urgency=low" (deb-changelog(5)): upstream's changelogs, which are most of all bytes and
 * seldom name an id, begin with something else. */
static int is_debian(stella_sv text) {
    const stella_sv line = stella_sv_first(text, stella_sv_find(text, '\n'));
    return line.len && memmem(line.ptr, line.len, "; urgency=", 10) != NULL;
}

/* The whole text, as far as it can be had. */
static stella_status scan(stella_probe *probe, cve_set *set, stella_error *err) {
    gunzip *g = gunzip_of_probe(probe, CHANGELOG_BYTES_MAX);
    stella_sv piece = {0};
    stella_status status = g ? STELLA_OK : STELLA_E_NOMEM;
    for (int is_first = 1; status == STELLA_OK; is_first = 0) {
        status = gunzip_next(g, &piece, err);
        if (status != STELLA_OK || piece.len == 0 || (is_first && !is_debian(piece)))
            break;
        status = cve_set_scan(set, piece);
    }
    if (status == STELLA_E_FORMAT || status == STELLA_E_LIMIT) {
        stella_probe_note(probe, STELLA_NOTE_INFO, 0,
                          STELLA_SV("a changelog that is no sound gzip file, or inflates to more than 64 MiB, was not "
                                    "read to its end"));
        status = STELLA_OK;
    }
    return status == STELLA_OK ? cve_set_finish(set) : status;
}

stella_status changelog_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(cve_set_fini) cve_set set = {0};
    const stella_status status = scan(probe, &set, err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "no memory to read a changelog");
    if (set.is_full)
        stella_probe_note(probe, STELLA_NOTE_INFO, 0,
                          STELLA_SV("a changelog names more than 20000 CVE ids: the rest was left out"));
    return status == STELLA_OK ? emit(probe, &set, err) : status;
}

/* ---- hints ---------------------------------------------------------------------------------------------------------
 */

typedef struct hint {
    stella_sv path, ids;
} hint;

typedef struct hints {
    hint *items; /* by path */
    uint32_t count;
} hints;

static int compare(const void *x, const void *y) {
    return stella_sv_cmp(((const hint *)x)->path, ((const hint *)y)->path);
}

static stella_status load(stella_analysis *job, hints *out) {
    stella_record record = STELLA_RECORD_INIT;
    hints all = {0};
    const uint32_t room = count_records(job, STELLA_SV(CHANGELOG_RECORD));
    all.items = stella_arena_alloc(job->arena, room, sizeof *all.items);
    if (!all.items)
        return STELLA_E_NOMEM;
    for (stella_records it = stella_records_of(STELLA_SV(CHANGELOG_RECORD));
         all.count < room && stella_records_next(job, &it, &record);)
        all.items[all.count++] = (hint){.path = record.path, .ids = record.bytes};
    if (all.count)
        qsort(all.items, all.count, sizeof *all.items, compare);
    *out = all;
    return STELLA_OK;
}

static stella_sv ids_of(const hints *all, stella_sv path) {
    const hint wanted = {.path = path};
    const hint *found = all->count ? bsearch(&wanted, all->items, all->count, sizeof *all->items, compare) : NULL;
    return found ? found->ids : STELLA_SV("");
}

static stella_status add(stella_analysis *job, const hints *all, const package *p) {
    stella_file dir = STELLA_FILE_INIT;
    const stella_sv path = stella_arena_printf(job->arena, CHANGELOG_DIR "/%.*s", STELLA_SV_FMT(p->name));
    if (!path.ptr)
        return STELLA_E_NOMEM;
    if (stella_view_stat(job, path, &dir, NULL) != STELLA_OK || dir.kind != STELLA_FILE_DIRECTORY)
        return STELLA_OK;
    const stella_sv debian = stella_arena_printf(job->arena, "%.*s/" CHANGELOG_DEBIAN, STELLA_SV_FMT(dir.path));
    const stella_sv native = stella_arena_printf(job->arena, "%.*s/" CHANGELOG_NATIVE, STELLA_SV_FMT(dir.path));
    if (!debian.ptr || !native.ptr)
        return STELLA_E_NOMEM;
    cve_add_properties(ids_of(all, debian), ids_of(all, native), p->component);
    return STELLA_OK;
}

stella_status changelog_add_hints(stella_analysis *job, const inventory *inv, stella_error *err) {
    hints all;
    stella_status status = load(job, &all);
    for (uint32_t i = 0; status == STELLA_OK && all.count && i < inv->package_count; i++)
        status = add(job, &all, &inv->packages[i]);
    return status == STELLA_OK ? status : stella_error_set(err, status, NULL, "no memory for the changelogs' hints");
}
