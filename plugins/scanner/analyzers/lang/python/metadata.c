#include "metadata.h"

#include "name.h"

#include "common/fields.h"

#include <stella/auto.h>
#include <stella/cursor.h>

typedef struct reading {
    stella_probe *probe;
    stella_sv member; /* of an archive; empty: the file itself */
    stella_buf values[METADATA_FIELDS];
    metadata_field open; /* whom a continuation line belongs to; METADATA_FIELDS: nobody */
    uint32_t line;
    int was_cut, is_ended;
    uint32_t author_rank;
} reading;

static void reading_init(reading *r, stella_probe *probe) {
    memset(r, 0, sizeof *r);
    r->probe = probe;
    r->open = METADATA_FIELDS;
    for (int i = 0; i < METADATA_FIELDS; i++)
        r->values[i] = stella_buf_of(METADATA_FIELD_MAX);
}

static void reading_fini(reading *r) {
    for (int i = 0; i < METADATA_FIELDS; i++)
        stella_buf_fini(&r->values[i]);
}

static void note(const reading *r, uint32_t line, const char *message) {
    const stella_sv text = r->member.len ? stella_arena_printf(r->probe->arena, "%.*s: %s",
                                                               STELLA_SV_FMT(stella_sv_first(r->member, 200)), message)
                                         : stella_sv_cstr(message);
    stella_probe_note(r->probe, STELLA_NOTE_ERROR, line, text);
}

/* Adds to a field, as a line of its own when there is one already. */
static stella_status add(reading *r, metadata_field field, stella_sv value) {
    stella_buf *buf = &r->values[field];
    if (buf->failed)
        return STELLA_OK;
    stella_status status = buf->len ? stella_buf_add(buf, STELLA_SV("\n")) : STELLA_OK;
    if (status == STELLA_OK)
        status = stella_buf_add(buf, value);
    if (status == STELLA_E_LIMIT) {
        r->was_cut = 1;
        return STELLA_OK;
    }
    return status;
}

typedef struct header {
    stella_sv key;
    metadata_field field;
    int is_list;
} header;

static const header headers[] = {
    {STELLA_SV_INIT("Name"), METADATA_NAME, 0},
    {STELLA_SV_INIT("Version"), METADATA_VERSION, 0},
    {STELLA_SV_INIT("License-Expression"), METADATA_EXPRESSION, 0},
    {STELLA_SV_INIT("License"), METADATA_LICENSE, 0},
    {STELLA_SV_INIT("Classifier"), METADATA_CLASSIFIERS, 1},
    {STELLA_SV_INIT("License-File"), METADATA_LICENSE_FILES, 1},
    {STELLA_SV_INIT("Requires-Dist"), METADATA_REQUIRES, 1},
    {STELLA_SV_INIT("Summary"), METADATA_SUMMARY, 0},
    {STELLA_SV_INIT("Home-page"), METADATA_HOMEPAGE, 0},
};

/* The better of those that name a person wins: maintainers before authors, with an address before without. */
static stella_status set_author(reading *r, stella_sv key, stella_sv value) {
    static const stella_sv keys[] = {STELLA_SV_INIT("Author"), STELLA_SV_INIT("Author-email"),
                                     STELLA_SV_INIT("Maintainer"), STELLA_SV_INIT("Maintainer-email")};
    for (uint32_t rank = 1; rank <= 4; rank++) {
        if (!stella_sv_ieq(key, keys[rank - 1]) || rank <= r->author_rank || value.len == 0)
            continue;
        r->author_rank = rank;
        r->values[METADATA_AUTHOR].len = 0;
        r->open = METADATA_AUTHOR;
        return add(r, METADATA_AUTHOR, value);
    }
    return STELLA_OK;
}

