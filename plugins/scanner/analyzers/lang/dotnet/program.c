#include "program.h"

#include "assembly.h"
#include "bundle.h"
#include "deps.h"
#include "framework.h"

#include "common/fields.h"

#include <stella/auto.h>
#include <stella/digest.h>

#define KIND_ASSEMBLY  "dotnet.assembly"
#define KIND_BUNDLE    "dotnet.bundle"
#define TEXT_BYTES_MAX ((size_t)7 << 20) /* of a description within a program: two are less than a record may have */
#define INFLATED_MAX   ((uint64_t)256 << 20)
#define SCRATCH_BYTES  ((uint64_t)320 << 20)
#define CORE_LIBRARY   "System.Private.CoreLib"
#define RUNTIME        "Microsoft.NETCore.App"

/* Fields of the records. */
enum { NAME, VERSION, BUILD, PRODUCT, PUBLISHER, PLACE, ASSEMBLY_FIELDS };
enum { DEPS_NAME, DEPS_TEXT, CONFIG_TEXT, BUNDLE_FIELDS };

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what programs hold");
}

/* ---- probe */

static stella_status emit(stella_probe *probe, const char *kind, stella_sv key, const stella_sv *fields, uint32_t count,
                          stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)16 << 20);
    const stella_status status = fields_encode(0, fields, count, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for what a program holds");
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = stella_sv_cstr(kind),
                                  .key = stella_sv_first(key, 4096),
                                  .bytes = stella_buf_sv(&bytes)};
    return stella_probe_record(probe, &record, err);
}

/* place  of the file within a program; empty: the file is the assembly
 * Returns STELLA_E_NOTFOUND for what is none. */
static stella_status probe_assembly(stella_probe *probe, stella_sv bytes, stella_sv place, stella_arena *arena,
                                    stella_error *err) {
    assembly a;
    const stella_status status = assembly_read(bytes, place.len ? place : probe->file->path, arena, &a, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv key = stella_arena_printf(arena, "%.*s@%.*s", STELLA_SV_FMT(a.name), STELLA_SV_FMT(a.version));
    if (!key.ptr)
        return no_memory(err);
    const stella_sv fields[ASSEMBLY_FIELDS] = {[NAME] = a.name,       [VERSION] = a.version,     [BUILD] = a.build,
                                               [PRODUCT] = a.product, [PUBLISHER] = a.publisher, [PLACE] = place};
    return emit(probe, KIND_ASSEMBLY, key, fields, ASSEMBLY_FIELDS, err);
}

static stella_status read_description(stella_probe *probe, const bundle_file *file, stella_sv *out, stella_error *err) {
    uint64_t room = TEXT_BYTES_MAX;
    if (file->size > TEXT_BYTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a description of more than %zu MiB in the bundle",
                                TEXT_BYTES_MAX >> 20);
    return bundle_read(file, probe->arena, &room, out, err);
}

/* The descriptions of the application. Returns STELLA_E_NOTFOUND when it has none. */
static stella_status probe_descriptions(stella_probe *probe, bundle list, stella_error *err) {
    stella_sv fields[BUNDLE_FIELDS] = {{0}};
    bundle_file file = {0};
    stella_status status = bundle_next(&list, &file, err);
    for (; status == STELLA_OK && file.path.len; status = bundle_next(&list, &file, err)) {
        if (stella_sv_ends(file.path, STELLA_SV(".deps.json")) && fields[DEPS_NAME].len == 0) {
            fields[DEPS_NAME] = entry_pop(&file.path);
            status = read_description(probe, &file, &fields[DEPS_TEXT], err);
        } else if (stella_sv_ends(file.path, STELLA_SV(".runtimeconfig.json")) && fields[CONFIG_TEXT].len == 0) {
            status = read_description(probe, &file, &fields[CONFIG_TEXT], err);
        }
        if (status != STELLA_OK)
            return status;
    }
    if (status != STELLA_OK)
        return status;
    if (fields[DEPS_NAME].len == 0)
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "no description of the application");
    char key[STELLA_DIGEST_TEXT_SIZE];
    stella_digest_of(fields[DEPS_TEXT], key);
    return emit(probe, KIND_BUNDLE, stella_sv_cstr(key), fields, BUNDLE_FIELDS, err);
}

