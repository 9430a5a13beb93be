/* What stands in lock files of every kind, and lock files that are wrong. */
#include "node_run.h"

#include <stdio.h>
#include <stdlib.h>

#define DECLARED STELLA_COMPONENT_DECLARED
#define DEV      STELLA_COMPONENT_DEV
#define OPTIONAL STELLA_COMPONENT_OPTIONAL

static stella_buf run_lock(const char *name, stella_sv lock) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, name, lock);
    return run_over(root.path);
}

static void assert_lock(const char *name, const char *lock, const char *all, const char *dev) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_lock(name, stella_sv_cstr(lock));
    assert_packages(&text, DECLARED, DECLARED, all);
    assert_packages(&text, DEV, DEV, dev);
    assert_true(has(&text, "\"notes\": []"));
}

static void reads_sources_and_aliases_of_npm_1(void **state) {
    (void)state;
    assert_lock("npm-shrinkwrap.json",
                "{\"lockfileVersion\":1,\"dependencies\":{"
                "\"alias\":{\"version\":\"npm:@s/real@1.2.3\",\"dev\":true},"
                "\"git\":{\"version\":\"git+ssh://git@h/g.git#0123abc\",\"requires\":{\"in\":\"*\"},"
                "\"dependencies\":{\"in\":{\"version\":\"2.0.0\"}}},"
                "\"file\":{\"version\":\"file:../x\"},\"tar\":{\"version\":\"https://h/t.tgz\"},\"wrong\":7}}",
                "@s/real@1.2.3\ngit@0123abc\nin@2.0.0\n", "@s/real@1.2.3\n");
}

static void reads_links_names_and_marks_of_npm_3(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_lock(
        "package-lock.json",
        STELLA_SV("\xef\xbb\xbf{\"lockfileVersion\":3,\"packages\":{\"\":{\"name\":\"root\",\"version\":\"1.0.0\"},"
                  "\"packages/w\":{\"version\":\"1.0.0\",\"dependencies\":{\"a\":\"*\"}},"
                  "\"node_modules/w\":{\"resolved\":\"packages/w\",\"link\":true},"
                  "\"node_modules/alias\":{\"name\":\"real\",\"version\":\"1.0.0\",\"dependencies\":{\"a\":\"*\"}},"
                  "\"node_modules/a\":{\"version\":\"1.0.0\",\"hasInstallScript\":true,\"license\":\"mit\","
                  "\"resolved\":\"https://user:secret@h/a.tgz\",\"integrity\":\"sha512-xx\"},"
                  "\"packages/w/node_modules/a\":{\"version\":\"2.0.0\",\"devOptional\":true},"
                  "\"node_modules/bad/../x\":{\"version\":\"1.0.0\"},\"node_modules/none\":{}}}"));
    assert_packages(&text, DECLARED, DECLARED, "a@1.0.0\na@2.0.0\nreal@1.0.0\n");
    assert_packages(&text, DEV | OPTIONAL, OPTIONAL, "a@2.0.0\n");
    assert_true(has(&text, "\"from\": \"pkg:npm/real@1.0.0\",\n   \"to\": \"pkg:npm/a@1.0.0\""));
    assert_true(has(&text, "\"value\": \"https://h/a.tgz\""));
    assert_false(has(&text, "secret"));
    assert_true(has(&text, "\"expression\": \"MIT\""));
    assert_true(has(&text, "npm:install-script"));
}

