#include "tar.h"
#include "walk.h"
#include "walk_entry.h"

#include <stella/auto.h>

typedef struct tar_body_of {
    body base; /* first member */
    tar *tar;
} tar_body_of;

static stella_status body_peek(body *b, size_t size, stella_sv *out, stella_error *err) {
    return tar_peek(((tar_body_of *)b)->tar, size, out, err);
}

static stella_status body_read(body *b, stella_sv *chunk, stella_error *err) {
    return tar_body(((tar_body_of *)b)->tar, chunk, err);
}

stella_status walk_tar(collector *c, input *in, stella_error *err) {
    STELLA_AUTO(walker_destroyp) walker *w = walker_create(c);
    STELLA_AUTO(tar_destroyp) tar *t = tar_create(in);
    tar_entry entry = {.size = 0};
    if (!w || !t)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read an archive");
    for (int more;;) {
        stella_status status = tar_next(t, &entry, &more, err);
        tar_body_of content = {.base = {.size = entry.size, .peek = body_peek, .read = body_read}, .tar = t};
        if (status == STELLA_OK && more)
            status = walker_take(w, &entry, 0, &content.base, err);
        if (status != STELLA_OK || !more)
            return status;
    }
}
