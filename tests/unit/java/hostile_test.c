/* Archives that lie, explode or go on for ever: each costs itself only, and says so. */
#include "os_run.h"
#include "zip_make.h"

static const char pom_text[] = "groupId=org.good\nartifactId=good\nversion=1.0\n";

/* A sound jar beside the bad one. */
static stella_buf run_beside_good(const char *name, stella_sv bytes) {
    STELLA_AUTO(scratch_root_destroy) scratch_root root = scratch_root_create();
    STELLA_AUTO(zip_make_fini) zip_make good = zip_make_begin();
    zip_make_add(&good, (zip_member){.name = STELLA_SV("META-INF/maven/org.good/good/pom.properties"),
                                     .content = stella_sv_cstr(pom_text),
                                     .method = 8});
    scratch_write(&root, "lib/good-1.0.jar", zip_make_end(&good, 0));
    scratch_write(&root, name, bytes);
    const char *const path = root.path;
    stella_buf text = run_as(NULL, &path, 1, 0);
    assert_true(has(&text, "pkg:maven/org.good/good@1.0"));
    return text;
}

static void add(zip_make *z, const char *name, stella_sv content, uint32_t method) {
    zip_make_add(z, (zip_member){.name = stella_sv_cstr(name), .content = content, .method = method});
}

static void expect_note(const char *name, zip_make *z, const char *why) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_beside_good(name, zip_make_end(z, 0));
    if (!has(&text, why))
        fail_msg("no note \"%s\" in %s", why, text.ptr);
    assert_true(has(&text, "\"severity\": \"error\""));
}

/* jars[depth] lies in jars[depth - 1]: each is named after its depth. */
static stella_sv nest(zip_make *jars, uint32_t count, uint32_t method) {
    stella_sv inner = {0};
    for (uint32_t i = count; i-- > 0;) {
        char name[32], text[96];
        jars[i] = zip_make_begin();
        snprintf(name, sizeof name, "level-%u.jar", i + 1);
        snprintf(text, sizeof text, "groupId=org.deep\nartifactId=level\nversion=%u\n", i);
        add(&jars[i], "META-INF/maven/org.deep/level/pom.properties", stella_sv_cstr(text), 8);
        if (inner.len)
            add(&jars[i], name, inner, method);
        inner = zip_make_end(&jars[i], 0);
    }
    return inner;
}

static void check_nested(uint32_t count, uint32_t method, uint32_t expected, const char *note) {
    zip_make jars[140];
    const stella_sv outer = nest(jars, count, method);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_beside_good("lib/level-0.jar", outer);
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:maven/org.deep/level@"), expected);
    assert_int_equal(count_of(&text, "\"kind\": \"contains\""), expected - 1);
    assert_true(note ? has(&text, note) : has(&text, "\"notes\": []"));
    for (uint32_t i = 0; i < count; i++)
        zip_make_fini(&jars[i]);
}

static void a_hundred_archives_within_each_other_are_read(void **state) {
    (void)state;
    check_nested(100, 0, 100, NULL);
    check_nested(100, 8, 100, NULL);
}

static void archives_deeper_than_the_limit_are_told(void **state) {
    (void)state;
    check_nested(140, 0, 128, "too deep");
}

static void a_bomb_takes_no_more_than_its_limit(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make bomb = zip_make_begin(), outer = zip_make_begin();
    const size_t size = (size_t)300 << 20;
    char *zeros = calloc(1, size);
    assert_non_null(zeros);
    add(&bomb, "inner.jar", stella_sv_of(zeros, size), 8);
    free(zeros);
    add(&outer, "bomb.jar", zip_make_end(&bomb, 0), 8);
    expect_note("lib/outer.jar", &outer, "inflates to more than the limit");
}

static void an_archive_that_claims_more_than_deflate_can_make_is_told(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin();
    zip_make_add(&z, (zip_member){.name = STELLA_SV("inner.jar"),
                                  .content = STELLA_SV("x"),
                                  .method = 8,
                                  .claimed_size = (uint32_t)200 << 20});
    expect_note("lib/liar.jar", &z, "more bytes than deflate can make");
}

static void entries_upon_each_other_are_told(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin();
    add(&z, "inner.jar", STELLA_SV("kernel"), 0);
    const zip_member again = {.name = STELLA_SV("again.jar"), .content = STELLA_SV("kernel")};
    zip_make_record(&z, &again, 6, 0);
    expect_note("lib/overlap.jar", &z, "upon each other");
}