static void takes_prod_before_dev(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, "package.json",
                  STELLA_SV("{\"dependencies\":{\"p\":\"^1\"},\"devDependencies\":{\"d\":\"^1\",\"p\":\"^1\"},"
                            "\"optionalDependencies\":{\"o\":\"^1\"}}"));
    scratch_write(
        &root, "yarn.lock",
        STELLA_SV("p@^1:\n  version \"1.0.0\"\n  dependencies:\n    both \"*\"\n\nd@^1, \"d@>= 1\":\n  version "
                  "\"1.1.0\"\n  dependencies:\n    both \"*\"\n    only \"*\"\n\no@^1:\n  version \"1.2.0\"\n"
                  "both@*:\n  version \"1.3.0\"\nonly@*:\n  version \"1.4.0\"\n"));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_over(root.path);
    assert_packages(&text, DECLARED | DEV, DECLARED | DEV, "d@1.1.0\nonly@1.4.0\n");
    assert_packages(&text, DECLARED | OPTIONAL, DECLARED | OPTIONAL, "o@1.2.0\n");
}

static void reads_aliases_and_sources_of_yarn(void **state) {
    (void)state;
    assert_lock("yarn.lock",
                "# yarn lockfile v1\n\n\"alias@npm:@s/real@^1\":\n  version \"1.2.3\"\n  unknown x\n\n"
                "\"g@git+https://h/g.git\":\n  version \"0.1.0\"\n  resolved \"git+https://h/g.git#01\"\n",
                "@s/real@1.2.3\ng@0.1.0\n", "");
    assert_lock(
        "yarn.lock",
        "__metadata:\n  version: 8\n\n\"alias@npm:@s/real@^1\":\n  version: 1.10\n  resolution: "
        "\"@s/real@npm:1.10\"\n\"p@patch:p@npm%3A2.0.0#~/x\":\n  version: 2.0.0\n  resolution: "
        "\"p@patch:p@npm%3A2.0.0#~/x::version=2.0.0&hash=1\"\n\"w@workspace:.\":\n  version: 0.0.0-use.local\n  "
        "resolution: \"w@workspace:.\"\n\"l@link:./x::locator=w\":\n  version: 0.0.0-use.local\n  resolution: "
        "\"l@link:./x::locator=w\"\n",
        "@s/real@1.10\np@2.0.0\n", "");
}

static void reads_every_age_of_pnpm(void **state) {
    (void)state;
    assert_lock("pnpm-lock.yaml",
                "lockfileVersion: 5.4\ndependencies:\n  a: 1.0.0_b@2.0.0\npackages:\n  /a/1.0.0_b@2.0.0:\n    "
                "dependencies: {b: 2.0.0, real: /@s/real/3.0.0_b@2.0.0}\n    dev: false\n  /b/2.0.0: {dev: true}\n  "
                "/@s/real/3.0.0_b@2.0.0: {}\n  github.com/u/r/0123: {name: r, version: 4.0.0}\n",
                "@s/real@3.0.0\na@1.0.0\nb@2.0.0\nr@4.0.0\n", "b@2.0.0\n");
    assert_lock("pnpm-lock.yaml",
                "lockfileVersion: '6.0'\npackages:\n  /@s/a@1.10(b@2.0.0(c@1)):\n    dependencies: {b: 2.0.0(c@1)}\n  "
                "/b@2.0.0(c@1):\n    dev: true\n",
                "@s/a@1.10\nb@2.0.0\n", "b@2.0.0\n");
    assert_lock("pnpm-lock.yaml",
                "lockfileVersion: '9.0'\nimporters:\n  .:\n    packageManagerDependencies:\n      pm: {specifier: '1', "
                "version: 1.0.0}\npackages:\n  pm@1.0.0: {}\nsnapshots:\n  pm@1.0.0: {}\n---\nlockfileVersion: '9.0'\n"
                "importers:\n  x:\n    devDependencies:\n      d: {specifier: '1', version: 1.0.0(p@2.0.0)}\n    "
                "dependencies:\n      u: {specifier: 'x', version: https://codeload.example/r/tar.gz/01}\n"
                "packages:\n  d@1.0.0: {}\n  p@2.0.0: {}\n  u@https://codeload.example/r/tar.gz/01: {version: 5.0.0}\n"
                "snapshots:\n  d@1.0.0(p@2.0.0):\n    dependencies: {p: 2.0.0}\n  p@2.0.0: {}\n  "
                "u@https://codeload.example/r/tar.gz/01: {}\n",
                "d@1.0.0\np@2.0.0\npm@1.0.0\nu@5.0.0\n", "d@1.0.0\np@2.0.0\npm@1.0.0\n");
}

