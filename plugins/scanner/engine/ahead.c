#include "ahead.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct window {
    ahead_window made;
    int is_full;
} window;

struct ahead {
    ahead_make make;
    void *self;
    pthread_t thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    window windows[AHEAD_SLOTS];
    unsigned next; /* to be taken */
    int is_ending;
};

static int is_last(const ahead_window *made) {
    return made->size == 0 || made->failure.code != STELLA_OK;
}

static void *work(void *argument) {
    ahead *a = argument;
    pthread_mutex_lock(&a->lock);
    for (unsigned slot = 0;; slot = (slot + 1) % AHEAD_SLOTS) {
        window *w = &a->windows[slot];
        while (w->is_full && !a->is_ending)
            pthread_cond_wait(&a->changed, &a->lock);
        if (a->is_ending)
            break;
        ahead_window made = {.size = 0};
        pthread_mutex_unlock(&a->lock);
        a->make(a->self, slot, &made);
        pthread_mutex_lock(&a->lock);
        w->made = made;
        w->is_full = 1;
        pthread_cond_broadcast(&a->changed);
        if (is_last(&made))
            break;
    }
    pthread_mutex_unlock(&a->lock);
    return NULL;
}

static void destroy(ahead *a) {
    pthread_cond_destroy(&a->changed);
    pthread_mutex_destroy(&a->lock);
    free(a);
}

ahead *ahead_start(ahead_make make, void *self) {
    ahead *a = calloc(1, sizeof *a);
    if (!a)
        return NULL;
    a->make = make;
    a->self = self;
    pthread_mutex_init(&a->lock, NULL);
    pthread_cond_init(&a->changed, NULL);
    if (pthread_create(&a->thread, NULL, work, a) == 0)
        return a;
    destroy(a);
    return NULL;
}

void ahead_stop(ahead *a) {
    if (!a)
        return;
    pthread_mutex_lock(&a->lock);
    a->is_ending = 1;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->lock);
    pthread_join(a->thread, NULL);
    destroy(a);
}

void ahead_take(ahead *a, ahead_window *out) {
    pthread_mutex_lock(&a->lock);
    while (!a->windows[a->next].is_full)
        pthread_cond_wait(&a->changed, &a->lock);
    *out = a->windows[a->next].made;
    a->next = (a->next + 1) % AHEAD_SLOTS;
    pthread_mutex_unlock(&a->lock);
}

void ahead_give_back(ahead *a, unsigned slot) {
    pthread_mutex_lock(&a->lock);
    a->windows[slot].is_full = 0;
    pthread_cond_broadcast(&a->changed);
    pthread_mutex_unlock(&a->lock);
}
