#include "memo.h"

#include "request.h"

#include <stella/auto.h>
#include <stella/json.h>

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
#define FILES_MAX (SCAN_LAYERS_MAX + 2)
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

/* A file as the memo knows it. */
typedef struct identity {
    uint64_t dev, ino, size;
    int64_t changed_ns, modified_ns;
} identity;

static identity identity_of(const struct stat *st) {
    return (identity){.dev = st->st_dev,
                      .ino = st->st_ino,
                      .size = (uint64_t)st->st_size,
                      .changed_ns = ns_of(st->st_ctim),
                      .modified_ns = ns_of(st->st_mtim)};
}

/* The file, and whether it was left alone for long enough before this scan began. path: below a directory target. */
static int identify(const scan *s, stella_sv path, identity *out, int *is_settled) {
    STELLA_AUTO(stella_fd_closep) int owned = -1;
    struct stat st;
    if (s->target.is_directory && target_open_below(&s->target, path, &owned, NULL) != STELLA_OK)
        return 0;
    const int fd = s->target.is_directory ? owned : s->target.fd;
    const int64_t coarse = granularity_ns(fd);
    if (coarse < 0 || fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
        return 0;
    *out = identity_of(&st);
    *is_settled = out->changed_ns + coarse < s->started_wall_ns;
    return 1;
}

/* What decides the description: of an archive its bytes; of a layout index.json, which names all else by digest. */
static stella_sv main_file(const scan *s) {
    return s->target.is_directory ? STELLA_SV("index.json") : STELLA_SV("");
}

static int key_of(const scan *s, const identity *file, char out[CACHE_HEX_SIZE]) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(REQUEST_BYTES_MAX);
    char digest[STELLA_DIGEST_TEXT_SIZE];
    stella_buf_str(&text, STELLA_SV(KIND));
    if (request_open(s, NULL, 0, &text, NULL) != STELLA_OK ||
        stella_buf_add(&text, stella_sv_of((const char *)file, sizeof *file)) != STELLA_OK)
        return 0;
    stella_digest_of(stella_buf_sv(&text), digest);
    memcpy(out, digest + strlen("sha256:"), CACHE_HEX_SIZE);
    return 1;
}

/* ---- recalling ----------------------------------------------------------------------------------------------------
 */

static int is_same_file(const scan *s, const stella_json *known) {
    identity now;
    uint64_t dev, ino, size;
    int64_t changed, modified;
    int ignored;
    return stella_json_u64(stella_json_get(known, "dev"), &dev) &&
           stella_json_u64(stella_json_get(known, "ino"), &ino) &&
           stella_json_u64(stella_json_get(known, "size"), &size) &&
           stella_json_i64(stella_json_get(known, "changed"), &changed) &&
           stella_json_i64(stella_json_get(known, "modified"), &modified) &&
           identify(s, stella_json_str(stella_json_get(known, "path")), &now, &ignored) && now.dev == dev &&
           now.ino == ino && now.size == size && now.changed_ns == changed && now.modified_ns == modified;
}

static int are_same_files(const scan *s, const stella_json *files) {
    if (!stella_json_is(files, STELLA_JSON_ARRAY) || files->count == 0)
        return 0;
    for (uint32_t i = 0; i < files->count; i++)
        if (!is_same_file(s, stella_json_at(files, i)))
            return 0;
    return 1;
}

static const stella_json *read_memo(const scan *s, const char *key) {
    STELLA_AUTO(stella_fd_closep) int fd = -1;
    struct stat st;
    const stella_json *root = NULL;
    if (!cache_file_get(s->options.cache, key, KIND, &fd) || fstat(fd, &st) != 0 || st.st_size > MEMO_MAX)
        return NULL;
    char *text = stella_arena_alloc(s->arena, 1, (size_t)st.st_size + 1);
    if (!text || pread(fd, text, (size_t)st.st_size, 0) != st.st_size ||
        stella_json_parse(stella_sv_of(text, (size_t)st.st_size), s->arena, &root, NULL) != STELLA_OK)
        return NULL;
    return root;
}

/* An unknown format is an error before anything else is done: only image.open can tell. */
static int knows_formats(const scan *s, const stella_json *known) {
    for (uint32_t i = 0; i < s->format_count; i++) {
        int found = 0;
        for (uint32_t k = 0; known && k < known->count && !found; k++)
            found = stella_sv_eq(stella_json_str(stella_json_at(known, k)), stella_sv_cstr(s->formats[i]));
        if (!found)
            return 0;
    }
    return 1;
}

