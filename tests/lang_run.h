/* lang_run.h - runs a language's analyzer over single files, whole and broken. */
#ifndef TESTS_LANG_RUN_H
#define TESTS_LANG_RUN_H

#include "data.h"
#include "os_run.h"

static inline stella_buf run_root(const char *root) {
    return run_as(NULL, &root, 1, 0);
}

/* The text of a run over one file. */
static inline stella_buf run_file(const char *path, stella_sv bytes) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, path, bytes);
    return run_root(root.path);
}

/* Compares a run over tests/data/PLUGIN/NAME with tests/golden/PLUGIN/NAME.json, which holds so many components and
 * relations. */
static inline void matches_golden(const char *plugin, const char *name, uint32_t components, uint32_t relations) {
    char root[512], golden[512];
    snprintf(root, sizeof root, "%s/tests/data/%s/%s", STELLA_SOURCE_DIR, plugin, name);
    snprintf(golden, sizeof golden, "%s/tests/golden/%s/%s.json", STELLA_SOURCE_DIR, plugin, name);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root);
    assert_true(stella_testing_golden(golden, stella_buf_sv(&text)));
    assert_int_equal(count_of(&text, "\"ref\""), components);
    assert_int_equal(count_of(&text, "\"from\""), relations);
}

/* A file that is good, and what the analyzer says of it. */
typedef struct lang_good {
    const char *path;
    stella_sv bytes;
    const char *says; /* part of the run's text */
} lang_good;

static inline void mangled_run(const lang_good *good, const char *path, stella_sv bytes) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, good->path, good->bytes);
    scratch_write(&root, path, bytes);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    if (!has(&text, good->says))
        fail_msg("%s is lost beside a broken %s", good->says, path);
    for (size_t i = 0; i < text.len; i++) /* of a JSON document only its line ends are control characters */
        assert_true((unsigned char)text.ptr[i] >= ' ' || text.ptr[i] == '\n');
    assert_int_equal(stella_sv_utf8_prefix(stella_buf_sv(&text)), text.len);
}

/* Breaks a file of that path in many ways: cut short at places all over it, with bytes that are no UTF-8, control
 * characters, UTF-16, opening brackets by the thousand. What the good file says must stand beside each. */
static inline void survives_beside(const lang_good *good, const char *path, stella_sv bytes) {
    static char room[1u << 17];
    static const char *const evil[] = {"\xff\xfe", "\x1b", "\"", "{", "]", "\n", "\xc0\xaf", "\xf4\x90\x80\x80"};
    assert_true(bytes.len <= sizeof room / 2);
    for (size_t step = bytes.len / 24 + 1, at = 0; at < bytes.len; at += step) {
        mangled_run(good, path, stella_sv_first(bytes, at));
        const stella_sv mark = stella_sv_cstr(evil[at / step % STELLA_COUNT(evil)]);
        memcpy(room, bytes.ptr, bytes.len);
        memcpy(room + at, mark.ptr, mark.len < bytes.len - at ? mark.len : bytes.len - at);
        mangled_run(good, path, stella_sv_of(room, bytes.len));
    }
    for (size_t i = 0; i < bytes.len; i++) { /* UTF-16 */
        room[2 * i] = bytes.ptr[i];
        room[2 * i + 1] = '\0';
    }
    mangled_run(good, path, stella_sv_of(room, 2 * bytes.len));
    for (const char *open = "[{(<\"'-"; *open; open++) {
        memset(room, *open, sizeof room);
        mangled_run(good, path, stella_sv_of(room, sizeof room));
    }
}

/* Runs over a folder of the published data (data.h), whose expected.tsv has a heading and rows of purl type, name,
 * version, kind and purl: each purl is found, and no other of that type. Says so when the data is not there. */
static inline void finds_expected(const char *folder, const char *type) {
    char path[512], line[1024], wanted[600];
    uint32_t rows = 0;
    snprintf(path, sizeof path, "%s/scanner/%s/expected.tsv", data_root() ? data_root() : "", folder);
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("%s is not there: this part is skipped\n", path);
        return;
    }
    *strrchr(path, '/') = '\0';
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(path);
    assert_non_null(fgets(line, sizeof line, file));
    for (; fgets(line, sizeof line, file); rows++) {
        const char *purl = strrchr(line, '\t');
        line[strcspn(line, "\n")] = '\0';
        snprintf(wanted, sizeof wanted, "\"ref\": \"%.560s\"", purl ? purl + 1 : line);
        if (!has(&text, wanted))
            fail_msg("%s: not found: %s", folder, wanted);
    }
    fclose(file);
    snprintf(wanted, sizeof wanted, "\"ref\": \"pkg:%s/", type);
    assert_int_equal(count_of(&text, wanted), rows);
}

#endif
