#include "status.h"

#include "common/stanza.h"

#include <stella/auto.h>

/* The notes of one file, with their maximum. */
typedef struct notes {
    stella_probe *probe;
    uint32_t count;
} notes;

static void note(notes *n, uint32_t severity, uint32_t line, const char *message) {
    if (n->count++ < STATUS_NOTES_MAX)
        stella_probe_note(n->probe, severity, line, stella_sv_cstr(message));
}

static void note_the_rest(const notes *n) {
    if (n->count > STATUS_NOTES_MAX)
        stella_probe_note(n->probe, STELLA_NOTE_ERROR, 0, STELLA_SV("more stanzas of this file are malformed"));
}

static stella_sv word_at(stella_sv text, unsigned position) {
    stella_sv word = {0};
    for (unsigned i = 0; i <= position; i++) {
        text = stella_sv_trim(text);
        size_t len = 0;
        while (len < text.len && text.ptr[len] != ' ' && text.ptr[len] != '\t')
            len++;
        word = stella_sv_first(text, len);
        text = stella_sv_skip(text, len);
    }
    return word;
}

int status_is_installed(stella_sv status) {
    const stella_sv state = word_at(status, 2);
    return stella_sv_eq(state, STELLA_SV("installed")) || stella_sv_eq(state, STELLA_SV("triggers-awaited")) ||
           stella_sv_eq(state, STELLA_SV("triggers-pending"));
}

/* Removed, but its configuration is still there; or never installed: the usual states of what is not installed. */
static int is_plainly_absent(stella_sv status) {
    const stella_sv state = word_at(status, 2);
    return stella_sv_eq(state, STELLA_SV("config-files")) || stella_sv_eq(state, STELLA_SV("not-installed"));
}

static int is_alnum(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/* dpkg's rule for names, also of architectures; it makes them safe as parts of a path. */
static int is_name(stella_sv name) {
    if (name.len == 0 || name.len > STATUS_WORD_MAX || !is_alnum(name.ptr[0]))
        return 0;
    for (size_t i = 1; i < name.len; i++)
        if (!is_alnum(name.ptr[i]) && !memchr("+-._", name.ptr[i], 4))
            return 0;
    return 1;
}

static int is_version(stella_sv version) {
    if (version.len == 0 || version.len > STATUS_WORD_MAX)
        return 0;
    for (size_t i = 0; i < version.len; i++)
        if (!is_alnum(version.ptr[i]) && !memchr(".+-~:_", version.ptr[i], 6))
            return 0;
    return 1;
}

static stella_status emit(stella_probe *probe, const stanza *s, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf key = stella_buf_of(4 * STATUS_WORD_MAX);
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = stella_buf_of((size_t)STANZA_FIELDS * (STANZA_FIELD_MAX + 8));
    const stella_sv name = stanza_value(s, STANZA_PACKAGE), version = stanza_value(s, STANZA_VERSION),
                    arch = stanza_value(s, STANZA_ARCHITECTURE);
    stella_status status =
        stella_buf_printf(&key, "%.*s:%.*s=%.*s", STELLA_SV_FMT(name), STELLA_SV_FMT(arch), STELLA_SV_FMT(version));
    if (status == STELLA_OK)
        status = stanza_encode(s, &bytes);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for the record of line %u", s->line);
    stella_record record = STELLA_RECORD_INIT;
    record.kind = STELLA_SV(STATUS_RECORD);
    record.key = stella_buf_sv(&key);
    record.bytes = stella_buf_sv(&bytes);
    return stella_probe_record(probe, &record, err);
}

/* Whether the stanza names an installed package; says so when it is not whole. */
static int is_wanted(notes *n, const stanza *s, int needs_status) {
    const stella_sv status = stanza_value(s, STANZA_STATUS), arch = stanza_value(s, STANZA_ARCHITECTURE);
    if (s->bad_line)
        note(n, STELLA_NOTE_ERROR, s->bad_line, "a line that is no \"Key: value\" was ignored");
    if (s->cut_line)
        note(n, STELLA_NOTE_ERROR, s->cut_line, "a field longer than its limit was cut (256 KiB a line, 1 MiB in all)");
    if (!is_name(stanza_value(s, STANZA_PACKAGE))) {
        note(n, STELLA_NOTE_ERROR, s->line, "a stanza without a valid Package field was skipped");
        return 0;
    }
    if ((status.len || needs_status) && !status_is_installed(status)) {
        if (!is_plainly_absent(status))
            note(n, STELLA_NOTE_INFO, s->line, "a package that is only partly installed was left out");
        return 0;
    }
    if (!is_version(stanza_value(s, STANZA_VERSION)) || (arch.len && !is_name(arch))) {
        note(n, STELLA_NOTE_ERROR, s->line, "a package without a valid Version or Architecture field was skipped");
        return 0;
    }
    return 1;
}

/* Control files that distroless images put beside the stanza: NAME.md5sums, NAME.preinst. */
static int is_companion(stella_sv path) {
    static const stella_sv suffixes[] = {
        STELLA_SV_INIT(".md5sums"),  STELLA_SV_INIT(".preinst"),   STELLA_SV_INIT(".postinst"),
        STELLA_SV_INIT(".prerm"),    STELLA_SV_INIT(".postrm"),    STELLA_SV_INIT(".conffiles"),
        STELLA_SV_INIT(".list"),     STELLA_SV_INIT(".shlibs"),    STELLA_SV_INIT(".symbols"),
        STELLA_SV_INIT(".triggers"), STELLA_SV_INIT(".templates"), STELLA_SV_INIT(".config"),
    };
    for (uint32_t i = 0; i < STELLA_COUNT(suffixes); i++)
        if (stella_sv_ends(path, suffixes[i]))
            return 1;
    return 0;
}

static void lines_finip(stella_lines *lines) {
    stella_lines_fini(lines);
}

stella_status status_probe(stella_probe *probe, stella_error *err) {
    const int is_database = stella_sv_eq(probe->file->path, STELLA_SV(STATUS_PATH));
    if (!is_database && is_companion(probe->file->path))
        return STELLA_OK;
    notes n = {.probe = probe};
    STELLA_AUTO(lines_finip) stella_lines lines;
    stella_lines_init(&lines, probe, STANZA_LINE_MAX);
    STELLA_AUTO(stanza_fini) stanza s;
    stanza_init(&s);
    stella_status status;
    while ((status = stanza_read(&s, &lines, err)) == STELLA_OK && s.line) {
        if (!is_wanted(&n, &s, is_database))
            continue;
        status = emit(probe, &s, err);
        if (status != STELLA_OK)
            return status;
    }
    note_the_rest(&n);
    return status;
}
