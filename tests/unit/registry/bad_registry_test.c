/* What a registry may do wrong: tests/tools/bad_registry.py does it, the source answers with a reason or copes. */
#include "image.h"

#include "check.h"
#include "registry_server.h"

#include <time.h>

#define ARM_LIST "linux/arm/v7, windows/arm64"

static const session_limits limits = {.transfer = {.connect_ms = 3000, .stall_s = 2},
                                      .document_ms = 6000,
                                      .token_ms = 1000,
                                      .attempts = 3,
                                      .backoff_ms = 5,
                                      .wait_ms = 2000,
                                      .waits_ms = 5000};

static bad_registry server;

static int start_server(void **state) {
    (void)state;
    return bad_registry_start(&server);
}

static int stop_server(void **state) {
    (void)state;
    return server_stop(&server.process);
}

/* repository: the name of a misbehaviour, with ":TAG" or "@DIGEST" where it matters */
static fake_target *target_on(unsigned port, const char *repository, const char *access) {
    fake_target *t = fake_create(STELLA_TARGET_REMOTE);
    t->base.name = stella_arena_printf(t->base.arena, "127.0.0.1:%u/%s", port, repository);
    t->base.access = stella_sv_cstr(access);
    return t;
}

static void assert_opens(fake_target *t) {
    stella_error err = {0};
    if (registry_open(&t->base, &limits, NULL, &err) != STELLA_OK)
        fail_msg("%.*s: %s: %s", STELLA_SV_FMT(t->base.name), err.path, err.message);
    assert_int_equal(t->image_count, 1);
    assert_int_equal(t->layer_count, 2);
}

static void assert_open_fails(const char *repository, const char *access, stella_status expected, const char *because) {
    TARGET t = target_on(server.port, repository, access);
    stella_error err = {0};
    const stella_status status = registry_open(&t->base, &limits, NULL, &err);
    if (status != expected || err.code != expected || !strstr(err.message, because))
        fail_msg("%s: %s: %s (%s)", repository, stella_status_name(status), err.message, err.path);
    assert_int_equal(t->image_count + t->layer_count, 0);
    assert_true(err.path[0]); /* the place */
    for (const char *c = err.message; *c; c++)
        assert_true(*c >= ' '); /* nothing of the server reaches the terminal as it is */
}

/* Fetches a layer in whole or in part; returns what registry_fetch does. */
static stella_status fetch(fake_target *t, uint32_t layer, uint64_t offset, uint64_t size, stella_buf *out,
                           stella_error *err) {
    const stella_sink sink = stella_buf_sink(out);
    return registry_fetch(&t->base, &t->layers[layer], offset, size, &limits, NULL, &sink, err);
}

static void assert_fetches_all(fake_target *t) {
    for (uint32_t i = 0; i < t->layer_count; i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf blob = stella_buf_of(1u << 20);
        stella_error err = {0};
        char digest[STELLA_DIGEST_TEXT_SIZE];
        if (fetch(t, i, 0, t->layers[i].size, &blob, &err) != STELLA_OK)
            fail_msg("%.*s: %s: %s", STELLA_SV_FMT(t->base.name), err.path, err.message);
        stella_digest_of(stella_buf_sv(&blob), digest);
        assert_true(stella_sv_eq(t->layers[i].digest, stella_sv_cstr(digest)));
    }
}

/* Opens well, then fails to fetch the first layer. */
static void assert_fetch_fails(const char *repository, stella_status expected, const char *because) {
    TARGET t = target_on(server.port, repository, "");
    STELLA_AUTO(stella_buf_fini) stella_buf blob = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_opens(t);
    const stella_status status = fetch(t, 0, 0, t->layers[0].size, &blob, &err);
    if (status != expected || !strstr(err.message, because))
        fail_msg("%s: %s: %s (%s)", repository, stella_status_name(status), err.message, err.path);
    assert_true(blob.len <= t->layers[0].size); /* never more than was asked for */
    assert_true(err.path[0]);
}

