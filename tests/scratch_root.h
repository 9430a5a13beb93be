/* scratch_root.h - a tree of files that a test makes and takes away again. Failures end the test. */
#ifndef TESTS_SCRATCH_ROOT_H
#define TESTS_SCRATCH_ROOT_H

#include "check.h"

#include <stella/sv.h>

#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct scratch_root {
    char path[64];
} scratch_root;

static inline scratch_root scratch_root_create(void) {
    scratch_root root = {.path = "/tmp/stella-test-XXXXXX"};
    assert_non_null(mkdtemp(root.path));
    return root;
}

static inline int scratch_remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw) {
    (void)st;
    (void)kind;
    (void)ftw;
    return remove(path);
}

static inline void scratch_root_destroy(scratch_root *root) { /* also for STELLA_AUTO */
    nftw(root->path, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline void scratch_make_parents(char *path) {
    for (char *slash = strchr(path + 1, '/'); slash; slash = strchr(slash + 1, '/')) {
        *slash = '\0';
        mkdir(path, 0755);
        *slash = '/';
    }
}

static inline void scratch_write(const scratch_root *root, const char *path, stella_sv text) {
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root->path, path);
    scratch_make_parents(full);
    const int fd = open(full, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    assert_true(fd >= 0);
    for (size_t at = 0; at < text.len;) {
        const ssize_t put = write(fd, text.ptr + at, text.len - at);
        assert_true(put > 0);
        at += (size_t)put;
    }
    close(fd);
}

static inline void scratch_link(const scratch_root *root, const char *path, const char *target) {
    char full[512];
    snprintf(full, sizeof full, "%s/%s", root->path, path);
    scratch_make_parents(full);
    assert_int_equal(symlink(target, full), 0);
}

#endif
