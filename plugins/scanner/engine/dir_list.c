#include "dir_list.h"

#include "limits.h"

#include <stella/auto.h>
#include <stella/file.h>
#include <stella/names.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <unistd.h>

#define TARGET_ROOM 4096u
#define LIST_ROOM   (64u << 10) /* entries read at once */

static int by_name(const void *a, const void *b) {
    return stella_sv_cmp(((const dir_name *)a)->name, ((const dir_name *)b)->name);
}

/* Room for one more name: the array doubles within the arena, which is emptied after each directory. */
static dir_name *add_name(dir_list *list, uint32_t *room, stella_arena *arena) {
    if (list->count == *room) {
        const uint32_t grown = *room ? *room * 2 : 64;
        dir_name *names = stella_arena_alloc(arena, grown, sizeof *names);
        if (!names)
            return NULL;
        if (list->count)
            memcpy(names, list->names, list->count * sizeof *names);
        list->names = names;
        *room = grown;
    }
    return &list->names[list->count++];
}

static uint32_t kind_of(mode_t mode) {
    return S_ISREG(mode)   ? STELLA_FILE_REGULAR
           : S_ISDIR(mode) ? STELLA_FILE_DIRECTORY
           : S_ISLNK(mode) ? STELLA_FILE_SYMLINK
                           : STELLA_FILE_OTHER;
}

/* The facts of one name; the order of the fields of out does not matter until all are known. */
static int learn(int dir_fd, const char *name, stella_arena *arena, dir_name *out) {
    struct stat info;
    char target[TARGET_ROOM];
    if (fstatat(dir_fd, name, &info, AT_SYMLINK_NOFOLLOW) < 0) {
        out->failed = errno;
        return 1;
    }
    out->kind = kind_of(info.st_mode);
    out->mode = info.st_mode & 07777;
    out->size = out->kind == STELLA_FILE_REGULAR ? (uint64_t)info.st_size : 0;
    out->uid = info.st_uid;
    out->gid = info.st_gid;
    out->device = info.st_dev;
    if (out->kind != STELLA_FILE_SYMLINK)
        return 1;
    const ssize_t len = readlinkat(dir_fd, name, target, sizeof target);
    if (len < 0) {
        out->failed = errno;
        return 1;
    }
    out->target = stella_arena_dup(arena, stella_sv_of(target, (size_t)len));
    return out->target.ptr != NULL;
}

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to list a directory");
}

/* Whether it was this process's rights that were not enough: under Landlock it has no capabilities, its supervisor may
 * be root and is asked then. */
static stella_status unreadable(const dir_source *source, stella_error *err) {
    const int is_denied = (errno == EACCES || errno == EPERM) && source->job->dir_fd >= 0;
    return stella_error_set(err, is_denied ? STELLA_E_DENIED : STELLA_E_IO, NULL, "%s", strerror(errno));
}

/* One entry as getdents64 writes it. */
static stella_status take_entry(int dir_fd, const char *text, stella_arena *arena, dir_list *out, uint32_t *room,
                                stella_error *err) {
    if (strcmp(text, ".") == 0 || strcmp(text, "..") == 0)
        return STELLA_OK;
    dir_name *name = add_name(out, room, arena);
    if (!name)
        return no_memory(err);
    name->name = stella_arena_dup(arena, stella_sv_cstr(text));
    return name->name.ptr && learn(dir_fd, text, arena, name) ? STELLA_OK : no_memory(err);
}

/* By the system call itself: readdir would cost two more calls and an allocation for each directory. */
static stella_status list_names(int fd, stella_arena *arena, dir_list *out, stella_error *err) {
    _Alignas(struct dirent64) char entries[LIST_ROOM];
    uint32_t room = 0;
    for (;;) {
        const ssize_t got = getdents64(fd, entries, sizeof entries);
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "%s", strerror(errno));
        if (got == 0)
            return STELLA_OK;
        for (ssize_t at = 0; at < got;) {
            const struct dirent64 *entry = (const void *)(entries + at);
            const stella_status status = take_entry(fd, entry->d_name, arena, out, &room, err);
            if (status != STELLA_OK)
                return status;
            at += entry->d_reclen;
        }
    }
}

