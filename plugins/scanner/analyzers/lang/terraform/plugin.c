/* The analyzer of Terraform's and OpenTofu's providers and modules (README.md). */
#include "lock.h"

#include "common/documents.h"
#include "common/inside.h"

#include <stella/auto.h>

#include <stdio.h>

#define LOCK_BYTES_MAX    (8u << 20)
#define SCRATCH_BYTES_MAX (32u << 20)
#define PROVIDER_RECORD   "provider" /* kind; the path says it all */

enum { LOCK, MODULES, INSTALLED, INSTALLED_HOME, INSTALLED_PROJECT };

static const stella_interest interests[] = {
    [LOCK] = {.mode = STELLA_KEEP, .name = ".terraform.lock.hcl", .max_bytes = LOCK_BYTES_MAX},
    [MODULES] = {.mode = STELLA_KEEP,
                 .name = "modules.json",
                 .parent = "modules",
                 .below = ".terraform",
                 .max_bytes = LOCK_BYTES_MAX},
    [INSTALLED] = {.mode = STELLA_PROBE, .below = ".terraform"},
    [INSTALLED_HOME] = {.mode = STELLA_PROBE, .below = ".terraform.d"},
    [INSTALLED_PROJECT] = {.mode = STELLA_PROBE, .below = "terraform.d"},
};

/* An installed provider: .../HOST/NAMESPACE/TYPE/VERSION/OS_ARCH/terraform-provider-TYPE... */
typedef struct place {
    stella_sv address; /* HOST/NAMESPACE */
    stella_sv type, version, platform;
} place;

static int place_of(stella_sv path, place *out) {
    const stella_sv prefix = STELLA_SV("terraform-provider-"), file = entry_pop(&path);
    place p = {.platform = entry_pop(&path)};
    p.version = entry_pop(&path);
    p.type = entry_pop(&path);
    if (!stella_sv_starts(file, prefix) || !p.type.len || !stella_sv_starts(stella_sv_skip(file, prefix.len), p.type) ||
        !p.version.len || p.version.ptr[0] < '0' || p.version.ptr[0] > '9')
        return 0;
    const stella_sv whole = path, space = entry_pop(&path), host = entry_pop(&path);
    if (!space.len || stella_sv_find(host, '.') == host.len || host.ptr[0] == '.') /* a host has a dot within */
        return 0;
    p.address = stella_sv_skip(whole, whole.len - space.len - 1 - host.len);
    *out = p;
    return 1;
}

/* The provider is known by its path: nothing is read. */
static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    place found;
    if (!place_of(p->file->path, &found) || p->file->path.len > 4000)
        return STELLA_OK;
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(PROVIDER_RECORD);
    record.key = p->file->path;
    return stella_probe_record(p, &record, err);
}

static stella_component *add(stella_analysis *job, const stella_file *file, stella_sv address, const entry *how) {
    entry e = *how;
    e.type = STELLA_SV("terraform");
    e.name = entry_pop(&address);
    e.namespace_ = address;
    return entry_add(job, file, &e);
}

static void add_installed(stella_analysis *job, const stella_record *record) {
    place p;
    if (!place_of(record->path, &p))
        return;
    const stella_file file = {
        .struct_size = sizeof file, .kind = STELLA_FILE_REGULAR, .layer = record->layer, .path = record->path};
    const entry e = {.type = STELLA_SV("terraform"),
                     .namespace_ = p.address,
                     .name = p.type,
                     .version = p.version,
                     .method = "binary"};
    stella_component *c = entry_add(job, &file, &e);
    if (!c)
        return;
    stella_component_from_record(c, record);
    stella_component_set(c, STELLA_FIELD_KIND, STELLA_SV("application"));
    stella_component_property(c, STELLA_SV("terraform:platform"), p.platform);
    const stella_owned owned = {.struct_size = sizeof owned, .path = record->path};
    stella_component_owns(c, &owned);
}

/* ---- what init selected --------------------------------------------------------------------------------------------
 */

static stella_status add_locked(stella_analysis *job, const stella_file *file, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_error why = {0};
    lock_provider found;
    stella_status status = entry_scratch(SCRATCH_BYTES_MAX, &scratch, err);
    if (status != STELLA_OK)
        return status;
    lexer lex = lock_open(file->bytes, scratch);
    while ((status = lock_next(&lex, &found, &why)) == STELLA_OK && found.address.ptr) {
        const entry e = {
            .version = found.version, .line = found.line, .flags = STELLA_COMPONENT_DECLARED, .method = "lockfile"};
        if (found.version.len)
            (void)add(job, file, found.address, &e);
    }
    if (status != STELLA_OK)
        entry_fault(job, file, &why);
    return STELLA_OK;
}

/* Modules from a registry have a version; those of folders and repositories have none. */
static stella_status take_modules(void *self, const stella_file *file, const stella_json *root, stella_error *err) {
    const stella_json *list = stella_json_get(root, "Modules"), *item;
    (void)err;
    for (uint32_t i = 0; (item = stella_json_at(list, i)); i++) {
        const stella_sv source = stella_json_str(stella_json_get(item, "Source"));
        const entry e = {
            .version = stella_json_str(stella_json_get(item, "Version")), .line = item->line, .method = "metadata"};
        const char *folder = source.len ? memmem(source.ptr, source.len, "//", 2) : NULL; /* within the module */
        if (e.version.len)
            (void)add(self, file, stella_sv_first(source, folder ? (size_t)(folder - source.ptr) : source.len), &e);
    }
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_record record = STELLA_RECORD_INIT;
    stella_file file = STELLA_FILE_INIT;
    for (stella_records it = stella_records_of(STELLA_SV(PROVIDER_RECORD)); stella_records_next(job, &it, &record);)
        add_installed(job, &record);
    stella_status status = STELLA_OK;
    for (stella_files it = stella_files_of(LOCK); status == STELLA_OK && inside_skip_next(job, &it, &file);)
        status = add_locked(job, &file, err);
    return status == STELLA_OK ? documents_read(job, MODULES, stella_json_parse, take_modules, job, err) : status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.terraform", "0.1.0", STELLA_PHASE_APPLICATIONS, interests, .probe = probe,
                .analyze = analyze);
