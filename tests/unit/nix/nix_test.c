#include "os_run.h"

#include "nix/store_path.h"

#define DATA   STELLA_SOURCE_DIR "/tests/data/nix/"
#define GOLDEN STELLA_SOURCE_DIR "/tests/golden/nix/"
#define HASH   "0123456789abcdfghijklmnpqrsvwxyz"

static void finds_what_nix_built(void **state) {
    (void)state;
    const char *const root = DATA "store";
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, &root, 1, 0);
    assert_true(stella_testing_golden(GOLDEN "store.json", stella_buf_sv(&text)));
}

static void survives_the_failure_of_each_allocation(void **state) {
    (void)state;
    fail_each_allocation(DATA "store", 2);
}

/* A store of its own for the tool, which writes locks into it. */
static void ask_nix(const char *question, const char *path, char answer[256]) {
    char command[1024];
    snprintf(command, sizeof command,
             "s=$(mktemp -d) && cp -r " DATA
             "store/nix $s/ && nix-store --option build-users-group '' --store $s -q --%s /nix/store/%s; rm -rf $s",
             question, path);
    FILE *out = popen(command, "r");
    assert_non_null(out);
    assert_non_null(fgets(answer, 256, out)); /* Debian's package nix-bin is needed */
    answer[strcspn(answer, "\n")] = '\0';
    assert_int_equal(pclose(out), 0);
}

static void references_and_sizes_are_those_that_nix_tells(void **state) {
    (void)state;
    const char *const root = DATA "store";
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, &root, 1, 0);
    char answer[256], wanted[512];
    ask_nix("references", "spvwlkbb5zrg8pwpri30x0kxrj8a8z4d-toyapp-2.0", answer);
    assert_string_equal(answer, "/nix/store/s4khblj68478ixqhy4gmridn4w9d0x7z-toylib-1.2.3");
    assert_true(has(&text, "\"from\": \"pkg:nix/toyapp@2.0\",\n   \"to\": \"pkg:nix/toylib@1.2.3\""));
    ask_nix("references", "3bsv0bmp3ng8qhp13765m3asnil7mf2x-toyapp-2.0-dev", answer);
    assert_string_equal(answer, "/nix/store/spvwlkbb5zrg8pwpri30x0kxrj8a8z4d-toyapp-2.0");
    assert_true(has(&text, "\"from\": \"pkg:nix/toyapp@2.0?output=dev\",\n   \"to\": \"pkg:nix/toyapp@2.0\""));
    ask_nix("size", "spvwlkbb5zrg8pwpri30x0kxrj8a8z4d-toyapp-2.0", answer);
    snprintf(wanted, sizeof wanted, "\"installedSize\": \"%s\"", answer);
    assert_int_equal(count_of(&text, wanted), 1);
    ask_nix("hash", "s4khblj68478ixqhy4gmridn4w9d0x7z-toylib-1.2.3", answer);
    assert_non_null(strstr(answer, "sha256:"));
}

static void names_are_split_as_nix_splits_them(void **state) {
    (void)state;
    static const struct {
        const char *name, *want, *version;
    } cases[] = {
        {"toyapp-2.0", "toyapp", "2.0"},
        {"glibc-2.34-210", "glibc", "2.34-210"},
        {"python3.11-requests-2.31.0", "python3.11-requests", "2.31.0"},
        {"font-adobe-100dpi-1.0.4", "font-adobe", "100dpi-1.0.4"},
        {"x-unstable-2023-01-02", "x-unstable", "2023-01-02"},
        {"a-b-c-1", "a-b-c", "1"},
        {"gcc-13.2.0_p1", "gcc", "13.2.0_p1"},
    };
    for (uint32_t i = 0; i < STELLA_COUNT(cases); i++) {
        char command[512], answer[256], base[256], wanted[256];
        store_path path;
        snprintf(base, sizeof base, HASH "-%s", cases[i].name);
        assert_true(store_path_parse(stella_sv_cstr(base), &path));
        assert_true(stella_sv_eq(path.name, stella_sv_cstr(cases[i].want)));
        assert_true(stella_sv_eq(path.version, stella_sv_cstr(cases[i].version)));
        snprintf(command, sizeof command,
                 "nix-instantiate --store dummy:// --eval --json --strict -E 'builtins.parseDrvName \"%s\"'",
                 cases[i].name);
        FILE *out = popen(command, "r");
        assert_non_null(out);
        assert_non_null(fgets(answer, sizeof answer, out));
        assert_int_equal(pclose(out), 0);
        answer[strcspn(answer, "\n")] = '\0';
        snprintf(wanted, sizeof wanted, "{\"name\":\"%s\",\"version\":\"%s\"}", cases[i].want, cases[i].version);
        assert_string_equal(answer, wanted);
    }
}

