/* Packages below node_modules as people really leave them. */
#include "node_run.h"

typedef struct written {
    const char *path, *text;
} written;

/* The text of a run over files that are written for it. */
static stella_buf run_files(const scratch_root *root, const written *files, size_t count) {
    for (size_t i = 0; i < count; i++)
        scratch_write(root, files[i].path, stella_sv_cstr(files[i].text));
    return run_over(root->path);
}

static stella_buf run_package(const scratch_root *root, stella_sv text) {
    scratch_write(root, "node_modules/a/package.json", text);
    scratch_write(root, "node_modules/good/package.json", STELLA_SV("{\"name\":\"good\",\"version\":\"1.0.0\"}"));
    return run_over(root->path);
}

#define RUN(root, files) run_files(root, files, sizeof(files) / sizeof *(files))

static void takes_packages_by_where_they_lie(void **state) {
    (void)state;
    static const written files[] = {
        {"app/package.json", "{\"name\":\"app\",\"version\":\"1.0.0\"}"},
        {"app/node_modules/a/package.json", "{\"name\":\"a\",\"version\":\"1.0.0\"}"},
        {"app/node_modules/a/esm/package.json", "{\"name\":\"marker\",\"version\":\"1.0.0\"}"},
        {"app/node_modules/a/node_modules/@s/b/package.json", "{\"name\":\"@s/b\",\"version\":\"2.0.0\"}"},
        {"app/node_modules/.cache/x/package.json", "{\"name\":\"cached\",\"version\":\"1.0.0\"}"},
        {"app/node_modules/.store/c-npm-1-2/package/package.json", "{\"name\":\"c\",\"version\":\"3.0.0\"}"},
        {"usr/share/nodejs/d/package.json", "{\"name\":\"d\",\"version\":\"4.0.0\"}"},
        {"usr/share/nodejs/d/test/package.json", "{\"name\":\"fixture\",\"version\":\"4.0.0\"}"},
        {"opt/yarn-v1.22.22/package.json", "{\"name\":\"yarn\",\"version\":\"1.22.22\"}"},
        {"root/.cache/node/corepack/v1/pnpm/9.1.0/package.json", "{\"name\":\"pnpm\",\"version\":\"9.1.0\"}"},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = RUN(&root, files);
    assert_packages(&text, 0, 0, "@s/b@2.0.0\na@1.0.0\nc@3.0.0\nd@4.0.0\npnpm@9.1.0\nyarn@1.22.22\n");
}

static void finds_what_node_would_load(void **state) {
    (void)state;
    static const written files[] = {
        {"node_modules/a/package.json",
         "{\"name\":\"a\",\"version\":\"1.0.0\",\"dependencies\":{\"b\":\"*\",\"c\":\"*\"}}"},
        {"node_modules/a/node_modules/b/package.json",
         "{\"name\":\"b\",\"version\":\"1.0.0\",\"dependencies\":{\"c\":\"*\"}}"},
        {"node_modules/b/package.json", "{\"name\":\"b\",\"version\":\"2.0.0\"}"},
        {"node_modules/c/package.json",
         "{\"name\":\"c\",\"version\":\"3.0.0\",\"peerDependencies\":{\"b\":\"*\",\"absent\":\"*\",\"../b\":\"*\"}}"},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = RUN(&root, files);
    assert_int_equal(count_of(&text, "\"from\":"), 4);
    assert_true(has(&text, "\"from\": \"pkg:npm/a@1.0.0\",\n   \"to\": \"pkg:npm/b@1.0.0\""));
    assert_true(has(&text, "\"from\": \"pkg:npm/a@1.0.0\",\n   \"to\": \"pkg:npm/c@3.0.0\""));
    assert_true(has(&text, "\"from\": \"pkg:npm/b@1.0.0\",\n   \"to\": \"pkg:npm/c@3.0.0\""));
    assert_true(has(&text, "\"from\": \"pkg:npm/c@3.0.0\",\n   \"to\": \"pkg:npm/b@2.0.0\""));
}

static void reads_licenses_of_every_age(void **state) {
    (void)state;
    static const struct {
        const char *field, *wanted;
    } cases[] = {
        {"\"license\":\"mit\"", "\"expression\": \"MIT\""},
        {"\"license\":\"(MIT OR Apache-2.0)\"", "\"expression\": \"(MIT OR Apache-2.0)\""},
        {"\"license\":{\"type\":\"ISC\",\"url\":\"x\"}", "\"expression\": \"ISC\""},
        {"\"licenses\":[{\"type\":\"MIT\"},{\"type\":\"Custom of us\"}]", "\"name\": \"Custom of us\""},
        {"\"licenses\":[\"MIT\",7,[[]],\"ISC\"]", "\"expression\": \"ISC\""},
        {"\"license\":\"SEE LICENSE IN LICENSE.txt\"", "\"name\": \"SEE LICENSE IN LICENSE.txt\""},
        {"\"license\":\"UNLICENSED\"", "\"name\": \"UNLICENSED\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
        char json[256];
        snprintf(json, sizeof json, "{\"name\":\"a\",\"version\":\"1.0.0\",%s}", cases[i].field);
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_package(&root, stella_sv_cstr(json));
        assert_true(has(&text, cases[i].wanted));
    }
}

static void loses_no_package_for_one_bad_field(void **state) {
    (void)state;
    static const char json[] =
        "\xef\xbb\xbf{\"version\":\"v1.0.0\",\"description\":[{}],\"author\":{\"name\":7,\"email\":\"e@x\"},"
        "\"license\":null,"
        "\"licenses\":{\"type\":{}},\"dependencies\":[\"a\"],\"scripts\":\"x\",\"bin\":{\"x\":{}},\"homepage\":false,"
        "\"optionalDependencies\":{\"good\":{\"x\":[1]}},\"name\":7,\"name\":\"a\",\"extra\":{\"a\":[[[]]]}}";
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_package(&root, stella_sv_cstr(json));
    assert_packages(&text, 0, 0, "a@1.0.0\ngood@1.0.0\n");
    assert_true(has(&text, "\"to\": \"pkg:npm/good@1.0.0\""));
    assert_true(has(&text, "\"notes\": []"));
}

static void reads_latin_1_as_node_does(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_package(&root, STELLA_SV("{\"name\":\"a\",\"version\":\"1.0.0\",\"author\":\"Ren\xe9\"}"));
    assert_packages(&text, 0, 0, "a@1.0.0\ngood@1.0.0\n");
    assert_true(has(&text, "Ren\xef\xbf\xbd"));
}

/* Each is refused alone, with a note that names the file. */
static void refuses_what_is_no_package_and_keeps_the_rest(void **state) {
    (void)state;
    static const stella_sv bad[] = {
        STELLA_SV_INIT("{\"name\":\"a\",\"version\":\"1.0.0\""),
        STELLA_SV_INIT("{\"name\":\"a\",\"version\":\"1.0.0\"} x"),
        STELLA_SV_INIT("[]"),
        STELLA_SV_INIT(""),
        STELLA_SV_INIT("\xff\xfe{\0}\0"),
        STELLA_SV_INIT("{\"version\":\"1.0.0\"}"),
        STELLA_SV_INIT("{\"name\":\"\",\"version\":\"1.0.0\"}"),
        STELLA_SV_INIT("{\"name\":\"../a\",\"version\":\"1.0.0\"}"),
        STELLA_SV_INIT("{\"name\":\"@s/..\",\"version\":\"1.0.0\"}"),
        STELLA_SV_INIT("{\"name\":\"a\\u0000b\",\"version\":\"1.0.0\"}"),
        STELLA_SV_INIT("{\"name\":\"a\\nb\",\"version\":\"1.0.0\"}"),
        STELLA_SV_INIT("{\"name\":\"a\xff\",\"version\":\"1.0.0\"}"),
        STELLA_SV_INIT("{\"name\":\"a\",\"version\":\"1.0.0/../x\"}"),
        STELLA_SV_INIT("{\"name\":\"a\",\"version\":\"1\\t0\"}"),
        STELLA_SV_INIT("{\"name\":\"a\",\"version\":\"1.0.0\",\"x\":"),
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
        STELLA_AUTO(stella_buf_fini) stella_buf text = run_package(&root, bad[i]);
        assert_packages(&text, 0, 0, "good@1.0.0\n");
        assert_true(has(&text, "\"path\": \"node_modules/a/package.json\""));
    }
}

static void states_a_package_without_a_version(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_package(&root, STELLA_SV("{\"name\":\"a\",\"version\":1}"));
    assert_packages(&text, 0, 0, "a\ngood@1.0.0\n");
}

static void ends_at_the_depth_and_the_size_that_are_too_much(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf deep = stella_buf_of(1 << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf large = stella_buf_of((size_t)60 << 20);
    assert_int_equal(stella_buf_printf(&deep, "{\"name\":\"deep\",\"version\":\"1.0.0\",\"x\":"), STELLA_OK);
    for (int i = 0; i < 100000; i++)
        assert_int_equal(stella_buf_u8(&deep, '['), STELLA_OK);
    scratch_write(&root, "node_modules/deep/package.json", stella_buf_sv(&deep));
    assert_int_equal(stella_buf_printf(&large, "{\"name\":\"large\",\"version\":\"1.0.0\",\"x\":\""), STELLA_OK);
    while (large.len < (size_t)50 << 20)
        assert_int_equal(stella_buf_add(&large, stella_sv_first(stella_buf_sv(&deep), 65536)), STELLA_OK);
    scratch_write(&root, "node_modules/large/package.json", stella_buf_sv(&large));
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_package(&root, STELLA_SV("{\"name\":\"a\",\"version\":\"1\"}"));
    assert_packages(&text, 0, 0, "a@1\ngood@1.0.0\n");
    assert_true(has(&text, "\"path\": \"node_modules/deep/package.json\""));
    assert_true(has(&text, "\"path\": \"node_modules/large/package.json\""));
}

static void goes_through_links_and_not_in_circles(void **state) {
    (void)state;
    static const written files[] = {
        {"package.json", "{\"name\":\"root\",\"version\":\"1.0.0\",\"dependencies\":{\"w\":\"*\",\"loop\":\"*\"}}"},
        {"packages/w/package.json",
         "{\"name\":\"w\",\"version\":\"2.0.0\",\"dependencies\":{\"a\":\"*\",\"w\":\"*\"}}"},
        {"packages/unused/package.json", "{\"name\":\"unused\",\"version\":\"2.0.0\"}"},
        {"node_modules/a/package.json",
         "{\"name\":\"a\",\"version\":\"1.0.0\",\"dependencies\":{\"self\":\"*\",\"up\":\"*\"}}"},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_link(&root, "node_modules/w", "../packages/w");
    scratch_link(&root, "node_modules/loop", "loop");
    scratch_link(&root, "node_modules/self", "a");
    scratch_link(&root, "node_modules/up", "..");
    scratch_link(&root, "node_modules/out", "../../../../../../etc");
    scratch_link(&root, "node_modules/a/node_modules", "..");
    STELLA_AUTO(stella_buf_fini) stella_buf text = RUN(&root, files);
    assert_packages(&text, 0, 0, "a@1.0.0\nw@2.0.0\n");
    assert_true(has(&text, "\"name\": \"npm:workspace\",\n     \"value\": \"packages/w\""));
    assert_int_equal(count_of(&text, "\"from\":"), 1);
}

static void notes_and_counts_scripts_of_installation(void **state) {
    (void)state;
    static const written files[] = {
        {"node_modules/a/package.json",
         "{\"name\":\"a\",\"version\":\"1.0.0\",\"scripts\":{\"postinstall\":\"node x.js\","
         "\"preinstall\":\"true\",\"test\":\"tap\"}}"},
        {"node_modules/b/package.json", "{\"name\":\"b\",\"version\":\"1.0.0\",\"gypfile\":true}"},
        {"node_modules/c/package.json",
         "{\"name\":\"c\",\"version\":\"1.0.0\",\"gypfile\":true,\"scripts\":{\"install\":\"make\"}}"},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = RUN(&root, files);
    assert_true(has(&text, "\"name\": \"npm:script:postinstall\",\n     \"value\": \"node x.js\""));
    assert_true(has(&text, "\"value\": \"node-gyp rebuild\""));
    assert_false(has(&text, "tap"));
    assert_true(has(&text, "\"node_scripts\": 4"));
}

static void owns_its_manifest_and_the_programs_that_are_there(void **state) {
    (void)state;
    static const written files[] = {
        {"node_modules/a/package.json",
         "{\"name\":\"a\",\"version\":\"1.0.0\",\"bin\":{\"a\":\"./cli.js\",\"b\":\"absent.js\",\"c\":\"../../x\"}}"},
        {"node_modules/a/cli.js", "#!/usr/bin/env node\n"},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = RUN(&root, files);
    assert_true(has(&text,
                    "\"files\": [\n    {\n     \"path\": \"node_modules/a/cli.js\"\n    },\n    {\n     \"path\": "
                    "\"node_modules/a/package.json\"\n    }\n   ]"));
}

static void notes_a_zip_that_is_cut(void **state) {
    (void)state;
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    scratch_write(&root, ".yarn/cache/a-npm-1.0.0-0.zip", STELLA_SV("PK\3\4\0\0\0\0\0\0"));
    scratch_write(&root, ".yarn/cache/b.zip.txt", STELLA_SV("x"));
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_package(&root, STELLA_SV("{\"name\":\"a\",\"version\":\"1.0.0\"}"));
    assert_packages(&text, 0, 0, "a@1.0.0\ngood@1.0.0\n");
    assert_true(has(&text, "\"path\": \".yarn/cache/a-npm-1.0.0-0.zip\""));
}

static void survives_every_failing_allocation(void **state) {
    (void)state;
    static const written files[] = {
        {"package.json", "{\"name\":\"root\",\"version\":\"1.0.0\",\"dependencies\":{\"a\":\"*\"}}"},
        {"node_modules/a/package.json",
         "{\"name\":\"a\",\"version\":\"1.0.0\",\"license\":\"MIT\",\"author\":{\"name\":\"x\",\"email\":\"y\"},"
         "\"bin\":\"a.js\",\"dependencies\":{\"b\":\"*\"},\"scripts\":{\"install\":\"x\"}}"},
        {"node_modules/a/a.js", "x"},
        {"node_modules/@s/b/package.json",
         "{\"name\":\"@s/b\",\"version\":\"1.0.0\",\"licenses\":[{\"type\":\"x y\"}]}"},
        {"package-lock.json", "{\"lockfileVersion\":3,\"packages\":{\"\":{},\"node_modules/a\":{\"version\":\"1.0.0\","
                              "\"dependencies\":{\"@s/b\":\"*\"},\"resolved\":\"https://u:p@h/a.tgz\"},"
                              "\"node_modules/@s/b\":{\"version\":\"1.0.0\"}}}"},
    };
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(stella_buf_fini) stella_buf text = RUN(&root, files);
    assert_packages(&text, STELLA_COMPONENT_DECLARED, 0, "@s/b@1.0.0\na@1.0.0\n");
    fail_each_allocation(root.path, 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(takes_packages_by_where_they_lie),
        cmocka_unit_test(finds_what_node_would_load),
        cmocka_unit_test(reads_licenses_of_every_age),
        cmocka_unit_test(loses_no_package_for_one_bad_field),
        cmocka_unit_test(reads_latin_1_as_node_does),
        cmocka_unit_test(refuses_what_is_no_package_and_keeps_the_rest),
        cmocka_unit_test(states_a_package_without_a_version),
        cmocka_unit_test(ends_at_the_depth_and_the_size_that_are_too_much),
        cmocka_unit_test(goes_through_links_and_not_in_circles),
        cmocka_unit_test(notes_and_counts_scripts_of_installation),
        cmocka_unit_test(owns_its_manifest_and_the_programs_that_are_there),
        cmocka_unit_test(notes_a_zip_that_is_cut),
        cmocka_unit_test(survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
