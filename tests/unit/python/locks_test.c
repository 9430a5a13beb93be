/* Lock files, against what their tools export; requirements. */
#include "python_run.h"

#include "data.h"

/* How many components there are, with how many of them for development. */
static void counts(const stella_buf *text, uint32_t all, uint32_t dev) {
    assert_int_equal(count_of(text, "\"ref\""), all);
    assert_int_equal(count_of(text, "\"flags\": 3,"), dev);
}

static void put_and_run(const char *name, stella_sv content, stella_buf *text) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, name, content);
    *text = run_root(root.path);
}

/* Every line "name==version" of the export is a component. */
static void check_export(const stella_buf *text, const char *path) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)16 << 20);
    stella_sv rest = data_read(path, arena);
    uint32_t found = 0;
    assert_true(rest.len);
    for (stella_sv line; stella_sv_split(&rest, '\n', &line);) {
        const size_t at = stella_sv_find(line, '=');
        const stella_sv version = stella_sv_skip(line, at + 2);
        if (at == line.len || line.ptr[0] == ' ' || line.ptr[0] == '#')
            continue;
        const stella_sv ref =
            stella_arena_printf(arena, "\"ref\": \"pkg:pypi/%.*s@%.*s\"", STELLA_SV_FMT(stella_sv_first(line, at)),
                                STELLA_SV_FMT(stella_sv_first(version, stella_sv_find(version, ' '))));
        if (!has(text, ref.ptr))
            fail_msg("not found: %s", ref.ptr);
        found++;
    }
    assert_int_equal(count_of(text, "\"ref\""), found);
}

static void reads_what_uv_locks(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(DATA "uv");
    check_export(&text, DATA "uv/export.txt");
    assert_true(stella_testing_golden(GOLDEN "uv.json", stella_buf_sv(&text)));
}

static void reads_what_poetry_locks(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = {0};
    put_and_run("app/poetry.lock",
                STELLA_SV("[[package]]\nname = \"Main_One\"\nversion = \"1\"\noptional = false\ngroups = [\"main\", "
                          "\"dev\"]\n\n[package.dependencies]\nextra-one = {version = \"*\", optional = true}\n\n"
                          "[[package]]\nname = \"extra-one\"\nversion = \"2\"\noptional = true\ngroups = [\"main\"]\n"
                          "[[package]]\nname = \"dev-two\"\nversion = \"3\"\noptional = false\ngroups = [\"dev\"]\n"
                          "[[package]]\nname = \"dev-one\"\nversion = \"4\"\ncategory = \"dev\"\n"),
                &text);
    assert_int_equal(count_of(&text, "\"ref\""), 4);
    assert_true(relates(&text, "main-one@1", "extra-one@2"));
    assert_true(stella_testing_golden(GOLDEN "poetry.json", stella_buf_sv(&text)));
}

static void reads_what_pdm_pylock_and_pipenv_lock(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "a/pdm.lock",
                  STELLA_SV("[[package]]\nname = \"p\"\nversion = \"1\"\ngroups = [\"default\"]\ndependencies = [\n"
                            "  \"q<2,>=1; python_version < \\\"3.11\\\"\",\n]\n[[package]]\nname = \"q\"\nversion = "
                            "\"1.5\"\ngroups = [\"dev\"]\n"));
    scratch_write(
        &root, "b/pylock.toml",
        STELLA_SV("lock-version = \"1.0\"\n[[packages]]\nname = \"r\"\nversion = \"1\"\ndependencies = [{name "
                  "= \"s\"}]\n[[packages]]\nname = \"s\"\nversion = \"1\"\n[[packages]]\nname = \"me\"\n"
                  "[packages.directory]\npath = \".\"\n"));
    scratch_write(&root, "c/Pipfile.lock",
                  STELLA_SV("{\"default\": {\"t\": {\"version\": \"==1\"}, \"git\": {\"ref\": \"abc\"}}, \"develop\": "
                            "{\"u\": {\"version\": \"==2\"}}}"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(relates(&text, "p@1", "q@1.5"));
    assert_true(relates(&text, "r@1", "s@1"));
    assert_int_equal(count_of(&text, "\"ref\""), 6);
    assert_true(stella_testing_golden(GOLDEN "locks.json", stella_buf_sv(&text)));
}

static void requirements_count_when_they_are_pinned(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "app/requirements.txt",
                  STELLA_SV("# c\nA_b == 1.0 --hash=sha256:00 \\\n    --hash=sha256:11\nrange>=1,<2\nwild==1.*\n"
                            "ex[x,y]===2.0 ; sys_platform == 'linux' # c\n-r sub/more.txt\n-c constraints.txt\n"
                            "-e .\nurl @ https://h/url-1.whl\nodd==3#comment\n../up==1\n--index-url=https://x==1\n"));
    scratch_write(&root, "app/sub/more.txt", STELLA_SV("included==3\r\n-r more.txt\n-r ../../../../etc/x\n"));
    scratch_write(&root, "app/constraints.txt", STELLA_SV("constrained==1\n"));
    scratch_write(&root, "app/requirements/base.txt",
                  STELLA_SV("\xef\xbb\xbf"
                            "base==4\n"));
    scratch_write(&root, SITE "x/requirements.txt", STELLA_SV("inside==5\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    assert_true(has(&text, "pkg:pypi/a-b@1.0\"") && has(&text, "pkg:pypi/ex@2.0\""));
    assert_true(has(&text, "pkg:pypi/included@3\"") && has(&text, "pkg:pypi/base@4\""));
    assert_true(has(&text, "\"path\": \"app/sub/more.txt\"")); /* once, though it includes itself */
    counts(&text, 4, 0);
}

