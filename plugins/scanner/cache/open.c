#include "inside.h"

#include <stella/auto.h>

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

void cache_note(cache *c, cache_event event, cache_kind kind, uint64_t bytes) {
    atomic_fetch_add(&c->count[event][kind], 1);
    atomic_fetch_add(&c->bytes[event][kind], bytes);
    if (c->options.observe)
        c->options.observe(c->options.self, event, kind, bytes);
}

void cache_counters_get(cache *c, cache_counters *out) {
    for (int event = 0; event < CACHE_EVENTS; event++)
        for (int kind = 0; kind < CACHE_KINDS; kind++) {
            out->count[event][kind] = atomic_load(&c->count[event][kind]);
            out->bytes[event][kind] = atomic_load(&c->bytes[event][kind]);
        }
}

const char *cache_root(const cache *c) {
    return c->root;
}

/* Every directory above that is missing, for its owner alone. */
static stella_status make_dirs(const char *path, stella_error *err) {
    char part[sizeof((cache *)0)->root];
    for (const char *slash = strchr(path + 1, '/');; slash = strchr(slash + 1, '/')) {
        const size_t len = slash ? (size_t)(slash - path) : strlen(path);
        memcpy(part, path, len);
        part[len] = 0;
        if (mkdir(part, 0700) != 0 && errno != EEXIST && errno != EROFS && errno != EACCES)
            return stella_error_set(err, STELLA_E_IO, part, "the cache directory cannot be made: %s", strerror(errno));
        if (!slash)
            return STELLA_OK;
    }
}

static stella_status open_root(cache *c, stella_error *err) {
    struct stat st;
    const stella_status status = make_dirs(c->root, err);
    if (status != STELLA_OK)
        return status;
    c->root_fd = open(c->root, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    if (c->root_fd < 0 || fstat(c->root_fd, &st) != 0)
        return stella_error_set(err, errno == EACCES ? STELLA_E_DENIED : STELLA_E_IO, c->root,
                                "the cache directory cannot be opened: %s", strerror(errno));
    if (st.st_uid != geteuid() && st.st_uid != 0)
        return stella_error_set(err, STELLA_E_DENIED, c->root,
                                "this cache is another user's, who would decide what is found: name one of your own "
                                "with --cache-dir");
    if (!safe_is_trusted(&st))
        return stella_error_set(err, STELLA_E_DENIED, c->root,
                                "others may write to this cache, and would decide what is found: chmod go-w");
    return STELLA_OK;
}

static stella_status open_folders(cache *c, stella_error *err) {
    const int is_writable = faccessat(c->root_fd, ".", W_OK, AT_EACCESS) == 0;
    c->layers_fd = safe_dir(c->root_fd, c->layers_name, is_writable);
    c->files_fd = safe_dir(c->root_fd, c->files_name, is_writable);
    if (is_writable)
        c->usage_fd = openat(c->root_fd, CACHE_USAGE, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (is_writable && (c->layers_fd < 0 || c->files_fd < 0 || c->usage_fd < 0))
        return stella_error_set(err, errno == EACCES || errno == ELOOP ? STELLA_E_DENIED : STELLA_E_IO, c->root,
                                "a part of the cache cannot be opened: %s", strerror(errno));
    return STELLA_OK;
}

static int copy_name(const char *from, const char *fallback, char out[CACHE_NAME_MAX]) {
    const char *name = from && *from ? from : fallback;
    const int is_name = !strchr(name, '/') && name[0] != '.' && strlen(name) < CACHE_NAME_MAX;
    if (is_name)
        memcpy(out, name, strlen(name) + 1);
    return is_name;
}

stella_status cache_open(const cache_options *options, cache **out, stella_error *err) {
    STELLA_AUTO(cache_closep) cache *c = calloc(1, sizeof *c);
    if (!c)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the cache");
    c->root_fd = c->layers_fd = c->files_fd = c->usage_fd = -1;
    c->options = *options;
    const size_t len = strlen(options->root);
    if (options->root[0] != '/' || len >= sizeof c->root || len < 2 ||
        !copy_name(options->layers_name, "layers", c->layers_name) ||
        !copy_name(options->files_name, "cas", c->files_name) || strcmp(c->layers_name, c->files_name) == 0)
        return stella_error_set(err, STELLA_E_INVALID, options->root,
                                "a cache has an absolute path, and its two folders different plain names");
    memcpy(c->root, options->root, len + 1);
    while (c->root[strlen(c->root) - 1] == '/' && c->root[1])
        c->root[strlen(c->root) - 1] = 0;
    stella_status status = open_root(c, err);
    if (status == STELLA_OK)
        status = open_folders(c, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(c);
    return status;
}

void cache_close(cache *c) {
    if (!c)
        return;
    stella_fd_closep(&c->root_fd);
    stella_fd_closep(&c->layers_fd);
    stella_fd_closep(&c->files_fd);
    stella_fd_closep(&c->usage_fd);
    free(c);
}

void cache_closep(cache **c) {
    cache_close(*c);
    *c = NULL;
}
