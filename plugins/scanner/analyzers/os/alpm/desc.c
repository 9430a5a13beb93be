#include "desc.h"

#include "common/fields.h"
#include "common/words.h"

#include <stella/auto.h>
#include <stella/lines.h>

typedef struct reading {
    stella_probe *probe;
    stella_lines lines;
    stella_buf values[DESC_FIELDS];
    int32_t open;      /* the field that values belong to, -1: one that is not kept */
    uint32_t cut_line; /* the first line that did not fit; 0: none */
} reading;

static void reading_fini(reading *r) {
    stella_lines_fini(&r->lines);
    for (int i = 0; i < DESC_FIELDS; i++)
        stella_buf_fini(&r->values[i]);
}

static int32_t field_of(stella_sv line) {
    static const stella_sv keys[DESC_FIELDS] = {
        [DESC_NAME] = STELLA_SV_INIT("%NAME%"),
        [DESC_VERSION] = STELLA_SV_INIT("%VERSION%"),
        [DESC_BASE] = STELLA_SV_INIT("%BASE%"),
        [DESC_DESC] = STELLA_SV_INIT("%DESC%"),
        [DESC_URL] = STELLA_SV_INIT("%URL%"),
        [DESC_ARCH] = STELLA_SV_INIT("%ARCH%"),
        [DESC_PACKAGER] = STELLA_SV_INIT("%PACKAGER%"),
        [DESC_SIZE] = STELLA_SV_INIT("%SIZE%"),
        [DESC_BUILDDATE] = STELLA_SV_INIT("%BUILDDATE%"),
        [DESC_REASON] = STELLA_SV_INIT("%REASON%"),
        [DESC_VALIDATION] = STELLA_SV_INIT("%VALIDATION%"),
        [DESC_LICENSE] = STELLA_SV_INIT("%LICENSE%"),
        [DESC_DEPENDS] = STELLA_SV_INIT("%DEPENDS%"),
        [DESC_PROVIDES] = STELLA_SV_INIT("%PROVIDES%"),
        [DESC_GROUPS] = STELLA_SV_INIT("%GROUPS%"),
    };
    for (int32_t i = 0; i < DESC_FIELDS; i++)
        if (stella_sv_eq(line, keys[i]))
            return i;
    return -1;
}

/* A value that does not fit whole is left out: half a name is another's. */
static stella_status take_value(reading *r, stella_sv value) {
    stella_buf *buf = &r->values[r->open];
    const int fits = !r->lines.is_cut && buf->len + value.len + 1 <= DESC_FIELD_MAX;
    if (!fits) {
        r->cut_line = r->cut_line ? r->cut_line : r->lines.number;
        return STELLA_OK;
    }
    const stella_status status = buf->len ? stella_buf_u8(buf, '\n') : STELLA_OK;
    return status == STELLA_OK ? stella_buf_add(buf, value) : status;
}

static stella_status take_line(reading *r, stella_sv line) {
    if (line.len == 0) {
        r->open = -1;
        return STELLA_OK;
    }
    if (line.len > 2 && line.ptr[0] == '%' && line.ptr[line.len - 1] == '%') {
        r->open = field_of(line);
        if (r->open >= 0) /* of a key that stands there twice the last one holds */
            r->values[r->open].len = 0;
        return STELLA_OK;
    }
    return r->open >= 0 ? take_value(r, line) : STELLA_OK;
}

static stella_status emit(const reading *r, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf key = stella_buf_of((size_t)4 * WORD_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)DESC_FIELDS * (DESC_FIELD_MAX + 16));
    stella_sv values[DESC_FIELDS];
    for (int i = 0; i < DESC_FIELDS; i++)
        values[i] = stella_sv_trim(stella_buf_sv(&r->values[i]));
    stella_status status = stella_buf_printf(&key, "%.*s:%.*s=%.*s", STELLA_SV_FMT(values[DESC_NAME]),
                                             STELLA_SV_FMT(values[DESC_ARCH]), STELLA_SV_FMT(values[DESC_VERSION]));
    if (status == STELLA_OK)
        status = fields_encode(1, values, DESC_FIELDS, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for a package");
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(DESC_RECORD);
    record.key = stella_buf_sv(&key);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(r->probe, &record, err);
}

static int is_valid(const reading *r) {
    const stella_sv arch = stella_sv_trim(stella_buf_sv(&r->values[DESC_ARCH]));
    return word_is_plain(stella_sv_trim(stella_buf_sv(&r->values[DESC_NAME]))) &&
           word_is_plain(stella_sv_trim(stella_buf_sv(&r->values[DESC_VERSION]))) &&
           (arch.len == 0 || word_is_plain(arch));
}

stella_status desc_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(reading_fini) reading r = {.probe = probe, .open = -1};
    stella_sv line;
    stella_status status;
    stella_lines_init(&r.lines, probe, DESC_LINE_MAX);
    for (int i = 0; i < DESC_FIELDS; i++)
        r.values[i] = stella_buf_of(DESC_FIELD_MAX);
    while ((status = stella_lines_next(&r.lines, &line, err)) == STELLA_OK && line.ptr) {
        status = take_line(&r, line);
        if (status != STELLA_OK)
            return stella_error_set(err, status, NULL, "no memory for line %u", r.lines.number);
    }
    if (status != STELLA_OK)
        return status;
    if (r.cut_line)
        stella_probe_note(probe, STELLA_NOTE_ERROR, r.cut_line,
                          STELLA_SV("values longer than their limit were left out (64 KiB a line, 512 KiB a key)"));
    if (is_valid(&r))
        return emit(&r, err);
    stella_probe_note(probe, STELLA_NOTE_ERROR, 0,
                      STELLA_SV("a package without a valid name, version or architecture was skipped"));
    return STELLA_OK;
}
