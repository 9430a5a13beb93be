#include "hasher.h"

#include <pthread.h>
#include <stdlib.h>

typedef struct slot {
    const void *bytes;
    size_t size;
    int is_full;
} slot;

struct hasher {
    stella_sha256 *hash;
    pthread_t thread;
    int has_thread;
    pthread_mutex_t lock; /* guards what follows */
    pthread_cond_t changed;
    slot slots[HASHER_SLOTS];
    int is_ending;
};

static void *work(void *self) {
    hasher *h = self;
    pthread_mutex_lock(&h->lock);
    for (unsigned next = 0;; next = (next + 1) % HASHER_SLOTS) {
        slot *s = &h->slots[next];
        while (!s->is_full && !h->is_ending)
            pthread_cond_wait(&h->changed, &h->lock);
        if (!s->is_full)
            break;
        pthread_mutex_unlock(&h->lock);
        stella_sha256_update(h->hash, s->bytes, s->size);
        pthread_mutex_lock(&h->lock);
        s->is_full = 0;
        pthread_cond_broadcast(&h->changed);
    }
    pthread_mutex_unlock(&h->lock);
    return NULL;
}

hasher *hasher_create(void) {
    hasher *h = calloc(1, sizeof *h);
    stella_sha256 *hash = stella_sha256_create();
    if (!h || !hash) {
        free(h);
        stella_sha256_destroy(hash);
        return NULL;
    }
    h->hash = hash;
    pthread_mutex_init(&h->lock, NULL);
    pthread_cond_init(&h->changed, NULL);
    h->has_thread = pthread_create(&h->thread, NULL, work, h) == 0;
    return h;
}

void hasher_destroy(hasher *h) {
    if (!h)
        return;
    if (h->has_thread) {
        pthread_mutex_lock(&h->lock);
        h->is_ending = 1;
        pthread_cond_broadcast(&h->changed);
        pthread_mutex_unlock(&h->lock);
        pthread_join(h->thread, NULL);
    }
    pthread_cond_destroy(&h->changed);
    pthread_mutex_destroy(&h->lock);
    stella_sha256_destroy(h->hash);
    free(h);
}

void hasher_put(hasher *h, unsigned slot_index, const void *bytes, size_t size) {
    if (!h->has_thread) {
        stella_sha256_update(h->hash, bytes, size);
        return;
    }
    pthread_mutex_lock(&h->lock);
    h->slots[slot_index] = (slot){.bytes = bytes, .size = size, .is_full = 1};
    pthread_cond_broadcast(&h->changed);
    pthread_mutex_unlock(&h->lock);
}

void hasher_wait(hasher *h, unsigned slot_index) {
    pthread_mutex_lock(&h->lock);
    while (h->slots[slot_index].is_full)
        pthread_cond_wait(&h->changed, &h->lock);
    pthread_mutex_unlock(&h->lock);
}

void hasher_digest(hasher *h, char digest[STELLA_DIGEST_TEXT_SIZE]) {
    unsigned char sha256[STELLA_SHA256_SIZE];
    for (unsigned i = 0; i < HASHER_SLOTS; i++)
        hasher_wait(h, i);
    stella_sha256_final(h->hash, sha256);
    stella_digest_text(sha256, digest);
}
