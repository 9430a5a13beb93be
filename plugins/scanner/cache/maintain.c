/* maintain.c - what is too old goes, then what was used least recently until the rest fits. */
#include "walk.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

typedef struct ledger {
    walk_entry *entries;
    size_t count, room;
    uint64_t deadline_ns; /* 0: none */
    int is_short_of_memory;
    cache_sums sums;
} ledger;

static void ledger_fini(ledger *l) {
    free(l->entries);
}

static uint64_t now_ns(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

static int is_late(const ledger *l) {
    return l->deadline_ns && now_ns() > l->deadline_ns;
}

static void count_in(cache_sums *sums, const walk_entry *e) {
    sums->layers += e->kind == CACHE_LAYER;
    sums->files += e->kind == CACHE_FILE;
    *(e->kind == CACHE_LAYER ? &sums->layer_bytes : &sums->file_bytes) += e->bytes;
    sums->supplements += e->supplements;
    if (!sums->oldest_s || e->used_s < sums->oldest_s)
        sums->oldest_s = e->used_s;
    if (e->used_s > sums->newest_s)
        sums->newest_s = e->used_s;
}

static int note_entry(void *self, const walk_entry *entry) {
    ledger *l = self;
    if (l->count == l->room) {
        const size_t room = l->room ? l->room * 2 : 256;
        walk_entry *grown = realloc(l->entries, room * sizeof *grown);
        l->is_short_of_memory = !grown;
        if (!grown)
            return 0;
        l->entries = grown;
        l->room = room;
    }
    l->entries[l->count++] = *entry;
    return !is_late(l);
}

static int count_entry(void *self, const walk_entry *entry) {
    count_in(self, entry);
    return 1;
}

stella_status cache_measure(cache *c, cache_sums *out, stella_error *err) {
    (void)err;
    cache_sums sums = {0};
    walk(c, 0, &sums.stale, count_entry, &sums);
    *out = sums;
    return STELLA_OK;
}

static int by_use(const void *a, const void *b) {
    const walk_entry *left = a, *right = b;
    if (left->used_s != right->used_s)
        return left->used_s < right->used_s ? -1 : 1;
    return strcmp(left->hex, right->hex);
}

static int is_expired(const walk_entry *e, const cache_bounds *bounds, int64_t now_s) {
    const uint64_t age = e->kind == CACHE_LAYER ? bounds->layer_age_s : bounds->file_age_s;
    return age && now_s > e->used_s && (uint64_t)(now_s - e->used_s) > age;
}

static void evict(cache *c, ledger *l, const walk_entry *e) {
    walk_remove(c, e);
    l->sums.evicted++;
    l->sums.evicted_bytes += e->bytes;
    cache_note(c, CACHE_EVICTED, e->kind, e->bytes);
}

/* The entries come oldest first. One without meta.json is half made, or half gone: it goes when it is an hour old. */
static void settle(cache *c, ledger *l, const cache_bounds *bounds) {
    const int64_t now_s = time(NULL);
    uint64_t total = 0;
    for (size_t i = 0; i < l->count; i++)
        total += l->entries[i].bytes;
    const uint64_t target = total > bounds->above_bytes ? bounds->down_to_bytes : UINT64_MAX;
    for (size_t i = 0; i < l->count; i++) {
        const walk_entry *e = &l->entries[i];
        const int is_torn = !e->is_whole && now_s - e->used_s > CACHE_STALE_S;
        if (is_torn || is_expired(e, bounds, now_s) || total > target) {
            evict(c, l, e);
            total -= e->bytes;
        } else
            count_in(&l->sums, e);
    }
    if (!l->sums.is_unfinished)
        usage_set(c, total);
}

static stella_status take_lock(const cache *c, int *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep)
    int fd = c->usage_fd < 0 ? -1 : openat(c->root_fd, CACHE_LOCK, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0)
        return stella_error_set(err, STELLA_E_DENIED, c->root, "this cache can only be read");
    if (flock(fd, LOCK_EX | LOCK_NB) != 0)
        return stella_error_set(err, errno == EWOULDBLOCK ? STELLA_E_BUSY : STELLA_E_IO, c->root,
                                "somebody else is cleaning this cache");
    *out = stella_take_fd(&fd);
    return STELLA_OK;
}

stella_status cache_prune(cache *c, const cache_bounds *bounds, cache_sums *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int lock = -1;
    STELLA_AUTO(ledger_fini) ledger l = {0};
    const stella_status status = take_lock(c, &lock, err);
    if (status != STELLA_OK)
        return status;
    l.deadline_ns = bounds->time_ms ? now_ns() + (uint64_t)bounds->time_ms * 1000000u : 0;
    l.sums.is_unfinished = !walk(c, 1, &l.sums.stale, note_entry, &l);
    if (l.is_short_of_memory)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of what is cached");
    if (l.count)
        qsort(l.entries, l.count, sizeof *l.entries, by_use);
    settle(c, &l, bounds);
    futimens(lock, NULL);
    *out = l.sums;
    return STELLA_OK;
}

static int is_due(const cache *c) {
    struct stat st;
    return fstatat(c->root_fd, CACHE_LOCK, &st, AT_SYMLINK_NOFOLLOW) != 0 ||
           time(NULL) - st.st_mtime >= (int64_t)c->options.interval_s;
}

cache_bounds cache_bounds_of(const cache *c, uint32_t time_ms) {
    const cache_options *o = &c->options;
    return (cache_bounds){.layer_age_s = o->layer_ttl_s,
                          .file_age_s = o->file_ttl_s,
                          .above_bytes = o->max_bytes ? o->cold_bytes : UINT64_MAX,
                          .down_to_bytes = o->warm_bytes,
                          .time_ms = time_ms};
}

int cache_maintain(cache *c, uint32_t time_ms) {
    const cache_bounds bounds = cache_bounds_of(c, time_ms);
    if (!c->options.has_eviction || c->usage_fd < 0 || !is_due(c))
        return 0;
    cache_sums sums;
    return cache_prune(c, &bounds, &sums, NULL) == STELLA_OK;
}
