#include "installed.h"

#include "common/fields.h"
#include "common/words.h"

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/encoding.h>
#include <stella/lines.h>

#include <stdio.h>

#define SHA1_SIZE   20
#define SHA256_SIZE 32

/* The package at hand. */
typedef struct reading {
    stella_probe *probe;
    stella_lines lines;
    stella_buf text;                            /* of all fields, one behind the other */
    size_t start[APK_FIELDS], size[APK_FIELDS]; /* of each in the text */
    uint32_t line;                              /* of its first line; 0: nothing was read */
    uint32_t notes;
    stella_buf dir;  /* of the files that follow */
    stella_buf file; /* the file at hand: its path; empty: none */
    char digest[SHA256_SIZE];
    size_t digest_size;
    uint32_t is_link;
    stella_buf files; /* the record of files at hand */
} reading;

static void reading_fini(reading *r) {
    stella_lines_fini(&r->lines);
    stella_buf_fini(&r->text);
    stella_buf_fini(&r->dir);
    stella_buf_fini(&r->file);
    stella_buf_fini(&r->files);
}

static void note(reading *r, uint32_t severity, uint32_t line, const char *message) {
    if (r->notes++ < INSTALLED_NOTES_MAX)
        stella_probe_note(r->probe, severity, line, stella_sv_cstr(message));
}

static stella_status no_memory(const reading *r, stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the package of line %u", r->line);
}

/* ---- fields --------------------------------------------------------------------------------------------------------
 */

static int32_t field_of(char letter) {
    static const char letters[APK_FIELDS] = {
        [APK_NAME] = 'P',     [APK_VERSION] = 'V',    [APK_ARCH] = 'A',     [APK_LICENSE] = 'L',
        [APK_ORIGIN] = 'o',   [APK_MAINTAINER] = 'm', [APK_URL] = 'U',      [APK_DESCRIPTION] = 'T',
        [APK_CHECKSUM] = 'C', [APK_BUILD_TIME] = 't', [APK_COMMIT] = 'c',   [APK_INSTALLED_SIZE] = 'I',
        [APK_DEPENDS] = 'D',  [APK_PROVIDES] = 'p',   [APK_REPLACES] = 'r', [APK_PACKAGE_SIZE] = 'S',
        [APK_PRIORITY] = 'k', [APK_INSTALL_IF] = 'i', [APK_TAG] = 's',      [APK_BROKEN] = 'f',
    };
    for (int32_t i = 0; i < APK_FIELDS; i++)
        if (letters[i] == letter)
            return i;
    return -1;
}

static int is_list(int32_t field) {
    return field == APK_DEPENDS || field == APK_PROVIDES || field == APK_REPLACES || field == APK_INSTALL_IF;
}

/* Of a field that stands there twice the last one holds. */
static stella_status take_field(reading *r, int32_t field, stella_sv value) {
    const size_t room = INSTALLED_FIELDS_MAX - r->text.len;
    if (value.len > room || r->lines.is_cut) {
        value = stella_sv_first(value, room);
        value = is_list(field) ? words_whole(value) : value;
        note(r, STELLA_NOTE_ERROR, r->lines.number, "a field longer than its limit was cut (15 MiB a package)");
    }
    r->start[field] = r->text.len;
    r->size[field] = value.len;
    return stella_buf_add(&r->text, value);
}

static stella_sv field(const reading *r, apk_field which) {
    return stella_sv_trim(stella_sv_first(stella_sv_skip(stella_buf_sv(&r->text), r->start[which]), r->size[which]));
}

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

static stella_status flush_files(reading *r, stella_error *err) {
    if (r->files.len == 0)
        return STELLA_OK;
    char key[32];
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(INSTALLED_FILES);
    record.key = stella_sv_of(key, (size_t)snprintf(key, sizeof key, "line %u", r->line));
    record.bytes = stella_buf_sv(&r->files);
    const stella_status status = stella_probe_record(r->probe, &record, err);
    r->files.len = 0;
    return status;
}

