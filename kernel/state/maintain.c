/* maintain.c - purge, backup and check. */
#include "state/store.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

typedef struct purging {
    uint64_t limit, removed;
} purging;

static int purge(state *s, MDB_txn *txn, void *context) {
    purging *p = context;
    const int64_t now_ms = s->wall_ms();
    p->removed = 0;
    MDB_cursor *cursor;
    int code = mdb_cursor_open(txn, s->expiry, &cursor);
    if (code != 0)
        return code;
    MDB_val key, nothing;
    while (p->removed < p->limit && (code = mdb_cursor_get(cursor, &key, &nothing, MDB_FIRST)) == 0) {
        if (key.mv_size <= STORE_EXPIRY_SIZE || key.mv_size > STORE_EXPIRY_KEY_MAX ||
            store_get_expiry(key.mv_data) > now_ms)
            break;
        unsigned char copy[STORE_EXPIRY_KEY_MAX]; /* deleting may move the page that holds the key */
        memcpy(copy, key.mv_data, key.mv_size);
        MDB_val data = {.mv_data = copy + STORE_EXPIRY_SIZE, .mv_size = key.mv_size - STORE_EXPIRY_SIZE};
        code = mdb_del(txn, s->data, &data, NULL);
        if (code == 0 || code == MDB_NOTFOUND)
            code = mdb_cursor_del(cursor, 0);
        if (code != 0)
            break;
        p->removed++;
    }
    mdb_cursor_close(cursor);
    return code == MDB_NOTFOUND ? 0 : code;
}

stella_status state_purge(state *s, uint64_t limit, uint64_t *removed, stella_error *err) {
    purging p = {.limit = limit};
    const int code = store_write(s, purge, &p);
    if (code != 0)
        return store_error(s, code, "purge", err);
    *removed = p.removed;
    return STELLA_OK;
}

static stella_status sync_dir_of(const char *path, stella_error *err) {
    char dir[4096];
    const stella_sv whole = stella_sv_cstr(path);
    const size_t slash = stella_sv_rfind(whole, '/');
    snprintf(dir, sizeof dir, "%.*s", (int)(slash == whole.len ? 1 : slash + 1), slash == whole.len ? "." : path);
    STELLA_AUTO(stella_fd_closep) int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0 || fsync(fd) != 0)
        return stella_error_set(err, STELLA_E_IO, dir, "sync: %s", strerror(errno));
    return STELLA_OK;
}

static stella_status copy_to(state *s, int fd, stella_error *err) {
    pthread_rwlock_rdlock(&s->gate);
    const int code = mdb_env_copyfd2(s->env, fd, MDB_CP_COMPACT);
    pthread_rwlock_unlock(&s->gate);
    if (code != 0)
        return store_error(s, code, "backup", err);
    return fsync(fd) == 0 ? STELLA_OK : store_error(s, errno, "backup", err);
}

stella_status state_backup(state *s, const char *path, stella_error *err) {
    char partial[4096];
    if ((size_t)snprintf(partial, sizeof partial, "%s.partial", path) >= sizeof partial)
        return stella_error_set(err, STELLA_E_LIMIT, path, "the path is too long");
    STELLA_AUTO(stella_fd_closep) int fd = open(partial, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (fd < 0)
        return stella_error_set(err, errno == EEXIST ? STELLA_E_EXISTS : STELLA_E_IO, partial, "create: %s",
                                strerror(errno));
    stella_status status = copy_to(s, fd, err);
    if (status == STELLA_OK && renameat2(AT_FDCWD, partial, AT_FDCWD, path, RENAME_NOREPLACE) != 0)
        status =
            stella_error_set(err, errno == EEXIST ? STELLA_E_EXISTS : STELLA_E_IO, path, "rename: %s", strerror(errno));
    if (status != STELLA_OK) {
        unlink(partial);
        return status;
    }
    return sync_dir_of(path, err);
}

static stella_status broken(stella_sv key, const char *what, stella_error *err) {
    return stella_error_at(err, STELLA_E_FORMAT, key, "%s", what);
}

/* One data item: well formed, and in the expiry index when it expires. */
static stella_status check_item(state *s, MDB_txn *txn, const MDB_val *key, const MDB_val *stored, state_report *r,
                                stella_error *err) {
    stella_sv space, name, value;
    int64_t expires_ms;
    if (!store_key_split(key, &space, &name))
        return broken(stella_sv_of(key->mv_data, key->mv_size), "a key without namespace", err);
    if (!store_record(stored, &expires_ms, &value))
        return broken(name, "a value that is cut short", err);
    r->items++;
    if (expires_ms == 0)
        return STELLA_OK;
    r->expiring++;
    unsigned char bytes[STORE_EXPIRY_KEY_MAX];
    store_put_expiry(bytes, expires_ms);
    memcpy(bytes + STORE_EXPIRY_SIZE, key->mv_data, key->mv_size);
    MDB_val expiry = {.mv_data = bytes, .mv_size = STORE_EXPIRY_SIZE + key->mv_size}, nothing;
    const int code = mdb_get(txn, s->expiry, &expiry, &nothing);
    return code ? broken(name, "a value whose expiry is not in the index", err) : STELLA_OK;
}

static stella_status check_data(state *s, MDB_txn *txn, state_report *r, stella_error *err) {
    MDB_cursor *cursor;
    MDB_val key, stored;
    int code = mdb_cursor_open(txn, s->data, &cursor);
    if (code != 0)
        return store_error(s, code, "check", err);
    stella_status status = STELLA_OK;
    code = mdb_cursor_get(cursor, &key, &stored, MDB_FIRST);
    for (; code == 0 && status == STELLA_OK; code = mdb_cursor_get(cursor, &key, &stored, MDB_NEXT))
        status = check_item(s, txn, &key, &stored, r, err);
    mdb_cursor_close(cursor);
    if (status == STELLA_OK && code != MDB_NOTFOUND)
        status = store_error(s, code, "check", err);
    return status;
}

static stella_status check_counts(state *s, MDB_txn *txn, state_report *r, stella_error *err) {
    MDB_stat data, expiry;
    int code = mdb_stat(txn, s->data, &data);
    if (code == 0)
        code = mdb_stat(txn, s->expiry, &expiry);
    if (code != 0)
        return store_error(s, code, "check", err);
    if (data.ms_entries != r->items)
        return broken(STELLA_SV("data"), "the number of items is not what the tree says", err);
    if (expiry.ms_entries != r->expiring)
        return broken(STELLA_SV("expiry"), "the expiry index holds entries without a value", err);
    MDB_envinfo info;
    mdb_env_info(s->env, &info);
    r->bytes = ((uint64_t)info.me_last_pgno + 1) * data.ms_psize;
    return STELLA_OK;
}

stella_status state_check(state *s, state_report *out, stella_error *err) {
    state_report report = {.schema = STATE_SCHEMA};
    MDB_txn *txn;
    const int code = store_begin_read(s, &txn);
    if (code != 0)
        return store_error(s, code, "check", err);
    stella_status status = check_data(s, txn, &report, err);
    if (status == STELLA_OK)
        status = check_counts(s, txn, &report, err);
    store_end_read(s, txn);
    if (status == STELLA_OK)
        *out = report;
    return status;
}
