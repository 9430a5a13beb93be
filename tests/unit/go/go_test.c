/* Programs and modules of Go, against what the go command says of them. */
#include "go/main_version.h"
#include "go/semver.h"
#include "lang_run.h"

#define DATA STELLA_SOURCE_DIR "/tests/data/go"

static void golden(const char *folder, const char *name) {
    char path[512];
    snprintf(path, sizeof path, DATA "/%s", folder);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(path);
    snprintf(path, sizeof path, STELLA_SOURCE_DIR "/tests/golden/go/%s.json", name);
    assert_true(stella_testing_golden(path, stella_buf_sv(&text)));
}

static void names_modules_of_programs_for_each_platform(void **state) {
    (void)state;
    golden("programs", "programs");
}

static void names_modules_of_sources(void **state) {
    (void)state;
    golden("module", "module");
    golden("old", "old");
}

/* Each line of "go version -m" is a component of that purl; a replaced module is what replaces it. */
static void says_what_the_go_command_says(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_sv said = data_read(DATA "/go-version-m.txt", arena), line, path, version;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("bin/app", data_read(DATA "/programs/bin/linux-amd64", arena));
    uint32_t modules = 0;
    assert_true(said.len > 0);
    while (stella_sv_split(&said, '\n', &line)) {
        if (stella_sv_starts(line, STELLA_SV("\tdep\t")) || stella_sv_starts(line, STELLA_SV("\tmod\t")))
            modules++;
        else if (!stella_sv_starts(line, STELLA_SV("\t=>\t")))
            continue;
        const int is_replaced = stella_sv_starts(said, STELLA_SV("\t=>\t"));
        line = stella_sv_skip(line, stella_sv_starts(line, STELLA_SV("\t=>")) ? 4 : 5);
        assert_true(stella_sv_split(&line, '\t', &path) && stella_sv_split(&line, '\t', &version));
        if (is_replaced || stella_sv_eq(version, STELLA_SV("(devel)")))
            continue;
        char name[200];
        version = stella_sv_first(version, stella_sv_find(version, '+')); /* which purls write as %2B */
        snprintf(name, sizeof name, "\"ref\": \"pkg:golang/%.*s@%.*s", STELLA_SV_FMT(path), STELLA_SV_FMT(version));
        if (!has(&text, name))
            fail_msg("%s is not found", name);
    }
    assert_int_equal(modules, 6);
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:golang/"), modules + 1); /* and the standard library */
    assert_true(has(&text, "\"ref\": \"pkg:golang/stdlib@1.26.8\""));
}

/* ---- the older form: a big-endian program of 32 bits, whose strings are referred to */

#define BASE 0x10000u

static void put32(char *out, size_t at, uint32_t value) {
    for (int i = 0; i < 4; i++)
        out[at + (size_t)i] = (char)(value >> (24 - 8 * i));
}

/* version, modules: at most 200 bytes */
static stella_sv old_program(char out[640], const char *version, const char *modules) {
    const uint32_t header[] = {52, 0, 0, 52u << 16 | 32, 1u << 16, 0};
    const uint32_t segment[] = {1, 0, BASE, BASE, 640, 640, 6, 4};
    memset(out, 0, 640);
    memcpy(out,
           "\177"
           "ELF\1\2\1",
           7);
    put32(out, 16, 2u << 16 | 20);
    put32(out, 20, 1);
    for (size_t i = 0; i < 6; i++)
        put32(out, 28 + 4 * i, header[i]);
    for (size_t i = 0; i < 8; i++)
        put32(out, 52 + 4 * i, segment[i]);
    memcpy(out + 96, "\xff Go buildinf:\4\1", 16);
    put32(out, 112, BASE + 120);
    put32(out, 116, BASE + 128);
    put32(out, 120, BASE + 160);
    put32(out, 124, (uint32_t)strlen(version));
    put32(out, 128, BASE + 380);
    put32(out, 132, (uint32_t)strlen(modules) + 32);
    memcpy(out + 160, version, strlen(version));
    memcpy(out + 396, modules, strlen(modules));
    return stella_sv_of(out, 640);
}

static void reads_programs_from_before_1_18_of_either_byte_order(void **state) {
    (void)state;
    char bytes[640];
    const stella_sv program =
        old_program(bytes, "go1.15.2", "path\ta.b/c\nmod\ta.b/c\t(devel)\t\ndep\tx.y/z\tv1.0.0\th1:q=\n");
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("bin/old", program);
    assert_true(has(&text, "\"ref\": \"pkg:golang/stdlib@1.15.2\""));
    assert_true(has(&text, "\"ref\": \"pkg:golang/x.y/z@v1.0.0\""));
    assert_true(has(&text, "\"ref\": \"pkg:golang/a.b/c\""));
    assert_false(has(&text, "devel"));
}