static void an_image_is_stated_with_its_layers_and_fetched(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "good", "");
    assert_opens(t);
    assert_true(stella_sv_ends(t->image.name, STELLA_SV("/good:latest")));
    assert_true(stella_sv_eq(t->image.os, STELLA_SV("linux")));
    assert_true(stella_digest_is_valid(t->image.digest) && stella_digest_is_valid(t->image.config_digest));
    assert_true(t->image.created_ms == 1700000000000);
    assert_true(stella_sv_eq(t->layers[1].created_by, STELLA_SV("RUN c")));
    assert_true(stella_sv_eq(t->layers[0].diff_id, t->layers[0].digest));
    assert_fetches_all(t);
}

static void a_part_of_a_layer_can_be_fetched(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "good", "");
    STELLA_AUTO(stella_buf_fini) stella_buf whole = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf part = stella_buf_of(1u << 20);
    assert_opens(t);
    assert_int_equal(fetch(t, 0, 0, t->layers[0].size, &whole, NULL), STELLA_OK);
    assert_int_equal(fetch(t, 0, 1000, 70000, &part, NULL), STELLA_OK);
    assert_int_equal(part.len, 70000);
    assert_memory_equal(part.ptr, whole.ptr + 1000, part.len);
    assert_int_equal(fetch(t, 0, t->layers[0].size, 0, &part, NULL), STELLA_OK);
    assert_int_equal(fetch(t, 0, t->layers[0].size, 1, &part, NULL), STELLA_E_INVALID);
}

static void an_image_by_its_digest_is_the_same_image(void **state) {
    (void)state;
    TARGET tagged = target_on(server.port, "nested", "");
    assert_opens(tagged);
    const stella_sv name = stella_arena_printf(tagged->base.arena, "nested@%.*s", STELLA_SV_FMT(tagged->image.digest));
    TARGET t = target_on(server.port, name.ptr, "");
    assert_opens(t);
    assert_true(stella_sv_eq(t->image.digest, tagged->image.digest));
    assert_open_fails("good@sha256:1111111111111111111111111111111111111111111111111111111111111111", "",
                      STELLA_E_NOTFOUND, "404");
}

static void the_platform_is_found_in_nested_indexes_and_lists(void **state) {
    (void)state;
    TARGET nested = target_on(server.port, "nested", "");
    TARGET list = target_on(server.port, "list", "");
    assert_opens(nested);
    assert_opens(list);
    assert_true(stella_sv_eq(nested->image.architecture, STELLA_SV("amd64")));
    assert_true(stella_sv_eq(nested->image.digest, list->image.digest));
    TARGET arm = target_on(server.port, "nested", "");
    arm->base.platform = STELLA_SV("linux/arm/v7");
    assert_opens(arm);
    assert_true(stella_sv_eq(arm->image.architecture, STELLA_SV("arm")));
}

static void an_index_without_our_platform_says_what_there_is(void **state) {
    (void)state;
    assert_open_fails("no-platform", "", STELLA_E_NOTFOUND, ARM_LIST);
}

static void foreign_and_unknown_layers_are_stated_as_they_are(void **state) {
    (void)state;
    TARGET foreign = target_on(server.port, "foreign", "");
    TARGET odd = target_on(server.port, "odd-layer", "");
    assert_opens(foreign);
    assert_int_equal(foreign->layers[0].kind, STELLA_LAYER_FOREIGN);
    assert_opens(odd);
    assert_int_equal(odd->layers[0].kind, STELLA_LAYER_BLOB);
    assert_true(stella_sv_eq(odd->layers[0].media_type, STELLA_SV("application/vnd.example.layer.lzma")));
}

static void documents_that_are_not_what_they_claim_are_refused(void **state) {
    (void)state;
    assert_open_fails("wrong-digest", "", STELLA_E_FORMAT, "wrong digest");
    assert_open_fails("wrong-config", "", STELLA_E_FORMAT, "descriptor says");
    assert_open_fails("wrong-size", "", STELLA_E_FORMAT, "descriptor says");
    assert_open_fails("both", "", STELLA_E_FORMAT, "both an index and a manifest");
    assert_open_fails("other-type", "", STELLA_E_FORMAT, "its content another");
    assert_open_fails("artifact", "", STELLA_E_FORMAT, "artifact");
    assert_open_fails("schema-1", "", STELLA_E_UNSUPPORTED, "schema 1");
    assert_open_fails("html", "", STELLA_E_FORMAT, "a web page");
    assert_open_fails("gone", "", STELLA_E_NOTFOUND, "404");
}

