/* database.h - the containers that rpm keeps its headers in, told apart by their magic, whatever their name. */
#ifndef RPM_DATABASE_H
#define RPM_DATABASE_H

#include <stella/arena.h>
#include <stella/error.h>

#define DATABASE_HEADER_MAX (256u << 20) /* bytes of one header: rpm's own limit */

/* Who takes what is found. */
typedef struct database_taker {
    void *self;
    /* A header; borrowed until the call returns. What it returns but STELLA_OK ends the reading. */
    stella_status (*header)(void *self, stella_sv block, stella_error *err);
    /* A part that could not be read; reading goes on. */
    void (*damage)(void *self, const stella_error *damage);
} database_taker;

/* Hands out every header of a database.
 * main     the file
 * wal      the "-wal" beside it; empty when there is none
 * backend  BACKEND_* of tags.h; set before the first header is handed out
 * Returns STELLA_E_FORMAT when it is no database of rpm's or its first page lies, STELLA_E_UNSUPPORTED (encrypted),
 * STELLA_E_NOMEM, or what the taker returned. [one thread] */
stella_status database_read(stella_sv main, stella_sv wal, stella_arena *arena, const database_taker *taker,
                            uint32_t *backend, stella_error *err);

/* The same for one kind each; main begins with its magic. */
stella_status database_read_sqlite(stella_sv main, stella_sv wal, stella_arena *arena, const database_taker *taker,
                                   stella_error *err);
stella_status database_read_ndb(stella_sv main, const database_taker *taker, stella_error *err);
stella_status database_read_bdb(stella_sv main, const database_taker *taker, stella_error *err);

/* Whether the file begins as one of that kind. */
int database_is_sqlite(stella_sv main);
int database_is_ndb(stella_sv main);
int database_is_bdb(stella_sv main);

/* Tells the taker of a part that could not be read. */
void database_damage(const database_taker *taker, stella_status code, const char *format, ...) STELLA_PRINTF(3, 4);

#endif
