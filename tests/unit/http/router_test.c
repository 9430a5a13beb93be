#include "check.h"

#include "http/router.h"

static router routes;
static stella_arena *arena;

static stella_status handler(void *context, const stella_http_request *request, stella_http_response *response,
                             stella_error *err) {
    (void)context;
    (void)request;
    (void)response;
    (void)err;
    return STELLA_OK;
}

static stella_status add(const char *method, const char *pattern) {
    return router_add(&routes, method, pattern, 0, handler, NULL, NULL);
}

static int make_routes(void **state) {
    (void)state;
    arena = stella_arena_create(1u << 20);
    return add("GET", "/") || add("GET", "/api/v1/scans/{id}") || add("DELETE", "/api/v1/scans/{id}") ||
           add("POST", "/api/v1/scans") || add("GET", "/api/v1/scans/latest") || add("GET", "/api/v1/{kind}/all");
}

static int drop_routes(void **state) {
    (void)state;
    router_fini(&routes);
    stella_arena_destroyp(&arena);
    return 0;
}

static router_match match;
static stella_error failure;

static stella_status find(const char *method, const char *path) {
    failure = (stella_error){0};
    return router_find(&routes, stella_sv_cstr(method), stella_sv_cstr(path), arena, &match, &failure);
}

static void finds_the_route_and_its_parameters(void **state) {
    (void)state;
    assert_int_equal(find("GET", "/api/v1/scans/a%2Fb%20c"), STELLA_OK);
    assert_string_equal(match.route->pattern, "/api/v1/scans/{id}");
    assert_string_equal(stella_arena_cstr(arena, router_param(&match, "id")), "a/b c");
    assert_int_equal(router_param(&match, "other").len, 0);
    assert_int_equal(find("GET", "/"), STELLA_OK);
    assert_int_equal(find("HEAD", "/api/v1/scans/x"), STELLA_OK);
}

static void prefers_literal_segments_from_the_left(void **state) {
    (void)state;
    assert_int_equal(find("GET", "/api/v1/scans/latest"), STELLA_OK);
    assert_string_equal(match.route->pattern, "/api/v1/scans/latest");
    assert_int_equal(find("GET", "/api/v1/scans/all"), STELLA_OK);
    assert_string_equal(match.route->pattern, "/api/v1/scans/{id}");
    assert_int_equal(find("GET", "/api/v1/jobs/all"), STELLA_OK);
}

static void tells_which_methods_a_path_takes(void **state) {
    (void)state;
    match = (router_match){0};
    assert_int_equal(find("PUT", "/api/v1/scans/x"), STELLA_E_UNSUPPORTED);
    assert_string_equal(match.allow, "GET, HEAD, DELETE");
    assert_null(match.route);
}

static void finds_nothing_where_nothing_is(void **state) {
    (void)state;
    const char *const paths[] = {"/api", "/api/v1/scans/x/y", "api", "", "//", "/api//v1", "/api/v1/scans/"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(find("GET", paths[i]), STELLA_E_NOTFOUND);
}

static void refuses_paths_that_mean_to_confuse(void **state) {
    (void)state;
    const char *const paths[] = {"/api/v1/scans/%00", "/api/v1/scans/%0a",    "/api/v1/scans/%1",
                                 "/api/v1/scans/%zz", "/api/v1/scans/..",     "/api/v1/scans/%2e%2E",
                                 "/api/v1/scans/%ff", "/api/v1/scans/%c2%85", "/api/v1/scans/%c0%af"};
    for (size_t i = 0; i < sizeof paths / sizeof paths[0]; i++)
        assert_int_equal(find("GET", paths[i]), STELLA_E_INVALID);
    char longest[ROUTER_PATH_MAX + 2];
    memset(longest, 'a', sizeof longest);
    longest[0] = '/';
    longest[sizeof longest - 1] = '\0';
    assert_int_equal(find("GET", longest), STELLA_E_INVALID);
}

static void refuses_routes_that_collide_or_are_malformed(void **state) {
    (void)state;
    assert_int_equal(add("GET", "/api/v1/scans/{other}"), STELLA_E_EXISTS);
    assert_int_equal(add("GET", "api"), STELLA_E_INVALID);
    assert_int_equal(add("BREW", "/pot"), STELLA_E_INVALID);
    assert_int_equal(find("GET", "/pot"), STELLA_E_NOTFOUND);
}

#define ROUTER_TEST(function) cmocka_unit_test_setup_teardown(function, make_routes, drop_routes)

int main(void) {
    const struct CMUnitTest all[] = {
        ROUTER_TEST(finds_the_route_and_its_parameters), ROUTER_TEST(prefers_literal_segments_from_the_left),
        ROUTER_TEST(tells_which_methods_a_path_takes),   ROUTER_TEST(finds_nothing_where_nothing_is),
        ROUTER_TEST(refuses_paths_that_mean_to_confuse), ROUTER_TEST(refuses_routes_that_collide_or_are_malformed),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
