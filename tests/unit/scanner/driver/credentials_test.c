/* Where credentials are found, and what is refused. */
#include "check.h"

#include "credential_helper.h"
#include "credentials.h"

#include <stella/auto.h>

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef struct fixture {
    stella_arena *arena;
    char dir[64];
    char path[4096]; /* PATH before */
} fixture;

static void write_file(const fixture *f, const char *name, const char *text, mode_t mode) {
    char path[256];
    snprintf(path, sizeof path, "%s/%s", f->dir, name);
    FILE *file = fopen(path, "we");
    assert_non_null(file);
    fputs(text, file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(chmod(path, mode), 0);
}

static int set_up(void **state) {
    fixture *f = calloc(1, sizeof *f);
    f->arena = stella_arena_create(8u << 20);
    snprintf(f->dir, sizeof f->dir, "/tmp/stella-credentials-XXXXXX");
    assert_non_null(mkdtemp(f->dir));
    snprintf(f->path, sizeof f->path, "%s", getenv("PATH"));
    char own[4200];
    snprintf(own, sizeof own, "%s:%s", f->dir, f->path);
    setenv("PATH", own, 1);
    setenv("DOCKER_CONFIG", f->dir, 1);
    setenv("HOME", f->dir, 1);
    unsetenv("REGISTRY_AUTH_FILE");
    unsetenv("XDG_RUNTIME_DIR");
    unsetenv("XDG_CONFIG_HOME");
    *state = f;
    return 0;
}

static int tear_down(void **state) {
    fixture *f = *state;
    char command[128];
    setenv("PATH", f->path, 1);
    snprintf(command, sizeof command, "rm -rf %s", f->dir);
    assert_int_equal(system(command), 0);
    stella_arena_destroy(f->arena);
    free(f);
    return 0;
}

static credentials find(const fixture *f, const char *domain, const char *repository) {
    credentials c = {.username = {0}};
    stella_error err = {0};
    if (credentials_find(stella_sv_cstr(domain), stella_sv_cstr(repository), f->arena, &c, &err) != STELLA_OK)
        fail_msg("%s: %s: %s", domain, err.path, err.message);
    return c;
}

static stella_status fail_to_find(const fixture *f, const char *domain, stella_error *err) {
    credentials untouched = {.username = STELLA_SV("nobody")};
    const stella_status status = credentials_find(stella_sv_cstr(domain), STELLA_SV("app"), f->arena, &untouched, err);
    assert_true(stella_sv_eq(untouched.username, STELLA_SV("nobody")));
    return status;
}

static void assert_text(stella_sv got, const char *wanted) {
    assert_true(stella_sv_eq(got, stella_sv_cstr(wanted)));
}

static void knows_nothing_without_a_configuration(void **state) {
    const credentials c = find(*state, "registry.example", "app");
    assert_int_equal(c.username.len + c.password.len + c.identity_token.len + c.registry_token.len, 0);
}

static void reads_user_and_password_with_a_colon_in_it(void **state) {
    write_file(*state, "config.json", "{\"auths\":{\"registry.example:5000\":{\"auth\":\"YW5uOnA6dw==\"}}}", 0600);
    const credentials c = find(*state, "registry.example:5000", "app");
    assert_text(c.username, "ann");
    assert_text(c.password, "p:w");
    assert_int_equal(find(*state, "registry.example", "app").password.len, 0);
    assert_int_equal(find(*state, "other.example:5000", "app").password.len, 0);
}

static void finds_docker_hub_by_the_address_it_once_had(void **state) {
    write_file(*state, "config.json",
               "{\"auths\":{\"https://index.docker.io/v1/\":{\"identitytoken\":\"t1\"},"
               "\"https://quay.example\":{\"registrytoken\":\"t2\"}}}",
               0600);
    assert_text(find(*state, "docker.io", "library/alpine").identity_token, "t1");
    assert_text(find(*state, "quay.example", "a").registry_token, "t2");
}

static void prefers_the_entry_of_a_repository(void **state) {
    write_file(*state, "config.json",
               "{\"auths\":{\"r.example\":{\"auth\":\"YTph\"},\"r.example/team\":{\"auth\":\"Yjpi\"}}}", 0600);
    assert_text(find(*state, "r.example", "team/app").username, "b");
    assert_text(find(*state, "r.example", "teams/app").username, "a");
}

static void reads_what_podman_keeps_when_docker_knows_nothing(void **state) {
    const fixture *f = *state;
    char path[128];
    write_file(f, "config.json", "{\"auths\":{\"r.example\":{}}}", 0600);
    write_file(f, "auth.json", "{\"auths\":{\"r.example\":{\"auth\":\"YTph\"}}}", 0600);
    snprintf(path, sizeof path, "%s/auth.json", f->dir);
    setenv("REGISTRY_AUTH_FILE", path, 1);
    assert_text(find(f, "r.example", "app").username, "a");
}

static void asks_the_helper_of_a_registry(void **state) {
    write_file(*state, "docker-credential-good",
               "#!/bin/sh\nread server\n[ \"$1 $server\" = \"get r.example\" ] || exit 9\n"
               "echo '{\"Username\":\"bob\",\"Secret\":\"s\"}'\n",
               0755);
    write_file(*state, "config.json", "{\"credHelpers\":{\"r.example\":\"good\"},\"credsStore\":\"nowhere\"}", 0600);
    const credentials c = find(*state, "r.example", "app");
    assert_text(c.username, "bob");
    assert_text(c.password, "s");
}

static void takes_a_token_of_a_store_for_one(void **state) {
    write_file(*state, "docker-credential-store",
               "#!/bin/sh\nread server\necho \"{\\\"Username\\\":\\\"<token>\\\",\\\"Secret\\\":\\\"$server\\\"}\"\n",
               0755);
    write_file(*state, "config.json", "{\"credsStore\":\"store\"}", 0600);
    const credentials c = find(*state, "docker.io", "library/alpine");
    assert_text(c.identity_token, "https://index.docker.io/v1/");
    assert_int_equal(c.username.len, 0);
}

static void goes_on_when_a_helper_knows_nothing(void **state) {
    write_file(*state, "docker-credential-empty",
               "#!/bin/sh\necho 'credentials not found in native keychain'\nexit 1\n", 0755);
    write_file(*state, "config.json", "{\"credsStore\":\"empty\",\"auths\":{\"r.example\":{\"auth\":\"YTph\"}}}", 0600);
    assert_text(find(*state, "r.example", "app").username, "a");
    assert_int_equal(find(*state, "s.example", "app").username.len, 0);
}

static void says_which_helper_fails(void **state) {
    stella_error err = {0};
    write_file(*state, "docker-credential-bad", "#!/bin/sh\necho secret-word\nexit 3\n", 0755);
    write_file(*state, "config.json", "{\"credsStore\":\"bad\"}", 0600);
    assert_int_equal(fail_to_find(*state, "r.example", &err), STELLA_E_IO);
    assert_string_equal(err.path, "docker-credential-bad");
    assert_null(strstr(err.message, "secret-word"));
    write_file(*state, "config.json", "{\"credsStore\":\"absent\"}", 0600);
    assert_int_equal(fail_to_find(*state, "r.example", &err), STELLA_E_NOTFOUND);
}

static void refuses_an_answer_that_is_none(void **state) {
    stella_error err = {0};
    write_file(*state, "docker-credential-odd", "#!/bin/sh\necho secret-word\n", 0755);
    write_file(*state, "docker-credential-loud", "#!/bin/sh\nyes\n", 0755);
    write_file(*state, "config.json", "{\"credHelpers\":{\"a.example\":\"odd\",\"b.example\":\"loud\"}}", 0600);
    assert_int_equal(fail_to_find(*state, "a.example", &err), STELLA_E_FORMAT);
    assert_null(strstr(err.message, "secret-word"));
    assert_int_equal(fail_to_find(*state, "b.example", &err), STELLA_E_LIMIT);
}

static void runs_no_program_of_another_name(void **state) {
    static const char *const names[] = {"../evil", "a b", "UPPER", "a/b", "a.b", ""};
    const fixture *f = *state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        credentials c = {.username = {0}};
        int found = 7;
        assert_int_equal(credential_helper_get(stella_sv_cstr(names[i]), STELLA_SV("r"), f->arena, &c, &found, NULL),
                         STELLA_E_DENIED);
        assert_int_equal(found, 7);
    }
}