/* Of an application without a description: assembly by assembly. */
static stella_status probe_assemblies(stella_probe *probe, bundle list, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    uint64_t room = INFLATED_MAX;
    bundle_file file = {0};
    stella_sv bytes;
    stella_status status = entry_scratch(SCRATCH_BYTES, &scratch, err);
    if (status == STELLA_OK)
        status = bundle_next(&list, &file, err);
    for (; status == STELLA_OK && file.path.len; status = bundle_next(&list, &file, err)) {
        if (!stella_sv_ends(file.path, STELLA_SV(".dll")) && !stella_sv_ends(file.path, STELLA_SV(".exe")))
            continue;
        status = bundle_read(&file, scratch, &room, &bytes, err);
        if (status == STELLA_OK)
            status = probe_assembly(probe, bytes, file.path, scratch, err);
        if (status != STELLA_OK && status != STELLA_E_NOTFOUND)
            return status;
        stella_arena_reset(scratch);
    }
    return status;
}

static stella_sv bytes_of(const binary *b) {
    return b->format == BINARY_ELF ? b->elf.bytes : b->format == BINARY_PE ? b->pe.bytes : b->macho.bytes;
}

static stella_status probe_one(stella_probe *probe, const binary *b, stella_error *err) {
    bundle list;
    stella_status status = STELLA_E_NOTFOUND;
    if (b->format == BINARY_PE)
        status = probe_assembly(probe, b->pe.bytes, (stella_sv){0}, probe->arena, err);
    if (status != STELLA_E_NOTFOUND)
        return status;
    status = bundle_open(b, bytes_of(b), &list, err);
    if (status != STELLA_OK)
        return status;
    status = probe_descriptions(probe, list, err);
    return status == STELLA_E_NOTFOUND ? probe_assemblies(probe, list, err) : status;
}

stella_status program_probe(stella_probe *probe, stella_error *err) {
    stella_sv bytes;
    binary_slices slices;
    binary b = {0};
    stella_status status = stella_probe_content(probe, &bytes, err);
    if (status != STELLA_OK || binary_slices_of(bytes, &slices, NULL) != STELLA_OK)
        return status; /* what is no executable after all is for the analyzer of executables to tell */
    for (uint32_t i = 0; i <= MACHO_SLICES_MAX && status == STELLA_OK; i++) {
        stella_error why = {0};
        if (binary_slices_next(&slices, &b, NULL) != STELLA_OK)
            continue;
        if (!b.format)
            break;
        status = probe_one(probe, &b, &why);
        if (status == STELLA_E_FORMAT || status == STELLA_E_LIMIT)
            stella_probe_note(probe, STELLA_NOTE_ERROR, 0, stella_sv_cstr(why.message));
        else if (status != STELLA_OK && status != STELLA_E_NOTFOUND)
            return stella_error_set(err, status, NULL, "%s", why.message);
        status = STELLA_OK;
    }
    return status;
}

/* ---- analyze: single-file applications */

