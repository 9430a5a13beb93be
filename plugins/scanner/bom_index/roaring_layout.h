/* roaring_layout.h - the numbers of the format. */
#ifndef SCANNER_BOM_INDEX_ROARING_LAYOUT_H
#define SCANNER_BOM_INDEX_ROARING_LAYOUT_H

#include <stdint.h>

#define ROARING_COOKIE       12346u /* no container is one of runs; the number of containers follows */
#define ROARING_COOKIE_RUNS  12347u /* in the lower half, the number of containers less one in the upper */
#define ROARING_ARRAY_MAX    4096u  /* values */
#define ROARING_BITMAP_BYTES 8192u
#define ROARING_CHUNK        65536u /* values that one container can hold, and containers that there can be */
#define ROARING_OFFSETS_FROM 4u     /* containers: a set with runs and fewer has no table of offsets */

/* Bytes of a container's body. */
static inline uint32_t roaring_runs_bytes(uint32_t runs) {
    return 2 + 4 * runs;
}
static inline uint32_t roaring_values_bytes(uint32_t values) {
    return values <= ROARING_ARRAY_MAX ? 2 * values : ROARING_BITMAP_BYTES;
}

/* Whether the canonical form has runs: when that takes less than the bitmap, or than the array with a counter of its
 * own, as libraries reckon. */
static inline int roaring_is_runs(uint32_t values, uint32_t runs) {
    return roaring_runs_bytes(runs) <
           (values <= ROARING_ARRAY_MAX ? 2 + roaring_values_bytes(values) : ROARING_BITMAP_BYTES);
}

#endif