static void answers_have_a_largest_size(void **state) {
    (void)state;
    assert_open_fails("endless", "", STELLA_E_LIMIT, "goes on behind 4194304 bytes");
    assert_open_fails("headers", "", STELLA_E_LIMIT, "header");
}

static void redirects_are_followed_a_few_times_and_only_to_http(void **state) {
    (void)state;
    assert_open_fails("loop", "", STELLA_E_LIMIT, "redirected more than 5 times");
    assert_open_fails("file", "", STELLA_E_FORMAT, "no URL");
    TARGET t = target_on(server.port, "elsewhere", "");
    assert_opens(t);
    assert_fetches_all(t);
}

static void each_refusal_says_what_to_do(void **state) {
    (void)state;
    assert_open_fails("status-401", "", STELLA_E_DENIED, "docker login 127.0.0.1");
    assert_open_fails("status-403", "", STELLA_E_DENIED, "HTTP 403: ?[31mno STATUS");
    assert_open_fails("status-404", "", STELLA_E_NOTFOUND, "HTTP 404");
    assert_open_fails("status-429", "", STELLA_E_BUSY, "rate limit");
    assert_open_fails("status-500", "", STELLA_E_IO, "HTTP 500");
    assert_open_fails("status-503", "", STELLA_E_BUSY, "HTTP 503");
    assert_open_fails("status-418", "", STELLA_E_IO, "HTTP 418");
}

static uint64_t now_ms(void) {
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static void a_registry_that_asks_to_wait_is_waited_for(void **state) {
    (void)state;
    static const char *const names[] = {"status-429-once", "status-503-once"};
    for (int i = 0; i < 2; i++) {
        TARGET t = target_on(server.port, names[i], "");
        const uint64_t before = now_ms();
        assert_opens(t);
        assert_true(now_ms() - before >= 2000); /* Retry-After: 1, for the manifest and for the configuration */
    }
}

static void a_wait_that_is_too_long_is_reported_instead(void **state) {
    (void)state;
    const uint64_t before = now_ms();
    assert_open_fails("status-429-long", "", STELLA_E_BUSY, "in 3600 seconds");
    assert_true(now_ms() - before < 60000);
}

static void a_broken_transfer_goes_on_where_it_broke(void **state) {
    (void)state;
    TARGET ranges = target_on(server.port, "half", "");
    TARGET none = target_on(server.port, "half-whole", "");
    assert_opens(ranges);
    assert_fetches_all(ranges);
    assert_opens(none);
    assert_fetches_all(none);
}

static void a_transfer_that_gets_nowhere_ends(void **state) {
    (void)state;
    assert_fetch_fails("half-always", STELLA_E_IO, "cut short after 150000 of 300000 bytes");
    assert_open_fails("truncated", "", STELLA_E_IO, "");
}

static void blobs_of_another_size_are_refused(void **state) {
    (void)state;
    assert_fetch_fails("short-blob", STELLA_E_FORMAT, "ends 10 bytes early");
    assert_fetch_fails("endless-blob", STELLA_E_LIMIT, "goes on behind 300000 bytes");
    assert_fetch_fails("html-blob", STELLA_E_FORMAT, "a web page");
}

static void a_server_that_knows_no_parts_is_told_from_one_that_fails(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "half-whole", "");
    STELLA_AUTO(stella_buf_fini) stella_buf part = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_opens(t);
    assert_int_equal(fetch(t, 1, 1000, 100, &part, &err), STELLA_E_UNSUPPORTED);
    assert_int_equal(part.len, 0);
}

