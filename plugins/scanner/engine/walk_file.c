/* One file that is all there is: what is at hand streams by like the body of an archive's entry. */
#include "path.h"
#include "walk.h"

#define FILE_MODE 0755u /* what the target's own mode says is no part of its bytes */

typedef struct stream_body {
    body base; /* first member */
    input *in;
    uint64_t left;
} stream_body;

static stella_status cut_short(const stream_body *b, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the file ends %llu bytes too soon",
                            (unsigned long long)b->left);
}

static stella_status stream_peek(body *base, size_t size, stella_sv *out, stella_error *err) {
    stream_body *b = (stream_body *)base;
    const size_t wanted = size < b->left ? size : (size_t)b->left;
    const stella_status status = input_peek(b->in, wanted, err);
    if (status != STELLA_OK)
        return status;
    if (input_left(b->in) < wanted)
        return cut_short(b, err);
    *out = stella_sv_of((const char *)b->in->at, wanted);
    return STELLA_OK;
}

static stella_status stream_read(body *base, stella_sv *chunk, stella_error *err) {
    stream_body *b = (stream_body *)base;
    stella_sv piece;
    const stella_status status = input_take(b->in, b->left, &piece, err);
    if (status != STELLA_OK)
        return status;
    if (piece.len == 0 && b->left)
        return cut_short(b, err);
    b->left -= piece.len;
    *chunk = piece;
    return STELLA_OK;
}

stella_status walk_file(collector *c, input *in, stella_sv name, uint64_t size, stella_error *err) {
    char buf[PATH_BYTES_MAX];
    index_entry entry = {.path = STELLA_SV("file"), .size = size, .kind = STELLA_FILE_REGULAR, .mode = FILE_MODE};
    (void)path_clean(name, buf, sizeof buf, &entry.path, NULL);
    stream_body content = {.base = {.size = size, .peek = stream_peek, .read = stream_read}, .in = in, .left = size};
    return collector_take(c, &entry, &content.base, err);
}
