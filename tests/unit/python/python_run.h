/* python_run.h - the analyzer of Python over folders, for its tests. */
#ifndef PYTHON_RUN_H
#define PYTHON_RUN_H

#include "os_run.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/python/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/python/"
#define SITE   "usr/lib/python3.11/site-packages/"

static inline stella_buf run_root(const char *root) {
    return run_as(NULL, &root, 1, 0);
}

/* Metadata of a distribution with more headers, each with its line end. */
static inline void put_dist(const scratch_root *root, const char *folder, const char *name, const char *version,
                            const char *more) {
    char path[256], text[4096];
    snprintf(path, sizeof path, "%s%s-%s.dist-info/METADATA", folder, name, version);
    snprintf(text, sizeof text, "Metadata-Version: 2.1\nName: %s\nVersion: %s\n%s\n", name, version, more);
    scratch_write(root, path, stella_sv_cstr(text));
}

static inline int relates(const stella_buf *text, const char *from, const char *to) {
    char wanted[256];
    snprintf(wanted, sizeof wanted, "\"from\": \"pkg:pypi/%s\",\n   \"to\": \"pkg:pypi/%s\"", from, to);
    return has(text, wanted);
}

#endif
