#include "input.h"

#include <stdlib.h>

stella_status input_peek(input *in, size_t size, stella_error *err) {
    while (input_left(in) < size) {
        const uint64_t before = in->end_offset;
        const stella_status status = in->more(in, err);
        if (status != STELLA_OK)
            return status;
        if (in->end_offset == before)
            break;
    }
    return STELLA_OK;
}

stella_status input_take(input *in, uint64_t max, stella_sv *out, stella_error *err) {
    if (in->at == in->end && max) {
        const stella_status status = in->more(in, err);
        if (status != STELLA_OK)
            return status;
    }
    const size_t size = input_left(in) < max ? input_left(in) : (size_t)max;
    *out = stella_sv_of((const char *)in->at, size);
    in->at += size;
    return STELLA_OK;
}

/* What is in the window is stepped over; the rest by seeking, or by reading on. */
stella_status input_skip(input *in, uint64_t size, uint64_t *skipped, stella_error *err) {
    uint64_t left = size;
    for (;;) {
        const size_t step = input_left(in) < left ? input_left(in) : (size_t)left;
        in->at += step;
        left -= step;
        if (left == 0)
            break;
        const uint64_t before = in->end_offset;
        const stella_status status = in->seek ? in->seek(in, left, err) : in->more(in, err);
        if (status != STELLA_OK)
            return status;
        if (in->end_offset == before)
            break;
        if (in->seek)
            left -= in->end_offset - before;
    }
    *skipped = size - left;
    return STELLA_OK;
}

static stella_status memory_more(input *in, stella_error *err) {
    (void)in;
    (void)err;
    return STELLA_OK;
}

input input_of_memory(stella_sv bytes) {
    const unsigned char *at = bytes.ptr ? (const unsigned char *)bytes.ptr : (const unsigned char *)"";
    return (input){.at = at, .end = at + bytes.len, .end_offset = bytes.len, .more = memory_more};
}

static stella_status file_more(input *in, stella_error *err) {
    input_file *file = (input_file *)in; /* base is its first member */
    const size_t kept = input_left(in);
    memmove(file->buf, in->at, kept);
    const uint64_t left = file->size - in->end_offset;
    const size_t want = file->room - kept < left ? file->room - kept : (size_t)left;
    size_t got = 0;
    in->at = file->buf;
    in->end = file->buf + kept;
    if (want) {
        const stella_status status =
            file->read_at(file->self, file->from + in->end_offset, file->buf + kept, want, &got, err);
        if (status != STELLA_OK)
            return status;
    }
    in->end += got;
    in->end_offset += got;
    return STELLA_OK;
}

static stella_status file_seek(input *in, uint64_t size, stella_error *err) {
    const input_file *file = (const input_file *)in;
    (void)err;
    const uint64_t left = file->size - in->end_offset;
    in->end_offset += size < left ? size : left;
    return STELLA_OK;
}

stella_status input_file_init(input_file *file, input_read_at read_at, void *self, uint64_t from, uint64_t size,
                              size_t room, stella_error *err) {
    const size_t rounded = room < 2 * INPUT_PEEK_MAX ? 2 * INPUT_PEEK_MAX : room;
    unsigned char *buf = malloc(rounded);
    if (!buf)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a read buffer of %zu bytes", rounded);
    *file = (input_file){.base = {.at = buf, .end = buf, .more = file_more, .seek = file_seek},
                         .read_at = read_at,
                         .self = self,
                         .from = from,
                         .size = size,
                         .buf = buf,
                         .room = rounded};
    return STELLA_OK;
}

void input_file_fini(input_file *file) {
    free(file->buf);
    *file = (input_file){.buf = NULL};
}