static void requirements_may_be_UTF_16(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf little = {0};
    STELLA_AUTO(stella_buf_fini) stella_buf big = {0};
    put_and_run("requirements.txt",
                STELLA_SV("\xff\xfe"
                          "a\0=\0=\0"
                          "1\0\n\0"
                          "b\0=\0=\0"
                          "2\0\0"),
                &little);
    put_and_run("requirements.txt",
                STELLA_SV("\xfe\xff\0a\0=\0=\0"
                          "1\0\r\0\n\xd8"),
                &big);
    assert_true(has(&little, "pkg:pypi/a@1\"") && has(&little, "pkg:pypi/b@2\""));
    assert_true(has(&big, "pkg:pypi/a@1\""));
}

static void a_lock_file_that_is_malformed_loses_nothing_else(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf deep = stella_buf_of(1u << 20);
    stella_buf_add(&deep, STELLA_SV("a = "));
    for (int i = 0; i < 5000; i++)
        stella_buf_add(&deep, STELLA_SV("["));
    scratch_write(&root, "a/poetry.lock", STELLA_SV("[[package]\n"));
    scratch_write(&root, "b/uv.lock", stella_buf_sv(&deep));
    scratch_write(&root, "c/pdm.lock", STELLA_SV("package = 3\n"));
    scratch_write(&root, "d/pylock.toml",
                  STELLA_SV("packages = [1, {name = \"../x\", version = \"1\"}, {name = 3}]\n"));
    scratch_write(&root, "e/Pipfile.lock", STELLA_SV("{\"default\": [1], \"develop\": {\"x\": {\"version\": 1}}}"));
    scratch_write(&root, "f/Pipfile.lock", STELLA_SV("{\"default\": {\"y\": {\"version\": \"==1\"}, \"z\": {\"versi"));
    scratch_write(
        &root, "g/poetry.lock",
        STELLA_SV("[[package]]\nname = \"good\"\nversion = \"1\"\n[[package]]\nname = \"a\\u0001b\"\nversion = "
                  "\"1\"\n[[package]]\nname = \"c\"\nversion = \"1/2\"\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(root.path);
    counts(&text, 1, 0);
    assert_true(has(&text, "pkg:pypi/good@1\""));
    assert_true(has(&text, "\"path\": \"a/poetry.lock\"") && has(&text, "\"path\": \"b/uv.lock\""));
    assert_true(has(&text, "\"path\": \"f/Pipfile.lock\""));
    assert_int_equal(count_of(&text, "a package without a valid name and version was skipped"), 5);
}

/* Lock files of real projects, with the lists that others made of them. */
static void finds_what_the_published_lists_say(void **state) {
    static const char *const cases[] = {
        "pip/comments",    "pip/flask",         "pip/hash",      "pip/operator",    "pip/utf16le",
        "pipenv/django",   "pipenv/many",       "pipenv/normal", "poetry/flask",    "poetry/normal",
        "poetry/v2_flask", "uv/multiple_roots", "uv/normal",     "uv/without_root", "pdm/pdm-lock-extras",
        "pip/spaces"};
    (void)state;
    if (!data_root()) {
        print_message("STELLA_TEST_DATA is not set: the published lists are not compared\n");
        skip();
    }
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)16 << 20);
        const stella_sv folder = stella_arena_printf(arena, "%s/scanner/lang/%s", data_root(), cases[i]);
        stella_sv rest = data_read(stella_arena_printf(arena, "%s/expected.tsv", folder.ptr).ptr, arena), line;
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_root(folder.ptr);
        uint32_t wanted = 0;
        stella_sv_split(&rest, '\n', &line); /* the heading */
        for (; stella_sv_split(&rest, '\n', &line); wanted += line.len ? 1 : 0) {
            const stella_sv purl = stella_sv_skip(line, stella_sv_rfind(line, '\t') + 1);
            const stella_sv ref = stella_arena_printf(arena, "\"ref\": \"%.*s\"", STELLA_SV_FMT(purl));
            if (line.len && !has(&text, ref.ptr))
                fail_msg("%s: not found: %s", cases[i], ref.ptr);
        }
        assert_true(wanted > 0);
        assert_int_equal(count_of(&text, "\"ref\""), wanted);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_uv_locks),
        cmocka_unit_test(reads_what_poetry_locks),
        cmocka_unit_test(reads_what_pdm_pylock_and_pipenv_lock),
        cmocka_unit_test(requirements_count_when_they_are_pinned),
        cmocka_unit_test(requirements_may_be_UTF_16),
        cmocka_unit_test(a_lock_file_that_is_malformed_loses_nothing_else),
        cmocka_unit_test(finds_what_the_published_lists_say),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
