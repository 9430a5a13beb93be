#include "probe.h"

#include "lock.h"
#include "names.h"
#include "package_json.h"
#include "place.h"

#include "common/zip/zip.h"

#include "common/license_text/texts.h"

#include <stella/auto.h>

#define RECORD_MAX (16u << 20)
#define CUT        "more than 262144 dependencies between its packages: the rest was left out"
_Static_assert(LOCK_EDGES_MAX == 262144, "the note names the number");

static stella_sv name_of(stella_sv path) {
    const stella_sv folder = place_folder(path);
    return stella_sv_skip(path, folder.len ? folder.len + 1 : 0);
}

/* The whole file: the piece itself when it is one, else gathered in buf. */
static stella_status read_all(stella_probe *probe, stella_buf *buf, stella_sv *out, stella_error *err) {
    stella_sv chunk;
    for (;;) {
        stella_status status = stella_probe_read(probe, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (buf->len == 0 && chunk.len == probe->file->size) {
            *out = chunk;
            return STELLA_OK;
        }
        if (chunk.len == 0) {
            *out = stella_buf_sv(buf);
            return STELLA_OK;
        }
        status = stella_buf_add(buf, chunk);
        if (status != STELLA_OK)
            return stella_error_at(err, status, probe->file->path, "the file does not fit into memory");
    }
}

/* Tells why a file could not be used. Short memory is an error of the probe. */
static stella_status refuse(stella_probe *probe, uint32_t severity, const stella_error *why, stella_error *err) {
    if (why->code == STELLA_E_NOMEM)
        return stella_error_at(err, STELLA_E_NOMEM, probe->file->path, "%s", why->message);
    stella_probe_note(probe, severity, 0, stella_sv_cstr(why->message));
    return STELLA_OK;
}

static stella_status add_record(stella_probe *probe, stella_sv kind, stella_sv key, const stella_buf *bytes,
                                stella_error *err) {
    if (bytes->failed) {
        if (bytes->len + 1024 < bytes->max)
            return stella_error_at(err, STELLA_E_NOMEM, probe->file->path, "no memory for a record");
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("it says more than a record of 16 MiB can hold"));
        return STELLA_OK;
    }
    const stella_record record = {
        .struct_size = sizeof record, .kind = kind, .key = key, .bytes = stella_buf_sv(bytes)};
    return stella_probe_record(probe, &record, err);
}

/* ---- package.json ---------------------------------------------------------------------------------------------------
 */

/* What lies outside of node_modules is mostly somebody's template or fixture. */
static uint32_t severity_of(place_kind place) {
    return place == PLACE_PROJECT ? STELLA_NOTE_INFO : STELLA_NOTE_ERROR;
}

static int is_stated(stella_probe *probe, package_json *p, place_kind place) {
    p->version = version_clean(p->version);
    if (p->name.len && !name_is_good(p->name)) {
        stella_probe_note(probe, severity_of(place), p->line, STELLA_SV("a name that no package can have"));
        return 0;
    }
    if (p->version.len && !version_is_good(p->version)) {
        stella_probe_note(probe, severity_of(place), p->line, STELLA_SV("a version that no package can have"));
        return 0;
    }
    if (p->name.len == 0 && place != PLACE_PROJECT)
        stella_probe_note(probe, STELLA_NOTE_INFO, 0, STELLA_SV("an installed package without a name"));
    return p->name.len || (place == PLACE_PROJECT && p->need_count);
}

static stella_status add_package(stella_probe *probe, stella_sv text, place_kind place, stella_sv kind,
                                 stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(RECORD_MAX);
    package_json p = {.with_dev = place == PLACE_PROJECT};
    stella_error why = {0};
    if (package_json_read(text, probe->arena, &p, &why) != STELLA_OK)
        return refuse(probe, severity_of(place), &why, err);
    if (p.is_cut)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0,
                          STELLA_SV("more than 10000 dependencies: the rest was left out"));
    if (!is_stated(probe, &p, place))
        return STELLA_OK;
    (void)package_encode(&p, &bytes);
    const stella_sv key =
        stella_arena_printf(probe->arena, "%.*s@%.*s", STELLA_SV_FMT(p.name), STELLA_SV_FMT(p.version));
    if (!key.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, probe->file->path, "no memory for a package.json");
    return add_record(probe, kind, key, &bytes, err);
}

static stella_status probe_package(stella_probe *probe, stella_error *err) {
    const place_kind place = place_of(probe->file->path);
    STELLA_AUTO(stella_buf_fini) stella_buf file = stella_buf_of(NODE_PACKAGE_MAX);
    stella_sv text;
    if (place == PLACE_INTERNAL)
        return STELLA_OK;
    const stella_status status = read_all(probe, &file, &text, err);
    return status == STELLA_OK ? add_package(probe, text, place, STELLA_SV(NODE_PACKAGE), err) : status;
}

