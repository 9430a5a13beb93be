#include "tree.h"

#include <stella/auto.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINKS_MAX  40
#define PATH_BYTES 4096

static uint32_t kind_of(mode_t mode) {
    return S_ISREG(mode)   ? STELLA_FILE_REGULAR
           : S_ISDIR(mode) ? STELLA_FILE_DIRECTORY
           : S_ISLNK(mode) ? STELLA_FILE_SYMLINK
                           : STELLA_FILE_OTHER;
}

static uint32_t sniff(const char *name) {
    static const struct {
        stella_sv magic;
        uint32_t type;
    } magics[] = {
        {STELLA_SV_INIT("\177ELF"), STELLA_TYPE_ELF},
        {STELLA_SV_INIT("MZ"), STELLA_TYPE_PE},
        {STELLA_SV_INIT("PK\3\4"), STELLA_TYPE_ZIP},
        {STELLA_SV_INIT("\37\213"), STELLA_TYPE_GZIP},
        {STELLA_SV_INIT("\x28\xb5\x2f\xfd"), STELLA_TYPE_ZSTD},
        {STELLA_SV_INIT("\xfd"
                        "7zXZ"),
         STELLA_TYPE_XZ},
        {STELLA_SV_INIT("BZh"), STELLA_TYPE_BZIP2},
        {STELLA_SV_INIT("SQLite format 3"), STELLA_TYPE_SQLITE},
        {STELLA_SV_INIT("#!"), STELLA_TYPE_SCRIPT},
        {STELLA_SV_INIT("\0asm"), STELLA_TYPE_WASM},
        {STELLA_SV_INIT("!<arch>\n"), STELLA_TYPE_AR},
        {STELLA_SV_INIT("\xfe\xed\xfa\xce"), STELLA_TYPE_MACHO},
        {STELLA_SV_INIT("\xfe\xed\xfa\xcf"), STELLA_TYPE_MACHO},
        {STELLA_SV_INIT("\xce\xfa\xed\xfe"), STELLA_TYPE_MACHO},
        {STELLA_SV_INIT("\xcf\xfa\xed\xfe"), STELLA_TYPE_MACHO},
        {STELLA_SV_INIT("\xca\xfe\xba\xbe\0\0\0"), STELLA_TYPE_MACHO}, /* a Java class has its version in there */
    };
    char head[64];
    STELLA_AUTO(stella_fd_closep) int fd = open(name, O_RDONLY | O_CLOEXEC);
    const ssize_t got = fd < 0 ? 0 : read(fd, head, sizeof head);
    const stella_sv start = stella_sv_of(head, got > 0 ? (size_t)got : 0);
    for (uint32_t i = 0; i < STELLA_COUNT(magics); i++)
        if (stella_sv_starts(start, magics[i].magic))
            return magics[i].type;
    if (start.len == 0)
        return STELLA_TYPE_EMPTY;
    return memchr(start.ptr, 0, start.len) ? STELLA_TYPE_UNKNOWN : STELLA_TYPE_TEXT;
}

static tree_entry *push(tree *t) {
    if (t->count == t->room) {
        const uint32_t room = t->room ? 2 * t->room : 1024;
        tree_entry *bigger = stella_arena_alloc(t->arena, room, sizeof *bigger);
        if (!bigger)
            return NULL;
        if (t->count)
            memcpy(bigger, t->entries, t->count * sizeof *bigger);
        t->entries = bigger;
        t->room = room;
    }
    return &t->entries[t->count++];
}

static stella_status add_entry(tree *t, const char *name, stella_sv path, uint32_t layer, uint32_t *kind,
                               stella_error *err) {
    struct stat st;
    char target[PATH_BYTES];
    if (lstat(name, &st) != 0)
        return stella_error_set(err, STELLA_E_IO, name, "lstat: %s", strerror(errno));
    const ssize_t target_len = S_ISLNK(st.st_mode) ? readlink(name, target, sizeof target) : 0;
    tree_entry *e = push(t);
    if (!e || target_len < 0)
        return stella_error_set(err, STELLA_E_NOMEM, name, "the entry cannot be remembered");
    *e = (tree_entry){.path = stella_arena_dup(t->arena, path),
                      .target = stella_arena_dup(t->arena, stella_sv_of(target, (size_t)target_len)),
                      .name = stella_arena_cstr(t->arena, stella_sv_cstr(name)),
                      .size = S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0,
                      .kind = kind_of(st.st_mode),
                      .type = S_ISREG(st.st_mode) ? sniff(name) : 0,
                      .mode = st.st_mode & 07777,
                      .layer = layer,
                      .hidden_by = TREE_VISIBLE};
    *kind = e->kind;
    return STELLA_OK;
}

