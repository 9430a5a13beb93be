#include "roaring.h"
#include "roaring_layout.h"

/* The values of one container. */
typedef struct chunk {
    const uint32_t *values;
    uint32_t count, runs;
} chunk;

static int next_chunk(const uint32_t **at, const uint32_t *end, chunk *out) {
    const uint32_t *const first = *at, *v = first;
    if (v == end)
        return 0;
    uint32_t runs = 1;
    while (++v < end && *v >> 16 == *first >> 16)
        runs += *v != v[-1] + 1 ? 1 : 0;
    *out = (chunk){.values = first, .count = (uint32_t)(v - first), .runs = runs};
    *at = v;
    return 1;
}

static int is_runs(const chunk *c) {
    return roaring_is_runs(c->count, c->runs);
}

static void write_run_flags(const uint32_t *at, const uint32_t *end, stella_buf *out) {
    chunk c;
    uint8_t flags = 0;
    uint32_t bits = 0;
    while (next_chunk(&at, end, &c)) {
        flags = (uint8_t)(flags | is_runs(&c) << bits++ % 8);
        if (bits % 8 == 0) {
            (void)stella_buf_u8(out, flags);
            flags = 0;
        }
    }
    if (bits % 8)
        (void)stella_buf_u8(out, flags);
}

static void write_heads(const uint32_t *at, const uint32_t *end, stella_buf *out) {
    chunk c;
    while (next_chunk(&at, end, &c)) {
        (void)stella_buf_u16le(out, (uint16_t)(c.values[0] >> 16));
        (void)stella_buf_u16le(out, (uint16_t)(c.count - 1));
    }
}

/* From the first byte of the set. The last may lie behind 4 GiB only in a set that no buffer holds. */
static void write_offsets(const uint32_t *at, const uint32_t *end, uint64_t offset, stella_buf *out) {
    chunk c;
    while (next_chunk(&at, end, &c)) {
        (void)stella_buf_u32le(out, (uint32_t)offset);
        offset += is_runs(&c) ? roaring_runs_bytes(c.runs) : roaring_values_bytes(c.count);
    }
}

static void write_runs(const chunk *c, stella_buf *out) {
    (void)stella_buf_u16le(out, (uint16_t)c->runs);
    for (uint32_t i = 0, first = 0; i < c->count; i++) {
        if (i + 1 < c->count && c->values[i + 1] == c->values[i] + 1)
            continue;
        (void)stella_buf_u16le(out, (uint16_t)c->values[first]);
        (void)stella_buf_u16le(out, (uint16_t)(i - first));
        first = i + 1;
    }
}

static void write_bitmap(const chunk *c, stella_buf *out) {
    unsigned char bits[ROARING_BITMAP_BYTES] = {0};
    for (uint32_t i = 0; i < c->count; i++)
        bits[(c->values[i] & 0xffff) / 8] |= (unsigned char)(1u << c->values[i] % 8);
    (void)stella_buf_add(out, stella_sv_of((const char *)bits, sizeof bits));
}

static void write_body(const chunk *c, stella_buf *out) {
    if (is_runs(c))
        write_runs(c, out);
    else if (c->count > ROARING_ARRAY_MAX)
        write_bitmap(c, out);
    else
        for (uint32_t i = 0; i < c->count; i++)
            (void)stella_buf_u16le(out, (uint16_t)c->values[i]);
}

/* What a buffer refuses it remembers: it is asked once, at the end. */
stella_status roaring_write(const uint32_t *values, uint32_t count, stella_buf *out) {
    const uint32_t *const end = count ? values + count : values, *at = values;
    const size_t start = out->len;
    uint32_t containers = 0;
    int has_runs = 0;
    for (chunk c; next_chunk(&at, end, &c); containers++)
        has_runs |= is_runs(&c);
    if (has_runs) {
        (void)stella_buf_u32le(out, ROARING_COOKIE_RUNS | (containers - 1) << 16);
        write_run_flags(values, end, out);
    } else {
        (void)stella_buf_u32le(out, ROARING_COOKIE);
        (void)stella_buf_u32le(out, containers);
    }
    write_heads(values, end, out);
    if (!has_runs || containers >= ROARING_OFFSETS_FROM)
        write_offsets(values, end, out->len - start + 4 * (uint64_t)containers, out);
    at = values;
    for (chunk c; next_chunk(&at, end, &c);)
        write_body(&c, out);
    return stella_buf_add(out, STELLA_SV(""));
}
