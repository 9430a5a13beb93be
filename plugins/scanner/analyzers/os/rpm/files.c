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
    stella_buf path;     /* of the file at hand; it begins with the folder that was entered last */
    size_t prefix_bytes; /* of that folder, 0 none */
    uint64_t dir;
} listing;

static void listing_finip(listing *l) {
    free(l->dirs);
    stella_buf_fini(&l->path);
}

static int find_dirs(listing *l) {
    header_strings dirs = header_strings_of(&l->p->h, TAG_DIRNAMES);
    const size_t most = dirs.count < dirs.left.len ? dirs.count : dirs.left.len; /* each has its NUL */
    l->dirs = malloc((most + 1) * sizeof *l->dirs);
    if (!l->dirs)
        return 0;
    while (l->dir_count < most && header_strings_next(&dirs, &l->dirs[l->dir_count]))
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

#define EACH_BYTE 0x0101010101010101u

/* Bit 7 of each byte that is at least low, of bytes below 128. */
static uint64_t at_least(uint64_t bytes, uint64_t low) {
    return bytes + EACH_BYTE * (128 - low);
}

/* Eight digits at a time, as there are as many digests as files; their number is a multiple of 8. */
static int is_lower_hex(stella_sv text) {
    const uint64_t high_bits = EACH_BYTE * 128;
    uint64_t right = high_bits;
    for (size_t i = 0; i + 8 <= text.len; i += 8) {
        uint64_t bytes;
        memcpy(&bytes, text.ptr + i, sizeof bytes);
        const uint64_t digit = at_least(bytes & ~high_bits, '0') & ~at_least(bytes & ~high_bits, '9' + 1);
        const uint64_t letter = at_least(bytes & ~high_bits, 'a') & ~at_least(bytes & ~high_bits, 'f' + 1);
        right &= (digit | letter) & ~bytes;
    }
    return right == high_bits;
}

static stella_sv without_slash(stella_sv path) {
    while (path.len && path.ptr[0] == '/')
        path = stella_sv_skip(path, 1);
    return path;
}

/* Puts the folder of file i into l->path; files come folder by folder. Returns 0 for a folder that is not listed. */
static int enter_dir(listing *l, uint32_t i, stella_status *status) {
    const uint64_t at = header_value_number(&l->dir_indexes, i);
    if (i >= l->dir_indexes.count || at >= l->dir_count)
        return 0;
    if (l->prefix_bytes == 0 || at != l->dir) {
        const stella_sv dir = without_slash(l->dirs[at]);
        l->path.len = 0;
        l->prefix_bytes = 0;
        *status = stella_buf_add(&l->path, l->p->root);
        if (*status == STELLA_OK)
            *status = stella_buf_add(&l->path, dir);
        if (*status != STELLA_OK)
            return 0;
        l->prefix_bytes = l->path.len;
        l->dir = at;
    }
    l->path.len = l->prefix_bytes;
    return 1;
}

/* The path of file i, relative to the image's root; empty for one that names nothing or is too long. */
static stella_status make_path(listing *l, uint32_t i, stella_sv name, stella_sv *out) {
    stella_status status = STELLA_OK;
    *out = (stella_sv){0};
    if (l->dirs) {
        if (!enter_dir(l, i, &status))
            return status == STELLA_E_LIMIT ? STELLA_OK : status;
    } else {
        l->path.len = 0;
        status = stella_buf_add(&l->path, l->p->root);
        name = without_slash(name);
    }
    if (status == STELLA_OK && name.len)
        status = stella_buf_add(&l->path, name);
    if (status == STELLA_OK && name.len)
        *out = stella_buf_sv(&l->path);
    l->path.failed = 0;
    return status == STELLA_E_LIMIT ? STELLA_OK : status;
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
        if (!header_strings_next(&l.names, &name))
            break;
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