static void reads_bun_and_deno(void **state) {
    (void)state;
    assert_lock(
        "bun.lock",
        "{ // text\n\"lockfileVersion\": 1, /* , } */\n\"workspaces\": {\"\": {\"name\": \"x,}\", \"dependencies\": "
        "{\"a\": \"^1\",},\n\"devDependencies\": {\"@s/d\": \"^1\",}, },},\n\"packages\": {\n\"a\": [\"a@1.0.0\", "
        "\"\", "
        "{\"dependencies\": {\"c\": \"*\"},}, \"sha512-x\",],\n\"a/c\": [\"c@1.0.0\"],\n\"c\": [\"c@2.0.0\", \"\", {}, "
        "\"sha512-y\"],\n\"@s/d\": [\"@s/d@3.0.0\", {\"dependencies\": {\"c\": \"*\"}}, \"sha512-z\"],\n\"w\": "
        "[\"w@workspace:w\"],\n\"g\": [\"g@git+ssh://h/g.git#0123\", {}, \"g\"],},}",
        "@s/d@3.0.0\na@1.0.0\nc@1.0.0\nc@2.0.0\ng@0123\n", "@s/d@3.0.0\nc@2.0.0\n");
    assert_lock("deno.lock",
                "{\"version\":\"5\",\"npm\":{\"a@1.0.0_b@2.0.0\":{\"integrity\":\"sha512-x\",\"dependencies\":[\"b\"]},"
                "\"b@2.0.0\":{}}}",
                "a@1.0.0\nb@2.0.0\n", "");
    assert_lock("deno.lock",
                "{\"version\":\"3\",\"packages\":{\"npm\":{\"a@1.0.0\":{\"dependencies\":{\"b\":\"b@2.0.0\"}},"
                "\"b@2.0.0\":{}}}}",
                "a@1.0.0\nb@2.0.0\n", "");
}

static void leaves_lock_files_of_others_alone(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_lock("node_modules/a/yarn.lock", STELLA_SV("x@^1:\n  version \"1.0.0\"\n"));
    assert_packages(&text, 0, 0, "");
    STELLA_AUTO(stella_buf_fini)
    stella_buf wheel =
        run_lock("usr/lib/python3/dist-packages/notebook/yarn.lock", STELLA_SV("x@^1:\n  version \"1.0.0\"\n"));
    assert_packages(&wheel, 0, 0, "");
    STELLA_AUTO(stella_buf_fini)
    stella_buf hidden =
        run_lock("node_modules/.package-lock.json",
                 STELLA_SV("{\"lockfileVersion\":3,\"packages\":{\"node_modules/a\":{\"version\":\"1.0.0\"}}}"));
    assert_packages(&hidden, 0, 0, "");
}

