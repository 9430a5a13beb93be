/* The reader of SPDX 2.2 and 2.3 JSON (README.md). */
#include "common/check.h"
#include "spdx2/spdx2.h"

static stella_status read_document(void *self, stella_reading *reading, stella_error *err) {
    (void)self;
    const stella_json *root = NULL;
    const stella_status status = stella_json_parse(reading->document->bytes, reading->job->arena, &root, err);
    if (status != STELLA_OK)
        return check_is_wanted(reading) ? check_malformed(reading, "SPDX 2, JSON", err) : status;
    if (!stella_sv_starts(stella_json_str(stella_json_get(root, "spdxVersion")), STELLA_SV("SPDX-2.")))
        return stella_error_set(err, STELLA_E_FORMAT, "/spdxVersion", "not an SPDX 2 document");
    return check_is_wanted(reading) ? spdx2_check(reading, root, "JSON", err) : spdx2_read(reading, root, err);
}

static uint32_t detect(void *self, stella_sv bytes) {
    (void)self;
    /* Members may come in any order: the version of a document sorted by name is behind all its packages. */
    return stella_sv_starts(stella_sv_trim(bytes), STELLA_SV("{")) && memmem(bytes.ptr, bytes.len, "\"SPDX-2.", 8) ? 80
                                                                                                                   : 0;
}

static const stella_reader reader = {
    .head = STELLA_HEAD(stella_reader), .format = "spdx-json", .detect = detect, .read = read_document};

STELLA_PLUGIN("org.stella-ops.reader.spdx-json", "0.1.0", STELLA_READER_INTERFACE, reader, .create = NULL);
