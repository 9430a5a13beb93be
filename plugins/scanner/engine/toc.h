/* toc.h - the table of contents of a layer that can be read in parts: eStargz and zstd:chunked, whose tables are the
 * same JSON. Nothing in it is trusted: every place is inside the data, every size adds up. [one thread] */
#ifndef SCANNER_ENGINE_TOC_H
#define SCANNER_ENGINE_TOC_H

#include "matcher.h"
#include "tar.h"

#include <stella/arena.h>
#include <stella/sink.h>

#define TOC_JSON_MAX    (64u << 20)
#define TOC_ENTRIES_MAX 2000000u /* chunks included */
#define TOC_RANGES_MAX  1024u
#define TOC_GAP         65536u /* fetched along, rather than asking twice */

/* One piece of a regular file: so many bytes that can be uncompressed by themselves. */
typedef struct toc_chunk {
    uint64_t offset;  /* in the blob, where to begin to uncompress... */
    uint64_t end;     /* ...and where something else begins */
    uint64_t inner;   /* uncompressed bytes to step over first */
    uint64_t size;    /* uncompressed */
    int is_zeros;     /* nothing is stored: the bytes are 0 */
    stella_sv digest; /* "sha256:<hex>" of these bytes */
} toc_chunk;

typedef struct toc_file {
    tar_entry entry; /* body_size and the offsets are not used */
    uint32_t first_chunk, chunk_count;
    int is_wanted; /* by its path, or by that of a hard link to it */
} toc_file;

typedef struct toc {
    stella_arena *arena;
    uint32_t file_count, chunk_count;
    toc_file *files;
    toc_chunk *chunks;
} toc;

typedef struct toc_range {
    uint64_t offset, size;
} toc_range;

/* Reads the table's stored bytes: a gzip member with a tar that holds the JSON, or the JSON in zstd.
 * fd      from its beginning; borrowed
 * digest  of the JSON, verified; empty: the stored bytes were
 * out     set on success
 * Returns STELLA_E_FORMAT, STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status toc_load(int fd, stella_sv digest, stella_buf *out, stella_error *err);

/* json        borrowed until fini
 * data_bytes  of the blob, before the table
 * out         to be ended with toc_fini whatever is returned
 * Returns STELLA_E_FORMAT naming the entry that is wrong, STELLA_E_LIMIT, STELLA_E_NOMEM. */
stella_status toc_parse(stella_sv json, uint64_t data_bytes, toc *out, stella_error *err);
void toc_fini(toc *t); /* for STELLA_AUTO */

/* Marks the files that some interest wants by its path; what is wanted by type alone is not.
 * ranges  room for TOC_RANGES_MAX; set on success: what of the blob they need, ascending, apart
 * Returns STELLA_E_NOMEM. */
stella_status toc_plan(toc *t, const matcher *m, toc_range *ranges, uint32_t *count, stella_error *err);

#endif
