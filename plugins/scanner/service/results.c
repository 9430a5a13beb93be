/* results.c - outputs of finished jobs, as files that appear whole. */
#include "service.h"

#include <stella/auto.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define PARTIAL ".partial"

static stella_status fail(const char *path, const char *doing, stella_error *err) {
    return stella_error_set(err, STELLA_E_IO, path, "%s: %s", doing, strerror(errno));
}

static void name_of(const scanner_service *s, const job *j, const char *format, const char *suffix, char out[1200]) {
    snprintf(out, 1200, "%s/%s.%s%s", s->results_dir, j->id, format, suffix);
}

stella_status results_prepare(scanner_service *s, stella_error *err) {
    if (mkdir(s->results_dir, 0700) != 0 && errno != EEXIST)
        return fail(s->results_dir, "make the directory of results", err);
    DIR *dir = opendir(s->results_dir);
    if (!dir)
        return fail(s->results_dir, "read the directory of results", err);
    for (const struct dirent *entry; (entry = readdir(dir));)
        if (stella_sv_ends(stella_sv_cstr(entry->d_name), STELLA_SV(PARTIAL)))
            unlinkat(dirfd(dir), entry->d_name, 0);
    closedir(dir);
    return STELLA_OK;
}

stella_status results_open(scanner_service *s, const job *j, uint32_t format, int *fd, stella_error *err) {
    char path[1200];
    name_of(s, j, j->formats[format], PARTIAL, path);
    *fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    return *fd >= 0 ? STELLA_OK : fail(path, "create", err);
}

static stella_status sync_dir(const char *path, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fsync(fd) == 0 ? STELLA_OK : fail(path, "sync", err);
}

stella_status results_publish(scanner_service *s, const job *j, uint32_t format, int fd, stella_error *err) {
    char partial[1200], path[1200];
    name_of(s, j, j->formats[format], PARTIAL, partial);
    name_of(s, j, j->formats[format], "", path);
    if (fsync(fd) != 0 || rename(partial, path) != 0)
        return fail(path, "write", err);
    return sync_dir(s->results_dir, err);
}

void results_discard(scanner_service *s, const job *j) {
    char path[1200];
    for (uint32_t i = 0; i < j->format_count; i++) {
        name_of(s, j, j->formats[i], PARTIAL, path);
        unlink(path);
    }
}

stella_status results_read(scanner_service *s, const job *j, const char *format, int *fd, stella_error *err) {
    char path[1200];
    name_of(s, j, format, "", path);
    const int opened = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (opened < 0)
        return errno == ENOENT ? stella_error_set(err, STELLA_E_NOTFOUND, format, "the result is not there")
                               : fail(path, "open", err);
    *fd = opened;
    return STELLA_OK;
}