/* ---- yarn's cache, from which Plug'n'Play loads without unpacking ---------------------------------------------------
 */

static stella_status read_zipped(stella_probe *probe, zip *archive, stella_error *err) {
    stella_status status = STELLA_OK;
    stella_error why = {0};
    stella_sv text;
    for (zip_entry entry; status == STELLA_OK && zip_next(archive, &entry);) {
        if (entry.is_directory || !stella_sv_ends(entry.name, STELLA_SV("/package.json")) ||
            place_of(entry.name) != PLACE_MODULE)
            continue;
        status = zip_read(archive, &entry, probe->arena, NODE_PACKAGE_MAX, &text, &why) == STELLA_OK
                     ? add_package(probe, text, PLACE_MODULE, STELLA_SV(NODE_ZIPPED), err)
                     : refuse(probe, STELLA_NOTE_ERROR, &why, err);
    }
    return status;
}

static stella_status probe_zip(stella_probe *probe, stella_error *err) {
    uint64_t room = NODE_ZIP_INFLATED_MAX;
    stella_error why = {0};
    stella_sv bytes;
    zip archive;
    const stella_status status = stella_probe_content(probe, &bytes, err);
    if (status != STELLA_OK)
        return status;
    if (zip_open(bytes, probe->arena, &room, &archive, &why) != STELLA_OK)
        return refuse(probe, STELLA_NOTE_ERROR, &why, err);
    return read_zipped(probe, &archive, err);
}

/* ---- lock files -----------------------------------------------------------------------------------------------------
 */

typedef stella_status lock_reader(stella_sv text, lock *out, stella_error *err);

static int has_metadata(stella_sv text) {
    static const stella_sv mark = STELLA_SV_INIT("__metadata:");
    return memmem(text.ptr, text.len, mark.ptr, mark.len) != NULL;
}

static lock_reader *reader_of(stella_sv name, stella_sv text) {
    static const struct {
        stella_sv name;
        lock_reader *read;
    } readers[] = {
        {STELLA_SV_INIT("package-lock.json"), npm_lock_read},  {STELLA_SV_INIT("npm-shrinkwrap.json"), npm_lock_read},
        {STELLA_SV_INIT(".package-lock.json"), npm_lock_read}, {STELLA_SV_INIT("pnpm-lock.yaml"), pnpm_lock_read},
        {STELLA_SV_INIT("lock.yaml"), pnpm_lock_read},         {STELLA_SV_INIT("bun.lock"), bun_lock_read},
        {STELLA_SV_INIT("deno.lock"), deno_lock_read}};
    for (size_t i = 0; i < sizeof readers / sizeof readers[0]; i++)
        if (stella_sv_eq(name, readers[i].name))
            return readers[i].read;
    return has_metadata(text) ? yarn_berry_read : yarn_lock_read;
}

static stella_status probe_lock(stella_probe *probe, stella_sv name, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf file = stella_buf_of(NODE_LOCK_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of(RECORD_MAX);
    const stella_sv path = probe->file->path;
    lock l = lock_in(probe->arena);
    stella_error why = {0};
    stella_sv text;
    if (place_is_foreign_lock(path) && !place_is_hidden_lock(path))
        return STELLA_OK;
    const stella_status status = read_all(probe, &file, &text, err);
    if (status != STELLA_OK)
        return status;
    if (stella_sv_starts(text, STELLA_SV("\xef\xbb\xbf")))
        text = stella_sv_skip(text, 3);
    if (text.len == 0) /* yarn leaves an empty one where there is nothing to lock */
        return STELLA_OK;
    if (reader_of(name, text)(text, &l, &why) != STELLA_OK)
        return refuse(probe, STELLA_NOTE_ERROR, &why, err);
    if (l.is_cut)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV(CUT));
    (void)lock_encode(&l, &bytes);
    return add_record(probe, STELLA_SV(NODE_LOCK), path, &bytes, err);
}

stella_status node_probe(void *self, stella_probe *probe, stella_error *err) {
    (void)self;
    if (probe->file->interest >= NODE_INTEREST_LICENSES)
        return place_of(probe->file->path) == PLACE_INTERNAL ? STELLA_OK : license_text_probe(probe, err);
    const stella_sv name = name_of(probe->file->path);
    if (stella_sv_eq(name, STELLA_SV("package.json")))
        return probe_package(probe, err);
    return stella_sv_ends(name, STELLA_SV(".zip")) ? probe_zip(probe, err) : probe_lock(probe, name, err);
}
