/* The analyzer of what executables say of themselves (README.md). */
#include "describe.h"

#include "common/entry.h"

#include <stella/auto.h>
#include <stella/digest.h>
#include <stella/encoding.h>
#include <stella/json.h>

#define RECORD_KIND      "binary.facts"
#define NOTE_SCRATCH     ((uint64_t)1 << 20)
#define READ_MAX         ((uint64_t)256 << 20)       /* bytes of files that are read again for their digest */
#define AFTER_THE_OTHERS (STELLA_PHASE_BINARIES + 5) /* those of that phase have then named what they know */

static const stella_interest interests[] = {
    {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_ELF},
    {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_PE},
    {.mode = STELLA_PROBE | STELLA_SEEK, .type = STELLA_TYPE_MACHO},
};

/* ---- probe */

/* Objects that are yet to be linked, kernel modules and dumps of memory are no software of their own. */
static int is_software(const binary_facts *f) {
    return f->type == ELF_TYPE_EXECUTABLE || f->type == ELF_TYPE_SHARED;
}

/* Where distributions put their programs and libraries. Most of an image's are there and owned: to hash them all would take
 * a quarter of the time of a scan. Those that nobody owns are hashed once that is known. */
static int is_where_packages_are(stella_sv path) {
    static const stella_sv places[] = {STELLA_SV_INIT("usr/bin/"), STELLA_SV_INIT("usr/sbin/"),
                                       STELLA_SV_INIT("usr/lib"),  STELLA_SV_INIT("usr/games/"),
                                       STELLA_SV_INIT("bin/"),     STELLA_SV_INIT("sbin/"),
                                       STELLA_SV_INIT("lib")};
    for (size_t i = 0; i < STELLA_COUNT(places); i++)
        if (stella_sv_starts(path, places[i]))
            return 1;
    return 0;
}

static stella_sv hash(stella_sv bytes, char text[STELLA_DIGEST_TEXT_SIZE]) {
    stella_digest_of(bytes, text);
    return stella_sv_skip(stella_sv_cstr(text), sizeof "sha256:" - 1);
}

static stella_status emit(stella_probe *probe, const binary_facts *said, stella_sv bytes, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(BINARY_FACTS_MAX);
    char hex[STELLA_DIGEST_TEXT_SIZE], key[STELLA_DIGEST_TEXT_SIZE];
    binary_facts facts = *said;
    if (facts.is_nameless && !is_where_packages_are(probe->file->path))
        facts.sha256 = hash(bytes, hex);
    if (binary_facts_encode(&facts, &out) != STELLA_OK)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the facts of a binary");
    stella_digest_of(stella_buf_sv(&out), key);
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = STELLA_SV(RECORD_KIND),
                                  .key = stella_sv_cstr(key),
                                  .bytes = stella_buf_sv(&out)};
    return stella_probe_record(probe, &record, err);
}

static stella_status probe(void *self, stella_probe *p, stella_error *err) {
    (void)self;
    stella_sv bytes;
    binary_slices slices;
    binary b = {0};
    binary_facts facts;
    stella_error why = {0};
    stella_status status = stella_probe_content(p, &bytes, err);
    if (status != STELLA_OK)
        return status;
    if (binary_slices_of(bytes, &slices, &why) != STELLA_OK || binary_slices_next(&slices, &b, &why) != STELLA_OK) {
        stella_probe_note(p, STELLA_NOTE_ERROR, 0, stella_sv_cstr(why.message));
        return STELLA_OK;
    }
    if (!b.format)
        return STELLA_OK;
    if (b.damage)
        stella_probe_note(p, STELLA_NOTE_ERROR, 0, stella_sv_cstr(b.damage));
    status = describe(&b, p->arena, &facts, err);
    if (status != STELLA_OK)
        return status;
    facts.is_nameless = is_software(&facts) && !facts.package.len && !describe_is_told_by_others(&b);
    return emit(p, &facts, bytes, err);
}

/* ---- analyze */

typedef struct found {
    stella_analysis *job;
    uint64_t *budget; /* bytes that may yet be read */
    const stella_record *record;
    binary_facts facts;
    stella_file file;
} found;

static void add_property(stella_component *c, const char *name, stella_sv text) {
    if (text.len && stella_sv_utf8_prefix(text) == text.len)
        stella_component_property(c, stella_sv_cstr(name), text);
}

static void describe_component(const found *f, stella_component *c) {
    static const struct {
        uint32_t bit;
        const char *word;
    } words[] = {{BINARY_HARDENED_PIE, "pie"},
                 {BINARY_HARDENED_RELRO, "relro"},
                 {BINARY_HARDENED_BIND_NOW, "bind-now"},
                 {BINARY_HARDENED_NX, "nx"},
                 {BINARY_HARDENED_PROTECTOR, "stack-protector"},
                 {BINARY_HARDENED_FORTIFY, "fortify"}};
    const stella_owned owned = {.struct_size = sizeof owned, .path = f->file.path};
    stella_sv needed = f->facts.needed, name;
    stella_component_from_record(c, f->record);
    stella_component_owns(c, &owned);
    stella_component_set(c, STELLA_FIELD_KIND,
                         f->facts.type == ELF_TYPE_SHARED && !f->facts.interpreter.len ? STELLA_SV("library")
                                                                                       : STELLA_SV("application"));
    add_property(c, "binary:soname", f->facts.soname);
    add_property(c, "binary:build-id", f->facts.build_id);
    add_property(c, "binary:compiler", f->facts.compiler);
    for (size_t i = 0; i < STELLA_COUNT(words); i++)
        if (f->facts.hardening & words[i].bit)
            add_property(c, "binary:hardening", stella_sv_cstr(words[i].word));
    while (needed.len && stella_sv_split(&needed, '\0', &name))
        add_property(c, "binary:needed", name);
}