static void refuses_a_configuration_that_is_none(void **state) {
    stella_error err = {0};
    write_file(*state, "config.json", "<html>", 0600);
    assert_int_equal(fail_to_find(*state, "r.example", &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.path, "config.json"));
    write_file(*state, "config.json", "{\"auths\":{\"r.example\":{\"auth\":\"!!!\"}}}", 0600);
    assert_int_equal(fail_to_find(*state, "r.example", &err), STELLA_E_FORMAT);
    write_file(*state, "config.json", "{\"auths\":{\"r.example\":{\"auth\":\"YWJj\"}}}", 0600); /* no colon */
    assert_int_equal(fail_to_find(*state, "r.example", &err), STELLA_E_FORMAT);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(knows_nothing_without_a_configuration),
        TEST(reads_user_and_password_with_a_colon_in_it),
        TEST(finds_docker_hub_by_the_address_it_once_had),
        TEST(prefers_the_entry_of_a_repository),
        TEST(reads_what_podman_keeps_when_docker_knows_nothing),
        TEST(asks_the_helper_of_a_registry),
        TEST(takes_a_token_of_a_store_for_one),
        TEST(goes_on_when_a_helper_knows_nothing),
        TEST(says_which_helper_fails),
        TEST(refuses_an_answer_that_is_none),
        TEST(runs_no_program_of_another_name),
        TEST(refuses_a_configuration_that_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
