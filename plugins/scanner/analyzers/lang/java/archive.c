#include "archive.h"

#include "projects.h"
#include "words.h"

#include <stella/auto.h>
#include <stella/encoding.h>

#include <openssl/sha.h>

#include <stdio.h>
#include <stdlib.h>

#define LEVEL_BYTES_MAX   ((uint64_t)64 << 20)
#define SCRATCH_BYTES_MAX ((uint64_t)128 << 20)

/* What one depth needs; used again by the next archive of that depth. */
typedef struct level {
    stella_arena *arena;
    char *buffer; /* of the archive at hand, when it had to be inflated */
    uint64_t room;
} level;

typedef struct walk {
    stella_probe *probe;
    stella_arena *scratch;
    level levels[ARCHIVE_DEPTH_MAX];
    uint64_t inflatable, live; /* bytes */
    uint32_t archives, artifacts, notes;
    int32_t is_over; /* the host takes no more */
} walk;

/* An archive while it is looked at. */
typedef struct place {
    stella_sv bytes;
    stella_sv nested; /* path in the file; empty for the file itself */
    uint32_t parent;  /* number of the artifact it lies in */
    uint32_t depth;
} place;

static void walk_fini(walk *w) {
    for (uint32_t i = 0; i < ARCHIVE_DEPTH_MAX; i++) {
        stella_arena_destroy(w->levels[i].arena);
        free(w->levels[i].buffer);
    }
    stella_arena_destroy(w->scratch);
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an archive");
}

static void note(walk *w, stella_sv nested, const stella_error *why) {
    char text[512];
    if (w->notes++ >= ARCHIVE_NOTES_MAX)
        return;
    const int len = snprintf(text, sizeof text, "%.*s%s%s%s%s", STELLA_SV_FMT(stella_sv_first(nested, 200)),
                             nested.len ? ": " : "", why->path, why->path[0] ? ": " : "", why->message);
    stella_probe_note(w->probe, STELLA_NOTE_ERROR, 0,
                      stella_sv_of(text, len < (int)sizeof text ? (size_t)len : sizeof text - 1));
}

static void note_text(walk *w, stella_sv nested, const char *text) {
    stella_error why = {0};
    stella_error_set(&why, STELLA_E_FORMAT, NULL, "%s", text);
    note(w, nested, &why);
}

/* What is wrong with one archive is noted and loses that one. */
static void forgive(walk *w, stella_sv nested, stella_status status, const stella_error *why) {
    if (status != STELLA_OK)
        note(w, nested, why);
}

/* ---- what is in one archive ---------------------------------------------------------------------------------------- */

typedef struct contents {
    zip archive;
    project_list files;
    inner_project *projects;
    manifest main;
    uint32_t encrypted;
} contents;

static stella_status read_manifest(const zip *archive, const zip_entry *entry, stella_arena *arena, manifest *out,
                                   stella_error *err) {
    stella_sv text;
    const stella_status status = zip_read(archive, entry, arena, MANIFEST_BYTES_MAX, &text, err);
    return status == STELLA_OK ? manifest_parse(text, arena, out, err) : status;
}

static stella_status find_files(walk *w, const place *at, contents *c, stella_error *err) {
    stella_arena *const arena = w->levels[at->depth].arena;
    int has_manifest = 0;
    for (zip_entry entry; zip_next(&c->archive, &entry);) {
        stella_error why = {0};
        c->encrypted += entry.is_encrypted ? 1 : 0;
        if (project_list_add(&c->files, &entry, arena) != STELLA_OK)
            return no_memory(err);
        if (has_manifest || !stella_sv_ieq(entry.name, STELLA_SV("META-INF/MANIFEST.MF")))
            continue;
        has_manifest = 1;
        forgive(w, at->nested, read_manifest(&c->archive, &entry, arena, &c->main, &why), &why);
    }
    project_list_join(&c->files);
    return STELLA_OK;
}

/* Whether an earlier project of the archive is the same artifact. */
static int is_repeated(const contents *c, uint32_t position) {
    const inner_project *p = &c->projects[position];
    for (uint32_t i = 0; i < position; i++)
        if (c->projects[i].is_sound && stella_sv_eq(c->projects[i].name, p->name) &&
            stella_sv_eq(c->projects[i].version, p->version) && stella_sv_eq(c->projects[i].group, p->group))
            return 1;
    return 0;
}

static stella_status read_projects(walk *w, const place *at, contents *c, stella_error *err) {
    stella_arena *const arena = w->levels[at->depth].arena;
    c->projects = stella_arena_alloc(arena, c->files.count, sizeof *c->projects);
    if (!c->projects)
        return no_memory(err);
    for (uint32_t i = 0; i < c->files.count; i++) {
        stella_error why = {0};
        inner_project *p = &c->projects[i];
        forgive(w, at->nested, project_read(&c->archive, &c->files.items[i], arena, w->scratch, p, &why), &why);
        if (!p->is_sound) {
            stella_error_at(&why, STELLA_E_FORMAT, p->folder, "a project without a valid group, name or version");
            note(w, at->nested, &why);
        } else if (is_repeated(c, i)) {
            p->is_sound = 0;
        }
    }
    return STELLA_OK;
}

