#include "cli/sbom_archive.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#define BLOCK 512u

/* The header of POSIX.1-1988, of which these members are used. */
typedef struct header {
    char name[100], mode[8], uid[8], gid[8], size[12], mtime[12], checksum[8];
    char kind;
    char rest[BLOCK - 157];
} header;
_Static_assert(sizeof(header) == BLOCK, "a header is a block");

static stella_status refuse(const char *file, stella_error *err) {
    const stella_status status = errno == ENOENT || errno == ENOTDIR ? STELLA_E_NOTFOUND
                                 : errno == EACCES || errno == EPERM ? STELLA_E_DENIED
                                                                     : STELLA_E_IO;
    return stella_error_set(err, status, file, "%s", strerror(errno));
}

static int is_taken(const stella_sv *names, uint32_t count, stella_sv name) {
    for (uint32_t i = 0; i < count; i++)
        if (stella_sv_eq(names[i], name))
            return 1;
    return 0;
}

/* The last part of the path, cut, and told apart from those before. */
static stella_sv name_of(const char *file, const stella_sv *names, uint32_t count, stella_arena *arena) {
    const stella_sv path = stella_sv_cstr(file);
    const size_t slash = stella_sv_rfind(path, '/');
    const stella_sv last = stella_sv_skip(path, slash < path.len ? slash + 1 : 0);
    const stella_sv base = stella_sv_first(last, SBOM_ARCHIVE_NAME_BYTES - 5);
    stella_sv name = base;
    for (uint32_t n = 2; name.ptr && is_taken(names, count, name); n++)
        name = stella_arena_printf(arena, "%.*s~%u", STELLA_SV_FMT(base), n);
    return name;
}

static void fill(header *h, stella_sv name, uint64_t size) {
    unsigned sum = 0;
    memset(h, 0, sizeof *h);
    memcpy(h->name, name.ptr, name.len);
    memcpy(h->mode, "0000644", 7);
    memcpy(h->uid, "0000000", 7);
    memcpy(h->gid, "0000000", 7);
    snprintf(h->size, sizeof h->size, "%011llo", (unsigned long long)size);
    memcpy(h->mtime, "00000000000", 11);
    memset(h->checksum, ' ', sizeof h->checksum);
    h->kind = '0';
    memcpy(h->rest + 100, "ustar\00000", 8);
    const unsigned char *bytes = (const unsigned char *)h;
    for (size_t i = 0; i < sizeof *h; i++)
        sum += bytes[i];
    snprintf(h->checksum, sizeof h->checksum, "%06o", sum);
}

static stella_status copy(int from, int to, const char *file, uint64_t size, stella_error *err) {
    while (size) {
        const ssize_t sent = sendfile(to, from, NULL, size);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0)
            return refuse(file, err);
        if (sent == 0)
            return stella_error_set(err, STELLA_E_IO, file, "it became shorter while it was read");
        size -= (uint64_t)sent;
    }
    return STELLA_OK;
}

static stella_status add(int to, const char *file, stella_sv name, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int from = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
    struct stat st;
    header h;
    if (from < 0 || fstat(from, &st) != 0)
        return refuse(file, err);
    if (!S_ISREG(st.st_mode))
        return stella_error_set(err, STELLA_E_IO, file, "not a regular file");
    if ((uint64_t)st.st_size > SBOM_ARCHIVE_FILE_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, file, "an SBOM of more than 256 MiB");
    fill(&h, name, (uint64_t)st.st_size);
    if (write(to, &h, sizeof h) != sizeof h)
        return refuse(file, err);
    const stella_status status = copy(from, to, file, (uint64_t)st.st_size, err);
    const off_t end = lseek(to, 0, SEEK_CUR), aligned = (end + (off_t)BLOCK - 1) & ~((off_t)BLOCK - 1);
    if (status == STELLA_OK && (end < 0 || ftruncate(to, aligned) != 0 || lseek(to, aligned, SEEK_SET) != aligned))
        return refuse(file, err);
    return status;
}

stella_status sbom_archive_make(const char *const *files, uint32_t count, stella_arena *arena, stella_sv *first,
                                int *out_fd, stella_error *err) {
    static const char end[2 * BLOCK];
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("stella-sboms", MFD_CLOEXEC);
    stella_sv *names = stella_arena_alloc(arena, count, sizeof *names);
    if (fd < 0 || !names)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the documents");
    if (count > SBOM_ARCHIVE_FILES_MAX)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "at most %u documents at once", SBOM_ARCHIVE_FILES_MAX);
    for (uint32_t i = 0; i < count; i++) {
        names[i] = name_of(files[i], names, i, arena);
        if (!names[i].ptr)
            return stella_error_set(err, STELLA_E_NOMEM, files[i], "no memory for its name");
        const stella_status status = add(fd, files[i], names[i], err);
        if (status != STELLA_OK)
            return status;
    }
    if (write(fd, end, sizeof end) != sizeof end)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the documents");
    *first = names[0];
    *out_fd = stella_take_fd(&fd);
    return STELLA_OK;
}
