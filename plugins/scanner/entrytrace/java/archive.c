#include "archive.h"

#include "common/zip/zip.h"

/* Adds a line, or the part of one that a continuation line holds, to the value at hand. */
static stella_status append(stella_arena *arena, stella_sv *value, stella_sv part, stella_error *err) {
    *value = value->len ? stella_arena_printf(arena, "%.*s%.*s", STELLA_SV_FMT(*value), STELLA_SV_FMT(part))
                        : stella_arena_dup(arena, part);
    return value->ptr || !part.len ? STELLA_OK : hop_nomem(err);
}

static stella_sv *value_of(archive_start *out, stella_sv key) {
    return stella_sv_ieq(key, STELLA_SV("Main-Class"))    ? &out->main_class
           : stella_sv_ieq(key, STELLA_SV("Class-Path"))  ? &out->class_path
           : stella_sv_ieq(key, STELLA_SV("Start-Class")) ? &out->start_class
                                                          : NULL;
}

static void trim_all(archive_start *start) {
    start->main_class = stella_sv_trim(start->main_class);
    start->class_path = stella_sv_trim(start->class_path);
    start->start_class = stella_sv_trim(start->start_class);
}

stella_status archive_manifest(stella_sv text, stella_arena *arena, archive_start *out, stella_error *err) {
    archive_start start = {0};
    stella_sv rest = text, line, *value = NULL;
    while (stella_sv_split(&rest, '\n', &line)) {
        if (stella_sv_ends(line, STELLA_SV("\r")))
            line = stella_sv_first(line, line.len - 1);
        if (!line.len)
            break; /* what follows speaks of single entries */
        const size_t colon = stella_sv_find(line, ':');
        stella_sv part = stella_sv_skip(line, 1);
        if (line.ptr[0] != ' ') {
            value = value_of(&start, stella_sv_first(line, colon));
            part = stella_sv_skip(line, colon + 2);
            if (value)
                *value = stella_sv_of(NULL, 0);
        }
        if (value && append(arena, value, part, err) != STELLA_OK)
            return STELLA_E_NOMEM;
    }
    trim_all(&start);
    *out = start;
    return STELLA_OK;
}

stella_status archive_read(stella_sv bytes, stella_arena *arena, archive_start *out, stella_error *err) {
    uint64_t room = ARCHIVE_MANIFEST_MAX;
    zip archive;
    stella_status status = zip_open(bytes, arena, &room, &archive, err);
    if (status != STELLA_OK)
        return status;
    for (zip_entry entry; zip_next(&archive, &entry);) {
        if (!stella_sv_ieq(entry.name, STELLA_SV("META-INF/MANIFEST.MF")))
            continue;
        stella_sv text;
        status = zip_read(&archive, &entry, arena, ARCHIVE_MANIFEST_MAX, &text, err);
        return status == STELLA_OK ? archive_manifest(text, arena, out, err) : status;
    }
    *out = (archive_start){0};
    return STELLA_OK;
}
