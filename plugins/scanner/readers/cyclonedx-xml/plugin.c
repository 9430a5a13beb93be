/* The reader of CycloneDX XML (README.md). */
#include "convert.h"

#include "common/check.h"

static stella_status read_document(void *self, stella_reading *reading, stella_error *err) {
    (void)self;
    const xml_node *bom = NULL;
    const stella_json *root = NULL;
    stella_status status = xml_parse(reading->document->bytes, reading->job->arena, &bom, err);
    if (status == STELLA_OK)
        status = convert_bom(bom, reading->job->arena, &root, err);
    if (!check_is_wanted(reading))
        return status == STELLA_OK ? cyclonedx_read(reading, root, err) : status;
    return status == STELLA_OK ? cyclonedx_check(reading, root, 0, err)
                               : check_malformed(reading, "CycloneDX, XML", err);
}

/* In UTF-8, or in UTF-16 of either order, whose name of the namespace has a zero behind or before each letter. */
static uint32_t detect(void *self, stella_sv bytes) {
    (void)self;
    static const char wide[] = "c\0y\0c\0l\0o\0n\0e\0d\0x\0.\0o\0r\0g\0/\0s\0c\0h\0e\0m\0a\0/\0b\0o\0m\0/";
    const stella_sv text = stella_sv_starts(bytes, STELLA_SV("\xef\xbb\xbf")) ? stella_sv_skip(bytes, 3) : bytes;
    if (stella_sv_starts(text, STELLA_SV("\xff\xfe")) || stella_sv_starts(text, STELLA_SV("\xfe\xff")))
        return memmem(text.ptr, text.len, wide, sizeof wide - 1) ? 90 : 0;
    const stella_sv space = STELLA_SV(CONVERT_NAMESPACE);
    return stella_sv_starts(stella_sv_trim(text), STELLA_SV("<")) && memmem(text.ptr, text.len, space.ptr, space.len)
               ? 90
               : 0;
}

static const stella_reader reader = {
    .head = STELLA_HEAD(stella_reader), .format = "cyclonedx-xml", .detect = detect, .read = read_document};

STELLA_PLUGIN("org.stella-ops.reader.cyclonedx-xml", "0.1.0", STELLA_READER_INTERFACE, reader, .create = NULL);
