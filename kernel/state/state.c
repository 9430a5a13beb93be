/* state.c - opening, closing, transactions and growth. */
#include "state/store.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define MAP_FIRST_BYTES (16ull << 20)

static int64_t real_wall_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

stella_status store_error(const state *s, int code, const char *doing, stella_error *err) {
    switch (code) {
    case MDB_MAP_FULL:
        return stella_error_set(err, STELLA_E_LIMIT, s->dir,
                                "the state store has reached state.size_max_mb (%llu MiB): raise it",
                                (unsigned long long)(s->map_max >> 20));
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return stella_error_set(err, STELLA_E_IO, s->dir,
                                "%s: no space left on the disk: free some; what was accepted is kept", doing);
    case EIO: /* LMDB's word for a write that was cut short, which is how a full disk begins */
        return stella_error_set(err, STELLA_E_IO, s->dir,
                                "%s: no space left on the disk, or it fails: free some; what was accepted is kept",
                                doing);
    case ENOMEM:
        return stella_error_set(err, STELLA_E_NOMEM, s->dir, "%s: no memory", doing);
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_INVALID:
    case MDB_VERSION_MISMATCH:
    case MDB_INCOMPATIBLE:
        return stella_error_set(err, STELLA_E_FORMAT, s->dir,
                                "%s: the state store is damaged (%s): restore a backup as " STATE_FILE_NAME, doing,
                                mdb_strerror(code));
    default:
        return stella_error_set(err, STELLA_E_IO, s->dir, "%s: %s", doing, mdb_strerror(code));
    }
}

int store_begin_read(state *s, MDB_txn **txn) {
    pthread_rwlock_rdlock(&s->gate);
    const int code = mdb_txn_begin(s->env, NULL, MDB_RDONLY, txn);
    if (code != 0)
        pthread_rwlock_unlock(&s->gate);
    return code;
}

void store_end_read(state *s, MDB_txn *txn) {
    mdb_txn_abort(txn);
    pthread_rwlock_unlock(&s->gate);
}

/* Doubles the map once every transaction is over. Returns 0 when it is as large as it may be. */
static int grow(state *s, uint64_t seen_bytes) {
    pthread_rwlock_wrlock(&s->gate);
    int grew = s->map_bytes > seen_bytes; /* another writer was here first */
    if (!grew && s->map_bytes < s->map_max) {
        const uint64_t wanted = s->map_bytes * 2 < s->map_max ? s->map_bytes * 2 : s->map_max;
        grew = mdb_env_set_mapsize(s->env, wanted) == 0;
        if (grew)
            s->map_bytes = wanted;
    }
    pthread_rwlock_unlock(&s->gate);
    return grew;
}

int store_write(state *s, store_body body, void *context) {
    for (;;) {
        pthread_rwlock_rdlock(&s->gate);
        const uint64_t map_bytes = s->map_bytes;
        MDB_txn *txn = NULL;
        int code = mdb_txn_begin(s->env, NULL, 0, &txn);
        if (code == 0)
            code = body(s, txn, context);
        if (code == 0)
            code = mdb_txn_commit(txn);
        else
            mdb_txn_abort(txn);
        pthread_rwlock_unlock(&s->gate);
        if (code != MDB_MAP_FULL || !grow(s, map_bytes))
            return code;
    }
}

static stella_status make_dir(const char *dir, stella_error *err) {
    char path[4096];
    if (dir[0] != '/' || (size_t)snprintf(path, sizeof path, "%s/", dir) >= sizeof path)
        return stella_error_set(err, STELLA_E_INVALID, dir, "the state directory is not an absolute path");
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        const mode_t mode = slash[1] ? 0755 : 0700;
        if (mkdir(path, mode) != 0 && errno != EEXIST)
            return stella_error_set(err, errno == EACCES ? STELLA_E_DENIED : STELLA_E_IO, path,
                                    "make the state directory: %s", strerror(errno));
        *slash = '/';
    }
    return STELLA_OK;
}

static uint64_t file_bytes(const char *path) {
    struct stat st;
    return stat(path, &st) == 0 ? (uint64_t)st.st_size : 0;
}

/* The first map holds what is there and some more, in whole 16 MiB, whatever the limit says: what is stored can always
 * be read. */
static void choose_map(state *s, const char *path, uint64_t size_max_bytes) {
    const uint64_t wanted = file_bytes(path) + MAP_FIRST_BYTES;
    s->map_bytes = wanted / MAP_FIRST_BYTES * MAP_FIRST_BYTES;
    s->map_max = size_max_bytes > s->map_bytes ? size_max_bytes : s->map_bytes;
}

static stella_status open_env(state *s, uint64_t size_max_bytes, stella_error *err) {
    char path[4096];
    if ((size_t)snprintf(path, sizeof path, "%s/%s", s->dir, STATE_FILE_NAME) >= sizeof path)
        return stella_error_set(err, STELLA_E_LIMIT, s->dir, "the path is too long");
    choose_map(s, path, size_max_bytes);
    int code = mdb_env_create(&s->env);
    if (code == 0)
        code = mdb_env_set_mapsize(s->env, s->map_bytes);
    if (code == 0)
        code = mdb_env_set_maxdbs(s->env, 3);
    if (code == 0) /* no WRITEMAP: a stray write must not reach the file */
        code = mdb_env_open(s->env, path, MDB_NOSUBDIR | MDB_NOTLS, 0600);
    int dead;
    if (code == 0)
        code = mdb_reader_check(s->env, &dead);
    return code == 0 ? STELLA_OK : store_error(s, code, "open", err);
}

static state *state_create(const state_options *options) {
    state *s = calloc(1, sizeof *s);
    if (!s)
        return NULL;
    s->lock_fd = -1;
    s->log = options->log;
    s->wall_ms = options->wall_ms ? options->wall_ms : real_wall_ms;
    pthread_rwlockattr_t attributes;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setkind_np(&attributes, PTHREAD_RWLOCK_PREFER_WRITER_NONRECURSIVE_NP);
    pthread_rwlock_init(&s->gate, &attributes);
    pthread_rwlockattr_destroy(&attributes);
    pthread_mutex_init(&s->lock, NULL);
    pthread_cond_init(&s->turn, NULL);
    s->face = (stella_state){
        .head = STELLA_HEAD(stella_state), .self = s, .get = store_get, .commit = store_commit, .range = store_range};
    s->dir = strdup(options->dir);
    if (!s->dir)
        state_closep(&s);
    return s;
}

stella_status state_open(const state_options *options, state **out, stella_error *err) {
    STELLA_AUTO(state_closep) state *s = state_create(options);
    if (!s)
        return stella_error_set(err, STELLA_E_NOMEM, options->dir, "no memory");
    stella_status status = make_dir(s->dir, err);
    if (status == STELLA_OK)
        status = store_lock(s->dir, &s->lock_fd, err);
    if (status == STELLA_OK)
        status = open_env(s, options->size_max_bytes, err);
    if (status == STELLA_OK)
        status = store_migrate(s, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(s);
    return status;
}

void state_close(state *s) {
    if (!s)
        return;
    if (s->env)
        mdb_env_close(s->env);
    stella_fd_closep(&s->lock_fd); /* after the environment: the next owner must find it closed */
    pthread_cond_destroy(&s->turn);
    pthread_mutex_destroy(&s->lock);
    pthread_rwlock_destroy(&s->gate);
    free(s->dir);
    free(s);
}

void state_closep(state **s) {
    state_close(*s);
    *s = NULL;
}

const stella_state *state_interface(state *s) {
    return &s->face;
}