static void a_range_that_was_not_asked_for_is_refused(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "wrong-range", "");
    STELLA_AUTO(stella_buf_fini) stella_buf part = stella_buf_of(1u << 20);
    stella_error err = {0};
    assert_opens(t);
    assert_int_equal(fetch(t, 0, 1000, 100, &part, &err), STELLA_E_FORMAT);
    assert_non_null(strstr(err.message, "bytes from 1000 were asked for"));
    assert_int_equal(part.len, 0);
}

#define LOGIN "{\"username\":\"reader\",\"password\":\"se:cret\"}"

static void a_token_service_gives_what_the_registry_asks_for(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "token", LOGIN);
    assert_opens(t);
    assert_fetches_all(t); /* elsewhere, where credentials are refused */
    assert_open_fails("token", "", STELLA_E_DENIED, "docker login");
    assert_open_fails("token", "{\"username\":\"reader\",\"password\":\"wrong\"}", STELLA_E_DENIED, "log in again");
}

static void a_token_is_used_again_until_it_is_refused(void **state) {
    (void)state;
    TARGET once = target_on(server.port, "token-once", "");
    TARGET expires = target_on(server.port, "token-expires", "");
    assert_opens(once);
    assert_opens(expires);
}

#define PROXY "{\"insecure\":true,\"proxy\":\"http://127.0.0.1:%u\"}"

static void loopback_is_spoken_to_in_http_and_past_any_proxy(void **state) {
    (void)state;
    char json[128];
    snprintf(json, sizeof json, PROXY, 1u);
    TARGET t = target_on(server.other_port, "good", json); /* silent when it is spoken to in TLS */
    assert_opens(t);
}

static void assert_other_host_says(const char *json, const char *what) {
    stella_error err = {0};
    TARGET t = target_on(server.port, "good", json);
    t->base.name = STELLA_SV("registry.invalid/x"); /* a name that nobody has, ever */
    assert_int_equal(registry_open(&t->base, &limits, NULL, &err), STELLA_E_IO);
    if (!strstr(err.message, what))
        fail_msg("%s", err.message);
}

static void a_proxy_is_used_for_other_hosts_but_for_those_named(void **state) {
    (void)state;
    char json[160];
    snprintf(json, sizeof json, "{\"proxy\":\"http://127.0.0.1:%u\"}", server.port);
    assert_other_host_says(json, "CONNECT tunnel failed"); /* this one is no proxy */
    snprintf(json, sizeof json, "{\"proxy\":\"http://127.0.0.1:%u\",\"noProxy\":\"a.b,.invalid\"}", server.port);
    assert_other_host_says(json, "resolve host");
}

static void an_identity_token_is_exchanged(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "refresh", "{\"identityToken\":\"refresh+/=&me\"}");
    assert_opens(t);
    assert_fetches_all(t);
    assert_open_fails("refresh", "{\"identityToken\":\"other\"}", STELLA_E_DENIED, "HTTP 401");
}

static void a_registry_token_is_sent_as_it_is(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "token", "{\"registryToken\":\"t0k-en\"}");
    assert_opens(t);
    assert_open_fails("token", "{\"registryToken\":\"a\\r\\nX: y\"}", STELLA_E_FORMAT, "control characters");
}

static void basic_credentials_are_sent_when_asked_for(void **state) {
    (void)state;
    TARGET t = target_on(server.port, "basic", LOGIN);
    assert_opens(t);
    assert_open_fails("basic", "", STELLA_E_DENIED, "docker login");
    assert_open_fails("basic", "{\"username\":\"reader\",\"password\":\"wrong\"}", STELLA_E_DENIED, "refuses the");
    assert_open_fails("basic", "[]", STELLA_E_FORMAT, "no JSON object");
}

static void a_token_service_that_fails_is_named(void **state) {
    (void)state;
    const uint64_t before = now_ms();
    assert_open_fails("token-hang", "", STELLA_E_TIMEOUT, "token service");
    assert_true(now_ms() - before < 10000);
    assert_open_fails("token-html", "", STELLA_E_FORMAT, "token service");
    assert_open_fails("token-none", "", STELLA_E_FORMAT, "without a token");
    assert_open_fails("token-500", "", STELLA_E_IO, "HTTP 500");
    assert_open_fails("token-plain", "", STELLA_E_DENIED, "plain HTTP (registry.example)");
    assert_open_fails("bad-challenge", "", STELLA_E_FORMAT, "quoted");
}

