#include "digests.h"

#include "common/counting.h"

#include <stella/auto.h>

#include <stdlib.h>

stella_status digests_probe(stella_probe *probe, stella_error *err) {
    STELLA_AUTO(stella_sha256_destroyp) stella_sha256 *hash = stella_sha256_create();
    unsigned char sha256[STELLA_SHA256_SIZE];
    stella_sv chunk;
    if (!hash)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a hash");
    for (;;) {
        const stella_status status = stella_probe_read(probe, &chunk, err);
        if (status != STELLA_OK)
            return status;
        if (chunk.len == 0)
            break;
        stella_sha256_update(hash, chunk.ptr, chunk.len);
    }
    stella_sha256_final(hash, sha256);
    const stella_record record = {.struct_size = sizeof record,
                                  .kind = STELLA_SV(DIGESTS_RECORD),
                                  .bytes = stella_sv_of((const char *)sha256, sizeof sha256)};
    return stella_probe_record(probe, &record, err);
}

static int compare(const void *x, const void *y) {
    const digests_item *a = x, *b = y;
    return stella_sv_cmp(a->path, b->path);
}

stella_status digests_load(stella_analysis *job, digests *out, stella_error *err) {
    const uint32_t room = count_records(job, STELLA_SV(DIGESTS_RECORD));
    digests d = {.items = stella_arena_alloc(job->arena, room, sizeof *d.items)};
    stella_record record = STELLA_RECORD_INIT;
    int is_sorted = 1;
    if (!d.items)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for %u digests", room);
    for (stella_records it = stella_records_of(STELLA_SV(DIGESTS_RECORD));
         d.count < room && stella_records_next(job, &it, &record);) {
        if (record.bytes.len != STELLA_SHA256_SIZE)
            continue;
        d.items[d.count] = (digests_item){.path = record.path, .sha256 = (const unsigned char *)record.bytes.ptr};
        is_sorted &= d.count == 0 || compare(&d.items[d.count - 1], &d.items[d.count]) < 0;
        d.count++;
    }
    if (!is_sorted)
        qsort(d.items, d.count, sizeof *d.items, compare);
    *out = d;
    return STELLA_OK;
}

const unsigned char *digests_find(digests *d, stella_sv path) {
    uint32_t low = 0, high = d->count;
    if (d->last + 1 < d->count && stella_sv_eq(d->items[d->last + 1].path, path))
        return d->items[++d->last].sha256;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        const int order = stella_sv_cmp(d->items[middle].path, path);
        if (order == 0) {
            d->last = middle;
            return d->items[middle].sha256;
        }
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}
