#include "archive.h"

#include "metadata.h"

#include "common/zip/zip.h"

static int is_metadata(stella_sv name) {
    return stella_sv_ends(name, STELLA_SV(".dist-info/METADATA")) ||
           stella_sv_ends(name, STELLA_SV(".egg-info/PKG-INFO")) || stella_sv_eq(name, STELLA_SV("EGG-INFO/PKG-INFO"));
}

static void note(stella_probe *probe, const stella_error *why) {
    const stella_sv text =
        stella_arena_printf(probe->arena, "%s%s%s", why->path, why->path[0] ? ": " : "", why->message);
    stella_probe_note(probe, STELLA_NOTE_ERROR, 0, text.ptr ? text : stella_sv_cstr(why->message));
}

static stella_status read_entry(stella_probe *probe, const zip *archive, const zip_entry *entry, stella_error *err) {
    stella_error why = {0};
    stella_sv text;
    const stella_status status = zip_read(archive, entry, probe->arena, ARCHIVE_METADATA_MAX, &text, &why);
    if (status == STELLA_OK)
        return metadata_probe_text(probe, text, entry->name, err);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "no memory for an entry of an archive");
    note(probe, &why);
    return STELLA_OK;
}

stella_status archive_probe(stella_probe *probe, stella_error *err) {
    uint64_t room = ARCHIVE_INFLATED_MAX;
    stella_error why = {0};
    stella_sv bytes;
    zip archive;
    stella_status status = stella_probe_content(probe, &bytes, err);
    if (status != STELLA_OK)
        return status;
    status = zip_open(bytes, probe->arena, &room, &archive, &why);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "no memory for an archive");
    if (status != STELLA_OK) {
        note(probe, &why);
        return STELLA_OK;
    }
    for (zip_entry entry; status == STELLA_OK && zip_next(&archive, &entry);)
        if (is_metadata(entry.name))
            status = read_entry(probe, &archive, &entry, err);
    return status;
}
