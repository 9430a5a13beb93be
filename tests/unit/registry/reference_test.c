/* Image references, as Docker and OCI write them. */
#include "reference.h"

#include "check.h"

#define DIGEST "sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static int set_up(void **state) {
    *state = stella_arena_create(1u << 20);
    return *state ? 0 : -1;
}

static int tear_down(void **state) {
    stella_arena_destroy(*state);
    return 0;
}

static void assert_sv(stella_sv got, const char *expected) {
    char text[512] = "";
    assert_true(got.len < sizeof text);
    if (got.len)
        memcpy(text, got.ptr, got.len);
    assert_string_equal(text, expected);
}

static void assert_reads(void **state, const char *text, const char *host, const char *repository, const char *tag,
                         const char *digest, const char *full) {
    reference r;
    stella_error err = {0};
    if (reference_parse(stella_sv_cstr(text), *state, &r, &err) != STELLA_OK)
        fail_msg("%s: %s", text, err.message);
    assert_sv(r.host, host);
    assert_sv(r.repository, repository);
    assert_sv(r.tag, tag);
    assert_sv(r.digest, digest);
    assert_sv(reference_text(&r, *state), full);
}

static void a_bare_name_is_the_latest_official_image_of_docker_hub(void **state) {
    assert_reads(state, "alpine", "registry-1.docker.io", "library/alpine", "latest", "",
                 "docker.io/library/alpine:latest");
    assert_reads(state, "docker.io/alpine:3.19", "registry-1.docker.io", "library/alpine", "3.19", "",
                 "docker.io/library/alpine:3.19");
    assert_reads(state, "index.docker.io/grafana/loki", "registry-1.docker.io", "grafana/loki", "latest", "",
                 "docker.io/grafana/loki:latest");
}

static void a_first_part_without_dot_or_port_is_no_domain(void **state) {
    assert_reads(state, "grafana/loki:2.9", "registry-1.docker.io", "grafana/loki", "2.9", "",
                 "docker.io/grafana/loki:2.9");
    assert_reads(state, "localhost/loki", "localhost", "loki", "latest", "", "localhost/loki:latest");
    assert_reads(state, "GHCR/loki", "GHCR", "loki", "latest", "", "GHCR/loki:latest");
}

static void ports_and_addresses_are_domains(void **state) {
    assert_reads(state, "localhost:5000/a/b/c:v1", "localhost:5000", "a/b/c", "v1", "", "localhost:5000/a/b/c:v1");
    assert_reads(state, "192.0.2.7:80/x", "192.0.2.7:80", "x", "latest", "", "192.0.2.7:80/x:latest");
    assert_reads(state, "[2001:db8::1]:5000/x:1", "[2001:db8::1]:5000", "x", "1", "", "[2001:db8::1]:5000/x:1");
    assert_reads(state, "[::1]/x", "[::1]", "x", "latest", "", "[::1]/x:latest");
}

static void a_digest_decides_and_a_tag_beside_it_is_kept(void **state) {
    assert_reads(state, "ghcr.io/x/y@" DIGEST, "ghcr.io", "x/y", "", DIGEST, "ghcr.io/x/y@" DIGEST);
    assert_reads(state, "ghcr.io/x/y:v2@" DIGEST, "ghcr.io", "x/y", "v2", DIGEST, "ghcr.io/x/y@" DIGEST);
}

static void separators_stand_between_words(void **state) {
    assert_reads(state, "a.b/c__d/e--f_g.h", "a.b", "c__d/e--f_g.h", "latest", "", "a.b/c__d/e--f_g.h:latest");
}

static void assert_refused(void **state, const char *text, stella_status expected, const char *because) {
    reference r = {.tag = STELLA_SV("untouched")};
    stella_error err = {0};
    const stella_status status = reference_parse(stella_sv_cstr(text), *state, &r, &err);
    if (status != expected || !strstr(err.message, because))
        fail_msg("%s: %s: %s", text, stella_status_name(status), err.message);
    assert_sv(r.tag, "untouched");
}

static void what_is_no_reference_is_refused_with_its_reason(void **state) {
    assert_refused(state, "", STELLA_E_INVALID, "missing");
    assert_refused(state, "ghcr.io/", STELLA_E_INVALID, "missing");
    assert_refused(state, "https://ghcr.io/x", STELLA_E_INVALID, "leave out https://");
    assert_refused(state, "Alpine", STELLA_E_INVALID, "lower-case");
    assert_refused(state, "a..b", STELLA_E_INVALID, "lower-case");
    assert_refused(state, "a___b", STELLA_E_INVALID, "lower-case");
    assert_refused(state, "x/../y", STELLA_E_INVALID, "no repository name");
    assert_refused(state, "ghcr.io//x", STELLA_E_INVALID, "no repository name");
    assert_refused(state, "ghcr.io/x?y=1", STELLA_E_INVALID, "no repository name");
    assert_refused(state, "x:", STELLA_E_INVALID, "no tag");
    assert_refused(state, "x:-v1", STELLA_E_INVALID, "no tag");
    assert_refused(state, "x:a/b", STELLA_E_INVALID, "port");
    assert_refused(state, "a.b:0/x", STELLA_E_INVALID, "port");
    assert_refused(state, "a.b:65536/x", STELLA_E_INVALID, "port");
    assert_refused(state, "a.b:000080/x", STELLA_E_INVALID, "port");
    assert_refused(state, "-a.b/x", STELLA_E_INVALID, "no host name");
    assert_refused(state, "a..b/x", STELLA_E_INVALID, "no host name");
    assert_refused(state, "user:secret@a.b/x", STELLA_E_INVALID, "no digest");
    assert_refused(state, "[::1%eth0]/x", STELLA_E_INVALID, "no host name");
    assert_refused(state, "[::1/x", STELLA_E_INVALID, "no host name");
    assert_refused(state, "x@sha256:0123", STELLA_E_INVALID, "no digest");
    assert_refused(state, "x@sha512:0123", STELLA_E_UNSUPPORTED, "only sha256");
}

static void names_and_tags_have_a_longest_length(void **state) {
    char text[600];
    memset(text, 'a', sizeof text);
    memcpy(text, "a.b/", 4);
    text[255] = '\0';
    assert_reads(state, text, "a.b", text + 4, "latest", "", strcat(memcpy((char[300]){0}, text, 256), ":latest"));
    text[255] = 'a';
    text[256] = '\0';
    assert_refused(state, text, STELLA_E_LIMIT, "255");
    memcpy(text, "a:", 2);
    memset(text + 2, 'a', 130);
    text[2 + 129] = '\0';
    assert_refused(state, text, STELLA_E_INVALID, "no tag");
    memset(text, 'a', sizeof text);
    text[sizeof text - 1] = '\0';
    assert_refused(state, text, STELLA_E_LIMIT, "bytes");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(a_bare_name_is_the_latest_official_image_of_docker_hub),
                                       cmocka_unit_test(a_first_part_without_dot_or_port_is_no_domain),
                                       cmocka_unit_test(ports_and_addresses_are_domains),
                                       cmocka_unit_test(a_digest_decides_and_a_tag_beside_it_is_kept),
                                       cmocka_unit_test(separators_stand_between_words),
                                       cmocka_unit_test(what_is_no_reference_is_refused_with_its_reason),
                                       cmocka_unit_test(names_and_tags_have_a_longest_length)};
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
