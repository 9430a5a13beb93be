/* Messages nested and filled as the bytes say are read back as they were written: every length is right and as short as can be. */
#include "cyclonedx-protobuf/wire.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define FIELD_NUMBER  1
#define FIELD_TEXT    2
#define FIELD_MESSAGE 3

/* The numbers and texts' bytes of all messages, counted. */
typedef struct tally {
    uint64_t numbers, texts, messages;
} tally;

static uint64_t varint(const unsigned char **at, const unsigned char *end) {
    uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
        assert(*at < end && shift < 64);
        const unsigned char byte = *(*at)++;
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            assert(byte || shift == 0);
            return value;
        }
    }
}

static void read_message(const unsigned char *at, const unsigned char *end, tally *found) {
    while (at < end) {
        const uint64_t tag = varint(&at, end), value = varint(&at, end);
        if (tag == FIELD_NUMBER << 3) {
            found->numbers += value;
            continue;
        }
        assert((tag & 7) == 2 && value <= (uint64_t)(end - at));
        if (tag >> 3 == FIELD_TEXT)
            found->texts += value;
        else
            found->messages++, read_message(at, at + value, found);
        at += value;
    }
}

static void write_one(wire *w, uint8_t byte, tally *expected) {
    static const char text[64] = {0}; /* 64 characters: NUL is UTF-8 */
    switch (byte >> 6) {
    case 0:
        wire_number(w, FIELD_NUMBER, byte * UINT64_C(1234567));
        expected->numbers += byte * UINT64_C(1234567);
        return;
    case 1:
        wire_text(w, FIELD_TEXT, stella_sv_of(text, byte & 63));
        expected->texts += byte & 63;
        return;
    case 2:
        if (w->depth == WIRE_DEPTH_MAX)
            return;
        wire_begin(w, FIELD_MESSAGE);
        expected->messages++;
        return;
    default:
        if (w->depth)
            wire_end(w);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(wire_fini) wire w = wire_of(size * 128 + 1024);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(size * 128 + 1024);
    const stella_sink sink = stella_buf_sink(&out);
    tally expected = {0}, found = {0};
    for (size_t i = 0; i < size; i++)
        write_one(&w, data[i], &expected);
    while (w.depth)
        wire_end(&w);
    assert(wire_flush(&w, &sink, NULL) == STELLA_OK);
    if (out.len)
        read_message((const unsigned char *)out.ptr, (const unsigned char *)out.ptr + out.len, &found);
    assert(found.numbers == expected.numbers && found.texts == expected.texts && found.messages == expected.messages);
    return 0;
}
