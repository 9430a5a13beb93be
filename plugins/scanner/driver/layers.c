/* All layers of an image, several at once: each thread takes the next one, the largest first. */
#include "layer.h"

#include <sched.h>
#include <signal.h>
#include <stdlib.h>

typedef struct queue {
    scan *owner;
    uint32_t order[SCAN_LAYERS_MAX];
    atomic_uint next;
    atomic_uint
        lowest_failed; /* layers above it need not be read any more; those below must, to tell the lowest error */
} queue;

uint32_t layers_at_once(const scan *s) {
    if (s->options.threads)
        return s->options.threads;
    cpu_set_t set;
    CPU_ZERO(&set);
    return sched_getaffinity(0, sizeof set, &set) == 0 ? (uint32_t)CPU_COUNT(&set) : 1;
}

static void note_failure(queue *q, uint32_t index) {
    unsigned lowest = atomic_load(&q->lowest_failed);
    while (index < lowest && !atomic_compare_exchange_weak(&q->lowest_failed, &lowest, index))
        ;
}

static void *work(void *argument) {
    queue *q = argument;
    scan *s = q->owner;
    for (uint32_t i; (i = atomic_fetch_add(&q->next, 1)) < s->image.layer_count;) {
        const uint32_t index = q->order[i];
        layer_state *layer = &s->layers[index];
        if (index > atomic_load(&q->lowest_failed))
            continue;
        layer->status = layer_read(s, index, &layer->error);
        if (layer->status != STELLA_OK)
            note_failure(q, index);
        atomic_fetch_add(&s->layers_done, 1);
    }
    return NULL;
}

static void order_by_size(queue *q) {
    const scan *s = q->owner;
    for (uint32_t i = 0; i < s->image.layer_count; i++) {
        uint32_t at = i;
        for (; at > 0 && s->image.layers[q->order[at - 1]].size < s->image.layers[i].size; at--)
            q->order[at] = q->order[at - 1];
        q->order[at] = i;
    }
}

/* The threads get no signals: a child that stops reading is told by EPIPE, and the rest is the program's business. */
static uint32_t start_threads(queue *q, pthread_t *threads, uint32_t wanted) {
    sigset_t all, before;
    uint32_t started = 0;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    while (started < wanted && pthread_create(&threads[started], NULL, work, q) == 0)
        started++;
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return started;
}

stella_status layers_read(scan *s, stella_error *err) {
    queue q = {.owner = s};
    pthread_t threads[SCAN_THREADS_MAX];
    uint32_t wanted = layers_at_once(s);
    atomic_store(&q.lowest_failed, SCAN_LAYERS_MAX);
    order_by_size(&q);
    wanted = wanted < s->image.layer_count ? wanted : s->image.layer_count;
    wanted = wanted < SCAN_THREADS_MAX ? wanted : SCAN_THREADS_MAX;
    const uint32_t started = start_threads(&q, threads, wanted);
    for (uint32_t i = 0; i < started; i++)
        pthread_join(threads[i], NULL);
    if (started == 0 && s->image.layer_count)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no thread could be started");
    for (uint32_t i = 0; i < s->image.layer_count; i++) {
        if (s->layers[i].status == STELLA_OK)
            continue;
        if (err)
            *err = s->layers[i].error;
        return s->layers[i].status;
    }
    return STELLA_OK;
}
