#include "inflate.h"

#include "codec.h"
#include "hasher.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define STORED_ROOM   (256u << 10) /* stored bytes read at once: as much as a pipe can be made to hold, and in cache */
#define WINDOW_ROOM   (256u << 10) /* uncompressed bytes made at once: fits the second-level cache */
#define SLOT_SIZE     (INPUT_PEEK_MAX + WINDOW_ROOM)
#define PROGRESS_STEP (1u << 20)

struct inflate {
    input base; /* first member: what readers see */
    inflate_options options;
    stored stored;
    const codec *codec;
    void *decoder;
    hasher *hasher;
    unsigned char *slots; /* HASHER_SLOTS windows when there is a hasher, else one */
    unsigned slot;
    uint64_t next_progress;
    stella_error failure; /* stays: readers may ask again */
};

stella_status stored_more(stored *s, stella_error *err) {
    const size_t kept = (size_t)(s->end - s->at);
    memmove(s->buf, s->at, kept);
    s->at = s->buf;
    s->end = s->buf + kept;
    ssize_t size;
    do
        size = read(s->fd, s->end, s->room - kept);
    while (size < 0 && errno == EINTR);
    if (size < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno));
    s->at_end = size == 0;
    s->end += size;
    s->total += (uint64_t)size;
    return STELLA_OK;
}

static stella_status check_limits(const inflate *z, uint64_t bytes, stella_error *err) {
    const engine_limits *limits = &z->options.limits;
    if (bytes > limits->layer_bytes)
        return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                "more than %llu bytes when uncompressed; " OPTION_LAYER_BYTES " raises the limit",
                                (unsigned long long)limits->layer_bytes);
    if (bytes > limits->ratio_bytes && bytes / limits->ratio > z->stored.total)
        return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                "%llu stored bytes grow more than %llu-fold; " OPTION_RATIO " raises the limit",
                                (unsigned long long)z->stored.total, (unsigned long long)limits->ratio);
    return STELLA_OK;
}

static void tell_progress(inflate *z) {
    if (!z->options.progress || z->stored.total < z->next_progress)
        return;
    z->options.progress(z->options.self, z->stored.total);
    z->next_progress = z->stored.total + PROGRESS_STEP;
}

/* A window that nobody else looks at, with what is unread in front of where the new bytes go. */
static unsigned char *turn(inflate *z, size_t *kept) {
    *kept = input_left(&z->base);
    if (z->hasher) {
        z->slot = (z->slot + 1) % HASHER_SLOTS;
        hasher_wait(z->hasher, z->slot);
    }
    unsigned char *fresh = z->slots + (size_t)z->slot * SLOT_SIZE + INPUT_PEEK_MAX;
    memmove(fresh - *kept, z->base.at, *kept);
    return fresh;
}

static stella_status produce(inflate *z, stella_error *err) {
    size_t kept, got = 0;
    unsigned char *fresh = turn(z, &kept);
    z->base.at = fresh - kept;
    z->base.end = fresh;
    stella_status status = z->codec->produce(z->decoder, &z->stored, fresh, WINDOW_ROOM, &got, err);
    if (status == STELLA_OK)
        status = check_limits(z, z->base.end_offset + got, err);
    if (status != STELLA_OK)
        return status;
    if (z->hasher && got)
        hasher_put(z->hasher, z->slot, fresh, got);
    z->base.end += got;
    z->base.end_offset += got;
    tell_progress(z);
    return STELLA_OK;
}

static stella_status inflate_more(input *in, stella_error *err) {
    inflate *z = (inflate *)in; /* base is its first member */
    if (input_left(in) > INPUT_PEEK_MAX)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "more was asked for with %zu bytes unread",
                                input_left(in));
    if (z->failure.code == STELLA_OK)
        produce(z, &z->failure);
    if (z->failure.code != STELLA_OK && err)
        *err = z->failure;
    return z->failure.code;
}

/* The codec whose magic the first bytes are. */
static stella_status choose(inflate *z, stella_error *err) {
    stored *s = &z->stored;
    while (!z->options.as_stored && s->end - s->at < 6 && !s->at_end) {
        const stella_status status = stored_more(s, err);
        if (status != STELLA_OK)
            return status;
    }
    const stella_sv first = stella_sv_of((const char *)s->at, (size_t)(s->end - s->at));
    const int is_skippable = first.len >= 4 && ((unsigned char)first.ptr[0] & 0xf0) == 0x50 &&
                             stella_sv_starts(stella_sv_skip(first, 1), STELLA_SV("\x2a\x4d\x18"));
    if (stella_sv_starts(first, STELLA_SV("\xfd"
                                          "7zXZ")) ||
        stella_sv_starts(first, STELLA_SV("BZh")))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL,
                                "compressed with %s: only gzip, zstd and uncompressed layers are read",
                                first.ptr[0] == 'B' ? "bzip2" : "xz");
    z->codec = stella_sv_starts(first, STELLA_SV("\x1f\x8b"))                           ? &codec_gzip
               : stella_sv_starts(first, STELLA_SV("\x28\xb5\x2f\xfd")) || is_skippable ? &codec_zstd
                                                                                        : &codec_none;
    z->decoder = z->codec->create();
    return z->decoder ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to uncompress");
}

stella_status inflate_create(int fd, const inflate_options *options, inflate **out, stella_error *err) {
    STELLA_AUTO(inflate_destroyp) inflate *z = calloc(1, sizeof *z);
    if (!z)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to uncompress");
    z->options = *options;
    if (z->options.limits.ratio == 0)
        z->options.limits.ratio = 1;
    z->hasher = options->with_digest ? hasher_create() : NULL;
    z->slot = z->hasher ? HASHER_SLOTS - 1 : 0; /* slots are used in turn, 0 first */
    z->slots = malloc((size_t)SLOT_SIZE * (z->hasher ? HASHER_SLOTS : 1));
    z->stored = (stored){.fd = fd, .buf = malloc(STORED_ROOM), .room = STORED_ROOM};
    z->stored.at = z->stored.end = z->stored.buf;
    if (!z->slots || !z->stored.buf || (options->with_digest && !z->hasher))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to uncompress");
    const stella_status status = choose(z, err);
    if (status != STELLA_OK)
        return status;
    z->base = (input){.at = z->slots, .end = z->slots, .more = inflate_more};
    *out = STELLA_TAKE(z);
    return STELLA_OK;
}

void inflate_destroy(inflate *z) {
    if (!z)
        return;
    hasher_destroy(z->hasher); /* first: it reads the slots */
    if (z->decoder)
        z->codec->destroy(z->decoder);
    free(z->slots);
    free(z->stored.buf);
    free(z);
}

void inflate_destroyp(inflate **z) {
    inflate_destroy(*z);
    *z = NULL;
}

input *inflate_input(inflate *z) {
    return &z->base;
}

stella_status inflate_finish(inflate *z, char digest[STELLA_DIGEST_TEXT_SIZE], uint64_t *bytes, stella_error *err) {
    uint64_t skipped;
    const stella_status status = input_skip(&z->base, UINT64_MAX, &skipped, err);
    if (status != STELLA_OK)
        return status;
    digest[0] = '\0';
    if (z->hasher)
        hasher_digest(z->hasher, digest);
    *bytes = z->base.end_offset;
    return STELLA_OK;
}
