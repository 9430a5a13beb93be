/* One file that is all there is: read where it is, so that of a large one only what is looked at is read. */
#include "path.h"
#include "walk.h"

#include <errno.h>
#include <unistd.h>

#define FILE_MODE 0755u /* what the target's own mode says is no part of its bytes */
#define READ_ROOM (256u << 10)

typedef struct file_body {
    body base; /* first member */
    int fd;
    input_file file;
} file_body;

static stella_status read_fd(void *self, uint64_t offset, void *buf, size_t size, size_t *got, stella_error *err) {
    const file_body *b = self;
    ssize_t result;
    do
        result = pread(b->fd, buf, size, (off_t)offset);
    while (result < 0 && errno == EINTR);
    if (result < 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "%s", strerror(errno));
    *got = (size_t)result;
    return STELLA_OK;
}

static stella_status cut_short(uint64_t missing, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "the file ends %llu bytes too soon",
                            (unsigned long long)missing);
}

static stella_status file_peek(body *base, size_t size, stella_sv *out, stella_error *err) {
    input *in = &((file_body *)base)->file.base;
    const uint64_t left = base->size - input_offset(in);
    const size_t wanted = size < left ? size : (size_t)left;
    const stella_status status = input_peek(in, wanted, err);
    if (status != STELLA_OK)
        return status;
    if (input_left(in) < wanted)
        return cut_short(wanted - input_left(in), err);
    *out = stella_sv_of((const char *)in->at, wanted);
    return STELLA_OK;
}

static stella_status file_read(body *base, stella_sv *chunk, stella_error *err) {
    input *in = &((file_body *)base)->file.base;
    stella_sv piece;
    const stella_status status = input_take(in, base->size, &piece, err);
    const uint64_t left = base->size - input_offset(in);
    if (status != STELLA_OK)
        return status;
    if (piece.len == 0 && left)
        return cut_short(left, err);
    *chunk = piece;
    return STELLA_OK;
}

static int file_descriptor(body *base) {
    return ((file_body *)base)->fd;
}

stella_status walk_file(collector *c, int fd, stella_sv name, uint64_t size, stella_error *err) {
    char buf[PATH_BYTES_MAX];
    index_entry entry = {.path = STELLA_SV("file"), .size = size, .kind = STELLA_FILE_REGULAR, .mode = FILE_MODE};
    file_body content = {.base = {.size = size, .peek = file_peek, .read = file_read, .descriptor = file_descriptor},
                         .fd = fd};
    (void)path_clean(name, buf, sizeof buf, &entry.path, NULL);
    stella_status status = input_file_init(&content.file, read_fd, &content, 0, size,
                                           size < READ_ROOM ? (size_t)size + 1 : READ_ROOM, err);
    if (status != STELLA_OK)
        return status;
    status = collector_take(c, &entry, &content.base, err);
    input_file_fini(&content.file);
    return status;
}
