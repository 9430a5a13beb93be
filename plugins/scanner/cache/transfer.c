/* transfer.c - to a directory and back: what an Offline Kit carries. */
#include "meta.h"
#include "walk.h"

#include <stella/auto.h>
#include <stella/json.h>
#include <stella/sink.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define LIST        "cache.json"
#define LIST_MAX    (64u << 20)
#define ARENA_BYTES (512u << 20)

/* ---- export ----------------------------------------------------------------------------------------------------- */

typedef struct export {
    cache *c;
    int to;
    stella_json_writer *w;
    uint64_t entries;
    stella_status status;
    stella_error *err;
}
export;

static void list_file(export *x, const char *path, const char *digest, uint64_t size) {
    stella_json_begin_object(x->w);
    stella_json_member_str(x->w, "path", stella_sv_cstr(path));
    stella_json_member_str(x->w, "digest", stella_sv_cstr(digest));
    stella_json_member_u64(x->w, "size", size);
    stella_json_end_object(x->w);
}

static stella_status export_file(export *x, int from, int to, const char *folder, const char *name) {
    char path[1024], digest[STELLA_DIGEST_TEXT_SIZE];
    STELLA_AUTO(stella_fd_closep) int fd = safe_file(from, name, NULL);
    if (fd < 0)
        return STELLA_OK; /* evicted meanwhile */
    stella_status status = safe_copy(to, name, fd, x->err);
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int copy = status == STELLA_OK ? safe_file(to, name, &size) : -1;
    if (status == STELLA_OK)
        status = copy < 0 ? stella_error_set(x->err, STELLA_E_IO, name, "the copy cannot be read: %s", strerror(errno))
                          : stella_digest_of_fd(copy, digest, x->err);
    if (status != STELLA_OK)
        return status;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    list_file(x, path, digest, size);
    return STELLA_OK;
}

static int make_path(int to, const char *first, const char *second, const char *third) {
    STELLA_AUTO(stella_fd_closep) int a = safe_dir(to, first, 1);
    STELLA_AUTO(stella_fd_closep) int b = a < 0 || !third ? -1 : safe_dir(a, second, 1);
    return third ? (b < 0 ? -1 : safe_dir(b, third, 1)) : (a < 0 ? -1 : safe_dir(a, second, 1));
}

/* The description of an archive says where it lies on this machine: nobody else can use it. */
static int is_local(int folder) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(CACHE_META_MAX);
    const stella_json *root = NULL;
    return arena && stella_json_parse(safe_read(folder, CACHE_META, arena), arena, &root, NULL) == STELLA_OK &&
           stella_sv_eq(stella_json_str(stella_json_get(root, "kind")), STELLA_SV("memo"));
}

static int export_entry(void *self, const walk_entry *entry) {
    export *x = self;
    const int is_layer = entry->kind == CACHE_LAYER;
    const char prefix[] = {entry->hex[0], entry->hex[1], 0};
    char path[2 * CACHE_NAME_MAX];
    const int from = is_layer ? layer_open(x->c, entry->hex, 0) : file_open(x->c, entry->hex);
    STELLA_AUTO(stella_dir_closep) DIR *dir = from < 0 ? NULL : fdopendir(from);
    if (!dir || !entry->is_whole || is_local(from))
        return 1;
    STELLA_AUTO(stella_fd_closep)
    int to = is_layer ? make_path(x->to, "layers", entry->hex, NULL) : make_path(x->to, "cas", prefix, entry->hex);
    if (to < 0) {
        x->status = stella_error_set(x->err, STELLA_E_IO, entry->hex, "cannot be written: %s", strerror(errno));
        return 0;
    }
    snprintf(path, sizeof path, is_layer ? "layers/%s" : "cas/%.2s/%s", is_layer ? entry->hex : prefix, entry->hex);
    for (const struct dirent *e; x->status == STELLA_OK && (e = readdir(dir));)
        if (e->d_name[0] != '.')
            x->status = export_file(x, from, to, path, e->d_name);
    x->entries++;
    return x->status == STELLA_OK;
}

