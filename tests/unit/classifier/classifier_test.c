/* Known programs: by texts as they really have them, and not by those that merely look alike. */
#include "lang_run.h"

#include "classifier/classify.h"

static int is_found(const char *file, stella_sv bytes, const char *name, const char *version) {
    classify_match match;
    return classify(stella_sv_cstr(file), bytes, &match) && strcmp(match.rule->name, name) == 0 &&
           stella_sv_eq(match.version, stella_sv_cstr(version));
}

#define TEXT(literal) STELLA_SV(literal)

static void finds_the_versions_in_texts_of_programs(void **state) {
    (void)state;
    const struct {
        const char *file;
        stella_sv bytes;
        const char *name, *version;
    } cases[] = {
        {"busybox", TEXT("x\0BusyBox v1.36.1 (2023-11-07 18:53:09 UTC)\0"), "busybox", "1.36.1"},
        {"bash", TEXT("@(#)Bash version 5.2.15(1) release GNU"), "bash", "5.2.15"},
        {"python3.6", TEXT("PYTHONIOENCODING\0\0003.6.3\0<prefix>"), "python", "3.6.3"},
        {"libpython3.13.so.1.0", TEXT("PYTHONHOME\0003.13.0rc2\0"), "python", "3.13.0rc2"},
        {"node", TEXT("node.js/v19.2.0\0"), "node", "19.2.0"},
        {"java", TEXT("openjdk\0java\0001.8\0001.8.0_352-b08\0"), "openjdk", "1.8.0_352-b08"},
        {"java", TEXT("openjdk\0java\0000.0\00011.0.17+8-LTS\0"), "openjdk", "11.0.17"},
        {"php-fpm8.2", TEXT("X-Powered-By: PHP/8.2.1\0"), "php", "8.2.1"},
        {"libruby.so.3.1", TEXT("ruby 3.1.2p20 (2022-04-12"), "ruby", "3.1.2p20"},
        {"perl5.36.0", TEXT("PERL5LIB\0/usr/local/lib/perl5/5.36.0/x86"), "perl", "5.36.0"},
        {"libstd-86aefecbddda356d.so", TEXT("(rustc version 1.67.1 (d5a82bbd2 "), "rust", "1.67.1"},
        {"gcc-12", TEXT("COLLECT_GCC\0GCC: (GNU) 12.3.0\0"), "gcc", "12.3.0"},
        {"nginx.exe", TEXT("\0nginx/1.25.3\0"), "nginx", "1.25.3"},
        {"httpd", TEXT("\0Apache/2.4.54\0"), "httpd", "2.4.54"},
        {"haproxy", TEXT("\0002.7.3-1065b10\0\0HAProxy version follows"), "haproxy", "2.7.3"},
        {"haproxy", TEXT("\0003.1-dev0-1eb0f22\0HAProxy version follows"), "haproxy", "3.1-dev0"},
        {"redis-server", TEXT("redis_version:%s\0A7.2.4buildkitsandbox-1704812352000000000\0"), "redis", "7.2.4"},
        {"redis-server", TEXT("redis_version:%s\0006.2.51a0bcdef1234-1627000000000000000\0"), "redis", "6.2.5"},
        {"valkey-server", TEXT("valkey_version:%s\0008.0.1buildkitsandbox-1727980000000000000"), "valkey", "8.0.1"},
        {"postgres", TEXT("postgres (PostgreSQL) 16rc1\0postgres (PostgreSQL) 15.5 (Debian"), "postgresql", "15.5"},
        {"mariadbd", TEXT("\00010.11.6-MariaDB-1:10.11.6\0"), "mariadb", "10.11.6"},
        {"mysqld", TEXT("/build/mysql-8.0.35/sql/x.cc"), "mysql", "8.0.35"},
        {"openssl", TEXT("OpenSSL 1.1.1zb  16 Oct 2024\0"), "openssl", "1.1.1zb"},
        {"libcrypto.so.3", TEXT("OpenSSL 3.1.4 24 Oct 2023\0"), "openssl", "3.1.4"},
        {"curl", TEXT("curl/8.4.0\0"), "curl", "8.4.0"},
        {"helm", TEXT("-X helm.sh/helm/v3/internal/version.version=v3.14.0 -X"), "helm", "3.14.0"},
    };
    for (size_t i = 0; i < STELLA_COUNT(cases); i++)
        if (!is_found(cases[i].file, cases[i].bytes, cases[i].name, cases[i].version))
            fail_msg("%s is not found", cases[i].file);
}

