#include "plugin/verify.h"

#include <stella/auto.h>

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>

#define ARENA_BYTES ((uint64_t)1 << 30)

typedef struct batch {
    const char *const *dirs;
    uint32_t count;
    const folder_rules *rules;
    const trust *trust;
    int64_t now_ms;
    verdict *verdicts;
    atomic_uint next;
} batch;

typedef struct worker {
    batch *batch;
    stella_arena *arena; /* this thread's own */
} worker;

static stella_status verify(const batch *b, const char *dir, stella_arena *arena, verdict *out) {
    STELLA_AUTO(folder_fini) folder f = FOLDER_NONE;
    plugin_manifest *manifest = stella_arena_alloc(arena, 1, sizeof *manifest);
    if (!manifest)
        return stella_error_set(&out->error, STELLA_E_NOMEM, dir, "no memory for its manifest");
    const stella_status status = folder_verify(dir, b->rules, b->trust, b->now_ms, arena, &f, &out->error);
    if (status != STELLA_OK)
        return status;
    *manifest = f.manifest;
    out->manifest = manifest;
    out->anchor = f.anchor;
    out->fd = stella_take_fd(&f.binary.fd);
    memcpy(out->digest, f.binary.digest, sizeof out->digest);
    return STELLA_OK;
}

static void *work(void *argument) {
    const worker *w = argument;
    batch *b = w->batch;
    for (uint32_t i; (i = atomic_fetch_add(&b->next, 1)) < b->count;)
        b->verdicts[i].status = verify(b, b->dirs[i], w->arena, &b->verdicts[i]);
    return NULL;
}

static uint32_t processors(void) {
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 1;
}

/* Arenas are made here, so that a thread which gets none is not started. Returns how many workers there are; the first
 * is the caller's. */
static uint32_t prepare(batch *b, verify_arenas *arenas, worker workers[VERIFY_THREADS_MAX]) {
    uint32_t wanted = processors();
    wanted = wanted < b->count ? wanted : b->count;
    wanted = wanted < VERIFY_THREADS_MAX ? wanted : VERIFY_THREADS_MAX;
    for (uint32_t i = 0; i < wanted; i++) {
        if (!arenas->list[i] && !(arenas->list[i] = stella_arena_create(ARENA_BYTES)))
            return i;
        workers[i] = (worker){.batch = b, .arena = arenas->list[i]};
    }
    return wanted;
}

/* Signals are the program's business, so no thread gets one. One that cannot be started is done without. */
static uint32_t start_threads(worker *workers, uint32_t count, pthread_t *threads) {
    sigset_t all, before;
    uint32_t started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started < count && pthread_create(&threads[started], NULL, work, &workers[started]) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

void verify_folders(const char *const *dirs, uint32_t count, const folder_rules *rules, const trust *t, int64_t now_ms,
                    verify_arenas *arenas, verdict *verdicts) {
    batch b = {.dirs = dirs, .count = count, .rules = rules, .trust = t, .now_ms = now_ms, .verdicts = verdicts};
    worker workers[VERIFY_THREADS_MAX];
    pthread_t threads[VERIFY_THREADS_MAX];
    for (uint32_t i = 0; i < count; i++) { /* what nobody gets to is refused, too */
        verdicts[i] = (verdict){.fd = -1};
        verdicts[i].status = stella_error_set(&verdicts[i].error, STELLA_E_NOMEM, dirs[i], "no memory to verify it");
    }
    const uint32_t usable = prepare(&b, arenas, workers);
    if (!usable)
        return;
    const uint32_t started = start_threads(workers + 1, usable - 1, threads);
    work(&workers[0]);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
}

void verdicts_fini(verdict *verdicts, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        stella_fd_closep(&verdicts[i].fd);
}

void verify_arenas_fini(verify_arenas *arenas) {
    for (uint32_t i = 0; i < VERIFY_THREADS_MAX; i++) {
        stella_arena_destroy(arenas->list[i]);
        arenas->list[i] = NULL;
    }
}
