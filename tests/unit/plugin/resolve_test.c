#include "check.h"

#include "plugin/resolve.h"

#include <string.h>

typedef struct answers {
    uint32_t count;
    uint32_t index[8];
    char message[8][192];
} answers;

static void note(void *self, uint32_t index, const stella_error *why) {
    answers *a = self;
    a->index[a->count] = index;
    memcpy(a->message[a->count++], why->message, sizeof why->message);
}

static plugin_manifest plugin(const char *id, const char *provides, const char *requires) {
    plugin_manifest m = {.id = id, .role = PLUGIN_ROLE_SCAN, .provides_count = 1, .requires_count = requires ? 1 : 0};
    m.provides[0] = provides;
    m.requires[0] = requires;
    return m;
}

static answers ask(const plugin_manifest *a, const plugin_manifest *b, const plugin_manifest *c) {
    const plugin_manifest *all[] = {a, b, c};
    answers got = {0};
    assert_int_equal(resolve(all, c ? 3 : 2, note, &got, NULL), STELLA_OK);
    return got;
}

static void lets_plugins_build_on_each_other_and_on_the_host(void **state) {
    (void)state;
    const plugin_manifest a = plugin("a.a", "x.one/0", "x.two/0"), b = plugin("b.b", "x.two/0", "stella.log/1");
    assert_int_equal(ask(&a, &b, NULL).count, 0);
}

static void refuses_both_providers_of_what_one_alone_may_provide(void **state) {
    (void)state;
    const plugin_manifest a = plugin("a.a", "x.one/0", NULL), b = plugin("b.b", "x.one/0", NULL);
    const answers got = ask(&a, &b, NULL);
    assert_int_equal(got.count, 2);
    assert_string_equal(got.message[0], "x.one/0 is also provided by b.b; remove one of the two");
    assert_string_equal(got.message[1], "x.one/0 is also provided by a.a; remove one of the two");
}

static void lets_many_analyzers_live_side_by_side(void **state) {
    (void)state;
    const plugin_manifest a = plugin("a.a", "stella.analyzer/1", NULL), b = plugin("b.b", "stella.analyzer/1", NULL);
    assert_int_equal(ask(&a, &b, NULL).count, 0);
}

static void refuses_a_circle_and_who_depends_on_it_but_nobody_else(void **state) {
    (void)state;
    const plugin_manifest a = plugin("a.a", "x.one/0", "x.two/0"), b = plugin("b.b", "x.two/0", "x.one/0");
    const plugin_manifest above = plugin("c.c", "x.three/0", "x.one/0"), beside = plugin("d.d", "x.four/0", NULL);
    const answers with_above = ask(&a, &b, &above);
    assert_int_equal(with_above.count, 3);
    assert_non_null(strstr(with_above.message[0], "in a circle"));
    assert_non_null(strstr(with_above.message[1], "in a circle"));
    assert_non_null(strstr(with_above.message[2], "requires x.one/0, which nothing"));
    assert_int_equal(ask(&a, &b, &beside).count, 2);
}

static void does_not_serve_across_roles_nor_kernel_interfaces_elsewhere(void **state) {
    (void)state;
    const plugin_manifest a = plugin("a.a", "x.one/0", "x.two/0"), s = plugin("s.s", "x.three/0", "stella.state/1");
    plugin_manifest b = plugin("b.b", "x.two/0", "stella.state/1");
    b.role = PLUGIN_ROLE_KERNEL;
    const answers got = ask(&a, &b, &s);
    assert_int_equal(got.count, 2);
    assert_int_equal(got.index[0], 0);
    assert_int_equal(got.index[1], 2);
}

int main(void) {
    const struct CMUnitTest fitting[] = {
        cmocka_unit_test(lets_plugins_build_on_each_other_and_on_the_host),
        cmocka_unit_test(refuses_both_providers_of_what_one_alone_may_provide),
        cmocka_unit_test(lets_many_analyzers_live_side_by_side),
        cmocka_unit_test(refuses_a_circle_and_who_depends_on_it_but_nobody_else),
        cmocka_unit_test(does_not_serve_across_roles_nor_kernel_interfaces_elsewhere),
    };
    return cmocka_run_group_tests(fitting, NULL, NULL);
}