static void leaves_what_looks_alike_alone(void **state) {
    (void)state;
    const struct {
        const char *file;
        stella_sv bytes;
    } cases[] = {
        {"busybox-helper", TEXT("BusyBox v1.36.1 (2023)")}, /* it calls busybox */
        {"busybox", TEXT("BusyBox v%s (%s)")},
        {"bash", TEXT("this needs Bash version 5.2.15(1)")},
        {"python3.6", TEXT("PYTHONHOME\0003.7.1\0")},        /* of another Python */
        {"python3.6", TEXT("PYTHONHOME\0003.6\0x13.6.3\0")}, /* no three numbers; not at the start of a text */
        {"python3.6", TEXT("\0003.6.3\0")},
        {"node", TEXT("needs node v18 or node.js/vX")},
        {"openssl", TEXT("OpenSSL 1.1.1 or later is needed")},
        {"openssl", TEXT("OpenSSL 1.1.1 (compatible; something else)")},
        {"haproxy", TEXT("HA-Proxy version ")},
        {"redis-server", TEXT("redis_version:%s\0006.2.5\0-1627000000000000000\0005.0.0")},
        {"redis-server", TEXT("redis_version:%s\0006.2.5buildkitsandbox-16270000000\0")},
        {"java", TEXT("openjdk\0java\0000.0\0seventeen\0")},
        {"nginx", TEXT("nginx/1\0nginx/\0nginx/x.1\0")},
        {"mysqld", TEXT("/mysql-8/x /mysql-8.0.35")},
        {"ruby", TEXT("ruby 3.1.2 is needed")},
        {"memcached", TEXT("")},
        {"", TEXT("BusyBox v1.36.1 (2023)")},
    };
    for (size_t i = 0; i < STELLA_COUNT(cases); i++) {
        classify_match match;
        if (classify(stella_sv_cstr(cases[i].file), cases[i].bytes, &match))
            fail_msg("case %zu: %s is taken for %s", i, cases[i].file, match.rule->name);
    }
}

static void knows_files_by_their_names(void **state) {
    (void)state;
    static const char *const known[] = {
        "python",         "python3",     "python3.12", "libpython3.7m.so.1.0", "php8.2", "x86_64-linux-gnu-gcc-12",
        "libcrypto.so.3", "redis-server"};
    static const char *const others[] = {"pythonx",         "libpythonish", "phpunit", "gccgo",
                                         "xlibcrypto.so.3", "bashful",      "x"};
    for (size_t i = 0; i < STELLA_COUNT(known); i++)
        if (!classify_is_known(stella_sv_cstr(known[i])))
            fail_msg("%s is not known", known[i]);
    for (size_t i = 0; i < STELLA_COUNT(others); i++)
        if (classify_is_known(stella_sv_cstr(others[i])))
            fail_msg("%s is known", others[i]);
}

static void hostile_bytes_cost_little(void **state) {
    (void)state;
    static char room[8u << 20];
    classify_match match;
    for (size_t i = 0; i < sizeof room; i++)
        room[i] = "\0"
                  "3.6."[i % 5];
    memcpy(room, "PYTHON", 6);
    assert_false(classify(STELLA_SV("python3.6"), stella_sv_of(room, sizeof room), &match));
    memset(room, '1', sizeof room);
    memcpy(room, "OpenSSL ", 8);
    assert_false(classify(STELLA_SV("openssl"), stella_sv_of(room, sizeof room), &match));
    memset(room, 0, sizeof room);
    assert_false(classify(STELLA_SV("haproxy"), stella_sv_of(room, sizeof room), &match));
    assert_false(classify(STELLA_SV("java"), stella_sv_of(room, sizeof room), &match));
}

