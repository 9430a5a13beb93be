/* The analyzer of known programs that no package manager installed (README.md). */
#include "classify.h"

#include "common/entry.h"

#include <stella/auto.h>

#define FILE_BYTES_MAX ((uint64_t)1 << 30)
#define RECORD_KIND    "classifier"

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_ELF},
    {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_PE},
    {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_MACHO},
};

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for known programs");
}

/* The record is "NAME VERSION VENDOR:PRODUCT", the last one empty when there is none. */
static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    stella_sv path = p->file->path, bytes;
    const stella_sv name = entry_pop(&path);
    classify_match match;
    if (!classify_is_known(name))
        return STELLA_OK;
    if (p->file->size > FILE_BYTES_MAX) {
        stella_probe_note(p, STELLA_NOTE_ERROR, 0, STELLA_SV("more than 1 GiB: it is not looked through"));
        return STELLA_OK;
    }
    const stella_status status = stella_probe_content(p, &bytes, err);
    if (status != STELLA_OK || !classify(name, bytes, &match))
        return status;
    const stella_sv text = stella_arena_printf(p->arena, "%s %.*s %s", match.rule->name, STELLA_SV_FMT(match.version),
                                               match.rule->cpe ? match.rule->cpe : "");
    if (!text.ptr)
        return no_memory(err);
    const stella_record record = {
        .struct_size = sizeof record, .kind = STELLA_SV(RECORD_KIND), .key = text, .bytes = text};
    return stella_probe_record(p, &record, err);
}

/* What a program of Go or Rust says of itself is of its main module: it does not say that it is known by this name. */
static int is_of_package(stella_analysis *job, stella_sv path) {
    stella_owner owner = STELLA_OWNER_INIT;
    return stella_owner_of(job, path, &owner) && !stella_sv_eq(owner.type, STELLA_SV("golang")) &&
           !stella_sv_eq(owner.type, STELLA_SV("cargo"));
}

/* What a CPE may hold without a backslash. */
static int is_plain(stella_sv version) {
    for (size_t i = 0; i < version.len; i++)
        if (version.ptr[i] == '+' || version.ptr[i] == '~')
            return 0;
    return 1;
}

static stella_status add(stella_analysis *job, const stella_record *record, stella_error *err) {
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    const stella_owned owned = {.struct_size = sizeof owned, .path = record->path};
    stella_sv rest = record->bytes;
    entry e = {.type = STELLA_SV("generic"), .method = "binary"};
    (void)stella_sv_split(&rest, ' ', &e.name);
    (void)stella_sv_split(&rest, ' ', &e.version);
    stella_component *c = entry_add(job, &file, &e);
    if (!c)
        return STELLA_OK;
    stella_component_from_record(c, record);
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    stella_component_owns(c, &owned);
    if (rest.len == 0 || !is_plain(e.version))
        return STELLA_OK;
    const stella_sv cpe = stella_arena_printf(job->arena, "cpe:2.3:a:%.*s:%.*s:*:*:*:*:*:*:*", STELLA_SV_FMT(rest),
                                              STELLA_SV_FMT(e.version));
    if (!cpe.ptr)
        return no_memory(err);
    stella_component_set(c, STELLA_FIELD_CPE, cpe);
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    for (stella_records it = stella_records_of(STELLA_SV(RECORD_KIND));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        if (!is_of_package(job, record.path))
            status = add(job, &record, err);
    }
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.classifier", "0.1.0", STELLA_PHASE_BINARIES, interests, .probe = probe,
                .analyze = analyze);
