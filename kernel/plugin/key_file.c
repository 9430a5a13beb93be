#include "plugin/key_file.h"

#include "plugin/files.h"

#include <stella/auto.h>
#include <stella/encoding.h>
#include <stella/json.h>

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#define ARENA_BYTES ((uint64_t)256 << 10)

void key_secret_fini(key_secret *key) {
    explicit_bzero(key, sizeof *key);
}

/* ---- writing ---- */

static stella_status write_new(const char *path, stella_sv bytes, unsigned mode, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, mode);
    if (fd < 0 && errno == EEXIST)
        return stella_error_set(err, STELLA_E_EXISTS, path, "exists already; choose another name or remove it first");
    const int is_written = fd >= 0 && write(fd, bytes.ptr, bytes.len) == (ssize_t)bytes.len && fsync(fd) == 0;
    return is_written ? STELLA_OK : stella_error_set(err, STELLA_E_IO, path, "cannot be written: %s", strerror(errno));
}

/* secret  NULL for the public file */
static stella_status encode(const key_secret *key, const char *key_id, int with_secret, stella_arena *arena,
                            stella_buf *out, stella_error *err) {
    const stella_sv public_text =
        stella_base64(stella_sv_of((const char *)key->public_key, sizeof key->public_key), arena);
    const stella_sv secret_text =
        stella_base64(stella_sv_of((const char *)key->secret_key, sizeof key->secret_key), arena);
    const stella_sink sink = stella_buf_sink(out);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 2);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "schema", STELLA_SV(KEY_FILE_SCHEMA));
    stella_json_member_str(&w, "keyId", stella_sv_cstr(key_id));
    stella_json_member_str(&w, "publicKey", public_text);
    if (with_secret)
        stella_json_member_str(&w, "secretKey", secret_text);
    stella_json_end_object(&w);
    const stella_status status = stella_json_finish(&w, err);
    explicit_bzero(&w, sizeof w); /* its buffer held the secret */
    explicit_bzero((void *)(uintptr_t)secret_text.ptr, secret_text.len);
    return status;
}

static stella_status write_half(const key_secret *key, const char *key_id, int with_secret, const char *path,
                                stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(KEY_FILE_BYTES_MAX);
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, path, "no memory to write the key");
    stella_status status = encode(key, key_id, with_secret, arena, &text, err);
    if (status == STELLA_OK)
        status = write_new(path, stella_buf_sv(&text), with_secret ? 0600 : 0644, err);
    if (text.ptr)
        explicit_bzero(text.ptr, text.len);
    return status;
}

static stella_status key_path(const char *dir, const char *name, const char *ending, char out[PATH_MAX],
                              stella_error *err) {
    const int len = snprintf(out, PATH_MAX, "%s/%s%s", dir, name, ending);
    return len > 0 && len < PATH_MAX ? STELLA_OK : stella_error_set(err, STELLA_E_LIMIT, dir, "the path is too long");
}

stella_status key_file_generate(const char *dir, const char *name, char key_id[STELLA_DIGEST_TEXT_SIZE],
                                stella_error *err) {
    STELLA_AUTO(key_secret_fini) key_secret key;
    char secret_path[PATH_MAX], public_path[PATH_MAX], id[STELLA_DIGEST_TEXT_SIZE];
    stella_status status = key_path(dir, name, KEY_FILE_SECRET_ENDING, secret_path, err);
    if (status == STELLA_OK)
        status = key_path(dir, name, KEY_FILE_PUBLIC_ENDING, public_path, err);
    if (status != STELLA_OK)
        return status;
    stella_ed25519_generate(key.public_key, key.secret_key);
    stella_ed25519_keyid(key.public_key, id);
    status = write_half(&key, id, 1, secret_path, err);
    if (status == STELLA_OK)
        status = write_half(&key, id, 0, public_path, err);
    if (status == STELLA_OK)
        memcpy(key_id, id, sizeof id);
    return status;
}

/* ---- reading ---- */

static stella_status read_member(const stella_json *root, const char *member, size_t size, const char *path,
                                 stella_arena *arena, unsigned char *out, stella_error *err) {
    stella_sv bytes;
    const stella_sv text = stella_json_str(stella_json_get(root, member));
    if (stella_unbase64(text, arena, &bytes, NULL) != STELLA_OK || bytes.len != size)
        return stella_error_set(err, STELLA_E_FORMAT, path, "/%s: must be %zu bytes in base64; is this a key file?",
                                member, size);
    memcpy(out, bytes.ptr, size);
    explicit_bzero((void *)(uintptr_t)bytes.ptr, size);
    return STELLA_OK;
}

/* out->secret_key is read when wanted. */
static stella_status read_key(const char *path, int with_secret, key_secret *out, stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(ARENA_BYTES);
    struct stat st;
    if (fd < 0 || fstat(fd, &st) != 0)
        return stella_error_set(err, errno == ENOENT ? STELLA_E_NOTFOUND : STELLA_E_IO, path, "cannot be read: %s",
                                strerror(errno));
    if (with_secret && (st.st_mode & 077))
        return stella_error_set(err, STELLA_E_DENIED, path,
                                "holds a secret that others may read (mode %04o); run: chmod 600",
                                (unsigned)st.st_mode & 07777);
    stella_sv text;
    const stella_json *root;
    stella_error why = {0};
    stella_status status = arena ? files_read(fd, path, KEY_FILE_BYTES_MAX, arena, &text, err) : STELLA_E_NOMEM;
    if (status == STELLA_OK && stella_json_parse(text, arena, &root, &why) != STELLA_OK)
        return stella_error_set(err, STELLA_E_FORMAT, path, "is not a key file: %s", why.message);
    if (status == STELLA_OK)
        status = read_member(root, "publicKey", sizeof out->public_key, path, arena, out->public_key, err);
    if (status == STELLA_OK && with_secret)
        status = read_member(root, "secretKey", sizeof out->secret_key, path, arena, out->secret_key, err);
    return status;
}

stella_status key_file_read_secret(const char *path, key_secret *out, stella_error *err) {
    STELLA_AUTO(key_secret_fini) key_secret key = {{0}, {0}};
    const stella_status status = read_key(path, 1, &key, err);
    if (status == STELLA_OK)
        *out = key;
    return status;
}

stella_status key_file_read_public(const char *path, unsigned char out[STELLA_ED25519_PUBLIC_SIZE], stella_error *err) {
    key_secret key = {{0}, {0}};
    const stella_status status = read_key(path, 0, &key, err);
    if (status == STELLA_OK)
        memcpy(out, key.public_key, sizeof key.public_key);
    return status;
}