static int is_empty(int dir_fd) {
    const int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_dir_closep) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    for (const struct dirent *e; dir && (e = readdir(dir));)
        if (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0)
            return 0;
    return dir != NULL;
}

stella_status cache_export(cache *c, const char *dir, uint64_t *entries, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(LIST_MAX);
    const stella_sink sink = stella_buf_sink(&text);
    stella_json_writer w;
    if (mkdir(dir, 0700) != 0 && errno != EEXIST)
        return stella_error_set(err, STELLA_E_IO, dir, "cannot be made: %s", strerror(errno));
    STELLA_AUTO(stella_fd_closep) int to = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (to < 0)
        return stella_error_set(err, STELLA_E_IO, dir, "cannot be opened: %s", strerror(errno));
    if (!is_empty(to))
        return stella_error_set(err, STELLA_E_CONFLICT, dir, "is not empty: name a directory that is, or is not there");
    export x = {.c = c, .to = to, .w = &w, .err = err};
    stella_json_writer_init(&w, &sink, 1);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "schema", STELLA_SV(META_EXPORT_SCHEMA));
    stella_json_member_array(&w, "files");
    walk(c, 0, NULL, export_entry, &x);
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    if (x.status == STELLA_OK)
        x.status = stella_json_finish(&w, err);
    if (x.status == STELLA_OK)
        x.status = safe_write(to, LIST, stella_buf_sv(&text), err); /* last: without it, it is no export */
    if (x.status == STELLA_OK)
        *entries = x.entries;
    return x.status;
}

/* ---- import ----------------------------------------------------------------------------------------------------- */

static int open_below(int from, const meta_place *p) {
    const char prefix[] = {p->hex[0], p->hex[1], 0};
    STELLA_AUTO(stella_fd_closep) int top = safe_dir(from, p->is_layer ? "layers" : "cas", 0);
    STELLA_AUTO(stella_fd_closep) int middle = p->is_layer || top < 0 ? -1 : safe_dir(top, prefix, 0);
    return safe_dir(p->is_layer ? top : middle, p->hex, 0);
}

static stella_status check_listed(int from, const meta_place *p, stella_error *err) {
    char digest[STELLA_DIGEST_TEXT_SIZE];
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int dir = open_below(from, p);
    STELLA_AUTO(stella_fd_closep) int fd = dir < 0 ? -1 : safe_file(dir, p->name, &size);
    if (fd < 0)
        return stella_error_at(err, errno == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_DENIED, p->path,
                               errno == ENOENT ? "is listed, but not there"
                                               : "is a link, or somebody else's, or others may write to it");
    const stella_status status = stella_digest_of_fd(fd, digest, err);
    if (status != STELLA_OK)
        return status;
    if (size != p->size || !stella_sv_eq(p->digest, stella_sv_cstr(digest)))
        return stella_error_at(err, STELLA_E_FORMAT, p->path, "has another digest than its list says");
    return STELLA_OK;
}

/* Counts what is there; anything but folders and plain files is refused. */
static stella_status count_files(int dir_fd, int depth, uint64_t *count, stella_error *err) {
    struct stat st;
    const int fd = openat(dir_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_dir_closep) DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        return stella_error_set(err, STELLA_E_IO, NULL, "cannot be read: %s", strerror(errno));
    for (const struct dirent *e; (e = readdir(dir));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0)
            continue;
        if (fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || (!S_ISREG(st.st_mode) && !S_ISDIR(st.st_mode)))
            return stella_error_set(err, STELLA_E_DENIED, e->d_name, "neither a folder nor a plain file");
        *count += S_ISREG(st.st_mode);
        if (!S_ISDIR(st.st_mode))
            continue;
        STELLA_AUTO(stella_fd_closep) int below = depth < 4 ? safe_dir(fd, e->d_name, 0) : -1;
        if (below < 0)
            return stella_error_set(err, STELLA_E_DENIED, e->d_name, "a folder that cannot be trusted");
        const stella_status status = count_files(below, depth + 1, count, err);
        if (status != STELLA_OK)
            return status;
    }
    return STELLA_OK;
}

