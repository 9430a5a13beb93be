#include "scheme.h"

#define SHORT_MAX 3 /* letters */

static const char *const remote[] = {"registry", "docker", "podman"};
static const char *const files[] = {"dir", "docker-archive", "oci-layout", "oci-archive", "file",
                                    "tar", "sbom",           "sboms",      "containerd"};

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

static int is_one_of(stella_sv word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++)
        if (stella_sv_eq(word, stella_sv_cstr(words[i])))
            return 1;
    return 0;
}

int scheme_is_remote(stella_sv word) {
    return is_one_of(word, remote, COUNT(remote));
}

int scheme_is_file(stella_sv word) {
    return is_one_of(word, files, COUNT(files));
}

/* Whether one edit, or none, leads from one to the other: behind their common beginning the rests are equal but for it. */
static int is_near(stella_sv a, stella_sv b) {
    size_t same = 0;
    while (same < a.len && same < b.len && a.ptr[same] == b.ptr[same])
        same++;
    a = stella_sv_skip(a, same);
    b = stella_sv_skip(b, same);
    if (a.len != b.len) /* skipping stops at the end: of two texts that differ by more neither fits */
        return stella_sv_eq(stella_sv_skip(a, a.len > b.len), stella_sv_skip(b, b.len > a.len));
    if (a.len > 1 && a.ptr[0] == b.ptr[1] && a.ptr[1] == b.ptr[0] &&
        stella_sv_eq(stella_sv_skip(a, 2), stella_sv_skip(b, 2)))
        return 1;
    return stella_sv_eq(stella_sv_skip(a, 1), stella_sv_skip(b, 1));
}

static const char *nearest(stella_sv word, const char *const *words, size_t count) {
    for (size_t i = 0; i < count; i++) {
        const stella_sv known = stella_sv_cstr(words[i]);
        if (known.len > SHORT_MAX && is_near(word, known))
            return words[i];
    }
    return NULL;
}

const char *scheme_near(stella_sv word) {
    if (!word.len || scheme_is_remote(word) || scheme_is_file(word))
        return NULL;
    const char *found = nearest(word, remote, COUNT(remote));
    return found ? found : nearest(word, files, COUNT(files));
}
