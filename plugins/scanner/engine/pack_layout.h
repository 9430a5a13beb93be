/* pack_layout.h - where things are in a pack; writer and reader alone include it. All numbers little-endian.
 *
 * Header, 64 bytes at 0:   magic 8, format u32, segment count u32, table offset u64, table size u64, table crc u64
 * Table, per segment:      id (varint length, bytes), digest (same), offset u64, size u64, crc u64
 * Index segment:           header of 64 bytes, rows, block offsets, names, link targets; see PACK_INDEX_*
 * Items segment:           the items; the contents' table {row u32, reserved u32, offset of the bytes u64, size u64},
 *                          sorted by row; 16 bytes: size of the items u64, number of contents u64 */
#ifndef SCANNER_ENGINE_PACK_LAYOUT_H
#define SCANNER_ENGINE_PACK_LAYOUT_H

#include <stdint.h>
#include <string.h>

#define PACK_MAGIC        "STLAPACK"
#define PACK_HEADER_SIZE  64u
#define PACK_ALIGN        64u
#define PACK_SEGMENTS_MAX 512u

/* Index header: rows u32, reserved u32, names size u64, links size u64. What follows has sizes that follow from it. */
#define PACK_INDEX_HEADER 64u
#define PACK_ROW_SIZE     24u

/* A row: size u64, kind and mode u16, type u8, flags u8, uid u32, gid u32, link u32. */
#define PACK_ROW_MODE  8u
#define PACK_ROW_TYPE  10u
#define PACK_ROW_FLAGS 11u
#define PACK_ROW_UID   12u
#define PACK_ROW_GID   16u
#define PACK_ROW_LINK  20u

#define PACK_ITEMS_FOOTER  16u
#define PACK_CONTENT_ENTRY 24u

static inline uint32_t load16(const unsigned char *at) {
    return at[0] | (uint32_t)at[1] << 8;
}

static inline uint32_t load32(const unsigned char *at) {
    return load16(at) | load16(at + 2) << 16;
}

static inline uint64_t load64(const unsigned char *at) {
    return load32(at) | (uint64_t)load32(at + 4) << 32;
}

static inline void store16(unsigned char *at, uint32_t value) {
    at[0] = (unsigned char)value;
    at[1] = (unsigned char)(value >> 8);
}

static inline void store32(unsigned char *at, uint32_t value) {
    store16(at, value);
    store16(at + 2, value >> 16);
}

static inline void store64(unsigned char *at, uint64_t value) {
    store32(at, (uint32_t)value);
    store32(at + 4, (uint32_t)(value >> 32));
}

static inline uint64_t pack_aligned(uint64_t offset) {
    return (offset + PACK_ALIGN - 1) & ~(uint64_t)(PACK_ALIGN - 1);
}

#endif
