#include "worker/names.h"

#include <stella/auto.h>
#include <stella/file.h>
#include <stella/names.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PATH_BYTES_MAX 32768

static stella_status refuse(stella_sv path, stella_error *err) {
    const stella_status code = errno == ENOENT || errno == ENOTDIR ? STELLA_E_NOTFOUND
                               : errno == EACCES || errno == EPERM || errno == EXDEV || errno == ELOOP ? STELLA_E_DENIED
                                                                                                       : STELLA_E_IO;
    return stella_error_at(err, code, path, "%s", strerror(errno));
}

static stella_status open_beneath(int root_fd, stella_sv path, uint64_t flags, int *out_fd, stella_error *err) {
    char text[PATH_BYTES_MAX];
    if (path.len >= sizeof text || stella_sv_find(path, 0) != path.len)
        return stella_error_at(err, STELLA_E_INVALID, path, "not a path");
    memcpy(text, path.ptr ? path.ptr : "", path.len);
    text[path.len] = 0;
    const struct open_how how = {.flags = O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | flags,
                                 .resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_SYMLINKS};
    const int fd = (int)syscall(SYS_openat2, root_fd, path.len ? text : ".", &how, sizeof how);
    if (fd < 0)
        return refuse(path, err);
    *out_fd = fd;
    return STELLA_OK;
}

stella_status names_open(int root_fd, stella_sv path, int *out_fd, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    struct stat st;
    const stella_status status = open_beneath(root_fd, path, O_NOFOLLOW, &fd, err);
    if (status)
        return status;
    if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
        return stella_error_at(err, STELLA_E_INVALID, path, "not a regular file");
    *out_fd = stella_take_fd(&fd);
    return STELLA_OK;
}

static uint32_t kind_of(mode_t mode) {
    return S_ISREG(mode)   ? STELLA_FILE_REGULAR
           : S_ISDIR(mode) ? STELLA_FILE_DIRECTORY
           : S_ISLNK(mode) ? STELLA_FILE_SYMLINK
                           : STELLA_FILE_OTHER;
}

/* An entry that vanished since it was read is left out. */
static stella_status add_entry(int dir_fd, const char *name, stella_buf *listing) {
    struct stat st;
    char target[STELLA_NAMES_TARGET_MAX];
    ssize_t target_len = 0;
    if (fstatat(dir_fd, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
        return STELLA_OK;
    if (S_ISLNK(st.st_mode) && (target_len = readlinkat(dir_fd, name, target, sizeof target)) < 0)
        return STELLA_OK;
    const stella_name_entry entry = {.kind = kind_of(st.st_mode),
                                     .mode = st.st_mode & 07777,
                                     .uid = st.st_uid,
                                     .gid = st.st_gid,
                                     .size = (uint64_t)st.st_size,
                                     .inode = st.st_ino,
                                     .device = st.st_dev,
                                     .mtime_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec,
                                     .name = stella_sv_cstr(name),
                                     .target = stella_sv_of(target, (size_t)target_len)};
    return stella_names_add(listing, &entry);
}

static stella_status read_entries(int fd, stella_sv path, stella_buf *listing, stella_error *err) {
    STELLA_AUTO(stella_dir_closep) DIR *dir = fdopendir(dup(fd));
    if (!dir)
        return stella_error_at(err, STELLA_E_IO, path, "list: %s", strerror(errno));
    for (;;) {
        errno = 0;
        const struct dirent *e = readdir(dir);
        if (!e)
            break;
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        const stella_status status = add_entry(fd, e->d_name, listing);
        if (status)
            return stella_error_at(err, status, path, "the directory has more entries than a listing holds");
    }
    return errno ? stella_error_at(err, STELLA_E_IO, path, "list: %s", strerror(errno)) : STELLA_OK;
}

static stella_status start_listing(int fd, stella_sv path, stella_buf *listing, stella_error *err) {
    struct stat st;
    struct statfs system;
    if (fstat(fd, &st) < 0 || fstatfs(fd, &system) < 0)
        return stella_error_at(err, STELLA_E_IO, path, "list: %s", strerror(errno));
    const stella_names_dir dir = {.device = st.st_dev, .file_system = (uint64_t)system.f_type & 0xffffffff};
    return stella_names_start(listing, &dir);
}

stella_status names_list(int root_fd, stella_sv path, int *out_fd, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int dir = -1;
    STELLA_AUTO(stella_buf_fini) stella_buf listing = stella_buf_of(STELLA_NAMES_BYTES_MAX);
    stella_status status = open_beneath(root_fd, path, O_DIRECTORY, &dir, err);
    if (!status)
        status = start_listing(dir, path, &listing, err);
    if (!status)
        status = read_entries(dir, path, &listing, err);
    if (status)
        return status;
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("names", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (fd < 0)
        return stella_error_at(err, STELLA_E_IO, path, "list: %s", strerror(errno));
    const stella_sink sink = stella_fd_sink(&fd);
    status = stella_sink_write(&sink, stella_buf_sv(&listing), err);
    if (status)
        return status;
    lseek(fd, 0, SEEK_SET);
    fcntl(fd, F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL);
    *out_fd = stella_take_fd(&fd);
    return STELLA_OK;
}
