#include "dir_list.h"
#include "walk.h"

#include <stella/auto.h>

#include <errno.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <unistd.h>

#define LIST_BYTES_MAX (256ull << 20) /* memory for the names of one directory */
#define READ_ROOM      (256u << 10)
#define FS_MQUEUE      0x19800202u
#define FS_RPC_PIPE    0x67596969u
#define FS_FUSE_CTL    0x65735543u
#define FS_CONFIG      0x62656570u

/* File systems whose files are the kernel talking. devtmpfs says it is a tmpfs; its files are devices, read by nobody.
 */
static const uint32_t pseudo[] = {PROC_SUPER_MAGIC,   SYSFS_MAGIC,    CGROUP_SUPER_MAGIC, CGROUP2_SUPER_MAGIC,
                                  DEVPTS_SUPER_MAGIC, DEBUGFS_MAGIC,  TRACEFS_MAGIC,      SECURITYFS_MAGIC,
                                  BPF_FS_MAGIC,       PSTOREFS_MAGIC, EFIVARFS_MAGIC,     BINFMTFS_MAGIC,
                                  NSFS_MAGIC,         SELINUX_MAGIC,  AUTOFS_SUPER_MAGIC, HUGETLBFS_MAGIC,
                                  FS_MQUEUE,          FS_RPC_PIPE,    FS_FUSE_CTL,        FS_CONFIG};

typedef struct file_body {
    body base; /* first member */
    const dir_source *source;
    stella_sv path;
    int fd; /* -1 until the first look */
    input_file file;
    int is_open;
} file_body;

typedef struct dir_walker {
    collector *c;
    dir_source source;
    stella_arena *arena;
    char **pending; /* directories still to be read, the next one last; owned */
    uint32_t pending_count, pending_room;
    int other_file_systems;
    uint64_t bytes;
    size_t room;
} dir_walker;

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

static stella_status open_body(file_body *b, stella_error *err) {
    if (b->is_open)
        return STELLA_OK;
    stella_status status = dir_open(b->source, b->path, &b->fd, err);
    const uint64_t room = b->base.size < READ_ROOM ? b->base.size + 1 : READ_ROOM;
    if (status == STELLA_OK)
        status = input_file_init(&b->file, read_fd, b, 0, b->base.size, (size_t)room, err);
    b->is_open = status == STELLA_OK;
    return status;
}

static stella_status file_peek(body *base, size_t size, stella_sv *out, stella_error *err) {
    file_body *b = (file_body *)base;
    input *in = &b->file.base;
    stella_status status = open_body(b, err);
    if (status == STELLA_OK)
        status = input_peek(in, size < base->size ? size : (size_t)base->size, err);
    if (status == STELLA_OK)
        *out = stella_sv_first(stella_sv_of((const char *)in->at, input_left(in)), size);
    return status;
}

static stella_status file_read(body *base, stella_sv *chunk, stella_error *err) {
    file_body *b = (file_body *)base;
    const stella_status status = open_body(b, err);
    return status == STELLA_OK ? input_take(&b->file.base, base->size, chunk, err) : status;
}

static int file_descriptor(body *base) {
    file_body *b = (file_body *)base;
    return open_body(b, NULL) == STELLA_OK ? b->fd : -1;
}

static void file_body_fini(file_body *b) {
    if (b->is_open)
        input_file_fini(&b->file);
    stella_fd_closep(&b->fd);
}

static stella_status push(dir_walker *w, stella_sv path, stella_error *err) {
    if (w->pending_count == w->pending_room) {
        const uint32_t room = w->pending_room ? w->pending_room * 2 : 256;
        char **pending = realloc(w->pending, room * sizeof *pending);
        if (!pending)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to walk a directory");
        w->pending = pending;
        w->pending_room = room;
    }
    char *copy = strndup(path.len ? path.ptr : "", path.len);
    if (!copy)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to walk a directory");
    w->pending[w->pending_count++] = copy;
    return STELLA_OK;
}

static int is_pseudo(uint64_t file_system) {
    for (size_t i = 0; i < sizeof pseudo / sizeof pseudo[0]; i++)
        if (pseudo[i] == file_system)
            return 1;
    return 0;
}

/* Directories alone tell the file system: files of a union mount may claim another device than the tree they are in. */
static int is_foreign(const dir_walker *w, const dir_name *name) {
    return name->kind == STELLA_FILE_DIRECTORY && name->device != w->source.device && !w->other_file_systems;
}