static int take_digests(scan *s, const stella_json *layers) {
    if (!stella_json_is(layers, STELLA_JSON_ARRAY) || layers->count != s->image.layer_count)
        return 0;
    for (uint32_t i = 0; i < layers->count; i++) {
        const stella_sv digest = stella_json_str(stella_json_at(layers, i));
        if (stella_digest_is_valid(digest))
            memcpy(s->layers[i].known, digest.ptr, digest.len);
    }
    return 1;
}

/* The digests, when nothing was changed since they were computed. The image is described as the memo has it. */
static int use(scan *s) {
    return are_same_files(s, stella_json_get(s->memo, "files")) && take_digests(s, stella_json_get(s->memo, "layers"));
}

int memo_recall(scan *s) {
    char key[CACHE_HEX_SIZE];
    identity file;
    int ignored;
    if (!s->options.cache || !identify(s, main_file(s), &file, &ignored) || !key_of(s, &file, key))
        return 0;
    s->memo = read_memo(s, key);
    const stella_sv reply = stella_json_str(stella_json_get(s->memo, "reply"));
    const stella_sv plugins = stella_json_str(stella_json_get(s->memo, "plugins"));
    if (!s->memo || !stella_sv_eq(plugins, stella_sv_cstr(s->roster.digest)) ||
        !knows_formats(s, stella_json_get(s->memo, "formats")) ||
        image_parse(reply, s->arena, &s->image, NULL) != STELLA_OK || !use(s) ||
        stella_buf_add(&s->open_reply, reply) != STELLA_OK)
        return 0;
    s->is_memo = 1;
    return 1;
}

void memo_confirm(scan *s) {
    if (s->memo && stella_sv_eq(stella_json_str(stella_json_get(s->memo, "reply")), stella_buf_sv(&s->open_reply)))
        (void)use(s);
}

/* ---- storing ------------------------------------------------------------------------------------------------------
 */

static void write_number(stella_json_writer *w, const char *name, int64_t value) {
    stella_json_key(w, stella_sv_cstr(name));
    stella_json_write_i64(w, value);
}

/* Returns 0 for a file that may have changed unseen. */
static int write_file(stella_json_writer *w, const scan *s, stella_sv path) {
    identity file;
    int is_settled = 0;
    if (!identify(s, path, &file, &is_settled) || !is_settled)
        return 0;
    stella_json_begin_object(w);
    stella_json_member_str(w, "path", path);
    stella_json_member_u64(w, "dev", file.dev);
    stella_json_member_u64(w, "ino", file.ino);
    stella_json_member_u64(w, "size", file.size);
    write_number(w, "changed", file.changed_ns);
    write_number(w, "modified", file.modified_ns);
    stella_json_end_object(w);
    return 1;
}

static int write_files(stella_json_writer *w, const scan *s) {
    int ok = write_file(w, s, main_file(s));
    if (ok && s->target.is_directory)
        ok = write_file(w, s, STELLA_SV("oci-layout"));
    for (uint32_t i = 0; ok && s->target.is_directory && i < s->image.layer_count; i++)
        if (s->image.layers[i].kind == LAYER_BLOB)
            ok = write_file(w, s, s->image.layers[i].path);
    return ok;
}

static int write_memo(const scan *s, stella_buf *out) {
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "plugins", stella_sv_cstr(s->roster.digest));
    stella_json_member_array(&w, "formats");
    for (uint32_t i = 0; i < s->format_count; i++)
        stella_json_write_str(&w, stella_sv_cstr(s->formats[i]));
    stella_json_end_array(&w);
    stella_json_member_array(&w, "files");
    const int ok = write_files(&w, s);
    stella_json_end_array(&w);
    stella_json_member_array(&w, "layers");
    for (uint32_t i = 0; i < s->image.layer_count; i++)
        stella_json_write_str(&w, stella_sv_cstr(s->layers[i].report.digest));
    stella_json_end_array(&w);
    stella_json_member_str(&w, "reply", stella_buf_sv(&s->open_reply));
    stella_json_end_object(&w);
    return ok && stella_json_finish(&w, NULL) == STELLA_OK;
}

/* A layout's index names the rest by digest; of other directories nothing is known but by looking. */
static int is_worth_it(const scan *s) {
    if (!s->options.cache || s->is_memo ||
        (s->target.is_directory && !stella_sv_eq(s->image.scheme, STELLA_SV("oci-layout"))))
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
    identity file;
    int ignored;
    stella_error err = {0};
    if (!is_worth_it(s) || !identify(s, main_file(s), &file, &ignored) || !key_of(s, &file, key) ||
        !write_memo(s, &text))
        return;
    cache_file_remove(s->options.cache, key); /* of other formats */
    if (cache_file_put_bytes(s->options.cache, key, KIND, stella_buf_sv(&text), &err) != STELLA_OK)
        scan_warn(s, &err);
}
