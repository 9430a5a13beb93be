/* A manifest: reading never fails for its content, and every record can be read back. */
#include "plugins/scanner/analyzers/os/rpm/manifest.h"
#include "plugins/scanner/analyzers/os/rpm/tags.h"

#include <assert.h>

typedef struct input {
    stella_probe base;
    stella_sv left;
} input;

static stella_status read_piece(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    input *in = (input *)probe;
    (void)err;
    *chunk = stella_sv_first(in->left, 7);
    in->left = stella_sv_skip(in->left, chunk->len);
    return STELLA_OK;
}

static stella_status take_record(void *self, stella_sv key, stella_sv bytes, stella_error *err) {
    header h;
    (void)self;
    assert(key.len && key.len <= 4096);
    assert(header_parse(bytes, &h, err) == STELLA_OK);
    assert(package_problem(&h) == NULL && header_text(&h, TAG_NAME).len);
    return STELLA_OK;
}

static void take_note(void *self, uint32_t severity, uint32_t line, stella_sv message) {
    (void)self;
    (void)severity;
    (void)line;
    assert(message.len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const stella_probe_ops ops = {.head = STELLA_HEAD(stella_probe_ops), .read = read_piece};
    const stella_file file = {.struct_size = sizeof file,
                              .path = STELLA_SV("var/lib/rpmmanifest/container-manifest-2")};
    input in = {.base = {.head = STELLA_HEAD(stella_probe), .ops = &ops, .file = &file},
                .left = stella_sv_of((const char *)data, size)};
    package_sink sink = {.record = take_record, .note = take_note, .path = file.path};
    assert(manifest_probe(&in.base, &sink, NULL) == STELLA_OK);
    return 0;
}
