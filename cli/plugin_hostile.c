/* plugin_hostile.c - damaged copies of a plugin's test inputs. */
#include "cli/plugin_check.h"

#include <stella/auto.h>

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define INPUT_MAX ((size_t)16 << 20)
#define DEPTH_MAX 32
#define ROUNDS    8 /* of the damages that chance decides */
#define LONG_LINE ((size_t)1 << 20)

/* A small generator (xorshift64*): the same seed, the same damage, on every machine. */
static uint64_t next_random(uint64_t *state) {
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1dULL;
}

static void make_empty(stella_buf *content, uint64_t *random) {
    (void)random;
    content->len = 0;
}

static void cut(stella_buf *content, uint64_t *random) {
    if (content->len)
        content->len = next_random(random) % content->len;
}

static void flip_bytes(stella_buf *content, uint64_t *random) {
    for (size_t i = 0; i < 1 + content->len / 64 && content->len; i++)
        content->ptr[next_random(random) % content->len] ^= (char)(1 + next_random(random) % 255);
}

static void remove_newlines(stella_buf *content, uint64_t *random) {
    (void)random;
    for (size_t i = 0; i < content->len; i++)
        if (content->ptr[i] == '\n')
            content->ptr[i] = ' ';
}

static void append_long_line(stella_buf *content, uint64_t *random) {
    for (size_t i = 0; i < LONG_LINE; i++)
        stella_buf_u8(content, (uint8_t)('a' + next_random(random) % 26));
}

static void fill_with_nul(stella_buf *content, uint64_t *random) {
    (void)random;
    if (content->len)
        memset(content->ptr, 0, content->len);
}

typedef struct damage {
    void (*apply)(stella_buf *content, uint64_t *random);
    uint32_t rounds;
} damage;

static const damage damages[] = {
    {make_empty, 1},    {remove_newlines, 1}, {append_long_line, 1},
    {fill_with_nul, 1}, {cut, ROUNDS},        {flip_bytes, ROUNDS},
};

static const damage *damage_of(uint32_t variant) {
    for (size_t i = 0; i < sizeof damages / sizeof damages[0]; i++) {
        if (variant < damages[i].rounds)
            return &damages[i];
        variant -= damages[i].rounds;
    }
    return NULL;
}

static stella_status io_error(stella_error *err, const char *path) {
    return stella_error_set(err, STELLA_E_IO, path, "%s", strerror(errno));
}

static stella_status damage_file(int from_dir, int to_dir, const char *name, const damage *how, uint64_t *random,
                                 stella_error *err) {
    STELLA_AUTO(stella_fd_closep) int from = openat(from_dir, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    STELLA_AUTO(stella_fd_closep) int to = openat(to_dir, name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (from < 0 || to < 0)
        return io_error(err, name);
    STELLA_AUTO(stella_buf_fini) stella_buf content = stella_buf_of(INPUT_MAX + LONG_LINE);
    char chunk[65536];
    for (ssize_t got; content.len < INPUT_MAX && (got = read(from, chunk, sizeof chunk)) > 0;)
        stella_buf_add(&content, stella_sv_of(chunk, (size_t)got));
    how->apply(&content, random);
    const stella_sink sink = stella_fd_sink(&to);
    return stella_sink_write(&sink, stella_buf_sv(&content), err);
}

static stella_status damage_folder(int from, int to, const damage *how, uint64_t *random, int depth,
                                   stella_error *err) {
    const int listed = openat(from, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_dir_closep) DIR *dir = listed < 0 ? NULL : fdopendir(listed);
    if (!dir || depth > DEPTH_MAX)
        return io_error(err, "input");
    stella_status status = STELLA_OK;
    for (const struct dirent *entry; status == STELLA_OK && (entry = readdir(dir));) {
        struct stat st;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 ||
            fstatat(from, entry->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (S_ISREG(st.st_mode))
            status = damage_file(from, to, entry->d_name, how, random, err);
        if (!S_ISDIR(st.st_mode))
            continue;
        STELLA_AUTO(stella_fd_closep) int inner_from = openat(from, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (mkdirat(to, entry->d_name, 0755) < 0)
            return io_error(err, entry->d_name);
        STELLA_AUTO(stella_fd_closep) int inner_to = openat(to, entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        status = damage_folder(inner_from, inner_to, how, random, depth + 1, err);
    }
    return status;
}

int plugin_hostile_make(const char *input, const char *work, uint32_t variant, uint64_t seed, stella_error *err) {
    const damage *how = damage_of(variant);
    err->code = STELLA_OK;
    if (!how)
        return 0;
    uint64_t random = (seed + 1) * 0x9e3779b97f4a7c15ULL ^ variant;
    if (mkdir(work, 0755) < 0) {
        io_error(err, work);
        return 0;
    }
    STELLA_AUTO(stella_fd_closep) int from = open(input, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    STELLA_AUTO(stella_fd_closep) int to = open(work, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (from < 0 || to < 0) {
        io_error(err, from < 0 ? input : work);
        return 0;
    }
    return damage_folder(from, to, how, &random, 0, err) == STELLA_OK;
}