/* The digest of a file that probe did not hash. Returns 0 when it cannot be had, or not yet; the result says why. */
static int read_digest(const found *f, char hex[STELLA_DIGEST_TEXT_SIZE], stella_sv *out) {
    stella_file file = STELLA_FILE_INIT;
    stella_error why = {0};
    stella_status status = stella_view_stat(f->job, f->file.path, &file, &why);
    if (status == STELLA_OK && file.size > *f->budget)
        status = stella_error_set(&why, STELLA_E_LIMIT, NULL, "more programs without a package than are hashed");
    if (status == STELLA_OK) {
        *f->budget -= file.size;
        status = stella_view_read(f->job, f->file.path, &file, &why);
    }
    if (status != STELLA_OK && status != STELLA_E_PENDING)
        stella_note(f->job, STELLA_NOTE_ERROR, f->file.path, 0, stella_sv_cstr(why.message));
    if (status != STELLA_OK)
        return 0;
    *out = hash(file.bytes, hex);
    return 1;
}

/* What nothing names is known by its bytes. */
static void add_unknown(const found *f) {
    char hex[STELLA_DIGEST_TEXT_SIZE];
    stella_sv digest = f->facts.sha256;
    if (digest.len == 0 && !read_digest(f, hex, &digest))
        return;
    stella_component *c =
        stella_component_add(f->job, STELLA_SV("bin"), STELLA_SV("sha256"), digest, STELLA_COMPONENT_NO_PURL);
    stella_sv path = f->file.path;
    stella_component_evidence(c, &f->file, 0, STELLA_SV("binary"));
    add_property(c, "binary:file", entry_pop(&path));
    describe_component(f, c);
}

/* The note that distributions put into what they build: type, os, name, version, architecture. */
static void add_noted(const found *f, const stella_json *note) {
    const entry e = {.type = stella_json_str(stella_json_get(note, "type")),
                     .namespace_ = stella_json_str(stella_json_get(note, "os")),
                     .name = stella_json_str(stella_json_get(note, "name")),
                     .version = stella_json_str(stella_json_get(note, "version")),
                     .method = "package-note"};
    stella_component *c = entry_is_name(e.type) ? entry_add(f->job, &f->file, &e) : NULL;
    if (!c)
        return;
    entry_qualifier(c, "arch", stella_json_str(stella_json_get(note, "architecture")));
    add_property(c, "binary:os-cpe", stella_json_str(stella_json_get(note, "osCpe")));
    describe_component(f, c);
}

static stella_status add_by_note(const found *f, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *scratch = NULL;
    const stella_json *note;
    stella_error why = {0};
    const stella_status status = entry_scratch(NOTE_SCRATCH, &scratch, err);
    if (status != STELLA_OK)
        return status;
    if (stella_json_parse(f->facts.package, scratch, &note, &why) == STELLA_OK)
        add_noted(f, note);
    else
        entry_fault(f->job, &f->file, &why);
    return STELLA_OK;
}

static stella_status publish(const found *f, stella_error *err) {
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = STELLA_SV(BINARY_FACTS_KIND),
                                  .key = f->file.path,
                                  .bytes = f->record->bytes};
    return f->facts.format == BINARY_ELF && f->file.path.len <= 4096 ? stella_publish(f->job, &record, err) : STELLA_OK;
}

static stella_status add(const found *f, stella_error *err) {
    stella_owner owner = STELLA_OWNER_INIT;
    const stella_status status = publish(f, err);
    if (status != STELLA_OK || stella_owner_of(f->job, f->file.path, &owner))
        return status;
    if (f->facts.package.len)
        return add_by_note(f, err);
    if (f->facts.is_nameless)
        add_unknown(f);
    return STELLA_OK;
}

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    (void)self;
    stella_record record = STELLA_RECORD_INIT;
    stella_status status = STELLA_OK;
    uint64_t budget = READ_MAX;
    for (stella_records it = stella_records_of(STELLA_SV(RECORD_KIND));
         status == STELLA_OK && stella_records_next(job, &it, &record);) {
        found f = {
            .job = job,
            .budget = &budget,
            .record = &record,
            .file = {
                .struct_size = sizeof f.file, .kind = STELLA_FILE_REGULAR, .layer = record.layer, .path = record.path}};
        if (stella_cancelled(job))
            return stella_error_set(err, STELLA_E_CANCELLED, NULL, "the result is no longer wanted");
        status = binary_facts_decode(record.bytes, &f.facts, err);
        if (status == STELLA_OK)
            status = add(&f, err);
    }
    return status;
}

STELLA_ANALYZER("org.stella-ops.analyzer.binary", "0.1.0", AFTER_THE_OTHERS, interests, .probe = probe,
                .analyze = analyze);
