#include "inside.h"

#include <errno.h>
#include <unistd.h>

uint64_t usage_get(const cache *c) {
    struct stat st;
    return c->usage_fd >= 0 && fstat(c->usage_fd, &st) == 0 ? (uint64_t)st.st_size * USAGE_UNIT : 0;
}

void usage_add(cache *c, uint64_t bytes) {
    static const char units[4096];
    for (uint64_t left = (bytes + USAGE_UNIT - 1) / USAGE_UNIT; left && c->usage_fd >= 0;) {
        const ssize_t put = write(c->usage_fd, units, left < sizeof units ? (size_t)left : sizeof units);
        if (put <= 0)
            return; /* a full disk: maintenance will count */
        left -= (uint64_t)put;
    }
}

void usage_set(cache *c, uint64_t bytes) {
    if (c->usage_fd >= 0 && ftruncate(c->usage_fd, (off_t)((bytes + USAGE_UNIT - 1) / USAGE_UNIT)) != 0)
        return; /* the old count is too high, never too low: the next maintenance counts again */
}

stella_status usage_admit(cache *c, uint64_t more, stella_error *err) {
    const cache_options *o = &c->options;
    if (!o->max_bytes || usage_get(c) + more <= o->max_bytes)
        return STELLA_OK;
    if (o->has_eviction && more <= o->max_bytes) {
        const uint64_t room = o->max_bytes - more;
        const cache_bounds bounds = {.layer_age_s = o->layer_ttl_s,
                                     .file_age_s = o->file_ttl_s,
                                     .above_bytes = room < o->cold_bytes ? room : o->cold_bytes,
                                     .down_to_bytes = room < o->warm_bytes ? room : o->warm_bytes};
        cache_sums sums;
        if (cache_prune(c, &bounds, &sums, NULL) == STELLA_OK && usage_get(c) + more <= o->max_bytes)
            return STELLA_OK;
    }
    return stella_error_set(err, STELLA_E_LIMIT, c->root, "no room for %llu bytes: it holds at most %llu",
                            (unsigned long long)more, (unsigned long long)o->max_bytes);
}
