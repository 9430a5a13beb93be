#include "program.h"

#include "buildinfo.h"
#include "main_version.h"

#include "common/entry.h"

#include <stella/auto.h>
#include <stella/digest.h>

#define SCRATCH_BYTES ((uint64_t)64 << 20)
#define RECORD_KIND   "go.program"
#define METHOD        "binary"

/* ---- probe: "go1.22.1\n" and the text of modules are the record */

static stella_status emit(stella_probe *probe, const buildinfo *info, stella_error *err) {
    const size_t len = info->version.len + 1 + info->modules.len;
    char *bytes = stella_arena_alloc(probe->arena, len, 1);
    char key[STELLA_DIGEST_TEXT_SIZE];
    if (!bytes)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for Go build information");
    memcpy(bytes, info->version.ptr, info->version.len);
    bytes[info->version.len] = '\n';
    if (info->modules.len)
        memcpy(bytes + info->version.len + 1, info->modules.ptr, info->modules.len);
    stella_digest_of(stella_sv_of(bytes, len), key);
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = STELLA_SV(RECORD_KIND),
                                  .key = stella_sv_cstr(key),
                                  .bytes = stella_sv_of(bytes, len)};
    return stella_probe_record(probe, &record, err);
}

static void explain_absence(stella_probe *probe, const binary *b) {
    if (buildinfo_is_packed(b))
        stella_probe_note(probe, STELLA_NOTE_INFO, 0,
                          STELLA_SV("packed with UPX: modules of a Go program in it cannot be seen"));
    else if (b->damage)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, stella_sv_cstr(b->damage));
    else if (buildinfo_is_go(b))
        stella_probe_note(probe, STELLA_NOTE_INFO, 0,
                          STELLA_SV("a Go program without build information: its modules are not known"));
}

static stella_status probe_one(stella_probe *probe, const binary *b, stella_error *err) {
    buildinfo info;
    stella_error why = {0};
    const stella_status status = buildinfo_find(b, &info, &why);
    if (status == STELLA_OK)
        return emit(probe, &info, err);
    if (status == STELLA_E_NOTFOUND)
        explain_absence(probe, b);
    else
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, stella_sv_cstr(why.message));
    return STELLA_OK;
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

stella_component *program_add_module(stella_analysis *job, const stella_file *file, stella_sv path, stella_sv version,
                                     uint32_t line, uint32_t flags, const char *method) {
    stella_sv namespace_ = path;
    const stella_sv name = entry_pop(&namespace_);
    const entry e = {.type = STELLA_SV("golang"),
                     .namespace_ = namespace_,
                     .name = name,
                     .version = version,
                     .method = method,
                     .line = line,
                     .flags = flags};
    return entry_add(job, file, &e);
}

typedef struct program {
    stella_analysis *job;
    const stella_record *record;
    stella_file file;
    stella_arena *scratch; /* emptied after each program */
} program;

static stella_component *add(const program *p, stella_sv path, stella_sv version) {
    stella_component *c = program_add_module(p->job, &p->file, path, version, 0, 0, METHOD);
    if (c)
        stella_component_from_record(c, p->record);
    return c;
}

/* "go1.22.1 X:loopvar" was built with experiments: the version is what is before the blank. */
static stella_sv toolchain_version(stella_sv text) {
    const stella_sv word = stella_sv_first(text, stella_sv_find(text, ' '));
    return stella_sv_starts(word, STELLA_SV("go")) ? stella_sv_skip(word, 2) : (stella_sv){0};
}

