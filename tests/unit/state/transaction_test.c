#include "store.h"

static void keeps_values_across_open(void **s) {
    (void)s;
    assert_int_equal(put("a", "one"), STELLA_OK);
    assert_int_equal(put("empty", ""), STELLA_OK);
    state_closep(&store);
    assert_int_equal(open_store(64u << 20, NULL), STELLA_OK);
    assert_string_equal(value_of("a"), "one");
    assert_string_equal(value_of("empty"), "");
    assert_string_equal(value_of("b"), "-");
}

static void leaves_the_output_alone_when_there_is_nothing(void **s) {
    (void)s;
    const stella_state *face = state_interface(store);
    stella_sv value = STELLA_SV("before");
    stella_error err;
    assert_int_equal(face->get(face->self, STELLA_SV("jobs"), STELLA_SV("x"), arena, &value, &err), STELLA_E_NOTFOUND);
    assert_string_equal(err.path, "x");
    assert_string_equal(value.ptr, "before");
}

static void applies_a_batch_whole_or_not_at_all(void **s) {
    (void)s;
    assert_int_equal(put("taken", "1"), STELLA_OK);
    const stella_state_op ops[] = {op_of(STELLA_STATE_PUT, "first", "x"), op_of(STELLA_STATE_DELETE, "taken", ""),
                                   op_of(STELLA_STATE_CREATE, "taken", "2")};
    stella_error err;
    assert_int_equal(commit(ops, 3, &err), STELLA_E_EXISTS);
    assert_string_equal(err.path, "taken");
    assert_string_equal(value_of("first"), "-");
    assert_string_equal(value_of("taken"), "1");
    assert_int_equal(commit(ops, 2, &err), STELLA_OK);
    assert_string_equal(value_of("first"), "x");
    assert_string_equal(value_of("taken"), "-");
}

static void swaps_only_what_is_as_expected(void **s) {
    (void)s;
    stella_state_op swap = op_of(STELLA_STATE_SWAP, "k", "v1");
    assert_int_equal(commit(&swap, 1, NULL), STELLA_OK); /* expected: none */
    assert_int_equal(commit(&swap, 1, NULL), STELLA_E_CONFLICT);
    swap.expected = STELLA_SV("v1");
    swap.value = STELLA_SV("v2");
    assert_int_equal(commit(&swap, 1, NULL), STELLA_OK);
    assert_int_equal(commit(&swap, 1, NULL), STELLA_E_CONFLICT);
    assert_string_equal(value_of("k"), "v2");
    stella_state_op check = op_of(STELLA_STATE_CHECK, "k", "");
    check.expected = STELLA_SV("v2");
    const stella_state_op both[] = {check, op_of(STELLA_STATE_PUT, "other", "1")};
    assert_int_equal(commit(both, 2, NULL), STELLA_OK);
    assert_string_equal(value_of("other"), "1");
}

static void refuses_what_breaks_the_limits(void **s) {
    (void)s;
    static char key[STELLA_STATE_KEY_MAX + 2];
    memset(key, 'k', STELLA_STATE_KEY_MAX);
    assert_int_equal(put(key, "longest"), STELLA_OK);
    assert_string_equal(value_of(key), "longest");
    key[STELLA_STATE_KEY_MAX] = 'k';
    assert_int_equal(put(key, "x"), STELLA_E_INVALID);
    assert_int_equal(put("", "x"), STELLA_E_INVALID);
    stella_state_op op = op_of(STELLA_STATE_PUT, "k", "v");
    op.space = stella_sv_of("a\0b", 3);
    assert_int_equal(commit(&op, 1, NULL), STELLA_E_INVALID);
    op = op_of(9, "k", "v");
    assert_int_equal(commit(&op, 1, NULL), STELLA_E_INVALID);
    op = op_of(STELLA_STATE_PUT, "k", "v");
    op.struct_size = 8;
    assert_int_equal(commit(&op, 1, NULL), STELLA_E_ABI);
}

