/* Packs written and read back, in order and damaged. */
#include "layer_kit.h"

#include "index.h"
#include "path.h"

static void no_note(void *self, stella_sv path, const char *message) {
    (void)self;
    fail_msg("%.*s: %s", STELLA_SV_FMT(path), message);
}

static pack *write_and_open(index_builder *index, int fd) {
    STELLA_AUTO(pack_writer_destroyp) pack_writer *w = NULL;
    pack_segment segment;
    pack *p = NULL;
    assert_int_equal(index_sort(index, no_note, NULL, NULL), STELLA_OK);
    assert_int_equal(pack_writer_create(fd, &w, NULL), STELLA_OK);
    assert_int_equal(index_write(index, w, &segment, NULL), STELLA_OK);
    assert_int_equal(pack_writer_finish(w, NULL), STELLA_OK);
    stella_error err = {0};
    if (pack_open(fd, &p, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    return p;
}

static void add(index_builder *index, const char *path, uint32_t kind, uint64_t size) {
    uint32_t id;
    const index_entry entry = {.path = stella_sv_cstr(path), .kind = kind, .size = size, .mode = 0644};
    assert_int_equal(index_add(index, &entry, &id, NULL), STELLA_OK);
}

static void rows_stand_in_tree_order_and_are_found(void **state) {
    (void)state;
    static const char *const paths[] = {
        "b",         "a-b",       "a/z", "a/b/c", "a", "a/b-c", "a/b", "a.d", "usr/share/doc/x/copyright",
        "usr/lib/z", "usr/lib/y", "a0"};
    static const char *const sorted[] = {"a",   "a/b", "a/b/c", "a/b-c",     "a/z",       "a-b",
                                         "a.d", "a0",  "b",     "usr/lib/y", "usr/lib/z", "usr/share/doc/x/copyright"};
    STELLA_AUTO(index_destroyp) index_builder *index = index_create(100);
    for (size_t i = 0; i < 12; i++) {
        const int is_dir = strcmp(paths[i], "a") == 0 || strcmp(paths[i], "a/b") == 0;
        add(index, paths[i], is_dir ? STELLA_FILE_DIRECTORY : STELLA_FILE_REGULAR, i);
    }
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("pack", MFD_CLOEXEC);
    STELLA_AUTO(pack_closep) pack *p = write_and_open(index, fd);
    STELLA_AUTO(stella_freep) pack_walk *walk = malloc(sizeof *walk);
    assert_int_equal(pack_count(p), 12);
    pack_walk_init(walk, p, 0);
    for (uint32_t i = 0; i < 12; i++) {
        uint32_t row = 77;
        char buf[PATH_BYTES_MAX];
        assert_true(pack_walk_next(walk));
        assert_int_equal(walk->row, i);
        assert_true(stella_sv_eq(walk->path, stella_sv_cstr(sorted[i])));
        assert_true(stella_sv_eq(pack_path(p, i, buf), stella_sv_cstr(sorted[i])));
        assert_true(pack_find(p, stella_sv_cstr(sorted[i]), &row));
        assert_int_equal(row, i);
        if (i)
            assert_true(path_cmp(stella_sv_cstr(sorted[i - 1]), stella_sv_cstr(sorted[i])) < 0);
    }
    assert_false(pack_walk_next(walk));
    uint32_t row;
    assert_false(pack_find(p, STELLA_SV("a/b/d"), &row));
    assert_int_equal(row, 3);
    assert_false(pack_find(p, STELLA_SV("zzz"), &row));
    assert_int_equal(row, 12);
    pack_walk_init(walk, p, 11);
    assert_true(pack_walk_next(walk));
    assert_true(stella_sv_eq(walk->path, STELLA_SV("usr/share/doc/x/copyright")));
}

static void an_empty_layer_has_an_empty_index(void **state) {
    (void)state;
    STELLA_AUTO(index_destroyp) index_builder *index = index_create(100);
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("pack", MFD_CLOEXEC);
    STELLA_AUTO(pack_closep) pack *p = write_and_open(index, fd);
    uint32_t row = 5;
    assert_int_equal(pack_count(p), 0);
    assert_false(pack_find(p, STELLA_SV("a"), &row));
    assert_int_equal(row, 0);
}

static void a_damaged_pack_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf tar = stella_buf_of(1u << 20);
    tar_file(&tar, "etc/passwd", STELLA_SV("root"));
    tar_add_link(&tar, TAR_LINK, "l", "target");
    tar_end(&tar);
    STELLA_AUTO(kit_close) layer_kit k = {0};
    assert_int_equal(kit_run_bytes(&k, stella_buf_sv(&tar), KIT_BLOB), STELLA_OK);
    const off_t size = lseek(k.fds[1], 0, SEEK_END);
    STELLA_AUTO(stella_freep) char *bytes = malloc((size_t)size);
    assert_int_equal(pread(k.fds[1], bytes, (size_t)size, 0), size);
    for (off_t at = 0; at < size; at++) {
        pack *p = NULL;
        bytes[at] ^= 0x10;
        const stella_status status = pack_open_bytes(stella_sv_of(bytes, (size_t)size), &p, NULL);
        bytes[at] ^= 0x10;
        if (status == STELLA_OK) { /* only filling between the parts may differ without harm */
            stella_sv content;
            uint32_t segment, row;
            assert_true(pack_segment_find(p, STELLA_SV(ENGINE_ID), &segment));
            assert_true(pack_find(p, STELLA_SV("etc/passwd"), &row));
            assert_true(pack_content(p, segment, row, &content));
            pack_close(p);
            continue;
        }
        assert_int_equal(status, STELLA_E_FORMAT);
        assert_null(p);
    }
    for (off_t cut = 0; cut < size; cut += 7) {
        pack *p = NULL;
        assert_int_equal(pack_open_bytes(stella_sv_of(bytes, (size_t)cut), &p, NULL), STELLA_E_FORMAT);
    }
}

/* Ten thousand files in three hundred directories, out of order: found again each. */
static void many_files_are_found_again(void **state) {
    (void)state;
    STELLA_AUTO(index_destroyp) index_builder *index = index_create(100000);
    char path[64];
    for (uint32_t i = 0; i < 10000; i++) {
        const uint32_t n = i * 7919 % 10000;
        snprintf(path, sizeof path, "d%u/e%u/file-%u", n % 17, n % 300, n);
        add(index, path, STELLA_FILE_REGULAR, n);
    }
    STELLA_AUTO(stella_fd_closep) int fd = memfd_create("pack", MFD_CLOEXEC);
    STELLA_AUTO(pack_closep) pack *p = write_and_open(index, fd);
    for (uint32_t n = 0; n < 10000; n++) {
        uint32_t row;
        pack_row facts;
        snprintf(path, sizeof path, "d%u/e%u/file-%u", n % 17, n % 300, n);
        assert_true(pack_find(p, stella_sv_cstr(path), &row));
        pack_row_at(p, row, &facts);
        assert_int_equal(facts.size, n);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_stand_in_tree_order_and_are_found),
        cmocka_unit_test(an_empty_layer_has_an_empty_index),
        cmocka_unit_test(a_damaged_pack_is_refused),
        cmocka_unit_test(many_files_are_found_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
