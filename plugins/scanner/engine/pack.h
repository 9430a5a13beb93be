/* pack.h - the evidence pack of one layer: an index of its entries, and per plugin what was learnt.
 *
 * File: a header page, segments (64-byte aligned), a table of segments. Every segment carries a CRC-64; numbers are
 * little-endian. A pack is written once by the child that read the layer and mapped read-only by others; that child
 * read hostile bytes, so the reader checks every offset, checksum or not.
 *
 * The index is sorted in tree order (path_cmp): a directory is followed by everything in it. A row is 24 bytes; names
 * are front-coded full paths in blocks of PACK_BLOCK rows. Whiteouts are flags on the row of the path they hide, never
 * rows of their own name. Hard links carry the facts of the first name and its row. Of several entries with one path
 * the last stands.
 *
 * Segments of plugins hold items in the order in which they arose: kept contents, records, notes. They name files by
 * row. The segment of ENGINE_ID holds what the engine itself keeps and notes. */
#ifndef SCANNER_ENGINE_PACK_H
#define SCANNER_ENGINE_PACK_H

#include "limits.h"

#include <stella/cursor.h>
#include <stella/file.h>
#include <stella/sink.h>

#define PACK_FORMAT 1u  /* part of every cache key: raise it with any change of layout or of what is collected */
#define PACK_BLOCK  16u /* rows that share one full path */
#define PACK_NO_ROW 0xffffffffu

/* Flags of a row. */
#define PACK_WHITEOUT 1u  /* hides this path, and all below it, in the layers underneath. kind 0: nothing else here */
#define PACK_OPAQUE   2u  /* hides what is below this path, in the layers underneath. kind 0: no entry of its own */
#define PACK_HARDLINK 4u  /* another name for the file of row `link` (PACK_NO_ROW: it was replaced later) */
#define PACK_DANGLING 16u /* with HARDLINK: the first name is not in this layer; target tells it */
#define PACK_SPARSE   8u  /* stored with holes: its content was not read */
#define PACK_ABSENT   32u /* its layer was read in part, without this file's content */

typedef struct pack_row {
    uint64_t size;
    uint32_t kind; /* STELLA_FILE_*, 0: only flags */
    uint32_t type; /* STELLA_TYPE_*; UNKNOWN also when no interest needed it */
    uint32_t mode, uid, gid;
    uint32_t flags;   /* PACK_* */
    uint32_t link;    /* of a hard link: the row that carries the content, else PACK_NO_ROW */
    stella_sv target; /* of a symbolic link, as written; of a DANGLING hard link, its first name */
} pack_row;

/* ---- reading --------------------------------------------------------------------------------------------------------
 * Views borrow from the pack until it is closed. [any thread once open] */

typedef struct pack pack;

/* Maps and checks a pack. The descriptor may be closed afterwards; for _bytes the caller keeps the bytes (8-aligned or
 * not) until close.
 * Returns STELLA_E_FORMAT when it is damaged or of another format, STELLA_E_IO, STELLA_E_NOMEM. */
stella_status pack_open(int fd, pack **out, stella_error *err);
stella_status pack_open_bytes(stella_sv bytes, pack **out, stella_error *err);
void pack_close(pack *p);
void pack_closep(pack **p);

/* Rows of the index. */
uint32_t pack_count(const pack *p);

/* The facts of a row (below pack_count). */
void pack_row_at(const pack *p, uint32_t row, pack_row *out);

/* The path of a row, put into buf of PATH_BYTES_MAX bytes. Empty for the root itself, which has a row only when it is
 * opaque, and when the index is damaged beyond its checksum. */
stella_sv pack_path(const pack *p, uint32_t row, char *buf);

/* The row of exactly this path, by bisection: 1 and *row, or 0 with *row set to where it would stand. */
int pack_find(const pack *p, stella_sv path, uint32_t *row);

/* All rows from `row` on, in tree order: cheaper than pack_path for each.
 *     pack_walk w = pack_walk_from(p, 0);
 *     while (pack_walk_next(&w)) ... w.row, w.path ...                                  path: valid until the next step
 */
