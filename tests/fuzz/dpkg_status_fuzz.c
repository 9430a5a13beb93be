/* A status file: reading never fails for its content, and every record can be read back. */
#include "plugins/scanner/analyzers/common/stanza.h"
#include "plugins/scanner/analyzers/os/dpkg/status.h"

#include <assert.h>

typedef struct input {
    stella_probe base;
    stella_sv left;
    uint32_t records;
} input;

static stella_status read_piece(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    input *in = (input *)probe;
    (void)err;
    *chunk = stella_sv_first(in->left, 5);
    in->left = stella_sv_skip(in->left, chunk->len);
    return STELLA_OK;
}

static stella_status take_record(stella_probe *probe, const stella_record *record, stella_error *err) {
    stanza_view view;
    assert(record->key.len <= 4096);
    assert(stanza_decode(record->bytes, &view, err) == STELLA_OK);
    assert(view.values[STANZA_PACKAGE].len && view.values[STANZA_VERSION].len && view.line);
    ((input *)probe)->records++;
    return STELLA_OK;
}

static void take_note(stella_probe *probe, uint32_t severity, uint32_t line, stella_sv message) {
    (void)probe;
    (void)severity;
    (void)line;
    assert(message.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const stella_probe_ops ops = {
        .head = STELLA_HEAD(stella_probe_ops), .read = read_piece, .record = take_record, .note = take_note};
    const stella_file file = {.struct_size = sizeof file, .path = STELLA_SV(STATUS_PATH)};
    input in = {.base = {.head = STELLA_HEAD(stella_probe), .ops = &ops, .file = &file},
                .left = stella_sv_of((const char *)data, size)};
    assert(status_probe(&in.base, NULL) == STELLA_OK);
    assert(in.records <= size);
    return 0;
}