static void notes_lock_files_that_are_wrong(void **state) {
    (void)state;
    static const struct {
        const char *name;
        stella_sv text;
    } bad[] = {
        {"package-lock.json", STELLA_SV_INIT("{\"lockfileVersion\":3,\"packages\":{")},
        {"package-lock.json", STELLA_SV_INIT("[]")},
        {"package-lock.json", STELLA_SV_INIT("{}")},
        {"package-lock.json", STELLA_SV_INIT("\xff\xfe{\0}\0")},
        {"yarn.lock", STELLA_SV_INIT("<<<<<<< HEAD\na@1:\n  version \"1\"\n")},
        {"yarn.lock", STELLA_SV_INIT("  version \"1\"\n")},
        {"yarn.lock", STELLA_SV_INIT("\"a@1\" b:\n")},
        {"yarn.lock", STELLA_SV_INIT("a@\xff:\n  version \"1\"\n")},
        {"yarn.lock", STELLA_SV_INIT("__metadata:\n\tversion: 8\n")},
        {"yarn.lock", STELLA_SV_INIT("x:\n  __metadata: y\n")},
        {"pnpm-lock.yaml", STELLA_SV_INIT("packages: [")},
        {"pnpm-lock.yaml", STELLA_SV_INIT("a: b\n")},
        {"bun.lock", STELLA_SV_INIT("{\"lockfileVersion\": 1,,}")},
        {"bun.lock", STELLA_SV_INIT("{}")},
        {"deno.lock", STELLA_SV_INIT("{\"npm\":{}}")},
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_lock(bad[i].name, bad[i].text);
        assert_packages(&text, 0, 0, "");
        assert_false(has(&text, "\"notes\": []"));
        assert_true(has(&text, bad[i].name));
    }
}

/* Wrong kinds in every place, and names no package can have: what is left is nothing, and nobody complains. */
static void skips_entries_that_make_no_sense(void **state) {
    (void)state;
    assert_lock(
        "package-lock.json",
        "{\"lockfileVersion\":2,\"packages\":{\"node_modules/a\":[],\"node_modules/b\":{\"version\":[],\"name\":{},"
        "\"dependencies\":7},\"node_modules/\":{\"version\":\"1.0.0\"},\"node_modules/c\":{\"version\":\"1/2\"}}}",
        "", "");
    assert_lock(
        "pnpm-lock.yaml",
        "lockfileVersion: [1]\nimporters: {x: [], y: {dependencies: {a: []}}}\npackages:\n  '': {}\n  a: []\n  /: {}\n"
        "  '@': {}\n  '/@s': {}\n  b@: {}\n  c@1 2: {}\n",
        "", "");
    assert_lock("bun.lock",
                "{\"lockfileVersion\":1,\"workspaces\":[],\"packages\":{\"a\":[],\"b\":7,\"c\":[\"c\"],\"\":[{}]}}", "",
                "");
    assert_lock("yarn.lock", "\"\":\n  version \"1.0.0\"\n@:\n  version \"1.0.0\"\n", "", "");
}

static void refuses_version_1_that_is_nested_too_deeply(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf lock = stella_buf_of(1 << 20);
    assert_int_equal(stella_buf_printf(&lock, "{\"lockfileVersion\":1"), STELLA_OK);
    int depth = 0;
    for (; depth < 60; depth++) /* two levels of JSON each; the tree ends at 128 */
        assert_int_equal(stella_buf_printf(&lock, ",\"dependencies\":{\"a\":{\"version\":\"1.0.%d\"", depth),
                         STELLA_OK);
    for (; depth > 0; depth--)
        assert_int_equal(stella_buf_printf(&lock, "}}"), STELLA_OK);
    assert_int_equal(stella_buf_printf(&lock, "}"), STELLA_OK);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_lock("package-lock.json", stella_buf_sv(&lock));
    assert_int_equal(count_of(&text, "\"ref\":"), 60);
}

/* ---- more dependencies than are kept --------------------------------------------------------------------------------
 */

#define CUT "more than 262144 dependencies between its packages: the rest was left out"

static void put(stella_buf *out, const char *text) {
    assert_int_equal(stella_buf_add(out, stella_sv_cstr(text)), STELLA_OK);
}

/* The text with the number for each '#'. */
static void put_numbered(stella_buf *out, const char *text, int number) {
    for (; *text; text++)
        assert_int_equal(*text == '#' ? stella_buf_printf(out, "%d", number) : stella_buf_u8(out, (uint8_t)*text),
                         STELLA_OK);
}

/* How a kind of lock file has packages that need each other: '#' stands for the package's number in first, for that of
 * what it needs in need. */
typedef struct crowd {
    const char *head, *first, *need, *comma, *last, *between, *tail;
} crowd;

