/* wal.h - the write-ahead log of a database: which page's newest content stands where in it. */
#ifndef ANALYZERS_SQLITE_WAL_H
#define ANALYZERS_SQLITE_WAL_H

#include "sqlite.h"

/* Fills frames, frame_count, page_count and wal_state of a database whose header has been read, from db->wal.
 * Returns STELLA_E_NOMEM. A log that is damaged or torn counts up to its last whole transaction, as with SQLite. */
stella_status wal_read(sqlite_database *db, stella_arena *arena, stella_error *err);

/* Where in the log the content of that frame begins. */
uint64_t wal_page_offset(const sqlite_database *db, uint32_t position);

#endif
