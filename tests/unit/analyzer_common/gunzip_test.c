#include "check.h"
#include "common/gunzip.h"
#include "gzip.h"

#include <stella/auto.h>
#include <stella/sink.h>

/* Inflates the bytes into out; returns how it ended. */
static stella_status inflate(stella_sv bytes, uint64_t limit, stella_buf *out) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    gunzip *g = gunzip_of_bytes(bytes, limit, arena);
    stella_sv piece = STELLA_SV("x");
    stella_status status = STELLA_OK;
    assert_non_null(g);
    while ((status = gunzip_next(g, &piece, NULL)) == STELLA_OK && piece.len)
        assert_int_equal(stella_buf_add(out, piece), STELLA_OK);
    return status;
}

static stella_sv long_text(stella_buf *out) {
    for (int i = 0; i < 60000; i++)
        stella_buf_printf(out, "line %d\n", i * 7919 % 60000);
    return stella_buf_sv(out);
}

static void members_follow_each_other_and_zeros_may_follow_them(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf file = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(4u << 20);
    const stella_sv member = gzip_of(long_text(&text));
    assert_non_null(member.ptr);
    stella_buf_add(&file, member);
    stella_buf_add(&file, member);
    stella_buf_add(&file, STELLA_SV("\0\0\0"));
    assert_int_equal(inflate(stella_buf_sv(&file), UINT64_MAX, &got), STELLA_OK);
    assert_int_equal(got.len, 2 * text.len);
    assert_memory_equal(got.ptr, text.ptr, text.len);
    assert_memory_equal(got.ptr + text.len, text.ptr, text.len);
    free((void *)(uintptr_t)member.ptr);
}

static void every_cut_is_seen(void **state) {
    (void)state;
    const stella_sv member = gzip_of(STELLA_SV("some text that is long enough to be of use, some text"));
    for (size_t len = 1; len < member.len; len++) {
        STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
        assert_int_equal(inflate(stella_sv_first(member, len), UINT64_MAX, &got), STELLA_E_FORMAT);
    }
    free((void *)(uintptr_t)member.ptr);
}

static void what_is_no_gzip_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
    assert_int_equal(inflate(STELLA_SV("plain text, not at all compressed"), UINT64_MAX, &got), STELLA_E_FORMAT);
    assert_int_equal(inflate(STELLA_SV(""), UINT64_MAX, &got), STELLA_OK);
    assert_int_equal(got.len, 0);
}

static void more_than_the_limit_is_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(1u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
    const stella_sv member = gzip_of(long_text(&text));
    assert_int_equal(inflate(member, text.len - 1, &got), STELLA_E_LIMIT);
    got.len = 0;
    assert_int_equal(inflate(member, text.len, &got), STELLA_OK);
    free((void *)(uintptr_t)member.ptr);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_follow_each_other_and_zeros_may_follow_them),
        cmocka_unit_test(every_cut_is_seen),
        cmocka_unit_test(what_is_no_gzip_is_refused),
        cmocka_unit_test(more_than_the_limit_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