static stella_file file_of(const stella_record *record) {
    return (stella_file){
        .struct_size = sizeof(stella_file), .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
}

static stella_status add_bundle(dotnet *d, const stella_record *record, stella_arena *scratch, stella_error *err) {
    stella_sv fields[BUNDLE_FIELDS];
    uint32_t line;
    const stella_file file = file_of(record);
    const stella_status status = fields_decode(record->bytes, BUNDLE_FIELDS, &line, fields, err);
    if (status != STELLA_OK)
        return status;
    const deps_source source = {
        .file = &file, .record = record, .name = fields[DEPS_NAME], .config = fields[CONFIG_TEXT]};
    return deps_add(d, &source, fields[DEPS_TEXT], scratch, err);
}

stella_status program_add_bundles(dotnet *d, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = entry_scratch(SCRATCH_BYTES, &scratch, err);
    for (stella_records it = stella_records_of(STELLA_SV(KIND_BUNDLE));
         status == STELLA_OK && stella_records_next(d->g.job, &it, &record);) {
        stella_error why = {0};
        const stella_file file = file_of(&record);
        status = add_bundle(d, &record, scratch, &why);
        if (status == STELLA_E_FORMAT || status == STELLA_E_LIMIT) {
            entry_fault(d->g.job, &file, &why);
            status = STELLA_OK;
        } else if (status != STELLA_OK && err) {
            *err = why;
        }
        stella_arena_reset(scratch);
    }
    return status;
}

/* ---- analyze: assemblies */

typedef struct found {
    stella_record record;
    stella_file file;
    assembly a;
    stella_sv group; /* the folder it lies in, or the program */
    int is_embedded;
} found;

static stella_status decode(const stella_record *record, found *out, stella_error *err) {
    stella_sv fields[ASSEMBLY_FIELDS];
    uint32_t line;
    const stella_status status = fields_decode(record->bytes, ASSEMBLY_FIELDS, &line, fields, err);
    if (status != STELLA_OK)
        return status;
    *out = (found){.record = *record,
                   .file = file_of(record),
                   .group = record->path,
                   .is_embedded = fields[PLACE].len > 0,
                   .a = {.name = fields[NAME],
                         .version = fields[VERSION],
                         .build = fields[BUILD],
                         .product = fields[PRODUCT],
                         .publisher = fields[PUBLISHER]}};
    if (!out->is_embedded)
        (void)entry_pop(&out->group);
    return STELLA_OK;
}

/* The component all of whose folder's files are its own; NULL: none. */
static stella_component *owner_of(const dotnet *d, const providers *folders, stella_sv path) {
    uint32_t count;
    while (path.len) {
        (void)entry_pop(&path);
        const provider *owner = path.len ? providers_find(folders, path, &count) : NULL;
        if (owner)
            return d->g.components[owner->package];
    }
    return NULL;
}

static int is_owned(const dotnet *d, stella_sv path) {
    uint32_t count;
    return providers_find(&d->files, path, &count) != NULL;
}

/* What tells the parts of one build of the runtime, in one place. */
static stella_sv build_of(const found *f, stella_arena *arena) {
    return stella_arena_printf(arena, "%.*s\n%.*s\n%.*s", STELLA_SV_FMT(f->group), STELLA_SV_FMT(f->a.build),
                               STELLA_SV_FMT(f->a.product));
}

static stella_component *add(dotnet *d, const found *f, stella_sv name, stella_sv version) {
    const dotnet_package package = {.name = name, .version = version, .method = "binary"};
    stella_component *c = dotnet_add(d, &f->file, &package);
    if (c)
        stella_component_from_record(c, &f->record);
    return c;
}

/* A runtime, of which the core library is a part, or the framework in whose folder the assembly lies. */
static stella_status add_group(dotnet *d, const providers *known, const found *f, stella_sv *last, stella_error *err) {
    framework place;
    stella_component *c = NULL;
    if (is_owned(d, f->record.path) || owner_of(d, known, f->record.path))
        return STELLA_OK;
    if (framework_of(f->record.path, &place)) {
        if (stella_sv_eq(place.folder, *last))
            return STELLA_OK;
        *last = stella_arena_dup(d->g.job->arena, place.folder);
        if (!last->ptr)
            return no_memory(err);
        const stella_status status = framework_add(d, &place, &f->file, "binary", &c, err);
        if (c)
            stella_component_from_record(c, &f->record);
        return status;
    }
    if (!stella_sv_eq(f->a.name, STELLA_SV(CORE_LIBRARY)) || f->a.build.len == 0)
        return STELLA_OK;
    const stella_sv key = build_of(f, d->g.job->arena);
    if (!key.ptr)
        return no_memory(err);
    c = add(d, f, STELLA_SV(RUNTIME), f->a.build);
    return c ? dotnet_owns_folder(d, c, key, err) : STELLA_OK;
}

static stella_status add_one(dotnet *d, const found *f, stella_arena *scratch, stella_error *err) {
    uint32_t count;
    const stella_owned owned = {.struct_size = sizeof owned, .path = f->record.path};
    if (is_owned(d, f->record.path))
        return STELLA_OK;
    stella_component *c = owner_of(d, &d->folders, f->record.path);
    const stella_sv build = build_of(f, scratch);
    if (!build.ptr)
        return no_memory(err);
    const provider *runtime = c ? NULL : providers_find(&d->folders, build, &count);
    if (runtime)
        c = d->g.components[runtime->package];
    if (!c) {
        c = add(d, f, f->a.name, f->a.version);
        if (c)
            stella_component_set(c, STELLA_FIELD_VENDOR, f->a.publisher);
    }
    if (c && !f->is_embedded)
        stella_component_owns(c, &owned);
    return STELLA_OK;
}

/* Hands each assembly to one of the two above. */
static stella_status each_assembly(dotnet *d, int is_grouping, stella_arena *scratch, stella_error *err) {
    const providers known = d->folders; /* what is added on the way is not in order yet */
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    stella_sv last = {0};
    found f;
    for (stella_records it = stella_records_of(STELLA_SV(KIND_ASSEMBLY));
         status == STELLA_OK && stella_records_next(d->g.job, &it, &record);) {
        if (stella_cancelled(d->g.job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = decode(&record, &f, err);
        if (status == STELLA_OK)
            status = is_grouping ? add_group(d, &known, &f, &last, err) : add_one(d, &f, scratch, err);
        stella_arena_reset(scratch);
    }
    return status;
}

stella_status program_add_assemblies(dotnet *d, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_status status = entry_scratch(1u << 20, &scratch, err);
    providers_sort(&d->files);
    providers_sort(&d->folders);
    if (status == STELLA_OK)
        status = each_assembly(d, 1, scratch, err);
    providers_sort(&d->folders);
    return status == STELLA_OK ? each_assembly(d, 0, scratch, err) : status;
}