/* ---- what is said of it -------------------------------------------------------------------------------------------- */

static stella_status emit(walk *w, const place *at, artifact *a, uint32_t parent, stella_error *err) {
    stella_error why = {0};
    a->parent = parent;
    a->texts[ARTIFACT_NESTED] = at->nested;
    const stella_status status = artifact_emit(w->probe, a, &why);
    w->artifacts += status == STELLA_OK ? 1 : 0;
    w->is_over = status != STELLA_OK;
    if (w->is_over && err)
        *err = why;
    return status;
}

/* What the archive itself is. chosen: the project that it is; -1: none. */
static stella_status identify(walk *w, const place *at, const contents *c, const java_file_name *file, int32_t chosen,
                              artifact *out) {
    *out = chosen >= 0 ? identity_of_project(file, &c->projects[chosen]) : identity_of_manifest(file, &c->main);
    identity_complete(out, &c->main);
    if (out->texts[ARTIFACT_DEPENDENCIES].len || c->main.values[MANIFEST_PLUGIN_DEPENDENCIES].len == 0)
        return STELLA_OK;
    return identity_jenkins_dependencies(&c->main, w->levels[at->depth].arena, &out->texts[ARTIFACT_DEPENDENCIES]);
}

static void sha1_of(stella_sv bytes, char text[2 * SHA_DIGEST_LENGTH + 1]) {
    unsigned char digest[SHA_DIGEST_LENGTH];
    SHA1((const unsigned char *)bytes.ptr, bytes.len, digest);
    stella_hex(digest, sizeof digest, text);
}

/* The modules of a JDK are told of by its release file. */
static int is_jmod(const java_file_name *file) {
    return stella_sv_ieq(file->extension, STELLA_SV("jmod"));
}

/* The archive's own artifact and those of the projects in it. main_number: what nested archives lie in. */
static stella_status emit_all(walk *w, const place *at, const contents *c, uint32_t *main_number, stella_error *err) {
    char sha1[2 * SHA_DIGEST_LENGTH + 1];
    const java_file_name file = java_file_name_of(at->nested.len ? at->nested : w->probe->file->path);
    const int32_t chosen = identity_main(&file, c->projects, c->files.count);
    artifact own;
    stella_status status = identify(w, at, c, &file, chosen, &own);
    if (status != STELLA_OK)
        return no_memory(err);
    *main_number = at->parent;
    if (own.texts[ARTIFACT_NAME].len && !(is_jmod(&file) && chosen < 0)) {
        sha1_of(at->bytes, sha1);
        own.texts[ARTIFACT_SHA1] = stella_sv_cstr(sha1);
        status = emit(w, at, &own, at->parent, err);
        *main_number = w->artifacts;
    }
    for (uint32_t i = 0; i < c->files.count && status == STELLA_OK; i++) {
        if (!c->projects[i].is_sound || (int32_t)i == chosen)
            continue;
        artifact inner = identity_of_project(&file, &c->projects[i]);
        inner.texts[ARTIFACT_TYPE] = inner.texts[ARTIFACT_CLASSIFIER] = (stella_sv){0};
        inner.texts[ARTIFACT_SHADED] = STELLA_SV("1");
        status = emit(w, at, &inner, *main_number, err);
    }
    return status;
}

/* ---- archives within -----------------------------------------------------------------------------------------------  */

static stella_status walk_archive(walk *w, const place *at, stella_error *err);

/* Memory for one inflated archive at that depth. NULL with *is_limit set when too much would be held at a time. */
static char *buffer_for(walk *w, uint32_t depth, uint64_t size, int *is_limit) {
    level *l = &w->levels[depth];
    *is_limit = size > ARCHIVE_NESTED_MAX || w->live - l->room + size > ARCHIVE_LIVE_MAX;
    if (*is_limit || l->room >= size)
        return *is_limit ? NULL : l->buffer;
    free(l->buffer);
    w->live -= l->room;
    l->room = 0;
    l->buffer = malloc(size);
    if (l->buffer) {
        l->room = size;
        w->live += size;
    }
    return l->buffer;
}

static stella_status read_nested(walk *w, const zip *archive, const zip_entry *entry, uint32_t depth, stella_sv *out,
                                 stella_error *err) {
    int is_limit = 0;
    char *buffer = NULL;
    if (entry->method == ZIP_DEFLATED && entry->size <= entry->compressed * ZIP_RATIO_MAX &&
        !(buffer = buffer_for(w, depth, entry->size ? entry->size : 1, &is_limit)))
        return is_limit ? stella_error_at(err, STELLA_E_LIMIT, entry->name,
                                          "the archive, or what it lies in, inflates to more than the limit")
                        : no_memory(err);
    return zip_read_into(archive, entry, buffer, out, err);
}

