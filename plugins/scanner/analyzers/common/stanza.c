#include "stanza.h"

#include "fields.h"

static const stella_sv keys[STANZA_FIELDS] = {
    [STANZA_PACKAGE] = STELLA_SV_INIT("package"),
    [STANZA_STATUS] = STELLA_SV_INIT("status"),
    [STANZA_VERSION] = STELLA_SV_INIT("version"),
    [STANZA_ARCHITECTURE] = STELLA_SV_INIT("architecture"),
    [STANZA_SOURCE] = STELLA_SV_INIT("source"),
    [STANZA_MULTI_ARCH] = STELLA_SV_INIT("multi-arch"),
    [STANZA_MAINTAINER] = STELLA_SV_INIT("maintainer"),
    [STANZA_SECTION] = STELLA_SV_INIT("section"),
    [STANZA_PRIORITY] = STELLA_SV_INIT("priority"),
    [STANZA_ESSENTIAL] = STELLA_SV_INIT("essential"),
    [STANZA_INSTALLED_SIZE] = STELLA_SV_INIT("installed-size"),
    [STANZA_HOMEPAGE] = STELLA_SV_INIT("homepage"),
    [STANZA_DESCRIPTION] = STELLA_SV_INIT("description"),
    [STANZA_DEPENDS] = STELLA_SV_INIT("depends"),
    [STANZA_PRE_DEPENDS] = STELLA_SV_INIT("pre-depends"),
    [STANZA_PROVIDES] = STELLA_SV_INIT("provides"),
    [STANZA_CONFFILES] = STELLA_SV_INIT("conffiles"),
    [STANZA_LICENSE] = STELLA_SV_INIT("license"),
    [STANZA_CPE] = STELLA_SV_INIT("cpe-id"),
    [STANZA_AUTO_INSTALLED] = STELLA_SV_INIT("auto-installed"),
};

static int has_bit(uint32_t bits, int field) {
    return (bits >> field & 1u) != 0;
}

static int32_t field_of(stella_sv key) {
    for (int32_t i = 0; i < STANZA_FIELDS; i++)
        if (key.len == keys[i].len && stella_sv_ieq(key, keys[i]))
            return i;
    return -1;
}

void stanza_init(stanza *s) {
    *s = (stanza){.open_field = -1};
    for (int i = 0; i < STANZA_FIELDS; i++)
        s->values[i] = stella_buf_of(STANZA_FIELD_MAX);
}

void stanza_fini(stanza *s) {
    for (int i = 0; i < STANZA_FIELDS; i++)
        stella_buf_fini(&s->values[i]);
}

/* The buffers keep their memory: a status file has thousands of stanzas. */
static void clear(stanza *s) {
    for (int i = 0; i < STANZA_FIELDS; i++) {
        s->values[i].len = 0;
        s->values[i].failed = 0;
    }
    s->line = s->bad_line = s->cut_line = s->cut = 0;
    s->open_field = -1;
}

static void mark_cut(stanza *s, uint32_t line) {
    if (s->open_field >= 0)
        s->cut |= 1u << s->open_field;
    if (!s->cut_line)
        s->cut_line = line;
}

static stella_status append(stanza *s, stella_sv text, const stella_lines *lines, stella_error *err) {
    stella_buf *value = &s->values[s->open_field];
    stella_status status = has_bit(s->cut, s->open_field) ? STELLA_OK : stella_buf_add(value, text);
    if (status == STELLA_E_NOMEM)
        return stella_error_set(err, status, NULL, "no memory for a field of line %u", lines->number);
    if (status != STELLA_OK || lines->is_cut)
        mark_cut(s, lines->number);
    return STELLA_OK;
}

static stella_status begin_field(stanza *s, stella_sv line, const stella_lines *lines, stella_error *err) {
    const size_t colon = stella_sv_find(line, ':');
    s->open_field = -1;
    if (colon == 0 || colon == line.len) {
        if (!s->bad_line)
            s->bad_line = lines->number;
        return STELLA_OK;
    }
    s->open_field = field_of(stella_sv_first(line, colon));
    if (s->open_field < 0)
        return STELLA_OK;
    s->values[s->open_field].len = 0; /* of a field that stands there twice the last one holds, as in dpkg */
    s->cut &= ~(1u << s->open_field);
    return append(s, stella_sv_trim(stella_sv_skip(line, colon + 1)), lines, err);
}

static stella_status continue_field(stanza *s, stella_sv line, const stella_lines *lines, stella_error *err) {
    if (s->open_field < 0 || s->open_field == STANZA_DESCRIPTION)
        return STELLA_OK;
    const stella_status status = append(s, STELLA_SV("\n"), lines, err);
    return status == STELLA_OK ? append(s, stella_sv_trim(line), lines, err) : status;
}

stella_status stanza_read(stanza *s, stella_lines *lines, stella_error *err) {
    clear(s);
    for (;;) {
        stella_sv line;
        stella_status status = stella_lines_next(lines, &line, err);
        if (status != STELLA_OK)
            return status;
        if (!line.ptr)
            return STELLA_OK;
        if (stella_sv_trim(line).len == 0) {
            if (s->line)
                return STELLA_OK;
            continue;
        }
        if (!s->line)
            s->line = lines->number;
        const int continues = line.ptr[0] == ' ' || line.ptr[0] == '\t';
        status = continues ? continue_field(s, line, lines, err) : begin_field(s, line, lines, err);
        if (status != STELLA_OK)
            return status;
    }
}

stella_sv stanza_value(const stanza *s, stanza_field field) {
    return stella_sv_trim(stella_buf_sv(&s->values[field]));
}

/* The end of a list that was cut may be half a name: it ends at its last whole item. */
static stella_sv whole_part(const stanza *s, stanza_field field) {
    const stella_sv value = stanza_value(s, field);
    if (!has_bit(s->cut, field) || (field != STANZA_DEPENDS && field != STANZA_PRE_DEPENDS &&
                                    field != STANZA_PROVIDES && field != STANZA_CONFFILES))
        return value;
    const size_t end = stella_sv_rfind(value, field == STANZA_CONFFILES ? '\n' : ',');
    return stella_sv_first(value, end < value.len ? end : 0);
}

stella_status stanza_encode(const stanza *s, stella_buf *out) {
    stella_sv values[STANZA_FIELDS];
    for (int i = 0; i < STANZA_FIELDS; i++)
        values[i] = whole_part(s, (stanza_field)i);
    return fields_encode(s->line, values, STANZA_FIELDS, out);
}

stella_status stanza_decode(stella_sv bytes, stanza_view *out, stella_error *err) {
    return fields_decode(bytes, STANZA_FIELDS, &out->line, out->values, err);
}