/* Packages p0 to p(count - 1), each of which needs the `needs` that follow it. */
static stella_buf make_crowd(const crowd *how, int count, int needs) {
    stella_buf out = stella_buf_of((size_t)32 << 20);
    put(&out, how->head);
    for (int i = 0; i < count; i++) {
        put(&out, i ? how->between : "");
        put_numbered(&out, how->first, i);
        for (int j = 1; j <= needs; j++) {
            put(&out, j > 1 ? how->comma : "");
            put_numbered(&out, how->need, (i + j) % count);
        }
        put(&out, how->last);
    }
    put(&out, how->tail);
    return out;
}

static void assert_stands_cut(const char *name, const stella_buf *lock, int count) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_lock(name, stella_buf_sv(lock));
    STELLA_AUTO(stella_buf_fini) stella_buf all = packages_of(&text, DECLARED, DECLARED);
    assert_packages(&text, DEV | OPTIONAL, DEV, "");
    assert_int_equal(count_of(&all, "\n"), count);
    assert_int_equal(count_of(&text, "\"from\":"), 262144);
    assert_int_equal(count_of(&text, CUT), 1);
}

static void keeps_the_packages_of_a_lock_with_900000_dependencies(void **state) {
    (void)state;
    const crowd how = {.head = "{\"lockfileVersion\":3,\"packages\":{",
                       .first = "\"node_modules/p#\":{\"version\":\"1.0.#\",\"dependencies\":{",
                       .need = "\"p#\":\"1\"",
                       .comma = ",",
                       .last = "}}",
                       .between = ",",
                       .tail = "}}"};
    STELLA_AUTO(stella_buf_fini) stella_buf lock = make_crowd(&how, 1000, 900);
    assert_stands_cut("package-lock.json", &lock, 1000);
}

/* That only development needs p0 and all behind it would be said without the cut. */
static void marks_nothing_as_development_when_dependencies_are_left_out(void **state) {
    (void)state;
    const crowd bun = {
        .head = "{\"lockfileVersion\":1,\"workspaces\":{\"\":{\"devDependencies\":{\"p0\":\"1\"}}},\"packages\":{",
        .first = "\"p#\":[\"p#@1.0.0\",\"\",{\"dependencies\":{",
        .need = "\"p#\":\"1\"",
        .comma = ",",
        .last = "}},\"\"]",
        .between = ",",
        .tail = "}}"};
    STELLA_AUTO(stella_buf_fini) stella_buf whole = make_crowd(&bun, 600, 3);
    STELLA_AUTO(stella_buf_fini) stella_buf cut = make_crowd(&bun, 600, 500);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_lock("bun.lock", stella_buf_sv(&whole));
    STELLA_AUTO(stella_buf_fini) stella_buf dev = packages_of(&text, DEV, DEV);
    assert_int_equal(count_of(&dev, "\n"), 600);
    assert_stands_cut("bun.lock", &cut, 600);
}

static void keeps_the_packages_of_a_yarn_lock_with_more_dependencies(void **state) {
    (void)state;
    const crowd yarn = {.head = "",
                        .first = "p#@1:\n  version \"1.0.#\"\n  dependencies:\n",
                        .need = "    p# \"1\"\n",
                        .comma = "",
                        .last = "\n",
                        .between = "",
                        .tail = ""};
    STELLA_AUTO(stella_buf_fini) stella_buf lock = make_crowd(&yarn, 1000, 900);
    assert_stands_cut("yarn.lock", &lock, 1000);
}

/* ---- the lists of others, when they are at hand ---------------------------------------------------------------------
 */

