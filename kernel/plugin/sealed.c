#include "plugin/sealed.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define SEALS            (F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL)
#define EXECUTABLE_MEMFD 0x0010u /* MFD_EXEC of Linux 6.3, which the headers of Debian 12 lack */
#define COPY_BYTES       ((size_t)16 << 20)

static stella_status failed(const char *path, const char *what, stella_error *err) {
    return stella_error_set(err, STELLA_E_IO, path, "%s: %s", what, strerror(errno));
}

/* A kernel older than 6.3 refuses the flag, one with vm.memfd_noexec=2 what it asks for; mapping works without it. */
static int memory_file(const char *name) {
    const unsigned flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
    const int fd = memfd_create(name, flags | EXECUTABLE_MEMFD);
    return fd >= 0 ? fd : memfd_create(name, flags);
}

/* Until end of file, whatever fstat said: the file may grow while it is read. */
static stella_status copy(int from, int to, uint64_t bytes_max, const char *path, stella_error *err) {
    uint64_t total = 0;
    off_t at = 0;
    for (;;) {
        const ssize_t moved = sendfile(to, from, &at, COPY_BYTES);
        if (moved < 0 && errno == EINTR)
            continue;
        if (moved < 0)
            return failed(path, "cannot be copied into memory", err);
        if (moved == 0)
            return STELLA_OK;
        total += (uint64_t)moved;
        if (total > bytes_max)
            return stella_error_set(err, STELLA_E_LIMIT, path, "is larger than %llu bytes",
                                    (unsigned long long)bytes_max);
    }
}

static stella_status map(sealed *s, const char *path, stella_error *err) {
    struct stat st;
    if (fstat(s->fd, &st) != 0)
        return failed(path, "the copy cannot be examined", err);
    if (st.st_size == 0)
        return STELLA_OK;
    void *bytes = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, s->fd, 0);
    if (bytes == MAP_FAILED)
        return failed(path, "the copy cannot be mapped", err);
    s->bytes = stella_sv_of(bytes, (size_t)st.st_size);
    return STELLA_OK;
}

stella_status sealed_copy(int file_fd, const char *name, uint64_t bytes_max, const char *path, sealed *out,
                          stella_error *err) {
    STELLA_AUTO(sealed_fini) sealed made = {.fd = memory_file(name)};
    if (made.fd < 0)
        return failed(path, "no memory file can be made", err);
    stella_status status = copy(file_fd, made.fd, bytes_max, path, err);
    if (status == STELLA_OK && fcntl(made.fd, F_ADD_SEALS, SEALS) != 0)
        status = failed(path, "the copy cannot be sealed", err);
    if (status == STELLA_OK)
        status = map(&made, path, err);
    if (status != STELLA_OK)
        return status;
    stella_digest_of(made.bytes, made.digest); /* after sealing: what is hashed is what will be loaded */
    *out = made;
    made = (sealed)SEALED_NONE;
    return STELLA_OK;
}

void sealed_fini(sealed *s) {
    if (s->bytes.len)
        munmap((void *)(uintptr_t)s->bytes.ptr, s->bytes.len);
    s->bytes = stella_sv_of(NULL, 0);
    stella_fd_closep(&s->fd);
}
