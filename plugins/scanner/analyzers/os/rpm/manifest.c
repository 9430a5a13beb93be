#include "manifest.h"

#include "tags.h"

#include <stella/auto.h>
#include <stella/lines.h>

enum field {
    FIELD_NAME,
    FIELD_VERSION,
    FIELD_INSTALL_TIME,
    FIELD_BUILD_TIME,
    FIELD_VENDOR,
    FIELD_EPOCH,
    FIELD_SIZE,
    FIELD_ARCH,
    FIELD_EPOCH_NUMBER,
    FIELD_SOURCE_RPM,
    FIELDS
};

/* rpm prints what a package does not have as "(none)". */
static stella_sv or_empty(stella_sv text) {
    return stella_sv_eq(text, STELLA_SV("(none)")) ? STELLA_SV("") : text;
}

static void add_number(header_writer *w, uint32_t tag, stella_sv text) {
    uint64_t number;
    if (stella_sv_u64(text, UINT32_MAX, &number))
        header_writer_number(w, tag, (uint32_t)number);
}

static void add_fields(header_writer *w, const stella_sv *fields, size_t dash, uint32_t number) {
    static const struct {
        uint32_t tag;
        enum field from;
    } texts[] = {
        {TAG_NAME, FIELD_NAME}, {TAG_VENDOR, FIELD_VENDOR}, {TAG_ARCH, FIELD_ARCH}, {TAG_SOURCE_RPM, FIELD_SOURCE_RPM}};
    header_writer_number(w, TAG_OWN_BACKEND, BACKEND_MANIFEST);
    header_writer_number(w, TAG_OWN_LINE, number);
    for (uint32_t i = 0; i < STELLA_COUNT(texts); i++)
        header_writer_text(w, texts[i].tag, or_empty(fields[texts[i].from]));
    header_writer_text(w, TAG_VERSION, stella_sv_first(fields[FIELD_VERSION], dash));
    header_writer_text(w, TAG_RELEASE, stella_sv_skip(fields[FIELD_VERSION], dash + 1));
    add_number(w, TAG_EPOCH, fields[FIELD_EPOCH]); /* "(none)" is no number; the epoch number would say 0 */
    add_number(w, TAG_SIZE, fields[FIELD_SIZE]);
    add_number(w, TAG_BUILD_TIME, fields[FIELD_BUILD_TIME]);
}

static stella_status read_line(package_sink *sink, stella_sv line, uint32_t number, stella_error *err) {
    stella_sv fields[FIELDS] = {0}, rest = line;
    for (int i = 0; i < FIELDS && stella_sv_split(&rest, '\t', &fields[i]); i++)
        ;
    const size_t dash = stella_sv_rfind(fields[FIELD_VERSION], '-');
    if (line.len == 0 || stella_sv_eq(fields[FIELD_NAME], STELLA_SV("gpg-pubkey")))
        return STELLA_OK;
    STELLA_AUTO(header_writer_fini) header_writer w;
    STELLA_AUTO(stella_buf_fini) stella_buf block = stella_buf_of(4 * MANIFEST_LINE_MAX);
    header h;
    header_writer_init(&w, 2 * MANIFEST_LINE_MAX);
    add_fields(&w, fields, dash, number);
    stella_status status = header_writer_finish(&w, &block);
    if (status == STELLA_OK)
        status = header_parse(stella_buf_sv(&block), &h, err);
    if (status != STELLA_OK)
        return stella_error_set(err, status, NULL, "no memory for line %u", number);
    const char *problem = package_problem(&h);
    if (problem || !fields[FIELD_ARCH].ptr) {
        package_note(sink, STELLA_NOTE_ERROR, number, problem ? problem : "a line that names no package was skipped");
        return STELLA_OK;
    }
    return package_emit(sink, &w, err);
}

static void lines_finip(stella_lines *lines) {
    stella_lines_fini(lines);
}

stella_status manifest_probe(stella_probe *probe, package_sink *sink, stella_error *err) {
    STELLA_AUTO(lines_finip) stella_lines lines;
    stella_lines_init(&lines, probe, MANIFEST_LINE_MAX);
    for (;;) {
        stella_sv line;
        stella_status status = stella_lines_next(&lines, &line, err);
        if (status != STELLA_OK || !line.ptr)
            return status;
        if (lines.is_cut)
            package_note(sink, STELLA_NOTE_ERROR, lines.number, "a line of more than 8 KiB was skipped");
        else if ((status = read_line(sink, line, lines.number, err)) != STELLA_OK)
            return status;
    }
}