/* All of it, before anything is taken. */
static stella_status check_all(int from, const meta_place *places, uint32_t listed, stella_error *err) {
    uint64_t count = 0;
    stella_status status = count_files(from, 0, &count, err);
    for (uint32_t i = 0; status == STELLA_OK && i < listed; i++)
        status = check_listed(from, &places[i], err);
    if (status == STELLA_OK && count != (uint64_t)listed + 1)
        return stella_error_set(err, STELLA_E_FORMAT, LIST, "lists %u files, there are %llu", listed,
                                (unsigned long long)count - 1);
    return status;
}

static stella_status take_file(cache *c, int from, const meta_place *p, stella_error *err) {
    const char prefix[] = {p->hex[0], p->hex[1], 0};
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int dir = open_below(from, p);
    STELLA_AUTO(stella_fd_closep) int fd = dir < 0 ? -1 : safe_file(dir, p->name, &size);
    STELLA_AUTO(stella_fd_closep) int middle = p->is_layer ? -1 : safe_dir(c->files_fd, prefix, 1);
    STELLA_AUTO(stella_fd_closep) int to = safe_dir(p->is_layer ? c->layers_fd : middle, p->hex, 1);
    if (fd < 0 || to < 0)
        return stella_error_set(err, STELLA_E_IO, p->hex, "cannot be copied: %s", strerror(errno));
    stella_status status = usage_admit(c, size, err);
    if (status == STELLA_OK)
        status = safe_copy(to, p->name, fd, err);
    if (status == STELLA_OK)
        usage_add(c, size);
    return status;
}

static int has_entry(const cache *c, const meta_place *p) {
    STELLA_AUTO(stella_fd_closep) int dir = p->is_layer ? layer_open(c, p->hex, 0) : file_open(c, p->hex);
    return dir >= 0 && faccessat(dir, CACHE_META, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* meta.json comes last, so that no entry is believed before it is whole; what is known already stays. */
static stella_status take_all(cache *c, int from, const meta_place *places, uint32_t count, uint64_t *entries,
                              stella_error *err) {
    stella_status status = STELLA_OK;
    *entries = 0;
    for (int is_meta = 0; is_meta < 2; is_meta++)
        for (uint32_t i = 0; status == STELLA_OK && i < count; i++) {
            const meta_place *p = &places[i];
            if ((strcmp(p->name, CACHE_META) == 0) != is_meta || has_entry(c, p))
                continue;
            status = take_file(c, from, p, err);
            *entries += (uint64_t)is_meta;
        }
    return status;
}

static stella_status read_list(int from, stella_arena *arena, meta_place **places, uint32_t *count, stella_error *err) {
    uint64_t size = 0;
    STELLA_AUTO(stella_fd_closep) int fd = safe_file(from, LIST, &size);
    char *text = fd < 0 || size > LIST_MAX ? NULL : stella_arena_alloc(arena, 1, size + 1);
    if (!text || pread(fd, text, size, 0) != (ssize_t)size)
        return stella_error_set(err, STELLA_E_NOTFOUND, LIST,
                                "there is no such list that can be trusted: is this what "
                                "stella cache export wrote?");
    return meta_list_parse(stella_sv_of(text, size), arena, places, count, err);
}

stella_status cache_import(cache *c, const char *dir, uint64_t *entries, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_fd_closep) int from = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    meta_place *places = NULL;
    uint32_t count = 0;
    struct stat st;
    uint64_t taken = 0;
    if (!arena || from < 0 || fstat(from, &st) != 0)
        return stella_error_set(err, errno == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_IO, dir, "cannot be opened: %s",
                                strerror(errno));
    if (!safe_is_trusted(&st))
        return stella_error_set(err, STELLA_E_DENIED, dir, "is somebody else's, or others may write to it: chmod go-w");
    if (c->usage_fd < 0)
        return stella_error_set(err, STELLA_E_DENIED, c->root, "this cache can only be read");
    stella_status status = read_list(from, arena, &places, &count, err);
    if (status == STELLA_OK)
        status = check_all(from, places, count, err);
    if (status == STELLA_OK)
        status = take_all(c, from, places, count, &taken, err);
    if (status == STELLA_OK)
        *entries = taken;
    return status;
}
