/* stella/cursor.h - the one way to read bytes from outside: every length is compared with what is left.
 *
 * A cursor that was asked for more than is left fails, stays failed, and from then on yields zeros and empty views; a
 * parser checks `ok` once per record. All functions: [one thread per cursor], no allocation, views borrow from the
 * input. */
#ifndef STELLA_CURSOR_H
#define STELLA_CURSOR_H

#include <stella/sv.h>

STELLA_BEGIN_DECLS

typedef struct stella_cursor {
    const unsigned char *start, *at, *end;
    int32_t ok; /* 1 until a read ran past the end */
} stella_cursor;

stella_cursor stella_cursor_of(const void *bytes, size_t size);

static inline size_t stella_cursor_left(const stella_cursor *c) {
    return c->ok ? (size_t)(c->end - c->at) : 0;
}
static inline size_t stella_cursor_offset(const stella_cursor *c) {
    return (size_t)(c->at - c->start);
}

uint8_t stella_cursor_u8(stella_cursor *c);
uint16_t stella_cursor_u16le(stella_cursor *c);
uint16_t stella_cursor_u16be(stella_cursor *c);
uint32_t stella_cursor_u32le(stella_cursor *c);
uint32_t stella_cursor_u32be(stella_cursor *c);
uint64_t stella_cursor_u64le(stella_cursor *c);
uint64_t stella_cursor_u64be(stella_cursor *c);

/* Unsigned LEB128, at most 10 bytes; a longer or overflowing one fails the cursor. */
uint64_t stella_cursor_varint(stella_cursor *c);

/* The next size bytes as a view. */
stella_sv stella_cursor_str(stella_cursor *c, uint64_t size);

/* Steps over size bytes. */
void stella_cursor_skip(stella_cursor *c, uint64_t size);

/* Moves to an absolute offset from the start; past the end it fails. */
void stella_cursor_seek(stella_cursor *c, uint64_t offset);

/* The next line without its \n (a \r before it is dropped too); the rest when no \n is left. Returns 0 at the end. */
int stella_cursor_line(stella_cursor *c, stella_sv *line);

STELLA_END_DECLS

#endif
