/* A layer by its table of contents: every entry becomes a row, and of those that are wanted the content is uncompressed
 * from the parts of the blob that are at hand, chunk by chunk, each held to its digest. */
#include "codec.h"
#include "walk.h"
#include "walk_entry.h"

#include <stella/auto.h>
#include <stella/digest.h>

#include <stdlib.h>
#include <unistd.h>

#define STORED_ROOM (64u << 10)
#define PIECE_ROOM  (256u << 10)

typedef struct reader {
    body base; /* first member */
    const toc *t;
    const toc_file *file;
    uint32_t next;    /* of the file's chunks: the first that was not begun */
    uint64_t pending; /* of the chunk at hand: bytes that were not made yet */
    stored stored;
    const codec *codec;
    void *decoder; /* NULL: the chunk is all zeros, or there is none */
    stella_sha256 *hash;
    unsigned char *piece; /* PIECE_ROOM bytes */
    size_t at, len;       /* what of it has not been read */
} reader;

static const toc_chunk *chunk_at(const reader *r) {
    return &r->t->chunks[r->file->first_chunk + r->next - 1];
}

static stella_status at_file(const reader *r, stella_status status, stella_error *err) {
    if (status != STELLA_OK && err && !err->path[0])
        stella_error_at(err, status, r->file->entry.name, "%s", err->message);
    return status;
}

static stella_status refuse(const reader *r, const char *what, stella_error *err) {
    return stella_error_at(err, STELLA_E_FORMAT, r->file->entry.name, "the layer's table of contents lies: %s", what);
}

static void drop_decoder(reader *r) {
    if (r->decoder)
        r->codec->destroy(r->decoder);
    r->decoder = NULL;
}

static stella_status make(reader *r, unsigned char *out, size_t room, stella_error *err) {
    size_t got = 0;
    if (!r->decoder) {
        memset(out, 0, room);
        return STELLA_OK;
    }
    const stella_status status = r->codec->produce(r->decoder, &r->stored, out, room, &got, err);
    if (status != STELLA_OK)
        return at_file(r, status, err);
    return got == room ? STELLA_OK : refuse(r, "a chunk has fewer bytes than it says", err);
}

/* Bytes of the member before the chunk; they belong to others. */
static stella_status step_over(reader *r, uint64_t size, stella_error *err) {
    while (size) {
        const size_t step = size < PIECE_ROOM ? (size_t)size : PIECE_ROOM;
        const stella_status status = make(r, r->piece, step, err);
        if (status != STELLA_OK)
            return status;
        size -= step;
    }
    return STELLA_OK;
}

static stella_status choose(reader *r, stella_error *err) {
    while (r->stored.end - r->stored.at < 4 && !r->stored.at_end) {
        const stella_status status = stored_more(&r->stored, err);
        if (status != STELLA_OK)
            return status;
    }
    const stella_sv first = stella_sv_of((const char *)r->stored.at, (size_t)(r->stored.end - r->stored.at));
    if (stella_sv_starts(first, STELLA_SV("\x1f\x8b")))
        r->codec = &codec_gzip;
    else if (stella_sv_starts(first, STELLA_SV("\x28\xb5\x2f\xfd")))
        r->codec = &codec_zstd;
    else
        return refuse(r, "no compressed data begins where a chunk should", err);
    r->decoder = r->codec->create();
    return r->decoder ? STELLA_OK : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to uncompress");
}

static stella_status begin_chunk(reader *r, stella_error *err) {
    r->next++;
    const toc_chunk *chunk = chunk_at(r);
    r->pending = chunk->size;
    if (chunk->is_zeros)
        return STELLA_OK;
    if (lseek(r->stored.fd, (off_t)chunk->offset, SEEK_SET) < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "the parts of the layer cannot be read");
    r->stored.at = r->stored.end = r->stored.buf;
    r->stored.at_end = 0;
    r->stored.total = 0;
    r->stored.left = chunk->end - chunk->offset;
    const stella_status status = choose(r, err);
    return status == STELLA_OK ? step_over(r, chunk->inner, err) : status;
}

