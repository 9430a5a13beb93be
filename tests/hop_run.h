/* hop_run.h - asks the entry tracer that the test program links what a command line leads to, in a small tree. */
#ifndef TESTS_HOP_RUN_H
#define TESTS_HOP_RUN_H

#include "os_run.h"

#include <stella/entrytrace.h>

/* A file of the tree. "!path": it may be run; a text that begins with "->" is where a link leads. */
typedef struct hop_file {
    const char *path, *text;
} hop_file;

#define HOP_WORDS_MAX 64

static inline void hop_write(const scratch_root *root, const hop_file *file, stella_sv bytes) {
    const char *path = file->path + (file->path[0] == '!');
    char full[512];
    if (strncmp(file->text, "->", 2) == 0) {
        scratch_link(root, path, file->text + 2);
        return;
    }
    scratch_write(root, path, bytes);
    snprintf(full, sizeof full, "%s/%s", root->path, path);
    assert_int_equal(chmod(full, file->path[0] == '!' ? 0755 : 0644), 0);
}

static inline scratch_root hop_root(const hop_file *files, uint32_t count) {
    const scratch_root root = scratch_root_create();
    for (uint32_t i = 0; i < count; i++)
        hop_write(&root, &files[i], stella_sv_cstr(files[i].text));
    return root;
}

/* The root of a test program, made once: HOP_SETUP(tree) before the tests, setup and teardown of their group. */
static inline int hop_setup(void **state, const hop_file *files, uint32_t count) {
    static scratch_root root;
    root = hop_root(files, count);
    *state = &root;
    return 0;
}
#define HOP_SETUP(files)                                                                                               \
    static int make_root(void **state) {                                                                               \
        return hop_setup(state, (files), STELLA_COUNT(files));                                                         \
    }                                                                                                                  \
    static int drop_root(void **state) {                                                                               \
        scratch_root_destroy(*state);                                                                                  \
        return 0;                                                                                                      \
    }

static inline const char *path_of(void **state) {
    return ((scratch_root *)*state)->path;
}

static inline int hop_is_unknown(stella_sv word) {
    const size_t dollar = stella_sv_find(word, '$');
    return dollar < word.len && word.ptr[dollar + 1] != '{';
}

/* Words between '|': "$X" is one that is not known, "$*" begins any number of them. */
static inline uint32_t hop_words(const char *line, stella_word *words) {
    stella_sv rest = stella_sv_cstr(line), word;
    uint32_t count = 0;
    while (stella_sv_split(&rest, '|', &word)) {
        assert_true(count < HOP_WORDS_MAX);
        const uint32_t unknown = hop_is_unknown(word) ? STELLA_WORD_UNKNOWN : 0;
        const uint32_t many = stella_sv_starts(word, STELLA_SV("$*")) ? STELLA_WORD_MANY : 0;
        words[count++] = (stella_word){.text = word, .flags = unknown | many};
    }
    return count;
}

/* Without line ends and what indents them. */
static inline void hop_compact(stella_buf *text) {
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++) {
        if (text->ptr[i] != '\n') {
            text->ptr[n++] = text->ptr[i];
            continue;
        }
        while (i + 1 < text->len && text->ptr[i + 1] == ' ')
            i++;
    }
    text->len = n;
    if (text->ptr)
        text->ptr[n] = '\0';
}

/* STELLA_OPTION_*: what the user wants of the runs that follow. */
static uint32_t hop_options;

/* What the tracer says of a command line: JSON on one line.
 * env  "NAME=VALUE" between '|', ordered by name; NULL: nothing but PATH is set, to a directory bin */
static inline stella_buf hop_says(const char *root, const char *line, const char *env, uint64_t fail_alloc,
                                  stella_status *status) {
    stella_word words[HOP_WORDS_MAX], pairs[HOP_WORDS_MAX];
    stella_variable variables[HOP_WORDS_MAX];
    const uint32_t count = hop_words(line, words), env_count = hop_words(env ? env : "PATH=/bin", pairs);
    for (uint32_t i = 0; i < env_count; i++) {
        const size_t equals = stella_sv_find(pairs[i].text, '=');
        variables[i].name = stella_sv_first(pairs[i].text, equals);
        variables[i].value = (stella_word){stella_sv_skip(pairs[i].text, equals + 1), pairs[i].flags, 0};
    }
    const stella_launch launch = {.struct_size = sizeof launch,
                                  .args = words,
                                  .arg_count = count,
                                  .env = variables,
                                  .env_count = env_count,
                                  .directory = STELLA_SV("/app")};
    const stella_testing_options options = {.struct_size = sizeof options,
                                            .layers = &root,
                                            .layer_count = 1,
                                            .fail_alloc = fail_alloc,
                                            .options = hop_options};
    stella_buf text = stella_buf_of((size_t)1 << 24);
    stella_error err = {0};
    *status = stella_testing_hop(&stella_plugin, &options, &launch, &text, &err);
    if (*status != STELLA_OK && *status != STELLA_E_NOMEM)
        fail_msg("%s: %s: %s", line, err.path, err.message);
    hop_compact(&text);
    return text;
}

/* Fails unless each of the parts is in what is said. */
static inline void expect_says(const char *root, const char *line, const char *env, const char *const *parts,
                               uint32_t count) {
    stella_status status = STELLA_OK;
    STELLA_AUTO(stella_buf_fini) stella_buf text = hop_says(root, line, env, 0, &status);
    assert_int_equal(status, STELLA_OK);
    for (uint32_t i = 0; i < count; i++)
        if (!has(&text, parts[i]))
            fail_msg("%s\ndoes not say: %s\nbut: %s", line, parts[i], text.ptr);
}
#define EXPECT_SAYS(root, line, env, ...)                                                                              \
    expect_says((root), (line), (env), (const char *const[]){__VA_ARGS__},                                             \
                STELLA_COUNT(((const char *const[]){__VA_ARGS__})))

/* Whether the files are well survived when memory is short: each run says so, or what it would say otherwise. */
static inline void hop_fails_each_allocation(const char *root, const char *line, const char *env, uint32_t at_least) {
    stella_status status = STELLA_OK;
    STELLA_AUTO(stella_buf_fini) stella_buf whole = hop_says(root, line, env, 0, &status);
    uint32_t failed = 0;
    for (uint64_t i = 1; i < 1000; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = hop_says(root, line, env, i, &status);
        failed += status == STELLA_E_NOMEM ? 1 : 0;
        if (status == STELLA_OK && text.len == whole.len && i > failed + 8)
            break;
    }
    assert_true(failed >= at_least);
}

#endif
