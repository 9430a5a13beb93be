/* database.h - nix/var/nix/db/db.sqlite: which store paths are valid, and what refers to what. */
#ifndef NIX_DATABASE_H
#define NIX_DATABASE_H

#include <stella/analyzer.h>

#define DATABASE_PATH "nix/var/nix/db/db.sqlite"
#define DATABASE_WAL  "-wal"

/* Kinds of the records. */
#define DATABASE_VALID "valid" /* a store path: a row of fields (common/fields.h); its key is the path's base name */
#define DATABASE_REFS  "refs"  /* pairs of row ids, as varints: who refers, to whom */

/* The fields of a valid path. */
enum { VALID_ID, VALID_BASE, VALID_HASH, VALID_DERIVER, VALID_SIZE, VALID_FIELDS };

/* Bytes of a row, and of a record of references. */
#define DATABASE_ROW_MAX  (64u << 10)
#define DATABASE_REFS_MAX (256u << 10)

/* Reads the database and its write-ahead log. Rows that cannot be read are noted. */
stella_status database_probe(stella_probe *probe, stella_error *err);

/* The same for bytes at hand; the probe takes records and notes. */
stella_status database_read(stella_probe *probe, stella_sv main, stella_sv wal, stella_error *err);

#endif