static stella_status take_name(dir_walker *w, const dir_name *name, stella_sv path, stella_error *err) {
    const index_entry entry = {.path = path,
                               .size = name->size,
                               .kind = name->kind,
                               .mode = name->mode,
                               .uid = name->uid,
                               .gid = name->gid,
                               .target = name->target};
    if (name->kind != STELLA_FILE_REGULAR)
        return collector_take(w->c, &entry, NULL, err);
    file_body content = {.base = {.size = name->size,
                                  .can_fail_alone = 1,
                                  .peek = file_peek,
                                  .read = file_read,
                                  .descriptor = file_descriptor},
                         .source = &w->source,
                         .path = path,
                         .fd = -1};
    w->bytes += name->size;
    const stella_status status = collector_take(w->c, &entry, &content.base, err);
    file_body_fini(&content);
    return status;
}

/* The path of a name in a directory; ptr NULL when the arena is spent. */
static stella_sv join(const dir_walker *w, stella_sv dir, stella_sv name) {
    if (dir.len == 0)
        return name;
    char *path = stella_arena_alloc(w->arena, 1, dir.len + 1 + name.len);
    if (path) {
        memcpy(path, dir.ptr, dir.len);
        path[dir.len] = '/';
        memcpy(path + dir.len + 1, name.ptr, name.len);
    }
    return stella_sv_of(path, dir.len + 1 + name.len);
}

static stella_status visit(dir_walker *w, stella_sv dir, const dir_name *name, stella_error *err) {
    const stella_sv path = join(w, dir, name->name);
    if (!path.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to walk a directory");
    if (path.len > w->room) {
        collector_note(w->c, STELLA_E_LIMIT, STELLA_NOTE_ERROR, path,
                       "left out: a path of %zu bytes, at most %zu; " OPTION_PATH_BYTES " raises the limit", path.len,
                       w->room);
        return STELLA_OK;
    }
    if (name->failed) {
        collector_unreadable(w->c, path, strerror(name->failed));
        return STELLA_OK;
    }
    return take_name(w, name, path, err);
}

/* Sub-directories go on the pile last name first, so that the tree is read in order. */
static stella_status push_children(dir_walker *w, stella_sv dir, const dir_list *list, stella_error *err) {
    stella_status status = STELLA_OK;
    for (uint32_t i = list->count; i > 0 && status == STELLA_OK; i--) {
        const dir_name *name = &list->names[i - 1];
        if (name->failed || name->kind != STELLA_FILE_DIRECTORY)
            continue;
        const stella_sv path = join(w, dir, name->name);
        if (!path.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to walk a directory");
        if (is_foreign(w, name))
            collector_note(w->c, STELLA_OK, STELLA_NOTE_INFO, path, "another file system: left out");
        else if (path.len <= w->room)
            status = push(w, path, err);
    }
    return status;
}

static stella_status read_dir(dir_walker *w, stella_sv dir, stella_error *err) {
    dir_list list;
    stella_error reason = {0};
    stella_arena_reset(w->arena);
    stella_status status = dir_list_read(&w->source, dir, w->arena, &list, &reason);
    if (status != STELLA_OK && (dir.len == 0 || status == STELLA_E_NOMEM)) {
        if (err)
            *err = reason;
        return status;
    }
    if (status != STELLA_OK) {
        collector_unreadable(w->c, dir, reason.message);
        return STELLA_OK;
    }
    if (dir.len == 0) {
        w->source.device = list.device;
    } else if (list.device != w->source.device && is_pseudo(list.file_system)) {
        collector_note(w->c, STELLA_OK, STELLA_NOTE_INFO, dir, "a pseudo file system: left out");
        return STELLA_OK;
    }
    for (uint32_t i = 0; i < list.count && status == STELLA_OK; i++)
        status = visit(w, dir, &list.names[i], err);
    stella_job_progress(w->c->job, w->bytes, index_count(w->c->index));
    return status == STELLA_OK ? push_children(w, dir, &list, err) : status;
}

static stella_status walk_pending(dir_walker *w, stella_error *err) {
    stella_status status = push(w, STELLA_SV(""), err);
    while (status == STELLA_OK && w->pending_count) {
        char *dir = w->pending[--w->pending_count];
        status = read_dir(w, stella_sv_cstr(dir), err);
        free(dir);
    }
    return status;
}

stella_status walk_dir(collector *c, int dir_fd, int other_file_systems, uint64_t *bytes, stella_error *err) {
    dir_walker w = {.c = c,
                    .source = {.job = c->job, .root_fd = dir_fd},
                    .arena = stella_arena_create(LIST_BYTES_MAX),
                    .other_file_systems = other_file_systems,
                    .room = c->limits.path_bytes < PATH_BYTES_MAX ? (size_t)c->limits.path_bytes : PATH_BYTES_MAX};
    if (!w.arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to walk a directory");
    const stella_status status = walk_pending(&w, err);
    while (w.pending_count)
        free(w.pending[--w.pending_count]);
    free(w.pending);
    stella_arena_destroy(w.arena);
    if (status == STELLA_OK)
        *bytes = w.bytes;
    return status;
}
