/* wire.h - a cursor that knows the byte order and the width of addresses of the file it reads. */
#ifndef BINARY_WIRE_H
#define BINARY_WIRE_H

#include <stella/cursor.h>

/* In the caller's storage; the rules of stella_cursor hold. [one thread] */
typedef struct wire {
    stella_cursor c;
    int is_big; /* most significant byte first */
    int is_64;
} wire;

static inline wire wire_of(stella_sv bytes, int is_big, int is_64) {
    return (wire){.c = stella_cursor_of(bytes.ptr, bytes.len), .is_big = is_big, .is_64 = is_64};
}

static inline uint16_t wire_u16(wire *w) {
    return w->is_big ? stella_cursor_u16be(&w->c) : stella_cursor_u16le(&w->c);
}

static inline uint32_t wire_u32(wire *w) {
    return w->is_big ? stella_cursor_u32be(&w->c) : stella_cursor_u32le(&w->c);
}

static inline uint64_t wire_u64(wire *w) {
    return w->is_big ? stella_cursor_u64be(&w->c) : stella_cursor_u64le(&w->c);
}

/* An address or an offset: as wide as the file's own. */
static inline uint64_t wire_word(wire *w) {
    return w->is_64 ? wire_u64(w) : wire_u32(w);
}

/* The bytes of the file from offset on, as many as there are. is_cut  set when those are fewer than size */
static inline stella_sv wire_range(stella_sv file, uint64_t offset, uint64_t size, int *is_cut) {
    const uint64_t start = offset < file.len ? offset : file.len;
    const uint64_t there = file.len - start;
    *is_cut = size > there;
    return stella_sv_of(file.ptr + start, size < there ? size : there);
}

#define WIRE_TEXT_MAX 4096 /* bounds the search for the end: a table may hold none, and be asked for a million names */

/* The NUL-terminated text at that offset of a table of texts; empty when it is not there, does not end or is longer
 * than WIRE_TEXT_MAX. */
static inline stella_sv wire_text(stella_sv table, uint64_t offset) {
    const stella_sv rest =
        stella_sv_first(stella_sv_skip(table, offset < table.len ? offset : table.len), WIRE_TEXT_MAX);
    const size_t len = stella_sv_find(rest, '\0');
    return len < rest.len ? stella_sv_first(rest, len) : (stella_sv){0};
}

/* A field of fixed width that is filled up with NUL. */
static inline stella_sv wire_padded(stella_sv field) {
    return stella_sv_first(field, stella_sv_find(field, '\0'));
}

#endif