static void cuts_experiments_off_the_toolchain_and_says_when_modules_are_not_known(void **state) {
    (void)state;
    char bytes[640];
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("bin/old", old_program(bytes, "go1.22.1 X:loopvar", ""));
    assert_true(has(&text, "\"ref\": \"pkg:golang/stdlib@1.22.1\""));
    assert_true(has(&text, "a Go program that was not built from modules: only its toolchain is known"));
}

static void tells_of_build_information_that_leaves_the_file(void **state) {
    (void)state;
    char bytes[640];
    const size_t places[] = {112, 120, 124, 128, 132};
    for (size_t i = 0; i < sizeof places / sizeof places[0]; i++) {
        const stella_sv program = old_program(bytes, "go1.15.2", "path\ta\n");
        put32(bytes, places[i], 0x7fffff00);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("bin/old", program);
        assert_true(has(&text, "\"path\": \"bin/old\""));
        assert_true(has(&text, "Go build information"));
        assert_false(has(&text, "\"ref\""));
    }
}

static void refuses_huge_lengths_of_inline_strings(void **state) {
    (void)state;
    char bytes[640];
    const stella_sv program = old_program(bytes, "", "");
    bytes[96 + 15] = 2;
    memcpy(bytes + 96 + 32, "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1", 10);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("bin/old", program);
    assert_true(has(&text, "Go build information runs past the end of its section"));
}

static void says_when_upx_packed_a_program(void **state) {
    (void)state;
    char bytes[640];
    const stella_sv program = old_program(bytes, "", "");
    memcpy(bytes + 96, "0123UPX!", 8);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_file("bin/packed", program);
    assert_true(has(&text, "packed with UPX"));
    assert_false(has(&text, "\"ref\""));
}

static void loses_no_other_program_beside_a_broken_one(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const lang_good good = {.path = "bin/good",
                            .bytes = data_read(DATA "/programs/bin/linux-386", arena),
                            .says = "\"ref\": \"pkg:golang/golang.org/x/text@v0.14.0\""};
    survives_beside(&good, "bin/bad", data_read(DATA "/programs/bin/linux-amd64", arena));
    survives_beside(&good, "go.mod", data_read(DATA "/module/go.mod", arena));
    survives_beside(&good, "vendor/modules.txt", data_read(DATA "/module/vendor/modules.txt", arena));
}

/* ---- the version of the program itself */

static void has_version_of(stella_sv text, const char *want) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    modinfo info;
    stella_sv version;
    assert_int_equal(modinfo_parse(text, arena, &info, NULL), STELLA_OK);
    assert_int_equal(main_version(&info, arena, &version, NULL), STELLA_OK);
    if (!stella_sv_eq(version, stella_sv_cstr(want)))
        fail_msg("%.*s, not %s", STELLA_SV_FMT(version), want);
}

static void has_version(const char *text, const char *want) {
    has_version_of(stella_sv_cstr(text), want);
}

#define MAIN  "path\ta.b/c\nmod\ta.b/c\t(devel)\t\n"
#define FLAGS MAIN "build\t-ldflags="

static void takes_the_version_of_the_main_module_from_where_it_is_stated(void **state) {
    (void)state;
    has_version("mod\ta.b/c\tv1.5.0\th1:x=\nbuild\t-ldflags=\"-X main.version=v2.0.0\"\n", "v1.5.0");
    has_version(FLAGS "\"-s -w -X main.version=v1.2.3\"\n", "v1.2.3");
    has_version(FLAGS "\"-X=main.Version=1.2.3\"\n", "v1.2.3");
    has_version(FLAGS "\"-X 'main.version=1.2.3-rc1'\"\n", "v1.2.3-rc1");
    has_version(FLAGS "\"-X \\\"main.version=1.2.3\\\"\"\n", "v1.2.3");
    has_version(FLAGS "\"'-X main.version=1.2.3'\"\n", "v1.2.3");
    has_version(FLAGS "-X=a.b/c/internal.buildVersion=v3.1\n", "v3.1");
    has_version(FLAGS "\"-X github.com/prometheus/common/version.Version=2.45.0\"\n", "v2.45.0");
    has_version(FLAGS "\"-X x.y/version.Version=v9.9.9 -X main.version=v1.0.0\"\n", "v1.0.0");
}