static void hides_what_has_expired_and_purges_it(void **s) {
    (void)s;
    stella_state_op op = op_of(STELLA_STATE_PUT, "lease", "x");
    op.expires_ms = 2000;
    assert_int_equal(commit(&op, 1, NULL), STELLA_OK);
    assert_string_equal(value_of("lease"), "x");
    now_ms = 2000;
    assert_string_equal(value_of("lease"), "-");
    const stella_state_op again = op_of(STELLA_STATE_CREATE, "lease", "y"); /* gone means free, also before the purge */
    assert_int_equal(commit(&again, 1, NULL), STELLA_OK);
    op.key = STELLA_SV("second");
    assert_int_equal(commit(&op, 1, NULL), STELLA_OK);
    uint64_t removed = 77;
    assert_int_equal(state_purge(store, 100, &removed, NULL), STELLA_OK);
    assert_int_equal(removed, 1);
    assert_string_equal(value_of("lease"), "y");
    state_report report;
    assert_int_equal(state_check(store, &report, NULL), STELLA_OK);
    assert_int_equal(report.items, 1);
    assert_int_equal(report.expiring, 0);
}

typedef struct seen {
    char text[256];
    int stop_after;
} seen;

static int32_t note(void *context, const stella_state_item *item) {
    seen *n = context;
    const size_t used = strlen(n->text);
    snprintf(n->text + used, sizeof n->text - used, "%.*s=%.*s ", STELLA_SV_FMT(item->key), STELLA_SV_FMT(item->value));
    return n->stop_after > 0 && --n->stop_after == 0;
}

static const char *range(stella_state_range r, int stop_after) {
    static seen n;
    n = (seen){.stop_after = stop_after};
    const stella_state *face = state_interface(store);
    r.struct_size = sizeof r;
    if (!r.space.ptr)
        r.space = STELLA_SV("jobs");
    assert_int_equal(face->range(face->self, &r, note, &n, NULL), STELLA_OK);
    return n.text;
}

static void visits_a_range_in_either_order(void **s) {
    (void)s;
    const char *const keys[] = {"b2", "a", "b1", "c", "b\xff", "b"};
    for (size_t i = 0; i < 6; i++)
        assert_int_equal(put(keys[i], "v"), STELLA_OK);
    stella_state_op other = op_of(STELLA_STATE_PUT, "b1", "other");
    other.space = STELLA_SV("jobs2");
    assert_int_equal(commit(&other, 1, NULL), STELLA_OK);
    assert_string_equal(range((stella_state_range){0}, 0), "a=v b=v b1=v b2=v b\xff=v c=v ");
    assert_string_equal(range((stella_state_range){.descending = 1}, 0), "c=v b\xff=v b2=v b1=v b=v a=v ");
    assert_string_equal(range((stella_state_range){.prefix = STELLA_SV("b")}, 0), "b=v b1=v b2=v b\xff=v ");
    assert_string_equal(range((stella_state_range){.prefix = STELLA_SV("b\xff")}, 0), "b\xff=v ");
    assert_string_equal(range((stella_state_range){.from = STELLA_SV("b1"), .until = STELLA_SV("c")}, 0),
                        "b1=v b2=v b\xff=v ");
    assert_string_equal(
        range((stella_state_range){.from = STELLA_SV("b1"), .until = STELLA_SV("c"), .descending = 1, .limit = 2}, 0),
        "b\xff=v b2=v ");
    assert_string_equal(range((stella_state_range){.prefix = STELLA_SV("b")}, 2), "b=v b1=v ");
    assert_string_equal(range((stella_state_range){.space = STELLA_SV("job")}, 0), "");
    assert_string_equal(range((stella_state_range){.space = STELLA_SV("jobs2"), .descending = 1}, 0), "b1=other ");
}

int main(void) {
    const struct CMUnitTest all[] = {
        STATE_TEST(keeps_values_across_open),
        STATE_TEST(leaves_the_output_alone_when_there_is_nothing),
        STATE_TEST(applies_a_batch_whole_or_not_at_all),
        STATE_TEST(swaps_only_what_is_as_expected),
        STATE_TEST(refuses_what_breaks_the_limits),
        STATE_TEST(hides_what_has_expired_and_purges_it),
        STATE_TEST(visits_a_range_in_either_order),
    };
    return cmocka_run_group_tests(all, NULL, NULL);
}
