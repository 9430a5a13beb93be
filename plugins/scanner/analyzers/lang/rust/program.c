#include "program.h"

#include "audit.h"
#include "panic_paths.h"

#include "common/entry.h"

#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/json.h>

#define SCRATCH_BYTES ((uint64_t)256 << 20)
#define KIND_AUDIT    "rust.audit"
#define KIND_GUESS    "rust.guess"

/* ---- probe */

static stella_status emit(stella_probe *probe, const char *kind, stella_sv bytes, stella_error *err) {
    char key[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(bytes, key);
    const stella_record record = {
        .struct_size = sizeof record, .kind = stella_sv_cstr(kind), .key = stella_sv_cstr(key), .bytes = bytes};
    return stella_probe_record(probe, &record, err);
}

/* The record has a line "name version" for each. */
static stella_status guess(stella_probe *probe, const binary *b, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(AUDIT_BYTES_MAX);
    const panic_crate *crates;
    uint32_t count;
    stella_status status = panic_paths_find(b, probe->arena, &crates, &count, err);
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status =
            stella_buf_printf(&text, "%.*s %.*s\n", STELLA_SV_FMT(crates[i].name), STELLA_SV_FMT(crates[i].version));
    if (status != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for names of crates");
    return text.len ? emit(probe, KIND_GUESS, stella_buf_sv(&text), err) : STELLA_OK;
}

static stella_status probe_one(stella_probe *probe, const binary *b, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(AUDIT_BYTES_MAX);
    stella_error why = {0};
    const stella_status status = audit_read(b, probe->arena, &text, &why);
    if (status == STELLA_OK)
        return emit(probe, KIND_AUDIT, stella_buf_sv(&text), err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "%s", why.message);
    if (status != STELLA_E_NOTFOUND)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, stella_sv_cstr(why.message));
    return probe->options & STELLA_OPTION_HEURISTICS ? guess(probe, b, err) : STELLA_OK;
}

stella_status program_probe(stella_probe *probe, stella_error *err) {
    stella_sv bytes;
    binary_slices slices;
    binary b = {0};
    stella_status status = stella_probe_content(probe, &bytes, err);
    if (status != STELLA_OK || binary_slices_of(bytes, &slices, NULL) != STELLA_OK)
        return status; /* what is no executable after all is for the analyzer of executables to tell */
    for (uint32_t i = 0; i <= MACHO_SLICES_MAX && status == STELLA_OK; i++) {
        if (binary_slices_next(&slices, &b, NULL) != STELLA_OK)
            continue;
        if (!b.format)
            break;
        status = probe_one(probe, &b, err);
    }
    return status;
}

/* ---- analyze */

typedef struct program {
    stella_analysis *job;
    const stella_record *record;
    stella_file file;
    stella_arena *scratch;         /* emptied after each program */
    stella_component **components; /* by place in the list; NULL: refused */
    const stella_json *packages;
} program;

static stella_component *add(const program *p, stella_sv name, stella_sv version, uint32_t flags, const char *method) {
    const entry e = {.type = STELLA_SV("cargo"), .name = name, .version = version, .flags = flags, .method = method};
    stella_component *c = entry_add(p->job, &p->file, &e);
    if (c)
        stella_component_from_record(c, p->record);
    return c;
}

/* What runs only while it is built is not in the program. */
static int is_for_development(const stella_json *package) {
    const stella_sv kind = stella_json_str(stella_json_get(package, "kind"));
    return kind.len && !stella_sv_eq(kind, STELLA_SV("runtime"));
}

static stella_component *add_package(const program *p, const stella_json *package) {
    const stella_sv source = stella_json_str(stella_json_get(package, "source"));
    stella_component *c =
        add(p, stella_json_str(stella_json_get(package, "name")), stella_json_str(stella_json_get(package, "version")),
            is_for_development(package) ? STELLA_COMPONENT_DEV : 0, "binary");
    if (!c)
        return NULL;
    if (source.len)
        stella_component_property(c, STELLA_SV("cargo:source"), source);
    if (stella_json_is(stella_json_get(package, "root"), STELLA_JSON_TRUE)) {
        const stella_owned owned = {.struct_size = sizeof owned, .path = p->file.path};
        stella_component_owns(c, &owned);
    }
    return c;
}

static void relate(const program *p, uint32_t from) {
    const stella_json *needs = stella_json_get(&p->packages->items[from], "dependencies"), *need;
    for (uint32_t i = 0; (need = stella_json_at(needs, i)); i++) {
        uint64_t to;
        if (!stella_json_u64(need, &to) || to >= p->packages->count || !p->components[to] || !p->components[from])
            continue;
        stella_relate(p->job, p->components[from], p->components[to], STELLA_RELATION_DEPENDS_ON,
                      is_for_development(&p->packages->items[to]) ? STELLA_RELATION_DEV : 0);
    }
}

static stella_status add_audited(program *p, stella_error *err) {
    const stella_json *document;
    const stella_status status = stella_json_parse(p->record->bytes, p->scratch, &document, err);
    if (status != STELLA_OK)
        return status;
    p->packages = stella_json_get(document, "packages");
    if (!stella_json_is(p->packages, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the list of crates in the program has no packages");
    if (p->packages->count > PROGRAM_PACKAGES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a program of %u crates, at most %d", p->packages->count,
                                PROGRAM_PACKAGES_MAX);
    p->components = stella_arena_alloc(p->scratch, p->packages->count, sizeof(stella_component *));
    if (!p->components)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for crates");
    for (uint32_t i = 0; i < p->packages->count; i++)
        p->components[i] = add_package(p, &p->packages->items[i]);
    for (uint32_t i = 0; i < p->packages->count; i++)
        relate(p, i);
    return STELLA_OK;
}

static stella_status add_guessed(program *p, stella_error *err) {
    stella_sv lines = p->record->bytes, line;
    (void)err;
    while (stella_sv_split(&lines, '\n', &line)) {
        const size_t blank = stella_sv_find(line, ' ');
        if (blank < line.len)
            (void)add(p, stella_sv_first(line, blank), stella_sv_skip(line, blank + 1), 0, "panic-path-guess");
    }
    return STELLA_OK;
}

static stella_status add_all(stella_analysis *job, stella_sv kind, stella_arena *scratch,
                             stella_status (*add_one)(program *, stella_error *), stella_error *err) {
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(kind); stella_records_next(job, &it, &record);) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        program p = {
            .job = job,
            .record = &record,
            .scratch = scratch,
            .file = {
                .struct_size = sizeof p.file, .kind = STELLA_FILE_REGULAR, .layer = record.layer, .path = record.path}};
        stella_error why = {0};
        if (add_one(&p, &why) != STELLA_OK) /* of the list or of the scratch: this program's fault */
            entry_fault(job, &p.file, &why);
        stella_arena_reset(scratch);
    }
    return STELLA_OK;
}

stella_status program_add_all(stella_analysis *job, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_status status = entry_scratch(SCRATCH_BYTES, &scratch, err);
    if (status == STELLA_OK)
        status = add_all(job, STELLA_SV(KIND_AUDIT), scratch, add_audited, err);
    if (status == STELLA_OK)
        status = add_all(job, STELLA_SV(KIND_GUESS), scratch, add_guessed, err);
    return status;
}
