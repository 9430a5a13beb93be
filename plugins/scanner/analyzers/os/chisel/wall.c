#include "wall.h"

#include "common/fields.h"
#include "common/unpack/unpack.h"
#include "common/words.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>

#define LINE_ARENA_BYTES ((uint64_t)8 << 20)
#define PATH_LENGTH_MAX  4096

typedef struct reading {
    stella_probe *probe;
    stella_arena *arena; /* of the line at hand */
    stella_buf carry;    /* a line that spans pieces */
    uint32_t line;       /* its number */
    uint32_t notes;
    int is_too_long; /* the line at hand is longer than its limit */
} reading;

static void reading_fini(reading *r) {
    stella_arena_destroy(r->arena);
    stella_buf_fini(&r->carry);
}

static stella_status note(reading *r, const char *message) {
    if (r->notes++ < WALL_NOTES_MAX)
        stella_probe_note(r->probe, STELLA_NOTE_ERROR, r->line, stella_sv_cstr(message));
    return STELLA_OK;
}

static stella_sv text_of(const stella_json *object, const char *key) {
    return stella_json_str(stella_json_get(object, key));
}

static stella_status emit(reading *r, const char *kind, stella_sv key, const stella_sv *values, uint32_t count,
                          stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)4 * WALL_LINE_MAX);
    const stella_status status = fields_encode(r->line, values, count, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for the record of line %u", r->line);
    stella_record record = STELLA_RECORD_INIT;
    record.kind = stella_sv_cstr(kind);
    record.key = key;
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(r->probe, &record, err);
}

static int is_sha256(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789abcdef", text.ptr[i], 16))
            return 0;
    return text.len == 64;
}

static stella_status take_package(reading *r, const stella_json *line, stella_error *err) {
    const stella_sv digest = text_of(line, "sha256");
    const stella_sv values[WALL_PACKAGE_FIELDS] = {[PACKAGE_NAME] = text_of(line, "name"),
                                                   [PACKAGE_VERSION] = text_of(line, "version"),
                                                   [PACKAGE_ARCH] = text_of(line, "arch"),
                                                   [PACKAGE_DIGEST] = is_sha256(digest) ? digest : STELLA_SV("")};
    char key[4 * WORD_MAX];
    for (int i = PACKAGE_NAME; i <= PACKAGE_ARCH; i++)
        if (!word_is_plain(values[i]))
            return note(r, "a package without a valid name, version or architecture was skipped");
    const int len = snprintf(key, sizeof key, "%.*s:%.*s=%.*s", STELLA_SV_FMT(values[PACKAGE_NAME]),
                             STELLA_SV_FMT(values[PACKAGE_ARCH]), STELLA_SV_FMT(values[PACKAGE_VERSION]));
    return emit(r, WALL_PACKAGE, stella_sv_of(key, (size_t)len), values, WALL_PACKAGE_FIELDS, err);
}

static stella_status take_slice(reading *r, const stella_json *line, stella_error *err) {
    const stella_sv name = text_of(line, "name");
    if (!word_is_plain(name))
        return note(r, "a slice without a valid name was skipped");
    return emit(r, WALL_SLICE, name, &name, 1, err);
}

/* Directories end in a slash. What a slice's script changed has its digest in final_sha256. */
static stella_status take_path(reading *r, const stella_json *line, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf slices = stella_buf_of(WALL_LINE_MAX);
    stella_sv path = text_of(line, "path"), digest = text_of(line, "final_sha256");
    const stella_json *list = stella_json_get(line, "slices");
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    if (stella_sv_ends(path, STELLA_SV("/")))
        return STELLA_OK;
    if (path.len == 0 || path.len > PATH_LENGTH_MAX)
        return text_of(line, "path").len == 1 ? STELLA_OK : note(r, "a path that is none was skipped");
    for (uint32_t i = 0; list && i < list->count; i++)
        if (stella_buf_printf(&slices, "%.*s ", STELLA_SV_FMT(stella_json_str(stella_json_at(list, i)))) ==
            STELLA_E_NOMEM)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a path");
    digest = digest.len ? digest : text_of(line, "sha256");
    const stella_sv values[WALL_FILE_FIELDS] = {[FILE_PATH] = path,
                                                [FILE_DIGEST] = is_sha256(digest) ? digest : STELLA_SV(""),
                                                [FILE_SLICES] = stella_buf_sv(&slices)};
    return emit(r, WALL_FILE, path, values, WALL_FILE_FIELDS, err);
}

static stella_status take_header(const stella_json *line, stella_error *err) {
    const stella_sv version = text_of(line, "jsonwall");
    if (!stella_sv_starts(version, STELLA_SV("1.")))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "not a chisel manifest (jsonwall 1)");
    return STELLA_OK;
}

static stella_status take_line(reading *r, stella_sv text, stella_error *err) {
    const stella_json *line = NULL;
    stella_arena_reset(r->arena);
    r->line++;
    if (stella_sv_trim(text).len == 0)
        return STELLA_OK;
    const stella_status status = stella_json_parse(text, r->arena, &line, NULL);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "no memory for line %u", r->line);
    if (r->line == 1)
        return take_header(line, err);
    if (status != STELLA_OK)
        return note(r, "a line that is no JSON was skipped");
    const stella_sv kind = text_of(line, "kind");
    if (stella_sv_eq(kind, STELLA_SV("package")))
        return take_package(r, line, err);
    if (stella_sv_eq(kind, STELLA_SV("slice")))
        return take_slice(r, line, err);
    return stella_sv_eq(kind, STELLA_SV("path")) ? take_path(r, line, err) : STELLA_OK;
}

static stella_status end_line(reading *r, stella_error *err) {
    stella_status status;
    if (r->is_too_long) {
        r->line++;
        status = note(r, "a line longer than 256 KiB was skipped");
    } else {
        status = take_line(r, stella_buf_sv(&r->carry), err);
    }
    r->carry.len = 0;
    r->is_too_long = 0;
    return status;
}

static stella_status take_piece(reading *r, stella_sv piece, stella_error *err) {
    stella_status status = STELLA_OK;
    while (piece.len && status == STELLA_OK) {
        const size_t newline = stella_sv_find(piece, '\n');
        if (r->carry.len + newline > WALL_LINE_MAX)
            r->is_too_long = 1;
        else if (!r->is_too_long && stella_buf_add(&r->carry, stella_sv_first(piece, newline)) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a line");
        if (newline < piece.len)
            status = end_line(r, err);
        piece = stella_sv_skip(piece, newline + 1);
    }
    return status;
}

stella_status wall_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(reading_fini)
    reading r = {.probe = probe, .arena = stella_arena_create(LINE_ARENA_BYTES), .carry = stella_buf_of(WALL_LINE_MAX)};
    const unpack_source source = {.probe = probe};
    STELLA_AUTO(unpack_destroyp) unpack *z = unpack_create(UNPACK_ZSTD, &source, WALL_BYTES_MAX, probe->arena);
    stella_sv piece = {0};
    if (!r.arena || !z)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read a manifest");
    stella_status status;
    while ((status = unpack_next(z, &piece, err)) == STELLA_OK && piece.len)
        if ((status = take_piece(&r, piece, err)) != STELLA_OK)
            return status;
    if (status == STELLA_OK && (r.carry.len || r.is_too_long))
        status = end_line(&r, err);
    if (r.notes > WALL_NOTES_MAX)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("more lines of this file are malformed"));
    return status;
}
