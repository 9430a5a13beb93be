/* The reader of SPDX 3.0 JSON-LD (README.md). */
#include "check.h"
#include "convert.h"

#include "common/check.h"

static stella_status read_document(void *self, stella_reading *reading, stella_error *err) {
    (void)self;
    const stella_json *graph = NULL, *root = NULL;
    stella_status status = stella_json_parse(reading->document->bytes, reading->job->arena, &graph, err);
    if (check_is_wanted(reading))
        return status == STELLA_OK ? spdx3_check(reading, graph, err) : check_malformed(reading, "SPDX 3, JSON", err);
    if (status == STELLA_OK)
        status = convert_graph(graph, reading->job->arena, &root, err);
    return status == STELLA_OK ? spdx2_read(reading, root, err) : status;
}

static uint32_t detect(void *self, stella_sv bytes) {
    (void)self;
    const stella_sv context = STELLA_SV("\"https://spdx.org/rdf/3.");
    return stella_sv_starts(stella_sv_trim(bytes), STELLA_SV("{")) &&
                   memmem(bytes.ptr, bytes.len, context.ptr, context.len)
               ? 85
               : 0;
}

static const stella_reader reader = {
    .head = STELLA_HEAD(stella_reader), .format = "spdx3-json", .detect = detect, .read = read_document};

STELLA_PLUGIN("org.stella-ops.reader.spdx3-json", "0.1.0", STELLA_READER_INTERFACE, reader, .create = NULL);
