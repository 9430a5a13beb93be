/* The reader of SPDX 2.2 and 2.3 tag-value (README.md). */
#include "convert.h"

#include "common/check.h"

static stella_status read_document(void *self, stella_reading *reading, stella_error *err) {
    (void)self;
    const stella_json *root = NULL;
    const stella_status status = convert_tags(reading->document->bytes, reading->job->arena, &root, err);
    if (!check_is_wanted(reading))
        return status == STELLA_OK ? spdx2_read(reading, root, err) : status;
    return status == STELLA_OK ? spdx2_check(reading, root, "tag-value", err)
                               : check_malformed(reading, "SPDX 2, tag-value", err);
}

/* The version is the first tag, but for comments. */
static uint32_t detect(void *self, stella_sv bytes) {
    (void)self;
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    stella_sv rest = stella_sv_starts(bytes, mark) ? stella_sv_skip(bytes, mark.len) : bytes;
    for (stella_sv line; stella_sv_split(&rest, '\n', &line);) {
        line = stella_sv_trim(line);
        if (line.len && line.ptr[0] != '#')
            return stella_sv_starts(line, STELLA_SV("SPDXVersion:")) ? 90 : 0;
    }
    return 0;
}

static const stella_reader reader = {
    .head = STELLA_HEAD(stella_reader), .format = "spdx-tag-value", .detect = detect, .read = read_document};

STELLA_PLUGIN("org.stella-ops.reader.spdx-tag-value", "0.1.0", STELLA_READER_INTERFACE, reader, .create = NULL);
