#include "pack_store.h"

#include <stella/auto.h>

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct slot {
    pack_key key;
    pack_entry entry;
} slot;

struct pack_store {
    pthread_mutex_t lock;
    uint32_t count;
    slot slots[PACK_STORE_MAX];
};

pack_store *pack_store_create(void) {
    pack_store *store = calloc(1, sizeof *store);
    if (store && pthread_mutex_init(&store->lock, NULL) != 0) {
        free(store);
        return NULL;
    }
    return store;
}

void pack_store_destroy(pack_store *store) {
    if (!store)
        return;
    for (uint32_t i = 0; i < store->count; i++)
        stella_fd_closep(&store->slots[i].entry.fd);
    pthread_mutex_destroy(&store->lock);
    free(store);
}

void pack_store_destroyp(pack_store **store) {
    pack_store_destroy(*store);
    *store = NULL;
}

pack_key pack_key_of(const char *digest, stella_sv context) {
    pack_key key = {{0}};
    stella_sha256 *hash = stella_sha256_create();
    if (!hash)
        abort(); /* a few hundred bytes: without them nothing else would work either */
    stella_sha256_update(hash, digest, strlen(digest) + 1);
    stella_sha256_update(hash, context.ptr, context.len);
    stella_sha256_final(hash, key.sha256);
    stella_sha256_destroy(hash);
    return key;
}

static const slot *find(const pack_store *store, const pack_key *key) {
    for (uint32_t i = 0; i < store->count; i++)
        if (memcmp(store->slots[i].key.sha256, key->sha256, sizeof key->sha256) == 0)
            return &store->slots[i];
    return NULL;
}

int pack_store_has(pack_store *store, const pack_key *key) {
    pthread_mutex_lock(&store->lock);
    const int has = find(store, key) != NULL;
    pthread_mutex_unlock(&store->lock);
    return has;
}

int pack_store_get(pack_store *store, const pack_key *key, pack_entry *out) {
    int fd = -1;
    pthread_mutex_lock(&store->lock);
    const slot *found = find(store, key);
    if (found)
        fd = fcntl(found->entry.fd, F_DUPFD_CLOEXEC, 3);
    if (fd >= 0) {
        *out = found->entry;
        out->fd = fd;
    }
    pthread_mutex_unlock(&store->lock);
    return fd >= 0;
}

void pack_store_put(pack_store *store, const pack_key *key, const pack_entry *entry) {
    pthread_mutex_lock(&store->lock);
    const int has_room = store->count < PACK_STORE_MAX && !find(store, key);
    const int fd = has_room ? fcntl(entry->fd, F_DUPFD_CLOEXEC, 3) : -1;
    if (fd >= 0) {
        slot *next = &store->slots[store->count++];
        *next = (slot){.key = *key, .entry = *entry};
        next->entry.fd = fd;
    }
    pthread_mutex_unlock(&store->lock);
}
