#include "open_target.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Opens a file below the directory. Landlock confines this process to it (seccomp could not look into what openat2 is
 * asked); where there is no Landlock, the supervisor opens the file. */
static stella_status open_below(open_target *t, stella_sv path, int *out, stella_error *err) {
    if (t->is_served)
        return stella_job_open_name(t->job, path, out, err);
    const char *name = stella_arena_cstr(t->base.arena, path);
    if (!name)
        return stella_error_at(err, STELLA_E_NOMEM, path, "no memory for its name");
    const int fd = openat(t->fd, name, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    if (fd < 0)
        return stella_error_at(err, errno == ENOENT || errno == ENOTDIR ? STELLA_E_NOTFOUND : STELLA_E_IO, path,
                               "open: %s", strerror(errno));
    *out = fd;
    return STELLA_OK;
}

/* Who keeps the description must know what it hangs on. */
static stella_status note_file(open_target *t, stella_sv path, stella_error *err) {
    for (uint32_t i = 0; i < t->file_count; i++)
        if (stella_sv_eq(t->files[i], path)) {
            t->opened = t->files[i];
            return STELLA_OK;
        }
    t->opened = stella_arena_dup(t->base.arena, path);
    if (!t->opened.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, path, "no memory for its name");
    if (t->file_count < OPEN_FILES_MAX)
        t->files[t->file_count++] = t->opened;
    else
        t->has_more_files = 1;
    return STELLA_OK;
}

/* The descriptor to read from. A source reads a document in several pieces: the last file stays open. */
static stella_status file_at(open_target *t, stella_sv path, int *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    struct stat st;
    if (t->base.kind == STELLA_TARGET_REMOTE)
        return stella_error_at(err, STELLA_E_UNSUPPORTED, t->base.name, "a remote target has no bytes to read here");
    if (t->base.kind == STELLA_TARGET_FILE) {
        *out = t->fd;
        return STELLA_OK;
    }
    if (t->file_fd >= 0 && stella_sv_eq(t->opened, path)) {
        *out = t->file_fd;
        return STELLA_OK;
    }
    stella_status status = open_below(t, path, &fd, err);
    if (status != STELLA_OK)
        return status;
    if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return stella_error_at(err, STELLA_E_FORMAT, path, "not a regular file");
    stella_fd_closep(&t->file_fd);
    status = note_file(t, path, err);
    if (status != STELLA_OK)
        return status;
    *out = t->file_fd = stella_take_fd(&fd);
    return STELLA_OK;
}

static stella_status read_at(stella_target *base, stella_sv path, uint64_t offset, void *buf, uint64_t size,
                             uint64_t *got, stella_error *err) {
    int fd = -1;
    const stella_status status = file_at((open_target *)base, path, &fd, err);
    if (status != STELLA_OK)
        return status;
    uint64_t done = 0;
    while (done < size) {
        const ssize_t n =
            offset + done > INT64_MAX ? 0 : pread(fd, (char *)buf + done, size - done, (off_t)(offset + done));
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return stella_error_at(err, STELLA_E_IO, path.len ? path : base->name, "read: %s", strerror(errno));
        if (n == 0)
            break;
        done += (uint64_t)n;
    }
    *got = done;
    return STELLA_OK;
}

static stella_status size_of(stella_target *base, stella_sv path, uint64_t *size, stella_error *err) {
    int fd = -1;
    struct stat st;
    const stella_status status = file_at((open_target *)base, path, &fd, err);
    if (status != STELLA_OK)
        return status;
    if (fstat(fd, &st) != 0)
        return stella_error_at(err, STELLA_E_IO, path.len ? path : base->name, "stat: %s", strerror(errno));
    *size = (uint64_t)st.st_size;
    return STELLA_OK;
}

/* Copies texts in place; one that is too long or finds no memory becomes NULL with a length, and fails the call. */
static stella_status copy_texts(open_target *t, stella_sv *const *texts, size_t count, stella_error *err) {
    for (size_t i = 0; i < count; i++) {
        if (texts[i]->len > OPEN_TEXT_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, NULL,
                                    "a text of %zu bytes in the image's description, at most %u", texts[i]->len,
                                    OPEN_TEXT_MAX);
        const stella_sv copy = stella_arena_dup(t->base.arena, *texts[i]);
        if (!copy.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the image's description");
        *texts[i] = copy;
    }
    return STELLA_OK;
}

/* What both sides of the boundary know of a structure. */
static void take_over(void *own, uint32_t own_size, const void *given, uint32_t given_size) {
    memcpy(own, given, given_size < own_size ? given_size : own_size);
    memcpy(own, &own_size, sizeof own_size); /* struct_size is the first member of each */
}

static stella_status state_image(stella_target *base, const stella_image *given, stella_error *err) {
    open_target *t = (open_target *)base;
    stella_image image = {0};
    if (t->has_image)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "the source stated two images");
    take_over(&image, sizeof image, given, given->struct_size);
    stella_sv *const texts[] = {&image.kind,         &image.name,    &image.digest, &image.os,
                                &image.architecture, &image.variant, &image.config, &image.config_digest};
    const stella_status status = copy_texts(t, texts, sizeof texts / sizeof texts[0], err);
    if (status != STELLA_OK)
        return status;
    t->image = image;
    t->has_image = 1;
    return STELLA_OK;
}

static stella_status state_layer(stella_target *base, const stella_layer *given, stella_error *err) {
    open_target *t = (open_target *)base;
    stella_layer layer = {0};
    if (t->layer_count == OPEN_LAYERS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d layers", OPEN_LAYERS_MAX);
    take_over(&layer, sizeof layer, given, given->struct_size);
    stella_sv *const texts[] = {&layer.path,       &layer.digest,     &layer.diff_id,
                                &layer.media_type, &layer.created_by, &layer.toc_digest};
    const stella_status status = copy_texts(t, texts, sizeof texts / sizeof texts[0], err);
    if (status == STELLA_OK)
        t->layers[t->layer_count++] = layer;
    return status;
}

static const stella_target_ops ops = {.head = STELLA_HEAD(stella_target_ops),
                                      .read_at = read_at,
                                      .size_of = size_of,
                                      .image = state_image,
                                      .layer = state_layer};

stella_status open_target_init(open_target *t, stella_job *job, stella_arena *arena, int fd, stella_error *err) {
    stella_layer *layers = stella_arena_alloc(arena, OPEN_LAYERS_MAX, sizeof *layers);
    stella_sv *files = stella_arena_alloc(arena, OPEN_FILES_MAX, sizeof *files);
    if (!layers || !files)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the image's layers and files");
    *t = (open_target){.base = {.head = STELLA_HEAD(stella_target), .ops = &ops, .arena = arena, .fd = -1},
                       .job = job,
                       .fd = fd,
                       .file_fd = -1,
                       .is_served = job->names_served != 0,
                       .layers = layers,
                       .files = files};
    return STELLA_OK;
}

void open_target_fini(open_target *t) {
    stella_fd_closep(&t->file_fd);
}