/* Ends the file at hand: what comes behind it belongs to another. */
static stella_status end_file(reading *r, stella_error *err) {
    if (r->file.len == 0)
        return STELLA_OK;
    stella_status status = STELLA_OK;
    if (r->files.len + r->file.len + 2 * SHA256_SIZE > INSTALLED_FILES_MAX)
        status = flush_files(r, err);
    if (status == STELLA_OK && r->files.len == 0)
        status = stella_buf_varint(&r->files, r->line);
    if (status == STELLA_OK)
        status = stella_buf_u8(&r->files, (uint8_t)r->is_link);
    if (status == STELLA_OK)
        status = stella_buf_str(&r->files, stella_buf_sv(&r->file));
    if (status == STELLA_OK)
        status = stella_buf_str(&r->files, stella_sv_of(r->digest, r->digest_size));
    r->file.len = r->digest_size = 0;
    r->is_link = 0;
    return status;
}

static stella_sv relative(stella_sv path) {
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    return path;
}

static stella_status begin_dir(reading *r, stella_sv path) {
    r->dir.len = 0;
    path = relative(path);
    if (path.len <= INSTALLED_PATH_MAX)
        return stella_buf_add(&r->dir, path);
    note(r, STELLA_NOTE_ERROR, r->lines.number, "a path longer than 4096 bytes was cut");
    return stella_buf_add(&r->dir, stella_sv_first(path, INSTALLED_PATH_MAX));
}

static stella_status begin_file(reading *r, stella_sv name) {
    r->file.len = 0;
    if (name.len == 0 || r->dir.len + name.len >= INSTALLED_PATH_MAX) {
        note(r, STELLA_NOTE_ERROR, r->lines.number,
             "a file without a name, or with one that is too long, was left out");
        return STELLA_OK;
    }
    stella_status status = stella_buf_add(&r->file, stella_buf_sv(&r->dir));
    if (status == STELLA_OK && r->dir.len)
        status = stella_buf_u8(&r->file, '/');
    return status == STELLA_OK ? stella_buf_add(&r->file, name) : status;
}

/* "Q1" and base64 of a SHA-1, "Q2" and base64 of a SHA-256. */
static stella_status take_digest(reading *r, stella_sv text) {
    const size_t wanted = stella_sv_starts(text, STELLA_SV("Q1"))   ? SHA1_SIZE
                          : stella_sv_starts(text, STELLA_SV("Q2")) ? SHA256_SIZE
                                                                    : 0;
    stella_sv digest = {0};
    const stella_status status =
        wanted && text.len < 64 ? stella_unbase64(stella_sv_skip(text, 2), r->probe->arena, &digest, NULL) : STELLA_OK;
    if (status == STELLA_E_NOMEM)
        return status;
    if (!wanted || digest.len != wanted) {
        note(r, STELLA_NOTE_ERROR, r->lines.number, "a checksum of a file that is none was ignored");
        return STELLA_OK;
    }
    memcpy(r->digest, digest.ptr, digest.len);
    r->digest_size = digest.len;
    return STELLA_OK;
}

/* "uid:gid:mode": apk writes mode 777 for symbolic links. */
static void take_owner(reading *r, stella_sv text) {
    stella_sv part = {0};
    for (int i = 0; i < 3; i++)
        if (!stella_sv_split(&text, ':', &part))
            return;
    r->is_link = stella_sv_eq(part, STELLA_SV("777"));
}

/* ---- lines ---------------------------------------------------------------------------------------------------------
 */

static stella_status take_line(reading *r, stella_sv line, stella_error *err) {
    const int is_line = line.len >= 2 && line.ptr[1] == ':';
    const stella_sv value = stella_sv_skip(line, 2);
    const int32_t which = is_line ? field_of(line.ptr[0]) : -1;
    if (which >= 0)
        return take_field(r, which, value);
    switch (is_line ? line.ptr[0] : 0) {
    case 'F': {
        const stella_status status = end_file(r, err);
        return status == STELLA_OK ? begin_dir(r, value) : status;
    }
    case 'R': {
        const stella_status status = end_file(r, err);
        return status == STELLA_OK ? begin_file(r, value) : status;
    }
    case 'a':
        take_owner(r, value);
        return STELLA_OK;
    case 'Z':
        return take_digest(r, value);
    case 0:
        note(r, STELLA_NOTE_ERROR, r->lines.number, "a line that is no \"X:value\" was ignored");
    }
    return STELLA_OK; /* M, and letters of later versions */
}

