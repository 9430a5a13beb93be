/* The whole database of a Debian 12 root against what dpkg-query says of it. */
#include "analyzer_run.h"

static int unpack(const scratch_root *root, const char *data) {
    char command[1024];
    snprintf(command, sizeof command,
             "test -r %s/scanner/dpkg/debian-bookworm-a/rootfs-dpkg.tar.zst && "
             "tar --zstd -xf %s/scanner/dpkg/debian-bookworm-a/rootfs-dpkg.tar.zst -C %s",
             data, data, root->path);
    return system(command) == 0;
}

static void every_package_equals_what_dpkg_query_says(void **state) {
    (void)state;
    const char *data = getenv("STELLA_TEST_DATA");
    char path[512], line[1024];
    snprintf(path, sizeof path, "%s/scanner/dpkg/debian-bookworm-a/expected.tsv", data ? data : "");
    FILE *expected = data ? fopen(path, "r") : NULL;
    if (!expected) {
        print_message("STELLA_TEST_DATA is not set or has no Debian root: this part is skipped\n");
        skip();
    }
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    assert_true(unpack(&root, data));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    uint32_t packages = 0;
    assert_non_null(fgets(line, sizeof line, expected)); /* the heading */
    while (fgets(line, sizeof line, expected)) {
        char *fields[8], *rest = line, wanted[1024];
        for (int i = 0; i < 8; i++)
            assert_non_null(fields[i] = strsep(&rest, "\t\n"));
        fields[0][strcspn(fields[0], ":")] = '\0'; /* dpkg-query writes name:architecture for some */
        snprintf(
            wanted, sizeof wanted,
            "\"name\": \"%s\",\n   \"version\": \"%s\",\n   \"namespace\": \"debian\",\n   \"sourceName\": \"%s\",\n"
            "   \"sourceVersion\": \"%s\",\n   \"maintainer\": \"%s\",\n",
            fields[0], fields[1], fields[4], fields[5], fields[6]);
        if (count_of(&text, wanted) != 1)
            fail_msg("not found: %s", wanted);
        snprintf(wanted, sizeof wanted, "\"installedSize\": \"%llu\"", 1024 * strtoull(fields[7], NULL, 10));
        assert_true(has(&text, wanted));
        packages++;
    }
    fclose(expected);
    assert_true(packages > 100);
    assert_int_equal(count_of(&text, "\"ref\""), packages);
    assert_int_equal(count_of(&text, "\"severity\""), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(every_package_equals_what_dpkg_query_says)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
