#include "memo.h"

#include "memo_text.h"
#include "request.h"

#include <stella/auto.h>

#include <linux/magic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define KIND      "memo"
#define MEMO_MAX  (32u << 20)
#define COARSE_NS ((int64_t)2000000000) /* file systems that keep whole seconds, or two */
#define FINE_NS   ((int64_t)50000000)   /* those that keep the kernel's tick */
#define XFS_MAGIC 0x58465342
#define SECOND_NS ((int64_t)1000000000)

/* How coarse the time of a change is; -1: a file system where others may write unseen. */
static int64_t granularity_ns(int fd) {
    struct statfs fs;
    if (fstatfs(fd, &fs) != 0)
        return -1;
    switch ((unsigned long)fs.f_type) {
    case EXT4_SUPER_MAGIC:
    case XFS_MAGIC:
    case BTRFS_SUPER_MAGIC:
    case TMPFS_MAGIC:
    case OVERLAYFS_SUPER_MAGIC:
        return FINE_NS;
    case NFS_SUPER_MAGIC:
    case SMB_SUPER_MAGIC:
    case 0xff534d42ul: /* CIFS */
    case 0xfe534d42ul: /* SMB 2 */
    case FUSE_SUPER_MAGIC:
    case V9FS_MAGIC:
        return -1;
    default:
        return COARSE_NS;
    }
}

static int64_t ns_of(struct timespec t) {
    return (int64_t)t.tv_sec * SECOND_NS + t.tv_nsec;
}

/* The file, and whether it was left alone for long enough before this scan began. path: below a directory target. */
static int identify(const scan *s, stella_sv path, memo_file *out, int *is_settled) {
    STELLA_AUTO(stella_fd_closep) int owned = -1;
    struct stat st;
    if (s->target.is_directory && target_open_below(&s->target, path, &owned, NULL) != STELLA_OK)
        return 0;
    const int fd = s->target.is_directory ? owned : s->target.fd;
    const int64_t coarse = granularity_ns(fd);
    if (coarse < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    *out = (memo_file){.path = path,
                       .dev = st.st_dev,
                       .ino = st.st_ino,
                       .size = (uint64_t)st.st_size,
                       .changed_ns = ns_of(st.st_ctim),
                       .modified_ns = ns_of(st.st_mtim)};
    *is_settled = out->changed_ns + coarse < s->started_wall_ns;
    return 1;
}

/* Where the description begins: of an archive its bytes; of a layout index.json, which names all else. */
static stella_sv main_file(const scan *s) {
    return s->target.is_directory ? STELLA_SV("index.json") : STELLA_SV("");
}

static int key_of(const scan *s, const memo_file *file, char out[CACHE_HEX_SIZE]) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    const uint64_t identity[] = {file->dev, file->ino, file->size, (uint64_t)file->changed_ns,
                                 (uint64_t)file->modified_ns};
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_buf_str(&text, STELLA_SV(KIND));
    if (request_open(s, NULL, 0, &text, NULL) != STELLA_OK ||
        stella_buf_add(&text, stella_sv_of((const char *)identity, sizeof identity)) != STELLA_OK)
        return 0;
    stella_digest_of(stella_buf_sv(&text), digest);
    memcpy(out, digest + strlen("sha256:"), CACHE_HEX_SIZE);
    return 1;
}

/* ---- recalling ----------------------------------------------------------------------------------------------------
 */

static int is_same_file(const scan *s, const memo_file *known) {
    memo_file now;
    int ignored;
    return identify(s, known->path, &now, &ignored) && now.dev == known->dev && now.ino == known->ino &&
           now.size == known->size && now.changed_ns == known->changed_ns && now.modified_ns == known->modified_ns;
}

static int are_same_files(const scan *s) {
    for (uint32_t i = 0; i < s->memo->file_count; i++)
        if (!is_same_file(s, &s->memo->files[i]))
            return 0;
    return 1;
}

static const memo_text *read_memo(const scan *s, const char *key) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    struct stat st;
    if (!cache_file_get(s->options.cache, key, KIND, &fd) || fstat(fd, &st) != 0 || st.st_size > MEMO_MAX)
        return NULL;
    const size_t size = (size_t)st.st_size;
    char *bytes = stella_arena_alloc(s->arena, 1, size + 1);
    memo_text *memo = stella_arena_alloc(s->arena, 1, sizeof *memo);
    if (!bytes || !memo || pread(fd, bytes, size, 0) != st.st_size ||
        !memo_text_parse(stella_sv_of(bytes, size), s->arena, memo))
        return NULL;
    return memo;
}