static stella_status take_header(reading *r, stella_sv key, stella_sv value, uint32_t number) {
    r->open = METADATA_FIELDS;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++) {
        const header *h = &headers[i];
        if (!stella_sv_ieq(key, h->key))
            continue;
        if (!h->is_list && r->values[h->field].len)
            return STELLA_OK; /* the first of its kind holds */
        if (h->field == METADATA_CLASSIFIERS && !stella_sv_starts(value, STELLA_SV("License ::")))
            return STELLA_OK;
        if (h->field == METADATA_NAME)
            r->line = number;
        r->open = h->is_list ? METADATA_FIELDS : h->field;
        return add(r, h->field, value);
    }
    return set_author(r, key, value);
}

/* A line that is neither header nor continuation is stepped over: it must not lose the package. */
static stella_status take_line(reading *r, stella_sv line, uint32_t number) {
    if (number == 1 && stella_sv_starts(line, STELLA_SV("\xef\xbb\xbf")))
        line = stella_sv_skip(line, 3);
    if (line.len == 0) {
        r->is_ended = 1;
        return STELLA_OK;
    }
    if (line.ptr[0] == ' ' || line.ptr[0] == '\t')
        return r->open < METADATA_FIELDS ? add(r, r->open, stella_sv_trim(line)) : STELLA_OK;
    const size_t colon = stella_sv_find(line, ':');
    if (colon == line.len)
        return STELLA_OK;
    return take_header(r, stella_sv_first(line, colon), stella_sv_trim(stella_sv_skip(line, colon + 1)), number);
}

static stella_status emit(reading *r, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)15 << 20);
    stella_sv values[METADATA_FIELDS];
    for (int i = 0; i < METADATA_FIELDS; i++) {
        values[i] = stella_buf_sv(&r->values[i]);
        if (stella_sv_utf8_prefix(values[i]) != values[i].len)
            values[i] = stella_sv_of(NULL, 0); /* old metadata in Latin-1: the field is not known */
    }
    if (!name_is_valid(values[METADATA_NAME])) {
        note(r, r->line, "metadata without a valid Name was skipped");
        return STELLA_OK;
    }
    if (!version_is_valid(values[METADATA_VERSION])) {
        note(r, r->line, "metadata without a valid Version");
        values[METADATA_VERSION] = stella_sv_of(NULL, 0);
    }
    if (r->was_cut)
        note(r, 0, "a field longer than 1 MiB was cut");
    stella_record record = {.struct_size = sizeof record, .kind = STELLA_SV(METADATA_RECORD)};
    record.key = stella_arena_printf(r->probe->arena, "%.*s=%.*s", STELLA_SV_FMT(values[METADATA_NAME]),
                                     STELLA_SV_FMT(values[METADATA_VERSION]));
    const stella_status status = fields_encode(r->line, values, METADATA_FIELDS, &bytes);
    if (status != STELLA_OK || !record.key.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the metadata");
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(r->probe, &record, err);
}

static void lines_finip(stella_lines *lines) {
    stella_lines_fini(lines);
}

stella_status metadata_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(reading_fini) reading r;
    STELLA_AUTO(lines_finip) stella_lines lines;
    stella_sv line = {0};
    reading_init(&r, probe);
    stella_lines_init(&lines, probe, METADATA_LINE_MAX);
    while (!r.is_ended) {
        const stella_status status = stella_lines_next(&lines, &line, err);
        if (status != STELLA_OK)
            return status;
        if (!line.ptr)
            break;
        if (take_line(&r, line, lines.number) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the metadata");
    }
    return emit(&r, err);
}

stella_status metadata_probe_text(stella_probe *probe, stella_sv text, stella_sv name, stella_error *err) {
    STELLA_AUTO(reading_fini) reading r;
    stella_cursor cursor = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    reading_init(&r, probe);
    r.member = name;
    for (uint32_t number = 1; !r.is_ended && stella_cursor_line(&cursor, &line); number++)
        if (take_line(&r, stella_sv_first(line, METADATA_LINE_MAX), number) != STELLA_OK)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the metadata");
    return emit(&r, err);
}

stella_status metadata_decode(stella_sv bytes, metadata_view *out, stella_error *err) {
    metadata_view view;
    const stella_status status = fields_decode(bytes, METADATA_FIELDS, &view.line, view.values, err);
    if (status == STELLA_OK)
        *out = view;
    return status;
}