static stella_status end_chunk(reader *r, stella_error *err) {
    unsigned char sum[STELLA_SHA256_SIZE];
    char computed[STELLA_DIGEST_TEXT_SIZE];
    const stella_sv claimed = chunk_at(r)->digest;
    drop_decoder(r);
    stella_sha256_final(r->hash, sum);
    stella_digest_text(sum, computed);
    if (!claimed.len || stella_sv_eq(claimed, stella_sv_cstr(computed)))
        return STELLA_OK;
    return stella_error_at(err, STELLA_E_FORMAT, r->file->entry.name,
                           "wrong digest of a part of the layer: claimed %.*s, computed %s", STELLA_SV_FMT(claimed),
                           computed);
}

/* As much of the file as there is room for. A chunk's last bytes are not handed out before its digest is seen. */
static stella_status fill(reader *r, stella_error *err) {
    r->at = r->len = 0;
    while (r->len < PIECE_ROOM && (r->pending || r->next < r->file->chunk_count)) {
        stella_status status = r->pending ? STELLA_OK : begin_chunk(r, err);
        if (status != STELLA_OK)
            return status;
        const size_t room = PIECE_ROOM - r->len;
        const size_t step = r->pending < room ? (size_t)r->pending : room;
        status = make(r, r->piece + r->len, step, err);
        if (status != STELLA_OK)
            return status;
        stella_sha256_update(r->hash, r->piece + r->len, step);
        r->len += step;
        r->pending -= step;
        status = r->pending ? STELLA_OK : end_chunk(r, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

static stella_status reader_peek(body *b, size_t size, stella_sv *out, stella_error *err) {
    reader *r = (reader *)b;
    const stella_status status = r->len ? STELLA_OK : fill(r, err);
    if (status == STELLA_OK)
        *out = stella_sv_of((const char *)r->piece, size < r->len ? size : r->len);
    return status;
}

static stella_status reader_read(body *b, stella_sv *chunk, stella_error *err) {
    reader *r = (reader *)b;
    const stella_status status = r->at < r->len ? STELLA_OK : fill(r, err);
    if (status != STELLA_OK)
        return status;
    *chunk = stella_sv_of((const char *)r->piece + r->at, r->len - r->at);
    r->at = r->len;
    return STELLA_OK;
}

/* The next file; nothing of the one before is left over. */
static void begin_file(reader *r, const toc_file *file) {
    unsigned char ignored[STELLA_SHA256_SIZE];
    drop_decoder(r);
    stella_sha256_final(r->hash, ignored);
    r->base.size = file->entry.size;
    r->file = file;
    r->next = 0;
    r->pending = 0;
    r->at = r->len = 0;
}

static void reader_fini(reader *r) {
    drop_decoder(r);
    stella_sha256_destroy(r->hash);
    free(r->stored.buf);
    free(r->piece);
}

static stella_status walk_files(walker *w, reader *r, uint64_t max, uint64_t *bytes, stella_error *err) {
    uint64_t sum = 0;
    for (uint32_t i = 0; i < r->t->file_count; i++) {
        const toc_file *file = &r->t->files[i];
        const int is_at_hand = file->is_wanted || file->entry.size == 0;
        const int is_absent = !is_at_hand && file->entry.kind == STELLA_FILE_REGULAR;
        if (file->entry.size > max - sum)
            return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                    "more than %llu bytes when uncompressed; " OPTION_LAYER_BYTES " raises the limit",
                                    (unsigned long long)max);
        sum += file->entry.size;
        begin_file(r, file);
        const stella_status status =
            walker_take(w, &file->entry, is_absent ? PACK_ABSENT : 0, is_at_hand ? &r->base : NULL, err);
        if (status != STELLA_OK)
            return status;
    }
    *bytes = sum;
    return STELLA_OK;
}

stella_status walk_toc(collector *c, const toc *t, int blob_fd, uint64_t *bytes, stella_error *err) {
    STELLA_AUTO(walker_destroyp) walker *w = walker_create(c);
    STELLA_AUTO(reader_fini)
    reader r = {.base = {.peek = reader_peek, .read = reader_read},
                .t = t,
                .stored = {.fd = blob_fd, .buf = malloc(STORED_ROOM), .room = STORED_ROOM},
                .hash = stella_sha256_create(),
                .piece = malloc(PIECE_ROOM)};
    if (!w || !r.stored.buf || !r.hash || !r.piece)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read a layer in part");
    return walk_files(w, &r, c->limits.layer_bytes, bytes, err);
}
