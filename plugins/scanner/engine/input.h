/* input.h - bytes that stream by, read in place.
 *
 * An input shows a window [at, end) of the stream. A reader looks at the window directly and moves `at`; whoever owns
 * the bytes refills it. Nothing is copied but the few bytes of a header that straddles two windows. [one thread] */
#ifndef SCANNER_ENGINE_INPUT_H
#define SCANNER_ENGINE_INPUT_H

#include <stella/error.h>

#define INPUT_PEEK_MAX 4096u /* bytes that can be had in one piece */

typedef struct input input;
struct input {
    const unsigned char *at, *end;
    uint64_t end_offset; /* of `end` in the stream */

    /* Adds bytes behind the window; those in it (at most INPUT_PEEK_MAX) stay in front of them, so at and end move.
     * Leaves the window as it is at the end of the stream. */
    stella_status (*more)(input *in, stella_error *err);

    /* Steps over size bytes behind an empty window without reading them; past the end of the stream it stops there.
     * NULL: reading is the only way. */
    stella_status (*seek)(input *in, uint64_t size, stella_error *err);
};

/* Where `at` is in the stream. */
static inline uint64_t input_offset(const input *in) {
    return in->end_offset - (uint64_t)(in->end - in->at);
}

/* Makes the window hold size bytes (at most INPUT_PEEK_MAX) if the stream has that many left. `at` is then valid for
 * them; input_left tells how many there are. */
stella_status input_peek(input *in, size_t size, stella_error *err);

/* The next bytes, at most max, and steps over them; empty at the end of the stream. Valid until the next call. */
stella_status input_take(input *in, uint64_t max, stella_sv *out, stella_error *err);

/* Steps over size bytes; skipped (set on success) is less at the end of the stream. */
stella_status input_skip(input *in, uint64_t size, uint64_t *skipped, stella_error *err);

static inline size_t input_left(const input *in) {
    return (size_t)(in->end - in->at);
}

/* ---- inputs -------------------------------------------------------------------------------------------------------
 */

/* Bytes in memory, borrowed. */
input input_of_memory(stella_sv bytes);

/* Bytes that are had by offset: a file, a part of one, a stella_target. Seeks. In the caller's storage. */
typedef stella_status (*input_read_at)(void *self, uint64_t offset, void *buf, size_t size, size_t *got,
                                       stella_error *err);
typedef struct input_file {
    input base; /* hand &file.base to readers; first member */
    input_read_at read_at;
    void *self;
    uint64_t from, size; /* the part of it that is the stream */
    unsigned char *buf;  /* owned */
    size_t room;
} input_file;

/* room  bytes read at once, at least 4 KiB; small where much is skipped
 * Returns STELLA_E_NOMEM. The caller ends it with fini. */
stella_status input_file_init(input_file *file, input_read_at read_at, void *self, uint64_t from, uint64_t size,
                              size_t room, stella_error *err);
void input_file_fini(input_file *file);

#endif
