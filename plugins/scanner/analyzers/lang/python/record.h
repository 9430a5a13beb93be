/* record.h - RECORD of a dist-info (https://packaging.python.org/en/latest/specifications/recording-installed-packages/)
 * and installed-files.txt of an egg-info: which files a distribution brought. */
#ifndef PYTHON_RECORD_H
#define PYTHON_RECORD_H

#include <stella/arena.h>
#include <stella/digest.h>

#define RECORD_PATH_MAX 4096

/* A row of RECORD. Views into the text or the arena. */
typedef struct record_row {
    stella_sv path;
    stella_sv digest_alg; /* "sha256"; empty: none stated */
    stella_sv digest;     /* base64 without padding, URL-safe alphabet */
} record_row;

/* Takes the next row off *rest; rows without a path are stepped over. Quotes are read as CSV has them, within a line.
 * Returns 1, 0 at the end, or -1 when the arena is spent. */
int record_next(stella_sv *rest, stella_arena *arena, record_row *out);

/* The path of a row seen from the root: relative ones begin in folder.
 * out  set on success, in the arena; empty when the path leads out of the root, is too long, or holds control characters
 *      or invalid UTF-8
 * Returns STELLA_E_NOMEM. */
stella_status record_path(stella_sv folder, stella_sv path, stella_arena *arena, stella_sv *out, stella_error *err);

/* A SHA-256 digest as RECORD writes it. Returns 0 when it is none. */
int record_sha256(const record_row *row, unsigned char out[STELLA_SHA256_SIZE]);

#endif