static int is_valid(reading *r) {
    const stella_sv arch = field(r, APK_ARCH);
    if (word_is_plain(field(r, APK_NAME)) && word_is_plain(field(r, APK_VERSION)) &&
        (arch.len == 0 || word_is_plain(arch)))
        return 1;
    note(r, STELLA_NOTE_ERROR, r->line, "a package without a valid name, version or architecture was skipped");
    return 0;
}

static stella_status emit(reading *r, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf key = stella_buf_of((size_t)4 * WORD_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)16 << 20);
    stella_sv values[APK_FIELDS];
    for (int i = 0; i < APK_FIELDS; i++)
        values[i] = field(r, (apk_field)i);
    stella_status status = stella_buf_printf(&key, "%.*s:%.*s=%.*s", STELLA_SV_FMT(values[APK_NAME]),
                                             STELLA_SV_FMT(values[APK_ARCH]), STELLA_SV_FMT(values[APK_VERSION]));
    if (status == STELLA_OK)
        status = fields_encode(r->line, values, APK_FIELDS, &bytes);
    if (status != STELLA_OK)
        return no_memory(r, err);
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(INSTALLED_PACKAGE);
    record.key = stella_buf_sv(&key);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(r->probe, &record, err);
}

static stella_status end_package(reading *r, stella_error *err) {
    stella_status status = end_file(r, err);
    if (status == STELLA_OK)
        status = flush_files(r, err);
    if (status == STELLA_OK && r->line && is_valid(r))
        status = emit(r, err);
    memset(r->start, 0, sizeof r->start);
    memset(r->size, 0, sizeof r->size);
    r->text.len = r->dir.len = 0;
    r->line = 0;
    return status;
}

static stella_status read_packages(reading *r, stella_error *err) {
    stella_sv line;
    stella_status status;
    while ((status = stella_lines_next(&r->lines, &line, err)) == STELLA_OK && line.ptr) {
        if (line.len == 0) {
            status = end_package(r, err);
        } else {
            r->line = r->line ? r->line : r->lines.number;
            status = take_line(r, line, err);
        }
        if (status != STELLA_OK)
            return status;
    }
    return status == STELLA_OK ? end_package(r, err) : status;
}

stella_status installed_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(reading_fini)
    reading r = {
        .probe = probe,
        .text = stella_buf_of(INSTALLED_FIELDS_MAX),
        .dir = stella_buf_of(INSTALLED_PATH_MAX),
        .file = stella_buf_of(INSTALLED_PATH_MAX),
        .files = stella_buf_of(INSTALLED_FILES_MAX + 2 * INSTALLED_PATH_MAX),
    };
    stella_lines_init(&r.lines, probe, INSTALLED_LINE_MAX);
    const stella_status status = read_packages(&r, err);
    if (r.notes > INSTALLED_NOTES_MAX)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("more lines of this file are malformed"));
    if (status == STELLA_E_NOMEM && err && err->message[0] == '\0')
        return no_memory(&r, err);
    return status;
}

/* ---- reading records back ------------------------------------------------------------------------------------------
 */

stella_status installed_files_open(stella_sv bytes, installed_files *out, stella_error *err) {
    stella_cursor c = stella_cursor_of(bytes.ptr, bytes.len);
    const uint64_t line = stella_cursor_varint(&c);
    if (!c.ok || line > UINT32_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "a record of files is damaged");
    *out = (installed_files){.line = (uint32_t)line, .rest = stella_sv_skip(bytes, stella_cursor_offset(&c))};
    return STELLA_OK;
}

int installed_files_next(installed_files *files, installed_file *out) {
    stella_cursor c = stella_cursor_of(files->rest.ptr, files->rest.len);
    installed_file file = {.is_link = stella_cursor_u8(&c)};
    file.path = stella_cursor_str(&c, stella_cursor_varint(&c));
    file.digest = stella_cursor_str(&c, stella_cursor_varint(&c));
    if (!c.ok)
        return 0;
    files->rest = stella_sv_skip(files->rest, stella_cursor_offset(&c));
    *out = file;
    return 1;
}
