/* The sources that take a file as it is: one file, and the archive of a file system. */
#include "check.h"

#include "fake_target.h"
#include "rootfs.h"
#include "single_file.h"

static int set_up(void **state) {
    *state = fake_create(STELLA_TARGET_FILE);
    return 0;
}

static int tear_down(void **state) {
    fake_destroy(*state);
    return 0;
}

static void put(fake_target *t, stella_sv bytes) {
    memcpy(t->tar, bytes.ptr, bytes.len);
    t->tar_len = bytes.len;
}

static void a_file_is_a_tree_of_one_file(void **state) {
    fake_target *t = *state;
    put(t, STELLA_SV("\177ELF and so on"));
    assert_int_equal(single_file_open(&t->base, NULL), STELLA_OK);
    assert_true(stella_sv_eq(t->image.kind, STELLA_SV("file")));
    assert_true(stella_sv_eq(t->image.name, STELLA_SV("target")));
    assert_int_equal(t->image.created_ms, -1);
    assert_int_equal(t->layer_count, 1);
    assert_int_equal(t->layers[0].kind, STELLA_LAYER_FILE);
    assert_int_equal(t->layers[0].size, 14);
}

static void programs_and_packages_are_known_by_their_beginning(void **state) {
    fake_target *t = *state;
    static const stella_sv known[] = {STELLA_SV_INIT("\177ELF\2\1\1"), STELLA_SV_INIT("PK\3\4jar"),
                                      STELLA_SV_INIT("!<arch>\ndebian-binary"), STELLA_SV_INIT("\xed\xab\xee\xdb\3"),
                                      STELLA_SV_INIT("MZ")};
    static const stella_sv unknown[] = {STELLA_SV_INIT("\177EL"), STELLA_SV_INIT("Package: bash"), STELLA_SV_INIT(""),
                                        STELLA_SV_INIT("M")};
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        put(t, known[i]);
        assert_true(single_file_detect(&t->base) > 0);
        assert_int_equal(rootfs_detect(&t->base), 0);
    }
    for (size_t i = 0; i < sizeof unknown / sizeof unknown[0]; i++) {
        put(t, unknown[i]);
        assert_int_equal(single_file_detect(&t->base), 0);
    }
}

static void an_archive_is_one_layer_from_end_to_end(void **state) {
    fake_target *t = *state;
    fake_tar_add(t, "etc/os-release", '0', "", STELLA_SV("ID=x\n"));
    fake_tar_end(t);
    assert_true(rootfs_detect(&t->base) > single_file_detect(&t->base));
    assert_int_equal(rootfs_open(&t->base, NULL), STELLA_OK);
    assert_true(stella_sv_eq(t->image.kind, STELLA_SV("filesystem")));
    assert_int_equal(t->layer_count, 1);
    assert_int_equal(t->layers[0].kind, STELLA_LAYER_BLOB);
    assert_int_equal(t->layers[0].offset, 0);
    assert_int_equal(t->layers[0].size, t->tar_len);
    assert_int_equal(t->layers[0].digest.len, 0);
}

static void an_archive_is_known_by_the_checksum_of_its_first_header(void **state) {
    fake_target *t = *state;
    fake_tar_add(t, "MZ.exe", '0', "", STELLA_SV(""));
    assert_true(rootfs_detect(&t->base) > single_file_detect(&t->base));
    t->tar[0] = 'm';
    assert_int_equal(rootfs_detect(&t->base), 0);
    t->tar[0] = 'M';
    t->tar_len = 511;
    assert_int_equal(rootfs_detect(&t->base), 0);
    memset(t->tar, 0, 512);
    t->tar_len = 512;
    assert_int_equal(rootfs_detect(&t->base), 0);
}

static void neither_has_parts(void **state) {
    fake_target *t = *state;
    stella_error err = {0};
    fake_tar_add(t, "a", '0', "", STELLA_SV(""));
    t->base.select = STELLA_SV("latest");
    assert_int_equal(single_file_open(&t->base, &err), STELLA_E_INVALID);
    assert_non_null(strstr(err.message, "\"latest\""));
    assert_int_equal(rootfs_open(&t->base, &err), STELLA_E_INVALID);
    assert_non_null(strstr(err.message, "\"latest\""));
    assert_int_equal(t->layer_count + t->image_count, 0);
}

#define WITH_TARGET(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        WITH_TARGET(a_file_is_a_tree_of_one_file),
        WITH_TARGET(programs_and_packages_are_known_by_their_beginning),
        WITH_TARGET(an_archive_is_one_layer_from_end_to_end),
        WITH_TARGET(an_archive_is_known_by_the_checksum_of_its_first_header),
        WITH_TARGET(neither_has_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