/* An unknown format is an error before anything else is done: only image.open can tell. */
static int knows_formats(const scan *s) {
    for (uint32_t i = 0; i < s->format_count; i++) {
        int found = 0;
        for (uint32_t k = 0; k < s->memo->format_count && !found; k++)
            found = stella_sv_eq(s->memo->formats[k], stella_sv_cstr(s->formats[i]));
        if (!found)
            return 0;
    }
    return 1;
}

/* The digests, when nothing was changed since they were computed. The image is described as the memo has it. */
static int use(scan *s) {
    const memo_text *memo = s->memo;
    if (memo->layer_count != s->image.layer_count || !are_same_files(s))
        return 0;
    for (uint32_t i = 0; i < memo->layer_count; i++)
        if (memo->layers[i].len)
            memcpy(s->layers[i].known, memo->layers[i].ptr, memo->layers[i].len);
    return 1;
}

int memo_recall(scan *s) {
    char key[CACHE_HEX_SIZE];
    memo_file file;
    int ignored;
    if (!s->options.cache || !identify(s, main_file(s), &file, &ignored) || !key_of(s, &file, key) ||
        !(s->memo = read_memo(s, key)))
        return 0;
    if (!stella_sv_eq(s->memo->plugins, stella_sv_cstr(s->roster.digest)) || !knows_formats(s) ||
        image_parse(s->memo->reply, s->arena, &s->image, NULL) != STELLA_OK || !use(s) ||
        stella_buf_add(&s->open_reply, s->memo->reply) != STELLA_OK)
        return 0;
    s->is_memo = 1;
    return 1;
}

void memo_confirm(scan *s) {
    if (s->memo && stella_sv_eq(s->memo->reply, stella_buf_sv(&s->open_reply)))
        (void)use(s);
}

/* ---- storing ------------------------------------------------------------------------------------------------------
 */

/* The files of a memo, each once it is sure to be noticed when it changes. */
typedef struct file_list {
    uint32_t count;
    memo_file *files;
} file_list;

static int add_file(const scan *s, file_list *list, stella_sv path) {
    int is_settled = 0;
    return identify(s, path, &list->files[list->count++], &is_settled) && is_settled;
}

/* index.json is among the files of a layout. */
static int collect_files(const scan *s, file_list *list) {
    list->files = stella_arena_alloc(s->arena, s->image.file_count + s->image.layer_count + 1, sizeof *list->files);
    if (!list->files)
        return 0;
    if (!s->target.is_directory)
        return add_file(s, list, main_file(s));
    int ok = 1;
    for (uint32_t i = 0; ok && i < s->image.file_count; i++)
        ok = add_file(s, list, s->image.files[i]);
    for (uint32_t i = 0; ok && i < s->image.layer_count; i++)
        if (s->image.layers[i].kind == LAYER_BLOB)
            ok = add_file(s, list, s->image.layers[i].path);
    return ok;
}

static int write_memo(const scan *s, stella_buf *out) {
    stella_sv formats[SCAN_OUTPUTS_MAX], layers[SCAN_LAYERS_MAX];
    const stella_sink sink = stella_buf_sink(out);
    file_list list = {0};
    if (!collect_files(s, &list))
        return 0;
    for (uint32_t i = 0; i < s->format_count; i++)
        formats[i] = stella_sv_cstr(s->formats[i]);
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        layers[i] = stella_sv_cstr(s->layers[i].report.digest);
    const memo_text memo = {.plugins = stella_sv_cstr(s->roster.digest),
                            .reply = stella_buf_sv(&s->open_reply),
                            .format_count = s->format_count,
                            .formats = formats,
                            .file_count = list.count,
                            .files = list.files,
                            .layer_count = s->image.layer_count,
                            .layers = layers};
    return memo_text_write(&memo, &sink);
}

/* Of a layout all files are known that its description hangs on; of other directories nothing is but by looking. */
static int is_worth_it(const scan *s) {
    if (!s->options.cache || s->is_memo ||
        (s->target.is_directory && (!s->image.file_count || !stella_sv_eq(s->image.scheme, STELLA_SV("oci-layout")))))
        return 0;
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        if (s->image.layers[i].kind != LAYER_FOREIGN &&
            (s->image.layers[i].kind != LAYER_BLOB || !s->layers[i].report.digest[0]))
            return 0;
    return s->losses.count == 0 && s->has_all_plugins;
}

void memo_store(scan *s) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(MEMO_MAX);
    char key[CACHE_HEX_SIZE];
    memo_file file;
    int ignored;
    stella_error err = {0};
    if (!is_worth_it(s) || !identify(s, main_file(s), &file, &ignored) || !key_of(s, &file, key) ||
        !write_memo(s, &text))
        return;
    cache_file_remove(s->options.cache, key); /* of other formats */
    if (cache_file_put_bytes(s->options.cache, key, KIND, stella_buf_sv(&text), &err) != STELLA_OK)
        scan_warn(s, &err);
}
