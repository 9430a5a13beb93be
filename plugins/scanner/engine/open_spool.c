#include "open_spool.h"

#include "inflate.h"

#include <stella/auto.h>

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define MAGIC_BYTES 6

/* An image archive is a tar: it begins with the name of its first file. The magic of a compressed one ends in, or is
 * followed by, bytes that no name begins with. */
static int is_compressed(int file) {
    unsigned char head[MAGIC_BYTES] = {0};
    const ssize_t got = pread(file, head, sizeof head, 0);
    return got == (ssize_t)sizeof head &&
           (memcmp(head, "\x1f\x8b", 2) == 0 || memcmp(head, "\x28\xb5\x2f\xfd", 4) == 0 ||
            memcmp(head, "\xfd\x37zXZ", 6) == 0 || memcmp(head, "BZh", 3) == 0);
}

static stella_status write_all(int fd, stella_sv bytes, stella_error *err) {
    while (bytes.len) {
        const ssize_t n = write(fd, bytes.ptr, bytes.len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) /* no fault of the archive's */
            return stella_error_set(err, STELLA_E_INTERNAL, NULL, "writing the uncompressed archive: %s",
                                    strerror(errno));
        bytes = stella_sv_skip(bytes, (size_t)n);
    }
    return STELLA_OK;
}

static stella_status copy(stella_job *job, input *in, int spool, stella_error *err) {
    for (;;) {
        stella_sv piece;
        stella_status status = input_take(in, UINT64_MAX, &piece, err);
        if (status == STELLA_OK)
            status = write_all(spool, piece, err);
        if (status != STELLA_OK || piece.len == 0)
            return status;
        stella_job_progress(job, input_offset(in), 0);
    }
}

stella_status open_spool(stella_job *job, int file, int spool, int *is_spooled, stella_error *err) {
    STELLA_AUTO(inflate_destroyp) inflate *z = NULL;
    const inflate_options options = {.limits = ENGINE_LIMITS_DEFAULT};
    if (!is_compressed(file)) {
        *is_spooled = 0;
        return STELLA_OK;
    }
    if (lseek(file, 0, SEEK_SET) != 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "seek: %s", strerror(errno));
    stella_status status = inflate_create(file, &options, &z, err);
    if (status == STELLA_OK)
        status = copy(job, inflate_input(z), spool, err);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    uint64_t bytes = 0;
    if (status == STELLA_OK)
        status = inflate_finish(z, digest, &bytes, err);
    if (status == STELLA_OK)
        *is_spooled = 1;
    return status;
}
