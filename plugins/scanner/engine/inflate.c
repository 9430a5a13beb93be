#include "inflate.h"

#include "ahead.h"
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
#define SLOTS         4u

_Static_assert(SLOTS == HASHER_SLOTS, "the hasher takes the slots in turn");
_Static_assert(SLOTS == AHEAD_SLOTS, "and so does who inflates ahead");

struct inflate {
    input base; /* first member: what readers see */
    inflate_options options;
    stored stored;
    const codec *codec;
    void *decoder;
    hasher *hasher;
    ahead *ahead;         /* who makes the windows; NULL: they are made when they are asked for */
    unsigned char *slots; /* windows: one, or SLOTS when others look at them too */
    unsigned slot, slot_count;
    int has_slot; /* the window at hand is that of slot */
    int is_over;
    uint64_t made; /* uncompressed bytes */
    uint64_t next_progress;
    stella_error failure; /* stays: readers may ask again */
};

stella_status stored_more(stored *s, stella_error *err) {
    const size_t kept = (size_t)(s->end - s->at);
    memmove(s->buf, s->at, kept);
    s->at = s->buf;
    s->end = s->buf + kept;
    ssize_t size;
    const size_t room = s->room - kept < s->left ? s->room - kept : (size_t)s->left;
    do
        size = read(s->fd, s->end, room);
    while (size < 0 && errno == EINTR);
    if (size < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "read: %s", strerror(errno));
    s->at_end = size == 0;
    s->end += size;
    s->left -= (uint64_t)size;
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

static void tell_progress(inflate *z, uint64_t stored_bytes) {
    if (!z->options.progress || stored_bytes < z->next_progress)
        return;
    z->options.progress(z->options.self, stored_bytes);
    z->next_progress = stored_bytes + PROGRESS_STEP;
}

static unsigned char *window_at(const inflate *z, unsigned slot) {
    return z->slots + (size_t)slot * SLOT_SIZE + INPUT_PEEK_MAX;
}

/* Fills the window of a slot. [the thread ahead, or the reader's] */
static void make(void *self, unsigned slot, ahead_window *out) {
    inflate *z = self;
    unsigned char *fresh = window_at(z, slot);
    if (z->hasher)
        hasher_wait(z->hasher, slot);
    stella_status status = z->codec->produce(z->decoder, &z->stored, fresh, WINDOW_ROOM, &out->size, &out->failure);
    if (status == STELLA_OK)
        status = check_limits(z, z->made + out->size, &out->failure);
    if (status == STELLA_OK && z->hasher && out->size)
        hasher_put(z->hasher, slot, fresh, out->size);
    z->made += out->size;
    out->stored = z->stored.total;
}

/* What is unread goes in front of the window of a slot. */
static void move_to(inflate *z, unsigned slot) {
    const size_t kept = input_left(&z->base);
    unsigned char *fresh = window_at(z, slot);
    memmove(fresh - kept, z->base.at, kept);
    z->base.at = fresh - kept;
    z->base.end = fresh;
}

static stella_status produce(inflate *z, stella_error *err) {
    const unsigned next = z->has_slot ? (z->slot + 1) % z->slot_count : 0;
    ahead_window window = {.size = 0};
    if (z->is_over)
        return STELLA_OK;
    if (z->ahead) { /* the unread lies in the window before, which goes back afterwards */
        ahead_take(z->ahead, &window);
        move_to(z, next);
        if (z->has_slot)
            ahead_give_back(z->ahead, z->slot);
    } else { /* perhaps there is but one window */
        move_to(z, next);
        make(z, next, &window);
    }
    z->slot = next;
    z->has_slot = 1;
    if (window.failure.code != STELLA_OK) {
        *err = window.failure;
        return window.failure.code;
    }
    z->is_over = window.size == 0;
    z->base.end += window.size;
    z->base.end_offset += window.size;
    tell_progress(z, window.stored);
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
    while (s->end - s->at < 6 && !s->at_end) {
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
    z->slot_count = z->hasher || options->is_ahead ? SLOTS : 1;
    z->slots = malloc((size_t)SLOT_SIZE * z->slot_count);
    z->stored = (stored){.fd = fd, .buf = malloc(STORED_ROOM), .room = STORED_ROOM, .left = UINT64_MAX};
    z->stored.at = z->stored.end = z->stored.buf;
    if (!z->slots || !z->stored.buf || (options->with_digest && !z->hasher))
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to uncompress");
    const stella_status status = choose(z, err);
    if (status != STELLA_OK)
        return status;
    z->base = (input){.at = z->slots, .end = z->slots, .more = inflate_more};
    if (options->is_ahead)
        z->ahead = ahead_start(make, z);
    *out = STELLA_TAKE(z);
    return STELLA_OK;
}

void inflate_destroy(inflate *z) {
    if (!z)
        return;
    ahead_stop(z->ahead); /* first: it uses all of what follows */
    hasher_destroy(z->hasher);
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
