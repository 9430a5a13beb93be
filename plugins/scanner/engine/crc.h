/* crc.h - the checksum of pack segments: CRC-64 as ISA-L computes it, at memory speed. [any thread] */
#ifndef SCANNER_ENGINE_CRC_H
#define SCANNER_ENGINE_CRC_H

#include <stdint.h>

#include <isa-l/crc64.h>

static inline uint64_t crc_of(uint64_t before, const void *bytes, uint64_t size) {
    return crc64_ecma_refl(before, bytes, size);
}

#endif