static stella_status walk_entry(walk *w, const place *outer, const zip *archive, const zip_entry *entry,
                                uint32_t parent, stella_error *err) {
    stella_error why = {0};
    place inner = {.parent = parent, .depth = outer->depth + 1};
    stella_status status = STELLA_OK;
    if (inner.depth == ARCHIVE_DEPTH_MAX || w->archives == ARCHIVE_COUNT_MAX ||
        outer->nested.len + 2 + entry->name.len > ARCHIVE_PATH_MAX)
        status = stella_error_at(&why, STELLA_E_LIMIT, entry->name,
                                 "more archives within archives than the limit, or too deep: this one was not read");
    if (status == STELLA_OK)
        status = read_nested(w, archive, entry, inner.depth, &inner.bytes, &why);
    if (status != STELLA_OK) {
        note(w, outer->nested, &why);
        return STELLA_OK;
    }
    inner.nested = stella_arena_printf(w->levels[outer->depth].arena, "%.*s%s%.*s", STELLA_SV_FMT(outer->nested),
                                       outer->nested.len ? "!/" : "", STELLA_SV_FMT(entry->name));
    return inner.nested.ptr ? walk_archive(w, &inner, err) : no_memory(err);
}

/* NUL would end the path, and what is not text is no path. */
static int is_path(stella_sv name) {
    for (size_t i = 0; i < name.len; i++)
        if ((unsigned char)name.ptr[i] < ' ' || name.ptr[i] == 0x7f)
            return 0;
    return stella_sv_utf8_prefix(name) == name.len;
}

static stella_status walk_nested(walk *w, const place *at, contents *c, uint32_t parent, stella_error *err) {
    stella_status status = STELLA_OK;
    zip_rewind(&c->archive);
    for (zip_entry entry; status == STELLA_OK && zip_next(&c->archive, &entry);) {
        if (entry.is_directory || entry.is_encrypted || entry.size == 0 || !java_is_archive(entry.name))
            continue;
        if (is_path(entry.name))
            status = walk_entry(w, at, &c->archive, &entry, parent, err);
        else
            note_text(w, at->nested, "an archive within it has a name that is no text: it was not read");
    }
    return status;
}

static stella_status enter_level(walk *w, uint32_t depth) {
    level *l = &w->levels[depth];
    if (l->arena)
        stella_arena_reset(l->arena);
    else
        l->arena = stella_arena_create(LEVEL_BYTES_MAX);
    return l->arena ? STELLA_OK : STELLA_E_NOMEM;
}

static stella_status look_at(walk *w, const place *at, stella_error *err) {
    contents c = {0};
    uint32_t number = at->parent;
    if (enter_level(w, at->depth) != STELLA_OK)
        return no_memory(err);
    stella_status status = zip_open(at->bytes, w->levels[at->depth].arena, &w->inflatable, &c.archive, err);
    if (status == STELLA_OK)
        status = find_files(w, at, &c, err);
    if (status != STELLA_OK || c.main.values[MANIFEST_WEAVE_CLASSES].len)
        return status; /* an agent's instructions for the classes of another, whose name it carries */
    if (c.encrypted)
        note_text(w, at->nested, "has encrypted entries, which were not read");
    if (c.files.is_cut)
        note_text(w, at->nested, "has more than 4096 projects: the rest was left out");
    status = read_projects(w, at, &c, err);
    if (status == STELLA_OK)
        status = emit_all(w, at, &c, &number, err);
    return status == STELLA_OK ? walk_nested(w, at, &c, number, err) : status;
}

static stella_status walk_archive(walk *w, const place *at, stella_error *err) {
    stella_error why = {0};
    w->archives++;
    const stella_status status = look_at(w, at, &why);
    if (status != STELLA_OK && w->is_over && err)
        *err = why;
    if (w->is_over)
        return status;
    forgive(w, at->nested, status, &why);
    return STELLA_OK;
}

stella_status archive_probe(stella_probe *probe, stella_error *err) {
    stella_sv bytes;
    stella_status status = stella_probe_content(probe, &bytes, err);
    if (status != STELLA_OK || bytes.len == 0)
        return status;
    walk *w = stella_arena_alloc(probe->arena, 1, sizeof *w);
    if (!w || !(w->scratch = stella_arena_create(SCRATCH_BYTES_MAX)))
        return no_memory(err);
    w->probe = probe;
    w->inflatable = ARCHIVE_INFLATED_MAX;
    status = walk_archive(w, &(place){.bytes = bytes}, err);
    if (status == STELLA_OK && w->notes > ARCHIVE_NOTES_MAX)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("more of this archive could not be read"));
    walk_fini(w);
    return status;
}