static stella_status describe_main(const program *p, const modinfo *info, stella_sv toolchain, stella_component *c,
                                   stella_error *err) {
    static const stella_sv told[] = {STELLA_SV_INIT("-buildmode"),  STELLA_SV_INIT("-tags"),
                                     STELLA_SV_INIT("CGO_ENABLED"), STELLA_SV_INIT("GOARCH"),
                                     STELLA_SV_INIT("GOOS"),        STELLA_SV_INIT("GOFIPS140"),
                                     STELLA_SV_INIT("vcs"),         STELLA_SV_INIT("vcs.revision"),
                                     STELLA_SV_INIT("vcs.time"),    STELLA_SV_INIT("vcs.modified")};
    const stella_owned owned = {.struct_size = sizeof owned, .path = p->file.path};
    stella_component_owns(c, &owned);
    stella_component_property(c, STELLA_SV("go:toolchain"), toolchain);
    if (info->package.len)
        stella_component_property(c, STELLA_SV("go:package"), info->package);
    for (size_t i = 0; i < STELLA_COUNT(told); i++) {
        const stella_sv value = modinfo_setting(info, told[i]);
        if (value.len == 0)
            continue;
        const stella_sv text =
            stella_arena_printf(p->scratch, "%.*s=%.*s", STELLA_SV_FMT(told[i]), STELLA_SV_FMT(value));
        if (!text.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for build settings");
        stella_component_property(c, STELLA_SV("go:build"), text);
    }
    return STELLA_OK;
}

static stella_status describe(const program *p, const go_module *module, stella_component *c, stella_error *err) {
    if (module->sum.len)
        stella_component_property(c, STELLA_SV("go:sum"), module->sum);
    if (module->folder.len)
        stella_component_property(c, STELLA_SV("go:replaced-by"), module->folder);
    if (module->replaced_path.len == 0)
        return STELLA_OK;
    const stella_sv text = stella_arena_printf(p->scratch, "%.*s@%.*s", STELLA_SV_FMT(module->replaced_path),
                                               STELLA_SV_FMT(module->replaced_version));
    if (!text.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a replaced module");
    stella_component_property(c, STELLA_SV("go:replaces"), text);
    return STELLA_OK;
}

static stella_status add_main(const program *p, const modinfo *info, stella_sv toolchain, stella_component **out,
                              stella_error *err) {
    stella_sv version = {0};
    *out = NULL;
    if (info->main.path.len == 0)
        return STELLA_OK;
    stella_status status = main_version(info, p->scratch, &version, err);
    if (status != STELLA_OK || !(*out = add(p, info->main.path, version)))
        return status;
    status = describe(p, &info->main, *out, err);
    return status == STELLA_OK ? describe_main(p, info, toolchain, *out, err) : status;
}

static stella_status add_program(const program *p, stella_error *err) {
    stella_sv modules = p->record->bytes, toolchain;
    modinfo info;
    stella_component *main = NULL;
    (void)stella_sv_split(&modules, '\n', &toolchain);
    stella_status status = modinfo_parse(modules, p->scratch, &info, err);
    if (status == STELLA_OK)
        status = add_main(p, &info, toolchain, &main, err);
    if (status != STELLA_OK)
        return status;
    if (info.package.len == 0)
        stella_note(p->job, STELLA_NOTE_INFO, p->file.path, 0,
                    STELLA_SV("a Go program that was not built from modules: only its toolchain is known"));
    stella_component *library = add(p, STELLA_SV("stdlib"), toolchain_version(toolchain));
    if (main && library)
        stella_relate(p->job, main, library, STELLA_RELATION_DEPENDS_ON, 0);
    for (uint32_t i = 0; i < info.module_count && status == STELLA_OK; i++) {
        stella_component *c = add(p, info.modules[i].path, info.modules[i].version);
        if (!c)
            continue;
        status = describe(p, &info.modules[i], c, err);
        if (main && status == STELLA_OK)
            stella_relate(p->job, main, c, STELLA_RELATION_DEPENDS_ON, 0);
    }
    return status;
}

stella_status program_add_all(stella_analysis *job, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = entry_scratch(SCRATCH_BYTES, &scratch, err);
    for (stella_records it = stella_records_of(STELLA_SV(RECORD_KIND));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        const program p = {
            .job = job,
            .record = &record,
            .scratch = scratch,
            .file = {
                .struct_size = sizeof p.file, .kind = STELLA_FILE_REGULAR, .layer = record.layer, .path = record.path}};
        stella_error why = {0};
        status = add_program(&p, &why);
        if (status == STELLA_E_LIMIT || status == STELLA_E_NOMEM) { /* of the scratch: this program's fault */
            entry_fault(job, &p.file, &why);
            status = STELLA_OK;
        } else if (status != STELLA_OK && err) {
            *err = why;
        }
        stella_arena_reset(scratch);
    }
    return status;
}