typedef struct pack_walk {
    const pack *owner;
    uint32_t row;  /* after next: the row at hand */
    uint32_t next; /* the one after it */
    stella_sv path;
    uint64_t offset; /* in the names */
    char buf[PATH_BYTES_MAX];
} pack_walk;
void pack_walk_init(pack_walk *w, const pack *p, uint32_t row);
int pack_walk_next(pack_walk *w); /* 1; 0 at the end */

/* Items of a plugin's segment. */
#define PACK_CONTENT 1u
#define PACK_RECORD  2u
#define PACK_NOTE    3u

#define PACK_NOTE_LOST 3u /* severity: an error by which what the plugin would say of the file is lost */

typedef struct pack_item {
    uint32_t what; /* PACK_CONTENT, PACK_RECORD or PACK_NOTE */
    uint32_t row;  /* of the file; PACK_NO_ROW for notes on what is not in the index */
    stella_sv
        interests; /* CONTENT, RECORD: one byte each, ascending: the interests of the plugin that the file meets */
    stella_sv kind, key; /* RECORD */
    stella_sv bytes;     /* CONTENT, RECORD */
    uint32_t code;       /* NOTE: STELLA_E_* of the engine's own errors, else STELLA_OK */
    uint32_t severity;   /* NOTE: STELLA_NOTE_*, or PACK_NOTE_LOST */
    uint32_t line;       /* NOTE: 0 for the whole file */
    stella_sv message;   /* NOTE */
    stella_sv path;      /* NOTE with PACK_NO_ROW: what it is about; may be empty */
} pack_item;

typedef struct pack_items {
    stella_cursor cursor; /* cursor.ok is 0 when the segment is damaged beyond its checksum */
    uint32_t rows;        /* of the index */
} pack_items;

typedef struct pack_segment {
    stella_sv plugin; /* id; ENGINE_ID for the engine's own; empty: the index */
    stella_sv digest; /* of the plugin's binary; empty for the engine's own and the index */
    uint64_t offset, size;
} pack_segment;

uint32_t pack_segment_count(const pack *p);
void pack_segment_at(const pack *p, uint32_t position, pack_segment *out);

/* Its bytes as they are in the file: they can be put into another pack with the same rows. */
stella_sv pack_segment_bytes(const pack *p, uint32_t position);

/* The position of a plugin's segment: 1 and *position, or 0. */
int pack_segment_find(const pack *p, stella_sv plugin, uint32_t *position);

/* Iterates a segment of items, in order; the index has none. Items of files that a later entry of the layer replaced
 * are left out by the writer. */
pack_items pack_items_of(const pack *p, uint32_t segment);
int pack_items_next(pack_items *it, pack_item *out); /* 1; 0 at the end */

/* The content that a segment keeps for a row (or, of a hard link, for its first name), by bisection.
 * Returns 1 and sets *bytes, or 0. */
int pack_content(const pack *p, uint32_t segment, uint32_t row, stella_sv *bytes);

/* ---- writing --------------------------------------------------------------------------------------------------------
 * See index.h (entries) and evidence.h (items); this joins them into a file. */

typedef struct pack_writer pack_writer;

/* Writes to fd, an empty file. */
stella_status pack_writer_create(int fd, pack_writer **out, stella_error *err);
void pack_writer_destroy(pack_writer *w);
void pack_writer_destroyp(pack_writer **w);

/* Begins a segment, adds to it, ends it; segments follow each other in the order of begin. */
stella_status pack_writer_begin(pack_writer *w, stella_sv plugin, stella_sv digest, stella_error *err);
stella_status pack_writer_add(pack_writer *w, stella_sv bytes, stella_error *err);
stella_status pack_writer_end(pack_writer *w, pack_segment *out, stella_error *err);

/* Writes table and header: only now is it a pack. */
stella_status pack_writer_finish(pack_writer *w, stella_error *err);

#endif
