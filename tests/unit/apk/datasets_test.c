/* Published test data below STELLA_TEST_DATA: real databases, and the order of versions as other scanners know it. */
#include "apk_run.h"
#include "data.h"

#include "apk/version.h"

static const char *data_or_skip(void) {
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        skip();
    }
    return data_root();
}

static FILE *open_data(const char *path) {
    char full[512];
    snprintf(full, sizeof full, "%s/scanner/%s", data_or_skip(), path);
    FILE *file = fopen(full, "r");
    if (!file) {
        print_message("%s is not there: this part is skipped\n", full);
        skip();
    }
    return file;
}

/* Rows: name, version, origin, architecture, license, and perhaps checksum, owned files, dependencies, provided names. */
static uint32_t check_rows(const stella_buf *text, FILE *rows) {
    char line[8192], wanted[1024];
    uint32_t count = 0;
    assert_non_null(fgets(line, sizeof line, rows)); /* the heading */
    for (; fgets(line, sizeof line, rows); count++) {
        char *fields[5], *rest = line;
        for (int i = 0; i < 5; i++)
            assert_non_null(fields[i] = strsep(&rest, "\t\n"));
        const char *checksum = rest ? strsep(&rest, "\t\n") : NULL;
        snprintf(wanted, sizeof wanted,
                 "\"name\": \"%s\",\n   \"version\": \"%s\",\n   \"namespace\": \"alpine\",\n   \"sourceName\": \"%s\"",
                 fields[0], fields[1], fields[2]);
        if (count_of(text, wanted) != 1)
            fail_msg("not found: %s", wanted);
        if (checksum && *checksum) {
            snprintf(wanted, sizeof wanted, "\"value\": \"%s\"", checksum);
            assert_int_equal(count_of(text, wanted), 1);
        }
    }
    fclose(rows);
    assert_int_equal(count_of(text, "\"ref\""), count);
    assert_int_equal(count_of(text, "\"severity\""), 0);
    return count;
}

static void every_package_of_a_real_database_is_found(void **state) {
    (void)state;
    FILE *rows = open_data("os-other/apk-syft-multiple/expected.tsv");
    char root[512];
    snprintf(root, sizeof root, "%s/scanner/os-other/apk-syft-multiple", data_root());
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root);
    assert_int_equal(check_rows(&text, rows), 14);
    assert_true(has(&text,
                    "\"from\": \"pkg:apk/alpine/busybox@1.35.0-r17?arch=x86_64&distro=alpine-3.20.3\",\n   \"to\": "
                    "\"pkg:apk/alpine/musl@1.2.3-r0"));
}

/* The image's own database, out of the archive's one layer. */
static void every_package_of_a_real_image_is_found(void **state) {
    (void)state;
    FILE *rows = open_data("images/docker-archive-alpine-3.10/expected-packages.tsv");
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    char command[1024];
    snprintf(command, sizeof command,
             "cd %s && tar -xzf '%s/scanner/images/docker-archive-alpine-3.10/alpine-310.tar.gz' --wildcards "
             "--strip-components=1 "
             "'*/layer.tar' && tar -xf layer.tar lib/apk/db/installed && rm layer.tar",
             root.path, data_root());
    assert_int_equal(system(command), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_int_equal(check_rows(&text, rows), 14);
}

/* Lines "a < b"; versions with upper-case letters, empty parts or a revision that is none are invalid and left out. */
static int is_valid(const char *version) {
    for (const char *c = version; *c; c++)
        if ((*c >= 'A' && *c <= 'Z') || strncmp(c, "..", 2) == 0 || strncmp(c, ".r", 2) == 0 ||
            (*c == '-' && (c[1] != 'r' || c[2] < '0' || c[2] > '9' || strchr(c + 1, '-'))))
            return 0;
    return version[0] >= '0' && version[0] <= '9' && !strstr(version, "_blah") && !strstr(version, "_csv");
}

static void versions_have_the_order_that_others_know(void **state) {
    (void)state;
    FILE *file = open_data("version-order/alpine-versions.txt");
    char line[512], a[128], b[128], relation;
    uint32_t checked = 0;
    while (fgets(line, sizeof line, file)) {
        if (line[0] == '#' || sscanf(line, "%127s %c %127s", a, &relation, b) != 3 || !is_valid(a) || !is_valid(b))
            continue;
        const int order = apk_version_compare(stella_sv_cstr(a), stella_sv_cstr(b));
        if ((relation == '<' && order >= 0) || (relation == '>' && order <= 0) || (relation == '=' && order != 0))
            fail_msg("%s: %d", line, order);
        checked++;
    }
    fclose(file);
    assert_true(checked > 600);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_package_of_a_real_database_is_found),
        cmocka_unit_test(every_package_of_a_real_image_is_found),
        cmocka_unit_test(versions_have_the_order_that_others_know),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
