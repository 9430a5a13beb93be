/* roaring.h - sets of 32-bit numbers in the portable roaring format (RoaringFormatSpec: cookies 12346 and 12347; array,
 * bitmap and run containers; little endian), in its canonical form alone: each set has one spelling.
 *
 * A container of up to 4,096 values is an array and one of more a bitmap, unless it takes less room as runs
 * (2 + 4 bytes a run, against 2 + 2 bytes a value or 8,192 bytes). These are the bytes that roaring_bitmap_run_optimize
 * and roaring_bitmap_portable_serialize of CRoaring make.
 *
 * All functions: [any thread], no state. */
#ifndef SCANNER_BOM_INDEX_ROARING_H
#define SCANNER_BOM_INDEX_ROARING_H

#include <stella/cursor.h>
#include <stella/error.h>
#include <stella/sink.h>

/* Adds the set to the buffer. values: ascending, none twice. Returns what the buffer does. */
stella_status roaring_write(const uint32_t *values, uint32_t count, stella_buf *out);

/* A set that was checked: it borrows the bytes. */
typedef struct roaring {
    stella_sv bytes;
    uint32_t containers;
    uint64_t count; /* values; up to 2^32 */
} roaring;

/* Checks that the bytes are one set in canonical form with nothing behind it, in time that grows with the bytes and
 * not with the values.
 * bound  all values are below it
 * out    set on success
 * err    message without path
 * Returns STELLA_E_FORMAT. */
stella_status roaring_check(stella_sv bytes, uint64_t bound, roaring *out, stella_error *err);

/* Where a walk through a set stands. */
typedef struct roaring_walk {
    stella_cursor heads, body; /* of the containers that follow; of the one at hand */
    const unsigned char *run_flags;
    uint32_t index, containers;
    uint32_t key, left, kind; /* of the one at hand: high half of its values, what is left of it */
    uint32_t word_at;         /* of a bitmap: the first value of the word at hand */
    uint64_t word;            /* its bits that are left */
} roaring_walk;

roaring_walk roaring_begin(const roaring *set);

/* The next values that follow upon each other, first to last: all of them within a run container, one at a time
 * elsewhere. Returns 0 at the end. */
int roaring_next(roaring_walk *walk, uint32_t *first, uint32_t *last);

int roaring_has(const roaring *set, uint32_t value);

#endif