static stella_status walk(tree *t, const char *folder, stella_sv prefix, uint32_t layer, stella_error *err) {
    DIR *dir = opendir(folder);
    if (!dir)
        return stella_error_set(err, STELLA_E_IO, folder, "opendir: %s", strerror(errno));
    stella_status status = STELLA_OK;
    for (const struct dirent *d; status == STELLA_OK && (d = readdir(dir));) {
        if (strcmp(d->d_name, ".") == 0 || strcmp(d->d_name, "..") == 0)
            continue;
        uint32_t kind = 0;
        const stella_sv name = stella_arena_printf(t->arena, "%s/%s", folder, d->d_name);
        const stella_sv path =
            stella_arena_printf(t->arena, "%.*s%s%s", STELLA_SV_FMT(prefix), prefix.len ? "/" : "", d->d_name);
        status = name.ptr && path.ptr ? add_entry(t, name.ptr, path, layer, &kind, err)
                                      : stella_error_set(err, STELLA_E_NOMEM, folder, "the tree is too large");
        if (status == STELLA_OK && kind == STELLA_FILE_DIRECTORY)
            status = walk(t, name.ptr, path, layer, err);
    }
    closedir(dir);
    return status;
}

static int is_below(stella_sv path, stella_sv dir) {
    return dir.len == 0 || (path.len > dir.len && path.ptr[dir.len] == '/' && stella_sv_starts(path, dir));
}

static void hide(tree *t, stella_sv path, uint32_t layer, int itself) {
    for (uint32_t i = 0; i < t->count; i++) {
        tree_entry *e = &t->entries[i];
        if (e->layer < layer && e->hidden_by > layer &&
            (is_below(e->path, path) || (itself && stella_sv_eq(e->path, path))))
            e->hidden_by = layer;
    }
}

/* A folder joins one of its name below, and takes the place of anything else. */
static void hide_what_a_folder_replaces(tree *t, stella_sv path, uint32_t layer) {
    for (uint32_t i = 0; i < t->count; i++) {
        tree_entry *e = &t->entries[i];
        if (e->layer < layer && e->hidden_by > layer && e->kind != STELLA_FILE_DIRECTORY && stella_sv_eq(e->path, path))
            e->hidden_by = layer;
    }
}

/* What an entry of an upper layer does to the layers below: whiteouts hide, files replace. */
static void apply(tree *t, tree_entry *e) {
    const size_t slash = stella_sv_rfind(e->path, '/');
    const stella_sv dir = slash < e->path.len ? stella_sv_first(e->path, slash) : STELLA_SV("");
    const stella_sv base = slash < e->path.len ? stella_sv_skip(e->path, slash + 1) : e->path;
    const stella_sv prefix = STELLA_SV(".wh.");
    if (!stella_sv_starts(base, prefix)) {
        if (e->kind == STELLA_FILE_DIRECTORY)
            hide_what_a_folder_replaces(t, e->path, e->layer);
        else
            hide(t, e->path, e->layer, 1);
        return;
    }
    e->hidden_by = e->layer;
    if (stella_sv_eq(base, STELLA_SV(".wh..wh..opq"))) {
        hide(t, dir, e->layer, 0);
        return;
    }
    const stella_sv hidden = stella_arena_printf(t->arena, "%.*s%s%.*s", STELLA_SV_FMT(dir), dir.len ? "/" : "",
                                                 STELLA_SV_FMT(stella_sv_skip(base, prefix.len)));
    if (hidden.len)
        hide(t, hidden, e->layer, 1);
}

static int compare(const void *x, const void *y) {
    const tree_entry *a = x, *b = y;
    const int order = stella_sv_cmp(a->path, b->path);
    return order ? order : (a->layer > b->layer) - (a->layer < b->layer);
}

stella_status tree_open(tree *t, const char *const *layers, uint32_t layer_count, stella_error *err) {
    for (uint32_t i = 0; i < layer_count; i++) {
        const stella_status status = walk(t, layers[i], STELLA_SV(""), i, err);
        if (status != STELLA_OK)
            return status;
    }
    if (t->count)
        qsort(t->entries, t->count, sizeof *t->entries, compare);
    for (uint32_t i = 0; layer_count > 1 && i < t->count; i++)
        if (t->entries[i].layer > 0)
            apply(t, &t->entries[i]);
    return STELLA_OK;
}

void tree_close(tree *t) {
    for (uint32_t i = 0; i < t->count; i++)
        if (t->entries[i].bytes.len)
            munmap((void *)(uintptr_t)t->entries[i].bytes.ptr, t->entries[i].bytes.len);
    t->count = 0;
}

int tree_is_visible(const tree_entry *e, uint32_t layer) {
    return e->layer <= layer && layer < e->hidden_by;
}

