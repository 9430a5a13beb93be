/* The reader of CycloneDX JSON (README.md). */
#include "common/check.h"
#include "cyclonedx/cyclonedx.h"

static stella_status read_document(void *self, stella_reading *reading, stella_error *err) {
    (void)self;
    const stella_json *root = NULL;
    const stella_status status = stella_json_parse(reading->document->bytes, reading->job->arena, &root, err);
    if (!check_is_wanted(reading))
        return status == STELLA_OK ? cyclonedx_read(reading, root, err) : status;
    return status == STELLA_OK ? cyclonedx_check(reading, root, 1, err)
                               : check_malformed(reading, "CycloneDX, JSON", err);
}

static uint32_t detect(void *self, stella_sv bytes) {
    (void)self;
    return stella_sv_starts(stella_sv_trim(bytes), STELLA_SV("{")) && memmem(bytes.ptr, bytes.len, "\"CycloneDX\"", 11)
               ? 90
               : 0;
}

static const stella_reader reader = {
    .head = STELLA_HEAD(stella_reader), .format = "cyclonedx-json", .detect = detect, .read = read_document};

STELLA_PLUGIN("org.stella-ops.reader.cyclonedx-json", "0.1.0", STELLA_READER_INTERFACE, reader, .create = NULL);
