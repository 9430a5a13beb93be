#include "files.h"

#include "mtree.h"

#include "common/gunzip.h"

#include <stella/auto.h>
#include <stella/cursor.h>
#include <stella/sink.h>

#include <stdlib.h>

#define FIRST_ROOM 1024

static stella_status push(alpm_files *f, stella_sv path) {
    if (f->count == f->room) {
        const uint32_t room = f->room ? 2 * f->room : FIRST_ROOM;
        alpm_file *bigger = stella_arena_alloc(f->job->arena, room, sizeof *bigger);
        if (!bigger)
            return STELLA_E_NOMEM;
        if (f->count)
            memcpy(bigger, f->items, f->count * sizeof *bigger);
        f->items = bigger;
        f->room = room;
    }
    f->items[f->count++] = (alpm_file){.path = path};
    return STELLA_OK;
}

static int compare(const void *x, const void *y) {
    return stella_sv_cmp(((const alpm_file *)x)->path, ((const alpm_file *)y)->path);
}

static void sort(alpm_files *f) {
    uint32_t kept = 0;
    if (f->count)
        qsort(f->items, f->count, sizeof *f->items, compare);
    for (uint32_t i = 0; i < f->count; i++)
        if (kept == 0 || !stella_sv_eq(f->items[kept - 1].path, f->items[i].path))
            f->items[kept++] = f->items[i];
    f->count = kept;
}

static alpm_file *find(const alpm_files *f, stella_sv path) {
    const alpm_file wanted = {.path = path};
    return f->count ? bsearch(&wanted, f->items, f->count, sizeof *f->items, compare) : NULL;
}

/* A kept file of the package's folder, not through links. Returns 0 when there is none. */
static int open_kept(const alpm_files *f, stella_sv folder, const char *name, stella_file *out, stella_status *status) {
    *out = (stella_file)STELLA_FILE_INIT;
    const stella_sv path = stella_arena_printf(f->job->arena, "%.*s/%s", STELLA_SV_FMT(folder), name);
    if (!path.ptr) {
        *status = STELLA_E_NOMEM;
        return 0;
    }
    return stella_view_stat(f->job, path, out, NULL) == STELLA_OK && out->bytes.ptr && stella_sv_eq(out->path, path);
}

/* ---- files ---------------------------------------------------------------------------------------------------------
 */

/* The values of one block; directories end in a slash. */
static stella_status read_files(alpm_files *f, stella_sv text) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    int is_inside = 0;
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && stella_cursor_line(&c, &line)) {
        if (line.len == 0 || line.ptr[0] == '%')
            is_inside = stella_sv_eq(line, STELLA_SV("%FILES%"));
        else if (is_inside && line.ptr[line.len - 1] != '/')
            status = push(f, line);
    }
    return status;
}

/* "path<tab>md5" */
static void mark_backup(alpm_files *f, stella_sv text) {
    stella_cursor c = stella_cursor_of(text.ptr, text.len);
    stella_sv line;
    for (int is_inside = 0; stella_cursor_line(&c, &line);) {
        if (line.len == 0 || line.ptr[0] == '%') {
            is_inside = stella_sv_eq(line, STELLA_SV("%BACKUP%"));
            continue;
        }
        alpm_file *file = is_inside ? find(f, stella_sv_first(line, stella_sv_find(line, '\t'))) : NULL;
        if (file)
            file->is_config = 1;
    }
}

/* ---- mtree ---------------------------------------------------------------------------------------------------------
 */

typedef struct tree {
    alpm_files *files;
    mtree reader;
    int is_source; /* there is no "files": its entries are the files */
    uint32_t lines;
} tree;

static stella_status take_line(tree *t, stella_sv line) {
    char path[FILES_PATH_MAX];
    mtree_entry entry;
    if (!mtree_read(&t->reader, line, path, &entry) || entry.is_dir || entry.path.ptr[0] == '.')
        return STELLA_OK; /* .PKGINFO and its like are not installed */
    if (t->is_source) {
        const stella_sv copy = stella_arena_dup(t->files->job->arena, entry.path);
        const stella_status status = copy.ptr ? push(t->files, copy) : STELLA_E_NOMEM;
        if (status == STELLA_OK && entry.sha256.len == SHA256_DIGITS)
            memcpy(t->files->items[t->files->count - 1].sha256, entry.sha256.ptr, SHA256_DIGITS);
        return status;
    }
    alpm_file *file = entry.sha256.len == SHA256_DIGITS ? find(t->files, entry.path) : NULL;
    if (file)
        memcpy(file->sha256, entry.sha256.ptr, SHA256_DIGITS);
    return STELLA_OK;
}

/* Lines of pieces; one that is longer than a path and its keywords can be is passed over. */
static stella_status take_piece(tree *t, stella_buf *carry, stella_sv piece) {
    stella_status status = STELLA_OK;
    while (piece.len && status == STELLA_OK) {
        const size_t newline = stella_sv_find(piece, '\n');
        if (carry->len + newline < carry->max)
            status = stella_buf_add(carry, stella_sv_first(piece, newline));
        else
            carry->len = 0;
        if (newline < piece.len && status == STELLA_OK) {
            status = take_line(t, stella_buf_sv(carry));
            carry->len = 0;
        }
        piece = stella_sv_skip(piece, newline + 1);
    }
    return status;
}

static stella_status read_mtree(alpm_files *f, const stella_file *file, int is_source) {
    STELLA_AUTO(stella_buf_fini) stella_buf carry = stella_buf_of((size_t)8 * FILES_PATH_MAX);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)1 << 20);
    gunzip *g = arena ? gunzip_of_bytes(file->bytes, FILES_MTREE_MAX, arena) : NULL;
    tree t = {.files = f, .is_source = is_source};
    stella_sv piece = {0};
    stella_error why = {0};
    stella_status status = g ? STELLA_OK : STELLA_E_NOMEM;
    while (status == STELLA_OK && (status = gunzip_next(g, &piece, &why)) == STELLA_OK && piece.len)
        status = take_piece(&t, &carry, piece);
    if (status == STELLA_OK && carry.len)
        status = take_line(&t, stella_buf_sv(&carry));
    if (status != STELLA_E_FORMAT && status != STELLA_E_LIMIT)
        return status;
    stella_note(f->job, STELLA_NOTE_ERROR, file->path, 0, stella_sv_cstr(why.message));
    return STELLA_OK;
}

stella_status alpm_files_read(alpm_files *f, stella_sv folder, stella_error *err) {
    stella_file file;
    stella_status status = STELLA_OK;
    f->count = 0;
    const int has_files = open_kept(f, folder, "files", &file, &status);
    if (has_files) {
        status = read_files(f, file.bytes);
        sort(f);
        mark_backup(f, file.bytes);
    }
    if (status == STELLA_OK && open_kept(f, folder, "mtree", &file, &status))
        status = read_mtree(f, &file, !has_files);
    if (!has_files)
        sort(f);
    return status == STELLA_OK ? status : stella_error_at(err, status, folder, "no memory for the files of a package");
}
