#include "walk.h"

#include <stella/auto.h>

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

typedef struct walker {
    int removes_stale;
    int64_t now_s;
    uint64_t stale;
    walk_visit visit;
    void *self;
} walker;

static DIR *list(int fd) {
    DIR *dir = fd < 0 ? NULL : fdopendir(fd);
    if (!dir)
        stella_fd_closep(&fd);
    return dir;
}

/* A temporary file, or folder, of a process that is no more. */
static int is_stale(walker *w, int dir_fd, const char *name, const struct stat *st) {
    if (strncmp(name, CACHE_TEMP, strlen(CACHE_TEMP)) != 0)
        return 0;
    if (w->now_s - st->st_mtime > CACHE_STALE_S) {
        w->stale++;
        if (w->removes_stale && S_ISDIR(st->st_mode))
            safe_remove_folder(dir_fd, name);
        else if (w->removes_stale)
            unlinkat(dir_fd, name, 0);
    }
    return 1;
}

/* Adds up the files of an entry's folder. */
static void weigh(walker *w, int folder, walk_entry *entry, int64_t made_s) {
    struct stat st;
    STELLA_AUTO(stella_dir_closep) DIR *dir = list(folder);
    entry->used_s = made_s;
    for (const struct dirent *e; dir && (e = readdir(dir));) {
        if (e->d_name[0] == '.' && strncmp(e->d_name, CACHE_TEMP, strlen(CACHE_TEMP)) != 0)
            continue;
        if (fstatat(folder, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || is_stale(w, folder, e->d_name, &st))
            continue;
        entry->bytes += (uint64_t)st.st_size;
        entry->supplements += strncmp(e->d_name, CACHE_MORE, strlen(CACHE_MORE)) == 0;
        if (strcmp(e->d_name, CACHE_META) == 0) {
            entry->is_whole = 1;
            entry->used_s = st.st_mtime;
        }
    }
}

/* The entries of one folder. */
static int walk_folder(walker *w, cache_kind kind, int fd) {
    struct stat st;
    STELLA_AUTO(stella_dir_closep) DIR *dir = list(fd);
    for (const struct dirent *e; dir && (e = readdir(dir));) {
        if (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 ||
            fstatat(fd, e->d_name, &st, AT_SYMLINK_NOFOLLOW) != 0 || is_stale(w, fd, e->d_name, &st) ||
            !is_hex(e->d_name))
            continue;
        walk_entry entry = {.kind = kind};
        memcpy(entry.hex, e->d_name, sizeof entry.hex);
        const int folder = safe_dir(fd, e->d_name, 0);
        if (folder < 0)
            continue;
        weigh(w, folder, &entry, st.st_mtime);
        if (!w->visit(w->self, &entry))
            return 0;
    }
    return 1;
}

static int walk_files(walker *w, const cache *c) {
    STELLA_AUTO(stella_dir_closep) DIR *dir = list(safe_dir(c->root_fd, c->files_name, 0));
    for (const struct dirent *e; dir && (e = readdir(dir));)
        if (strspn(e->d_name, "0123456789abcdef") == 2 && !e->d_name[2] &&
            !walk_folder(w, CACHE_FILE, safe_dir(c->files_fd, e->d_name, 0)))
            return 0;
    return 1;
}

int walk(cache *c, int removes_stale, uint64_t *stale, walk_visit visit, void *self) {
    walker w = {.removes_stale = removes_stale, .now_s = time(NULL), .visit = visit, .self = self};
    const int all = walk_folder(&w, CACHE_LAYER, safe_dir(c->root_fd, c->layers_name, 0)) && walk_files(&w, c);
    if (stale)
        *stale = w.stale;
    return all;
}

uint64_t walk_remove(cache *c, const walk_entry *entry) {
    if (entry->kind == CACHE_LAYER)
        return safe_remove_folder(c->layers_fd, entry->hex);
    const char prefix[] = {entry->hex[0], entry->hex[1], 0};
    STELLA_AUTO(stella_fd_closep) int fd = safe_dir(c->files_fd, prefix, 0);
    return fd < 0 ? 0 : safe_remove_folder(fd, entry->hex);
}
