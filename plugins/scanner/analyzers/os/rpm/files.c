#include "files.h"

#include "tags.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <stdlib.h>

#define PATH_BYTES_MAX 8192

/* Digest algorithms by their OpenPGP number; a package without the tag has MD5. */
static const struct {
    uint64_t number;
    stella_sv name;
    size_t digits;
} algorithms[] = {
    {1, STELLA_SV_INIT("md5"), 32},    {2, STELLA_SV_INIT("sha1"), 40},     {8, STELLA_SV_INIT("sha256"), 64},
    {9, STELLA_SV_INIT("sha384"), 96}, {10, STELLA_SV_INIT("sha512"), 128}, {11, STELLA_SV_INIT("sha224"), 56},
};

/* The columns of a file list. */
typedef struct listing {
    const package *p;
    header_strings names, digests; /* whole paths, or base names with directories */
    header_value dir_indexes, modes, flags, states;
    stella_sv *dirs; /* NULL when names are whole paths */
    uint32_t dir_count, count;
    stella_sv algorithm;
    size_t digits;
    stella_buf path;
} listing;

static void listing_finip(listing *l) {
    free(l->dirs);
    stella_buf_fini(&l->path);
}

static int find_dirs(listing *l) {
    header_strings dirs = header_strings_of(&l->p->h, TAG_DIRNAMES);
    l->dirs = malloc((dirs.count + (size_t)1) * sizeof *l->dirs);
    if (!l->dirs)
        return 0;
    while (header_strings_next(&dirs, &l->dirs[l->dir_count]))
        l->dir_count++;
    return 1;
}

static int open_listing(listing *l) {
    const header *h = &l->p->h;
    l->names = header_strings_of(h, TAG_BASENAMES);
    if (l->names.count) {
        if (!header_find(h, TAG_DIR_INDEXES, &l->dir_indexes))
            l->names.count = 0;
        else if (!find_dirs(l))
            return 0;
    } else {
        l->names = header_strings_of(h, TAG_OLD_FILENAMES);
    }
    l->count = l->names.count;
    l->digests = header_strings_of(h, TAG_FILE_DIGESTS);
    (void)header_find(h, TAG_FILE_MODES, &l->modes);
    (void)header_find(h, TAG_FILE_FLAGS, &l->flags);
    (void)header_find(h, TAG_FILE_STATES, &l->states);
    uint64_t number = algorithms[0].number;
    (void)header_number(h, TAG_FILE_DIGEST_ALGO, &number);
    for (uint32_t i = 0; i < STELLA_COUNT(algorithms); i++)
        if (algorithms[i].number == number) {
            l->algorithm = algorithms[i].name;
            l->digits = algorithms[i].digits;
        }
    return 1;
}

/* A directory, or one that rpm did not put there (documentation that was not wanted, another package's instead). */
static int is_no_owned_file(const listing *l, uint32_t i) {
    const uint64_t state = header_value_number(&l->states, i);
    return (header_value_number(&l->modes, i) & FILE_MODE_KIND) == FILE_MODE_DIRECTORY ||
           (state >= FILE_STATE_REPLACED && state <= FILE_STATE_WRONG_COLOR);
}

static int is_lower_hex(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!((text.ptr[i] >= '0' && text.ptr[i] <= '9') || (text.ptr[i] >= 'a' && text.ptr[i] <= 'f')))
            return 0;
    return 1;
}

static stella_sv without_slash(stella_sv path) {
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    return path;
}

/* The path of file i, relative to the image's root. Returns 0 for one that names nothing. */
static stella_status make_path(listing *l, uint32_t i, stella_sv name, stella_sv *out) {
    stella_sv dir = {0};
    *out = (stella_sv){0};
    if (l->dirs) {
        const uint64_t at = header_value_number(&l->dir_indexes, i);
        if (i >= l->dir_indexes.count || at >= l->dir_count || name.len == 0)
            return STELLA_OK;
        dir = l->dirs[at];
    }
    dir = without_slash(dir);
    name = dir.len ? name : without_slash(name);
    if (name.len == 0 || l->p->root.len + dir.len + name.len > PATH_BYTES_MAX)
        return STELLA_OK;
    l->path.len = 0;
    (void)stella_buf_add(&l->path, l->p->root);
    (void)stella_buf_add(&l->path, dir);
    const stella_status status = stella_buf_add(&l->path, name);
    *out = stella_buf_sv(&l->path);
    return status;
}

static void add_file(const listing *l, uint32_t i, stella_sv path, stella_sv digest) {
    const uint64_t flags = header_value_number(&l->flags, i);
    const int has_digest = l->digits && digest.len == l->digits && is_lower_hex(digest);
    const stella_owned owned = {.struct_size = sizeof owned,
                                .flags = (flags & FILE_FLAG_CONFIG ? STELLA_OWNED_CONFIG : 0) |
                                         (flags & FILE_FLAG_GHOST ? STELLA_OWNED_GHOST : 0),
                                .path = path,
                                .digest_alg = has_digest ? l->algorithm : STELLA_SV(""),
                                .digest = has_digest ? digest : STELLA_SV("")};
    stella_component_owns(l->p->component, &owned);
}

stella_status files_add(const package *p, files_seen seen, void *self, stella_error *err) {
    STELLA_AUTO(listing_finip) listing l = {.p = p, .path = stella_buf_of(PATH_BYTES_MAX)};
    if (!open_listing(&l))
        return stella_error_at(err, STELLA_E_NOMEM, p->path, "no memory for the folders of a package");
    for (uint32_t i = 0; i < l.count; i++) {
        stella_sv name = {0}, digest = {0}, path;
        (void)header_strings_next(&l.names, &name);
        (void)header_strings_next(&l.digests, &digest);
        if (is_no_owned_file(&l, i))
            continue;
        const stella_status status = make_path(&l, i, name, &path);
        if (status != STELLA_OK)
            return stella_error_at(err, status, p->path, "no memory for a path");
        if (path.len == 0)
            continue;
        add_file(&l, i, path, digest);
        if (seen)
            seen(self, path, p);
    }
    return STELLA_OK;
}