static stella_status list_by_system(const dir_source *source, stella_sv path, stella_arena *arena, dir_list *out,
                                    stella_error *err) {
    const char *text = path.len ? stella_arena_cstr(arena, path) : ".";
    if (!text)
        return no_memory(err);
    STELLA_AUTO(stella_fd_closep)
    int fd = openat(source->root_fd, text, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK);
    struct stat info;
    struct statfs system;
    if (fd < 0 || fstat(fd, &info) < 0)
        return unreadable(source, err);
    out->device = info.st_dev;
    if (info.st_dev != source->device)
        out->file_system = fstatfs(fd, &system) == 0 ? (uint64_t)system.f_type & 0xffffffff : 0;
    return list_names(fd, arena, out, err);
}

static stella_status read_listing(int fd, stella_buf *out, stella_error *err) {
    char piece[65536];
    for (;;) {
        const ssize_t got = read(fd, piece, sizeof piece);
        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return stella_error_set(err, STELLA_E_IO, NULL, "%s", strerror(errno));
        if (got == 0)
            return STELLA_OK;
        if (stella_buf_add(out, stella_sv_of(piece, (size_t)got)) != STELLA_OK)
            return no_memory(err);
    }
}

static stella_status list_by_supervisor(const dir_source *source, stella_sv path, stella_arena *arena, dir_list *out,
                                        stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    STELLA_AUTO(stella_buf_fini) stella_buf listing = stella_buf_of(STELLA_NAMES_BYTES_MAX);
    stella_status status = stella_job_list_names(source->job, path, &fd, err);
    if (status == STELLA_OK)
        status = read_listing(fd, &listing, err);
    if (status != STELLA_OK)
        return status;
    uint32_t room = 0;
    stella_name_entry entry;
    stella_names_dir dir = {0};
    stella_cursor c = stella_cursor_of(listing.ptr, listing.len);
    (void)stella_names_begin(&c, &dir); /* a malformed one has no entries, and is told below */
    out->device = dir.device;
    out->file_system = dir.file_system;
    while (c.ok && stella_names_next(&c, &entry)) {
        dir_name *name = add_name(out, &room, arena);
        if (!name)
            return no_memory(err);
        *name = (dir_name){.name = stella_arena_dup(arena, entry.name),
                           .target = stella_arena_dup(arena, entry.target),
                           .size = entry.kind == STELLA_FILE_REGULAR ? entry.size : 0,
                           .device = entry.device,
                           .kind = entry.kind,
                           .mode = entry.mode,
                           .uid = entry.uid,
                           .gid = entry.gid};
        if (!name->name.ptr || !name->target.ptr)
            return no_memory(err);
    }
    return c.ok ? STELLA_OK : stella_error_set(err, STELLA_E_FORMAT, NULL, "the supervisor's listing is malformed");
}

stella_status dir_list_read(const dir_source *source, stella_sv path, stella_arena *arena, dir_list *out,
                            stella_error *err) {
    dir_list list = {0};
    stella_status status = STELLA_E_DENIED;
    if (!source->job->names_served)
        status = list_by_system(source, path, arena, &list, err);
    if (status == STELLA_E_DENIED)
        status = list_by_supervisor(source, path, arena, &list, err);
    if (status != STELLA_OK)
        return status;
    if (list.count)
        qsort(list.names, list.count, sizeof *list.names, by_name);
    *out = list;
    return STELLA_OK;
}

static stella_status open_by_supervisor(const dir_source *source, stella_sv path, int *fd, stella_error *err) {
    int32_t opened;
    const stella_status status = stella_job_open_name(source->job, path, &opened, err);
    if (status == STELLA_OK)
        *fd = opened;
    return status;
}

stella_status dir_open(const dir_source *source, stella_sv path, int *fd, stella_error *err) {
    char text[PATH_BYTES_MAX + 1];
    if (source->job->names_served)
        return open_by_supervisor(source, path, fd, err);
    if (path.len > PATH_BYTES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a path of %zu bytes", path.len);
    memcpy(text, path.ptr, path.len);
    text[path.len] = '\0';
    /* O_NONBLOCK: what was a file when it was listed may be a pipe by now. */
    const int opened = openat(source->root_fd, text, O_RDONLY | O_NOFOLLOW | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (opened < 0) {
        const stella_status status = unreadable(source, err);
        return status == STELLA_E_DENIED ? open_by_supervisor(source, path, fd, err) : status;
    }
    *fd = opened;
    return STELLA_OK;
}