static const struct {
    const char *folder;
    int32_t more; /* packages of which the list has the source and we the version; -1: one row stands there twice */
} known_lists[] = {
    {"npm/package-lock-v1", 0},
    {"npm/package-lock-v2", 0},
    {"npm/package-lock-v3", 0},
    {"npm/package-lock-v3_with-same-dev-and-non-dev", -1},
    {"npm/package-lock-v3_with_peer", 0},
    {"npm/package-lock-v3_with_workspace", 0},
    {"npm/package-lock-v3_with_workspace_as_object", 0},
    {"npm/package-lock-v3_without_root_deps_field", 0},
    {"yarn/yarn_happy", 0},
    {"yarn/yarn_v2_happy", 0},
    {"yarn/yarn_v2_deps_with_protocol", 0},
    {"yarn/yarn_with_git", 0},
    {"yarn/yarn_with_local", 0},
    {"pnpm/normal", 0},
    {"pnpm/many", 0},
    {"pnpm/archives", 0},
    {"pnpm/with_dev", 0},
    {"pnpm/v6", 0},
    {"pnpm/v6_with_dev", 0},
    {"pnpm/v9", 4},
    {"pnpm/v9_multiple_documents", 0},
    {"pnpm/v9_same-vers-diff-peers", 0},
    {"bun/happy", 0},
    {"bun/workspaces", 0},
};

/* Columns two and three of each row must be among the packages. Returns how many rows were compared: in some the list
 * has a source where the lock file says a version beside it. */
static int32_t compare_with(const char *path, const stella_buf *got) {
    char row[1024], line[1024];
    int32_t count = 0;
    FILE *file = fopen(path, "rb");
    assert_non_null(file);
    while (fgets(row, sizeof row, file)) {
        stella_sv rest = stella_sv_cstr(row), parts[3];
        for (int i = 0; i < 3; i++)
            assert_true(stella_sv_split(&rest, '\t', &parts[i]));
        if (!stella_sv_eq(parts[0], STELLA_SV("npm")) || stella_sv_find(parts[2], ':') < parts[2].len)
            continue;
        snprintf(line, sizeof line, "%.*s@%.*s\n", STELLA_SV_FMT(parts[1]), STELLA_SV_FMT(parts[2]));
        if (!strstr(got->ptr, line))
            fail_msg("%s lacks %s", path, line);
        count++;
    }
    fclose(file);
    return count;
}

static void lists_what_others_list(void **state) {
    (void)state;
    const char *const data = getenv("STELLA_TEST_DATA");
    if (!data)
        print_message("skipped: STELLA_TEST_DATA does not name the folder of real lock files\n");
    for (size_t i = 0; data && i < sizeof known_lists / sizeof known_lists[0]; i++) {
        char root[512], path[600];
        snprintf(root, sizeof root, "%s/scanner/lang/%s", data, known_lists[i].folder);
        snprintf(path, sizeof path, "%s/expected.tsv", root);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_over(root);
        STELLA_AUTO(stella_buf_fini) stella_buf got = packages_of(&text, DECLARED, DECLARED);
        const int32_t compared = compare_with(path, &got);
        assert_int_equal(compared + known_lists[i].more, count_of(&got, "\n"));
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_sources_and_aliases_of_npm_1),
        cmocka_unit_test(reads_links_names_and_marks_of_npm_3),
        cmocka_unit_test(takes_prod_before_dev),
        cmocka_unit_test(reads_aliases_and_sources_of_yarn),
        cmocka_unit_test(reads_every_age_of_pnpm),
        cmocka_unit_test(reads_bun_and_deno),
        cmocka_unit_test(leaves_lock_files_of_others_alone),
        cmocka_unit_test(notes_lock_files_that_are_wrong),
        cmocka_unit_test(skips_entries_that_make_no_sense),
        cmocka_unit_test(refuses_version_1_that_is_nested_too_deeply),
        cmocka_unit_test(keeps_the_packages_of_a_lock_with_900000_dependencies),
        cmocka_unit_test(marks_nothing_as_development_when_dependencies_are_left_out),
        cmocka_unit_test(keeps_the_packages_of_a_yarn_lock_with_more_dependencies),
        cmocka_unit_test(lists_what_others_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
