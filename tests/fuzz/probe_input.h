/* probe_input.h - a host that hands a probe the fuzzer's bytes in small pieces and gives each record to a check. */
#ifndef FUZZ_PROBE_INPUT_H
#define FUZZ_PROBE_INPUT_H

#include <stella/analyzer.h>

#include <assert.h>

typedef struct probe_input {
    stella_probe base;
    stella_sv whole, left;
    uint64_t records;
    void (*check)(const stella_record *record);
} probe_input;

static inline stella_status probe_input_read(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    probe_input *in = (probe_input *)probe;
    (void)err;
    *chunk = stella_sv_first(in->left, 5);
    in->left = stella_sv_skip(in->left, chunk->len);
    return STELLA_OK;
}

static inline stella_status probe_input_content(stella_probe *probe, stella_sv *out, stella_error *err) {
    (void)err;
    *out = ((probe_input *)probe)->whole;
    return STELLA_OK;
}

static inline stella_status probe_input_record(stella_probe *probe, const stella_record *record, stella_error *err) {
    (void)err;
    assert(record->key.len <= 4096 && record->bytes.len <= 16u << 20 && record->kind.len && record->kind.len <= 64);
    ((probe_input *)probe)->records++;
    ((probe_input *)probe)->check(record);
    return STELLA_OK;
}

static inline void probe_input_note(stella_probe *probe, uint32_t severity, uint32_t line, stella_sv message) {
    (void)probe;
    (void)severity;
    (void)line;
    assert(message.len);
}

/* Runs the probe over the bytes as the file of that path; arena is the probe's. Returns how many records it made, and
 * what it returned in *status. */
static inline uint64_t probe_input_run(stella_status (*probe)(stella_probe *, stella_error *), const char *path,
                                       stella_sv bytes, stella_arena *arena, void (*check)(const stella_record *),
                                       stella_status *status) {
    static const stella_probe_ops ops = {.head = STELLA_HEAD(stella_probe_ops),
                                         .read = probe_input_read,
                                         .record = probe_input_record,
                                         .note = probe_input_note,
                                         .content = probe_input_content};
    const stella_file file = {.struct_size = sizeof file, .path = stella_sv_cstr(path), .size = bytes.len};
    probe_input in = {.base = {.head = STELLA_HEAD(stella_probe), .ops = &ops, .file = &file, .arena = arena},
                      .whole = bytes,
                      .left = bytes,
                      .check = check};
    stella_error err = {0};
    *status = probe(&in.base, &err);
    return in.records;
}

#endif
