/* state.h - the state store: LMDB behind stella/state.h, in a directory that one process owns.
 *
 * Writers queue; the first of them writes for all who wait, in one LMDB transaction and one fsync (group commit). When
 * the map is full the readers are waited out, the map is made larger, and the transaction runs again. */
#ifndef KERNEL_STATE_STATE_H
#define KERNEL_STATE_STATE_H

#include <stella/log.h>
#include <stella/state.h>

#define STATE_SCHEMA    1 /* the newest layout this program knows */
#define STATE_FILE_NAME "state.mdb"

typedef struct state state;

typedef struct state_options {
    const char *dir;          /* made when it is not there, mode 0700 */
    uint64_t size_max_bytes;  /* the map grows up to this */
    int64_t (*wall_ms)(void); /* for expiry; NULL: the real clock */
    const stella_log *log;    /* may be NULL */
} state_options;

/* Takes the directory's lock, opens or makes the store, migrates it.
 * out  set on success; the caller destroys it
 * Returns STELLA_E_BUSY when another process has the directory (the message names it), STELLA_E_UNSUPPORTED for a store
 * of a newer schema, STELLA_E_FORMAT for a damaged one, STELLA_E_IO. Never use a store in a forked child. */
stella_status state_open(const state_options *options, state **out, stella_error *err);

/* No call may be running. */
void state_close(state *s);
void state_closep(state **s);

/* The ABI face: same lifetime as the store. */
const stella_state *state_interface(state *s);

/* Removes what has expired, at most limit items.
 * removed  set on success. [any thread] */
stella_status state_purge(state *s, uint64_t limit, uint64_t *removed, stella_error *err);

/* Writes a compact copy, a store of its own in one file, while others read and write.
 * path  must not exist; appears whole or not at all, mode 0600
 * Returns STELLA_E_EXISTS, STELLA_E_IO. [any thread] */
stella_status state_backup(state *s, const char *path, stella_error *err);

typedef struct state_report {
    uint64_t items, expiring, bytes; /* bytes of the file in use */
    uint32_t schema;
} state_report;

/* Reads everything and checks every invariant.
 * out  set on success
 * Returns STELLA_E_FORMAT with the key that breaks one. [any thread] */
stella_status state_check(state *s, state_report *out, stella_error *err);

#endif