/* Where the entries of this path begin. */
static uint32_t find_first(const tree *t, stella_sv path) {
    uint32_t low = 0, high = t->count;
    while (low < high) {
        const uint32_t middle = low + (high - low) / 2;
        if (stella_sv_cmp(t->entries[middle].path, path) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

tree_entry *tree_in_layer(tree *t, stella_sv path, uint32_t layer) {
    for (uint32_t i = find_first(t, path); i < t->count && stella_sv_eq(t->entries[i].path, path); i++)
        if (t->entries[i].layer == layer && t->entries[i].kind == STELLA_FILE_REGULAR)
            return &t->entries[i];
    return NULL;
}

/* The visible entry of exactly this path. */
static tree_entry *find_exact(tree *t, stella_sv path) {
    uint32_t low = find_first(t, path);
    tree_entry *found = NULL;
    for (; low < t->count && stella_sv_eq(t->entries[low].path, path); low++)
        if (t->entries[low].hidden_by == TREE_VISIBLE)
            found = &t->entries[low];
    return found;
}

/* at is where the walk stands; a link puts its target in front of what is left of the path. */
tree_entry *tree_find(tree *t, stella_sv path) {
    char at[PATH_BYTES] = "";
    uint32_t links = 0;
    stella_sv name;
    while (stella_sv_split(&path, '/', &name)) {
        const size_t len = strlen(at);
        if (name.len == 0 || stella_sv_eq(name, STELLA_SV(".")))
            continue;
        if (stella_sv_eq(name, STELLA_SV(".."))) {
            const size_t slash = stella_sv_rfind(stella_sv_of(at, len), '/');
            at[slash < len ? slash : 0] = '\0';
            continue;
        }
        if (len + name.len + 2 > PATH_BYTES)
            return NULL;
        snprintf(at + len, PATH_BYTES - len, "%s%.*s", len ? "/" : "", STELLA_SV_FMT(name));
        const tree_entry *e = find_exact(t, stella_sv_cstr(at));
        if (!e)
            return NULL;
        if (e->kind != STELLA_FILE_SYMLINK)
            continue;
        if (++links > LINKS_MAX)
            return NULL;
        at[e->target.len && e->target.ptr[0] == '/' ? 0 : len] = '\0';
        path = stella_arena_printf(t->arena, "%.*s/%.*s", STELLA_SV_FMT(e->target), STELLA_SV_FMT(path));
    }
    return find_exact(t, stella_sv_cstr(at));
}

stella_status tree_read(tree_entry *e, stella_error *err) {
    if (e->bytes.ptr)
        return STELLA_OK;
    STELLA_AUTO(stella_fd_closep) int fd = open(e->name, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return stella_error_set(err, STELLA_E_IO, e->name, "open: %s", strerror(errno));
    if (e->size == 0) {
        e->bytes = STELLA_SV("");
        return STELLA_OK;
    }
    void *map = mmap(NULL, e->size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (map == MAP_FAILED)
        return stella_error_set(err, STELLA_E_IO, e->name, "mmap: %s", strerror(errno));
    e->bytes = stella_sv_of(map, e->size);
    return STELLA_OK;
}

/* Whether one of the directories above has that name. */
static int has_above(stella_sv dir, stella_sv name) {
    stella_sv part;
    while (stella_sv_split(&dir, '/', &part))
        if (stella_sv_eq(part, name))
            return 1;
    return 0;
}

static int meets_dir(const stella_interest *i, stella_sv path) {
    const size_t slash = stella_sv_rfind(path, '/');
    const stella_sv dir = stella_sv_first(path, slash < path.len ? slash : 0);
    return (!i->parent || stella_sv_ends(dir, stella_sv_cstr(i->parent))) &&
           (!i->below || has_above(dir, stella_sv_cstr(i->below)));
}

static int meets(const stella_interest *i, const tree_entry *e) {
    const size_t slash = stella_sv_rfind(e->path, '/');
    const stella_sv base = slash < e->path.len ? stella_sv_skip(e->path, slash + 1) : e->path;
    return e->kind == STELLA_FILE_REGULAR && (!i->type || i->type == e->type) &&
           (!i->path || stella_sv_eq(e->path, stella_sv_cstr(i->path))) &&
           (!i->dir || is_below(e->path, stella_sv_cstr(i->dir))) &&
           (!i->name || stella_sv_eq(base, stella_sv_cstr(i->name))) &&
           (!i->suffix || stella_sv_ends(base, stella_sv_cstr(i->suffix))) && meets_dir(i, e->path);
}

const stella_interest *tree_interest_at(const stella_analyzer *a, uint32_t index) {
    return (const void *)((const char *)a->interests + (size_t)index * a->interest_stride);
}

int tree_meets(const stella_analyzer *a, const tree_entry *e, uint32_t index) {
    return index < a->interest_count && meets(tree_interest_at(a, index), e);
}

int32_t tree_interest(const stella_analyzer *a, const tree_entry *e, uint32_t modes) {
    for (uint32_t i = 0; i < a->interest_count; i++)
        if ((tree_interest_at(a, i)->mode & modes) && tree_meets(a, e, i))
            return (int32_t)i;
    return -1;
}

void tree_fill(const tree_entry *e, stella_file *out) {
    const stella_file file = {.struct_size = out->struct_size,
                              .kind = e->kind,
                              .type = e->type,
                              .mode = e->mode,
                              .layer = e->layer,
                              .size = e->size,
                              .path = e->path,
                              .target = e->target,
                              .bytes = e->is_kept ? e->bytes : (stella_sv){0}};
    memcpy(out, &file, out->struct_size < sizeof file ? out->struct_size : sizeof file);
}
