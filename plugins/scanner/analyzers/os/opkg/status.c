#include "status.h"

#include "common/stanza.h"
#include "common/words.h"

#include <stella/auto.h>

typedef struct reading {
    stella_probe *probe;
    int is_control;
    uint32_t notes;
} reading;

static void note(reading *r, uint32_t line, const char *message) {
    if (r->notes++ < STATUS_NOTES_MAX)
        stella_probe_note(r->probe, STELLA_NOTE_ERROR, line, stella_sv_cstr(message));
}

int status_is_installed(stella_sv status) {
    stella_sv word = {0};
    for (int i = 0; i < 3; i++)
        if (!word_next(&status, &word))
            return 0;
    return stella_sv_eq(word, STELLA_SV("installed"));
}

/* Names become parts of paths. */
static int is_name(stella_sv name) {
    return word_is_plain(name) && stella_sv_find(name, '/') == name.len && name.ptr[0] != '.';
}

static int is_wanted(reading *r, const stanza *s) {
    if (s->bad_line)
        note(r, s->bad_line, "a line that is no \"Key: value\" was ignored");
    if (s->cut_line)
        note(r, s->cut_line, "a field longer than its limit was cut (256 KiB a line, 1 MiB in all)");
    if (!is_name(stanza_value(s, STANZA_PACKAGE)) || !word_is_plain(stanza_value(s, STANZA_VERSION))) {
        note(r, s->line, "a stanza without a valid Package or Version field was skipped");
        return 0;
    }
    return r->is_control || status_is_installed(stanza_value(s, STANZA_STATUS));
}

static stella_status emit(reading *r, const stanza *s, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf key = stella_buf_of((size_t)4 * WORD_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)15 << 20);
    const stella_sv arch = stella_sv_first(stanza_value(s, STANZA_ARCHITECTURE), WORD_MAX);
    stella_status status = stella_buf_add(&key, stanza_value(s, STANZA_PACKAGE));
    if (status == STELLA_OK && !r->is_control)
        status =
            stella_buf_printf(&key, ":%.*s=%.*s", STELLA_SV_FMT(arch), STELLA_SV_FMT(stanza_value(s, STANZA_VERSION)));
    if (status == STELLA_OK)
        status = stanza_encode(s, &bytes);
    if (status == STELLA_E_LIMIT) {
        note(r, s->line, "a package with more than 15 MiB of fields was skipped");
        return STELLA_OK;
    }
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for the record of line %u", s->line);
    stella_record record = STELLA_RECORD_INIT;
    record.kind = r->is_control ? STELLA_SV(STATUS_CONTROL) : STELLA_SV(STATUS_PACKAGE);
    record.key = stella_buf_sv(&key);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(r->probe, &record, err);
}

static void lines_finip(stella_lines *lines) {
    stella_lines_fini(lines);
}

stella_status status_probe(stella_probe *probe, stella_error *err) {
    reading r = {.probe = probe, .is_control = stella_sv_ends(probe->file->path, STELLA_SV(".control"))};
    STELLA_AUTO(lines_finip) stella_lines lines;
    stella_lines_init(&lines, probe, STANZA_LINE_MAX);
    STELLA_AUTO(stanza_fini) stanza s;
    stanza_init(&s);
    stella_status status;
    while ((status = stanza_read(&s, &lines, err)) == STELLA_OK && s.line) {
        status = is_wanted(&r, &s) ? emit(&r, &s, err) : STELLA_OK;
        if (status != STELLA_OK)
            return status;
    }
    if (r.notes > STATUS_NOTES_MAX)
        stella_probe_note(probe, STELLA_NOTE_ERROR, 0, STELLA_SV("more stanzas of this file are malformed"));
    return status;
}
