/* codec.h - one way of compression: a function that fills a buffer with uncompressed bytes. inflate.c chooses. */
#ifndef SCANNER_ENGINE_CODEC_H
#define SCANNER_ENGINE_CODEC_H

#include <stella/error.h>

/* Stored bytes, read from a descriptor. */
typedef struct stored {
    int fd;
    int at_end;
    uint64_t left;      /* bytes that may still be read */
    unsigned char *buf; /* owned by inflate.c */
    size_t room;
    unsigned char *at, *end; /* what has been read and not used */
    uint64_t total;          /* read so far */
} stored;

/* Reads more behind what is there (moved to the front first). Sets at_end when there is none. */
stella_status stored_more(stored *s, stella_error *err);

/* Offset of `at` in the stored stream. */
static inline uint64_t stored_offset(const stored *s) {
    return s->total - (uint64_t)(s->end - s->at);
}

typedef struct codec {
    /* The decoder's state; NULL when memory is short. */
    void *(*create)(void);
    void (*destroy)(void *self);
    /* Puts up to room bytes at out; *got is 0 only at the proper end of the stream. */
    stella_status (*produce)(void *self, stored *s, unsigned char *out, size_t room, size_t *got, stella_error *err);
} codec;

extern const codec codec_gzip, codec_zstd, codec_none;

#endif
