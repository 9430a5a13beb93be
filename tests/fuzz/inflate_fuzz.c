/* Stored bytes of any kind: they end well or are refused with a reason, and never grow beyond the limit. */
#include "inflate.h"

#include <assert.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    inflate_options options = {.limits = ENGINE_LIMITS_DEFAULT, .with_digest = size % 2, .is_ahead = size % 3 == 0};
    options.limits.layer_bytes = 8u << 20;
    const int fd = memfd_create("fuzz", MFD_CLOEXEC);
    inflate *z = NULL;
    stella_error err = {0};
    char digest[STELLA_DIGEST_TEXT_SIZE];
    uint64_t bytes = 0;
    if (fd < 0 || write(fd, data, size) != (ssize_t)size || lseek(fd, 0, SEEK_SET) != 0)
        return 0;
    stella_status status = inflate_create(fd, &options, &z, &err);
    if (status == STELLA_OK)
        status = inflate_finish(z, digest, &bytes, &err);
    assert(status == STELLA_OK || err.message[0]);
    assert(bytes <= options.limits.layer_bytes);
    inflate_destroy(z);
    close(fd);
    return 0;
}