static void takes_no_version_that_is_none_or_is_unclear(void **state) {
    (void)state;
    has_version(MAIN, "");
    has_version(FLAGS "\"-X main.version=dev\"\n", "");
    has_version(FLAGS "\"-X main.commit=v1.2.3\"\n", "");
    has_version(FLAGS "\"-X x.y/z.version=v1.2.3\"\n", "");
    has_version(FLAGS "\"-X main.version=v1.2.3 -X main.Version=v1.2.4\"\n", "");
    has_version(FLAGS "\"-X\"\n", "");
    has_version_of(STELLA_SV(FLAGS "\"-s \0 -X main.version=v1.2.3\"\n"), "v1.2.3");
    has_version_of(STELLA_SV(FLAGS "\"-s\v\f-X main.version=v1.2.3\"\n"), "v1.2.3");
    has_version(FLAGS "\"'-X main.version=v1.2.3 (a b)'\"\n", "");
}

static void makes_the_pseudo_version_that_go_would(void **state) {
    (void)state;
    static const char vcs[] = "build\tvcs.revision=9640d75c13845419f5797e2e3ac3475f8d801d79\n"
                              "build\tvcs.time=2024-04-26T06:00:20Z\n";
    char text[600];
    snprintf(text, sizeof text, MAIN "%s", vcs);
    has_version(text, "v0.0.0-20240426060020-9640d75c1384");
    snprintf(text, sizeof text, "mod\tgopkg.in/c.v3\t(devel)\n%sbuild\tvcs.modified=true\n", vcs);
    has_version(text, "v3.0.0-20240426060020-9640d75c1384+dirty");
    has_version(MAIN "build\tvcs.revision=9640d75c1384\nbuild\tvcs.time=yesterday\n", "");
    has_version(MAIN "build\tvcs.revision=short\nbuild\tvcs.time=2024-04-26T06:00:20Z\n", "");
}

static void finds_the_main_module_of_a_program_built_from_files(void **state) {
    (void)state;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    modinfo info;
    const char *text = "path\tcommand-line-arguments\ndep\tx.y/z\tv1.0.0\th1:a=\ndep\ta.b/c\t(devel)\t\n";
    assert_int_equal(modinfo_parse(stella_sv_cstr(text), arena, &info, NULL), STELLA_OK);
    assert_true(stella_sv_eq(info.main.path, STELLA_SV("a.b/c")));
    assert_int_equal(info.module_count, 1);
    assert_true(stella_sv_eq(info.modules[0].path, STELLA_SV("x.y/z")));
}

static void orders_versions_as_go_does(void **state) {
    (void)state;
    static const char *const ascending[] = {"",
                                            "v0.0.0-20191109021931-daa7c04131f5",
                                            "v0.3.9-rc.2",
                                            "v0.3.9-rc.10",
                                            "v0.3.9-rc.x",
                                            "v0.3.9",
                                            "v0.3.10",
                                            "v1.0.0+incompatible",
                                            "v1.2",
                                            "v10.0.0"};
    for (size_t i = 0; i < sizeof ascending / sizeof ascending[0]; i++)
        for (size_t k = 0; k < sizeof ascending / sizeof ascending[0]; k++) {
            const int order = semver_cmp(stella_sv_cstr(ascending[i]), stella_sv_cstr(ascending[k]));
            assert_int_equal((order > 0) - (order < 0), (i > k) - (i < k));
        }
    assert_int_equal(semver_cmp(STELLA_SV("v1.0.0+a"), STELLA_SV("v1.0.0+b")), 0);
}

/* ---- sources */

static void leaves_out_what_is_not_built_from_here(void **state) {
    (void)state;
    const stella_sv text = STELLA_SV("module a.b/c\nrequire x.y/z v1.0.0\n");
    const char *const paths[] = {"root/go/pkg/mod/a.b/c@v1.0.0/go.mod", "app/vendor/a.b/c/go.mod", "x/testdata/go.mod"};
    for (int i = 0; i < 3; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf found = run_file(paths[i], text);
        assert_false(has(&found, "\"ref\""));
    }
    STELLA_AUTO(stella_buf_fini)
    stella_buf std = run_file("go/src/go.mod", STELLA_SV("module std\nrequire x.y/z v1.0.0\n"));
    assert_false(has(&std, "\"ref\""));
    STELLA_AUTO(stella_buf_fini) stella_buf app = run_file("app/go.mod", text);
    assert_true(has(&app, "\"ref\": \"pkg:golang/x.y/z@v1.0.0\""));
}