static void an_authority_of_ones_own_is_trusted_when_it_is_named(void **state) {
    (void)state;
    char json[8192];
    stella_error err = {0};
    TARGET trusted = target_on(server.tls_port, "token",
                               server_access(server.ca, json, sizeof json,
                                             "\"username\":\"reader\",\"password\":"
                                             "\"se:cret\","));
    assert_opens(trusted);
    TARGET unknown = target_on(server.tls_port, "good", "");
    assert_int_equal(registry_open(&unknown->base, &limits, NULL, &err), STELLA_E_DENIED);
    assert_non_null(strstr(err.message, "certificate"));
    TARGET insecure = target_on(server.tls_port, "good", "{\"insecure\":true}");
    assert_opens(insecure);
}

static void https_never_becomes_http(void **state) {
    (void)state;
    char json[8192];
    stella_error err = {0};
    TARGET t = target_on(server.tls_port, "downgrade", server_access(server.ca, json, sizeof json, ""));
    assert_int_equal(registry_open(&t->base, &limits, NULL, &err), STELLA_E_DENIED);
    assert_non_null(strstr(err.message, "plain HTTP (127.0.0.1)"));
}

static void a_host_that_is_not_there_is_named(void **state) {
    (void)state;
    TARGET t = fake_create(STELLA_TARGET_REMOTE);
    stella_error err = {0};
    t->base.name = STELLA_SV("127.0.0.1:1/x");
    assert_int_equal(registry_open(&t->base, &limits, NULL, &err), STELLA_E_IO);
    assert_string_equal(err.path, "127.0.0.1:1/x");
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(an_image_is_stated_with_its_layers_and_fetched),
                                       cmocka_unit_test(a_part_of_a_layer_can_be_fetched),
                                       cmocka_unit_test(an_image_by_its_digest_is_the_same_image),
                                       cmocka_unit_test(the_platform_is_found_in_nested_indexes_and_lists),
                                       cmocka_unit_test(an_index_without_our_platform_says_what_there_is),
                                       cmocka_unit_test(foreign_and_unknown_layers_are_stated_as_they_are),
                                       cmocka_unit_test(documents_that_are_not_what_they_claim_are_refused),
                                       cmocka_unit_test(answers_have_a_largest_size),
                                       cmocka_unit_test(redirects_are_followed_a_few_times_and_only_to_http),
                                       cmocka_unit_test(each_refusal_says_what_to_do),
                                       cmocka_unit_test(a_registry_that_asks_to_wait_is_waited_for),
                                       cmocka_unit_test(a_wait_that_is_too_long_is_reported_instead),
                                       cmocka_unit_test(a_broken_transfer_goes_on_where_it_broke),
                                       cmocka_unit_test(a_transfer_that_gets_nowhere_ends),
                                       cmocka_unit_test(blobs_of_another_size_are_refused),
                                       cmocka_unit_test(a_server_that_knows_no_parts_is_told_from_one_that_fails),
                                       cmocka_unit_test(a_range_that_was_not_asked_for_is_refused),
                                       cmocka_unit_test(a_token_service_gives_what_the_registry_asks_for),
                                       cmocka_unit_test(a_token_is_used_again_until_it_is_refused),
                                       cmocka_unit_test(loopback_is_spoken_to_in_http_and_past_any_proxy),
                                       cmocka_unit_test(a_proxy_is_used_for_other_hosts_but_for_those_named),
                                       cmocka_unit_test(an_identity_token_is_exchanged),
                                       cmocka_unit_test(a_registry_token_is_sent_as_it_is),
                                       cmocka_unit_test(basic_credentials_are_sent_when_asked_for),
                                       cmocka_unit_test(a_token_service_that_fails_is_named),
                                       cmocka_unit_test(an_authority_of_ones_own_is_trusted_when_it_is_named),
                                       cmocka_unit_test(https_never_becomes_http),
                                       cmocka_unit_test(a_host_that_is_not_there_is_named)};
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
