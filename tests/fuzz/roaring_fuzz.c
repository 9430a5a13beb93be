/* Roaring sets: what is taken is written again byte by byte. */
#include "bom_index/roaring.h"

#include <stella/auto.h>

#include <assert.h>
#include <stdlib.h>

#define VALUES_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_buf_fini) stella_buf again = stella_buf_of(size);
    roaring set;
    uint32_t first, last, count = 0;
    if (roaring_check(stella_sv_of((const char *)data, size), (uint64_t)1 << 32, &set, NULL) != STELLA_OK ||
        set.count > VALUES_MAX)
        return 0;
    STELLA_AUTO(stella_freep) uint32_t *values = malloc((set.count + 1) * sizeof *values);
    if (!values)
        return 0;
    for (roaring_walk walk = roaring_begin(&set); roaring_next(&walk, &first, &last);)
        for (uint64_t value = first; value <= last; value++)
            values[count++] = (uint32_t)value;
    assert(count == set.count && (count == 0 || roaring_has(&set, values[count / 2])));
    assert(roaring_write(values, count, &again) == STELLA_OK);
    assert(again.len == size && memcmp(again.ptr, data, size) == 0);
    return 0;
}