static void reads_every_way_to_write_a_line(void **state) {
    (void)state;
    static const char text[] = "\xef\xbb\xbf// a comment\nmodule \"a.b/c\" // why\n\ntoolchain go1.22.5\r\n"
                               "require(\n\t\"x.y/one\" v1.0.0 // indirect; more\n\n\tx.y/two v2.0.0+incompatible\n)\n"
                               "exclude x.y/three v3.0.0\nrequire x.y/three v3.0.0\nrequire x.y/three v3.0.1\n"
                               "retract [v1.0.0, v1.9.9]\ntool x.y/t\nignore ./x\nrequire x.y/none\n"
                               "replace x.y/two v9.9.9 => x.y/fork v1.0.0\nrequire bad\\name v1.0.0\n";
    STELLA_AUTO(stella_buf_fini) stella_buf found = run_file("go.mod", stella_sv_cstr(text));
    assert_true(has(&found, "\"ref\": \"pkg:golang/x.y/one@v1.0.0\""));
    assert_true(has(&found, "\"ref\": \"pkg:golang/x.y/two@v2.0.0%2Bincompatible\""));
    assert_true(has(&found, "\"ref\": \"pkg:golang/x.y/three@v3.0.1\""));
    assert_true(has(&found, "\"ref\": \"pkg:golang/stdlib@1.22.5\""));
    assert_int_equal(count_of(&found, "\"ref\": \""), 4);
    assert_int_equal(count_of(&found, "go:indirect"), 1);
    assert_true(has(&found, "a package without a valid name (manifest) is skipped"));
}

static void names_what_published_data_names(void **state) {
    (void)state;
    finds_expected("lang/gomod/go116", "golang");
    finds_expected("lang/gomod/replaced", "golang");
    finds_expected("lang/gomod/replaced-with-local-path", "golang");
    finds_expected("lang/gomod/replaced-with-version", "golang");
    finds_expected("lang/gomod/replaced-with-version-mismatch", "golang");
}

/* Programs that are kept compressed, and what "go version -m" says of them. */
static void names_modules_of_published_programs(void **state) {
    (void)state;
    static const struct {
        const char *file, *has[3];
    } programs[] = {{"go1.15-elf/test.elf.zst",
                     {"pkg:golang/stdlib@1.15.2", "pkg:golang/golang.org/x/xerrors@v0.0.0-20200804184101-5ec99f83aff1",
                      "pkg:golang/github.com/aquasecurity/go-version@v0.0.0-20210121072130-637058cfe492"}},
                    {"ldflags-version-elf/main-version-via-ldflags.elf.zst",
                     {"pkg:golang/stdlib@1.22.1", "pkg:golang/github.com/aquasecurity/test@v1.0.0", "go:package"}}};
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: this part is skipped\n");
        return;
    }
    for (int i = 0; i < 2; i++) {
        STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
        char command[700];
        snprintf(command, sizeof command, "zstd -dqf '%.300s/scanner/bin-go/%s' -o %s/program", data_root(),
                 programs[i].file, root.path);
        assert_int_equal(system(command), 0);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
        for (int k = 0; k < 3; k++)
            if (!has(&text, programs[i].has[k]))
                fail_msg("%s: %s is not found", programs[i].file, programs[i].has[k]);
    }
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(DATA "/programs", 5); /* a record for each architecture */
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_modules_of_programs_for_each_platform),
        cmocka_unit_test(names_modules_of_sources),
        cmocka_unit_test(says_what_the_go_command_says),
        cmocka_unit_test(reads_programs_from_before_1_18_of_either_byte_order),
        cmocka_unit_test(cuts_experiments_off_the_toolchain_and_says_when_modules_are_not_known),
        cmocka_unit_test(tells_of_build_information_that_leaves_the_file),
        cmocka_unit_test(refuses_huge_lengths_of_inline_strings),
        cmocka_unit_test(says_when_upx_packed_a_program),
        cmocka_unit_test(loses_no_other_program_beside_a_broken_one),
        cmocka_unit_test(takes_the_version_of_the_main_module_from_where_it_is_stated),
        cmocka_unit_test(takes_no_version_that_is_none_or_is_unclear),
        cmocka_unit_test(makes_the_pseudo_version_that_go_would),
        cmocka_unit_test(finds_the_main_module_of_a_program_built_from_files),
        cmocka_unit_test(orders_versions_as_go_does),
        cmocka_unit_test(leaves_out_what_is_not_built_from_here),
        cmocka_unit_test(reads_every_way_to_write_a_line),
        cmocka_unit_test(names_what_published_data_names),
        cmocka_unit_test(names_modules_of_published_programs),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