static void states_programs_of_a_tree(void **state) {
    (void)state;
    matches_golden("classifier", "programs", 4, 0);
}

static void scripts_are_no_programs(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini)
    stella_buf text = run_file("bin/busybox", STELLA_SV("#!/bin/sh\necho BusyBox v1.36.1 (2023)\n"));
    assert_false(has(&text, "\"ref\""));
}

/* ---- published snippets: class, version and the name of the file that each is from */

static const char *name_of_class(const char *class) {
    static const char *const names[][2] = {{"haskell-ghc", "ghc"},
                                           {"heimdal-krb5", "heimdal"},
                                           {"java-jdk-openjdk", "openjdk"},
                                           {"java-jre-openjdk", "openjdk"},
                                           {"java-jre-openjdk-eclipse", "openjdk"},
                                           {"ndb_mgmd", "mysql-cluster"},
                                           {"php-apache", "php"},
                                           {"python-shared-lib", "python"},
                                           {"rust-libstd-musl", "rust"},
                                           {"swipl", "swi-prolog"}};
    for (size_t i = 0; i < STELLA_COUNT(names); i++)
        if (strcmp(names[i][0], class) == 0)
            return names[i][1];
    return class;
}

static int is_in_table(const char *name) {
    for (unsigned i = 0; i < rule_count; i++)
        if (strcmp(rules[i].name, name) == 0)
            return 1;
    return 0;
}

/* What is explained: vault's version is told by the build information of Go, which snippets lack; the number of a build
 * of Java is left out; a version of fluent-bit that the snippet does not hold. */
static int is_explained(const char *class, const char *version) {
    return strcmp(class, "vault") == 0 || strcmp(version, "21.0.2+13-LTS") == 0 || strcmp(version, "1.7.0-dev-3") == 0;
}

static void finds_what_published_snippets_hold(void **state) {
    (void)state;
    char path[600], line[1024];
    snprintf(path, sizeof path, "%s/scanner/bin-classifier/expected.tsv", data_root() ? data_root() : "");
    FILE *file = fopen(path, "r");
    if (!file) {
        print_message("%s is not there: this part is skipped\n", path);
        return;
    }
    uint32_t rows = 0, missed = 0;
    while (fgets(line, sizeof line, file)) {
        char at[300], class[60], version[60], platform[60], name[100];
        if (sscanf(line, "%299[^\t]\t%59[^\t]\t%59[^\t]\t%59[^\t]\t%99[^\t\n]", at, class, version, platform, name) !=
            5)
            continue;
        if (!is_in_table(name_of_class(class)) || is_explained(class, version))
            continue;
        STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
        snprintf(path, sizeof path, "%s/scanner/bin-classifier/%s", data_root(), at);
        rows++;
        if (!is_found(name, data_read(path, arena), name_of_class(class), version)) {
            print_message("missed: %s\n", at);
            missed++;
        }
    }
    fclose(file);
    assert_true(rows > 50);
    assert_int_equal(missed, 0);
}

static void any_allocation_may_fail(void **state) {
    (void)state;
    fail_each_allocation(STELLA_SOURCE_DIR "/tests/data/classifier/programs", 2);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_versions_in_texts_of_programs),
        cmocka_unit_test(leaves_what_looks_alike_alone),
        cmocka_unit_test(knows_files_by_their_names),
        cmocka_unit_test(hostile_bytes_cost_little),
        cmocka_unit_test(states_programs_of_a_tree),
        cmocka_unit_test(scripts_are_no_programs),
        cmocka_unit_test(finds_what_published_snippets_hold),
        cmocka_unit_test(any_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