static void lies_about_one_entry_leave_the_others(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin(), inner = zip_make_begin();
    zip_make_add(&z, (zip_member){.name = STELLA_SV("META-INF/MANIFEST.MF"),
                                  .content = STELLA_SV("Implementation-Version: 1\n"),
                                  .crc_change = 1});
    zip_make_add(
        &z,
        (zip_member){.name = STELLA_SV("size.jar"), .content = STELLA_SV("abcdefgh"), .method = 8, .claimed_size = 9});
    add(&inner, "META-INF/maven/a/a/pom.properties", STELLA_SV("version=1"), 8);
    add(&z, "a.jar", zip_make_end(&inner, 0), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_beside_good("lib/lies-2.jar", zip_make_end(&z, 0));
    assert_true(has(&text, "META-INF/MANIFEST.MF: the entry has another checksum"));
    assert_true(has(&text, "size.jar: the entry has another size than it claims"));
    assert_true(has(&text, "pkg:maven/a/a@1\""));
    assert_true(has(&text, "\"ref\": \"maven:lies@2\""));
}

static void encrypted_entries_are_told(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin();
    zip_make_add(&z, (zip_member){.name = STELLA_SV("inner.jar"), .content = STELLA_SV("x"), .flags = 1});
    expect_note("lib/secret-1.jar", &z, "encrypted");
}

static void what_is_no_archive_is_told(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_beside_good("lib/pointer.jar", STELLA_SV("version https://git-lfs.example/spec/v1\n"));
    assert_true(has(&text, "lib/pointer.jar"));
    assert_true(has(&text, "no zip archive"));
}

static void a_million_entries_are_walked(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin();
    for (uint32_t i = 0; i < 999999; i++)
        add(&z, "x", STELLA_SV(""), 0);
    add(&z, "META-INF/MANIFEST.MF", STELLA_SV("Implementation-Version: 7\n"), 8);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_beside_good("lib/many.jar", zip_make_end(&z, 0));
    assert_true(has(&text, "\"ref\": \"maven:many@7\""));
}

static void names_that_are_no_text_are_not_taken(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin();
    add(&z, "META-INF/maven/a/b/pom.properties", STELLA_SV("groupId=a\nartifactId=b\x01\nversion=1\n"), 8);
    add(&z, "META-INF/maven/a/c/pom.properties", STELLA_SV("groupId=a\nartifactId=../c\nversion=1\n"), 8);
    add(&z, "META-INF/maven/a/d/pom.properties", STELLA_SV("groupId=a\nartifactId=d\nversion=\xff\n"), 8);
    add(&z, "META-INF/maven/a/e/pom.properties", STELLA_SV("artifactId=\nversion=1\ngroupId=\n"), 8);
    add(&z, "e\x02.jar", STELLA_SV("x"), 0);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_beside_good("lib/names-1.jar", zip_make_end(&z, 0));
    assert_int_equal(count_of(&text, "without a valid group, name or version"), 3);
    assert_true(has(&text, "a name that is no text"));
    assert_true(has(&text, "pkg:maven/a/e@1\"")); /* the folder names it */
    assert_int_equal(count_of(&text, "\"ref\": \"pkg:maven/a/"), 1);
}

static void a_pom_with_entities_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(zip_make_fini) zip_make z = zip_make_begin();
    add(&z, "META-INF/maven/a/b/pom.properties", STELLA_SV("groupId=a\nartifactId=b\nversion=1\n"), 8);
    add(&z, "META-INF/maven/a/b/pom.xml",
        STELLA_SV("<!DOCTYPE project [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;\">]><project>&b;</project>"), 8);
    STELLA_AUTO(stella_buf_fini) stella_buf text = run_beside_good("lib/b-1.jar", zip_make_end(&z, 0));
    assert_true(has(&text, "pkg:maven/a/b@1\""));
    assert_true(has(&text, "\"severity\": \"error\""));
}

static stella_buf run_file(const char *path, stella_sv bytes) {
    return run_beside_good(path, bytes);
}

static void properties_that_name_each_other_end(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text =
        run_file("pom.xml",
                 STELLA_SV("<project><groupId>g</groupId><artifactId>a</artifactId><version>${x}</version><properties>"
                           "<x>${y}${y}</x><y>${x}${x}</y></properties></project>"));
    assert_true(has(&text, "without a group, name or version that can be told"));
}

static void broken_builds_are_told(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf pom = run_file("pom.xml", STELLA_SV("<project><groupId>g</project>"));
    assert_true(has(&pom, "\"path\": \"pom.xml\""));
    STELLA_AUTO(stella_buf_fini) stella_buf other = run_file("pom.xml", STELLA_SV("<html/>"));
    assert_true(has(&other, "not project"));
    STELLA_AUTO(stella_buf_fini) stella_buf sbt = run_file("build.sbt.lock", STELLA_SV("{\"dependencies\": 3}"));
    assert_true(has(&sbt, "not a list"));
    STELLA_AUTO(stella_buf_fini)
    stella_buf kinds = run_file("build.sbt.lock", STELLA_SV("{\"dependencies\": [3, {\"org\": 1}, {}]}"));
    assert_int_equal(count_of(&kinds, "without a valid group"), 3);
    STELLA_AUTO(stella_buf_fini)
    stella_buf lock = run_file("gradle.lockfile", STELLA_SV("\xff:\xff:1=x\na:b:c:d\na:b\n"));
    assert_int_equal(count_of(&lock, "without a valid group"), 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_hundred_archives_within_each_other_are_read),
        cmocka_unit_test(archives_deeper_than_the_limit_are_told),
        cmocka_unit_test(a_bomb_takes_no_more_than_its_limit),
        cmocka_unit_test(an_archive_that_claims_more_than_deflate_can_make_is_told),
        cmocka_unit_test(entries_upon_each_other_are_told),
        cmocka_unit_test(lies_about_one_entry_leave_the_others),
        cmocka_unit_test(encrypted_entries_are_told),
        cmocka_unit_test(what_is_no_archive_is_told),
        cmocka_unit_test(a_million_entries_are_walked),
        cmocka_unit_test(names_that_are_no_text_are_not_taken),
        cmocka_unit_test(a_pom_with_entities_is_refused),
        cmocka_unit_test(properties_that_name_each_other_end),
        cmocka_unit_test(broken_builds_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