static void what_is_no_package_is_left_out(void **state) {
    (void)state;
    static const char *const names[] = {
        HASH "-toyapp-2.0.drv",
        HASH "-hook",
        HASH "-",
        HASH,
        "short-toyapp-2.0",
        HASH "toyapp-2.0",
        "e123456789abcdfghijklmnpqrsvwxyz-toyapp-2.0",
        HASH "-to yapp-2.0",
        HASH "-toyapp-\xff",
        "",
        HASH "-a-dev",
    };
    store_path path;
    for (uint32_t i = 0; i < STELLA_COUNT(names); i++)
        assert_false(store_path_parse(stella_sv_cstr(names[i]), &path));
    assert_true(store_path_parse(STELLA_SV(HASH "-toyapp-2.0-man"), &path));
    assert_true(stella_sv_eq(path.output, STELLA_SV("man")));
    assert_true(stella_sv_eq(path.version, STELLA_SV("2.0")));
    assert_true(store_path_parse(STELLA_SV(HASH "-toyapp-2.0-out"), &path));
    assert_int_equal(path.output.len, 0);
}

static void a_store_without_a_database_gives_its_folders(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    const char *const layer = root.path;
    scratch_write(&root, "nix/store/" HASH "-a-1.0/bin/a", STELLA_SV("a"));
    scratch_write(&root, "nix/store/" HASH "-a-1.0/share/b", STELLA_SV("b"));
    scratch_write(&root, "nix/store/" HASH "-source-1.0.tar.gz", STELLA_SV("single file"));
    scratch_write(&root, "nix/store/" HASH "-hook/x", STELLA_SV("no version"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, &layer, 1, 0);
    assert_int_equal(count_of(&text, "\"ref\""), 1);
    assert_true(has(&text, "\"pkg:nix/a@1.0\""));
    assert_int_equal(count_of(&text, "-a-1.0/"), 3); /* two files, and one of them as evidence */
}

static void damaged_databases_are_told_and_the_folders_stand(void **state) {
    (void)state;
    char bytes[64 << 10];
    FILE *file = fopen(DATA "store/nix/var/nix/db/db.sqlite", "rb");
    assert_non_null(file);
    const size_t size = fread(bytes, 1, sizeof bytes, file);
    fclose(file);
    assert_true(size > 8192 && size < sizeof bytes);
    static const size_t cuts[] = {10, 100, 4096, 5000, 9000};
    for (uint32_t i = 0; i < STELLA_COUNT(cuts); i++) {
        STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
        const char *const layer = root.path;
        scratch_write(&root, "nix/store/" HASH "-a-1.0/bin/a", STELLA_SV("a"));
        scratch_write(&root, "nix/var/nix/db/db.sqlite", stella_sv_of(bytes, cuts[i]));
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, &layer, 1, 0);
        assert_true(has(&text, "\"pkg:nix/a@1.0\""));
        assert_true(count_of(&text, "\"severity\"") >= 1);
    }
}

static void a_path_belongs_to_the_layer_that_brought_it(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root base = scratch_root_create();
    STELLA_AUTO(scratch_root_destroy) scratch_root upper = scratch_root_create();
    scratch_write(&base, "nix/store/" HASH "-a-1.0/bin/a", STELLA_SV("a"));
    scratch_write(&upper, "nix/store/" HASH "-b-1.0/bin/b", STELLA_SV("b"));
    const char *const layers[] = {base.path, upper.path};
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_as(NULL, layers, 2, 0);
    assert_int_equal(count_of(&text, "\"introduced\": 0"), 1);
    assert_int_equal(count_of(&text, "\"introduced\": 1"), 1);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_what_nix_built),
        cmocka_unit_test(survives_the_failure_of_each_allocation),
        cmocka_unit_test(references_and_sizes_are_those_that_nix_tells),
        cmocka_unit_test(names_are_split_as_nix_splits_them),
        cmocka_unit_test(what_is_no_package_is_left_out),
        cmocka_unit_test(a_store_without_a_database_gives_its_folders),
        cmocka_unit_test(damaged_databases_are_told_and_the_folders_stand),
        cmocka_unit_test(a_path_belongs_to_the_layer_that_brought_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
