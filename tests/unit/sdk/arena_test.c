#include "check.h"

#include <stella/arena.h>

static void gives_zeroed_aligned_memory_of_every_size(void **state) {
    (void)state;
    stella_arena *arena = stella_arena_create(64u << 20);
    for (size_t size = 1; size < 100000; size = size * 3 / 2 + 1) {
        unsigned char *piece = stella_arena_alloc(arena, 1, size);
        assert_non_null(piece);
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xff, size);
    }
    assert_non_null(stella_arena_alloc(arena, 0, 8));
    assert_non_null(stella_arena_alloc(arena, 8, 0));
    stella_arena_destroy(arena);
}

static void never_exceeds_its_budget(void **state) {
    (void)state;
    stella_arena *arena = stella_arena_create(1000);
    unsigned given = 0;
    while (stella_arena_alloc(arena, 1, 16))
        given++;
    assert_int_equal(given, 62);
    assert_true(stella_arena_used(arena) <= 1000);
    assert_null(stella_arena_cstr(arena, STELLA_SV("0123456789abcdef")));
    assert_null(stella_arena_dup(arena, STELLA_SV("0123456789abcdef")).ptr);
    assert_null(stella_arena_printf(arena, "%040d", 1).ptr);
    stella_arena_destroy(arena);
}

static void refuses_products_that_overflow(void **state) {
    (void)state;
    stella_arena *arena = stella_arena_create(UINT64_MAX);
    assert_null(stella_arena_alloc(arena, UINT64_MAX, 2));
    assert_null(stella_arena_alloc(arena, (uint64_t)1 << 33, (uint64_t)1 << 33));
    assert_null(stella_arena_alloc(arena, 1, UINT64_MAX)); /* rounding up would wrap around */
    assert_int_equal(stella_arena_used(arena), 0);
    stella_arena_destroy(arena);
}

static void pieces_do_not_overlap(void **state) {
    (void)state;
    stella_arena *arena = stella_arena_create(8u << 20);
    unsigned char *pieces[200];
    for (unsigned i = 0; i < 200; i++) { /* small ones and ones with a block of their own */
        pieces[i] = stella_arena_alloc(arena, 1, i % 10 ? 300 : 20000);
        memset(pieces[i], (int)i, i % 10 ? 300 : 20000);
    }
    for (unsigned i = 0; i < 200; i++)
        for (unsigned k = 0; k < (i % 10 ? 300u : 20000u); k += 7)
            assert_int_equal(pieces[i][k], i);
    stella_arena_destroy(arena);
}

static void a_reset_gives_the_whole_budget_back(void **state) {
    (void)state;
    stella_arena *arena = stella_arena_create(100000);
    for (int round = 0; round < 3; round++) {
        assert_non_null(stella_arena_alloc(arena, 1, 90000));
        assert_null(stella_arena_alloc(arena, 1, 90000));
        stella_arena_reset(arena);
        assert_int_equal(stella_arena_used(arena), 0);
    }
    stella_arena_destroyp(&arena);
    assert_null(arena);
    stella_arena_destroy(NULL);
}

static void copies_texts(void **state) {
    (void)state;
    stella_arena *arena = stella_arena_create(100000);
    assert_string_equal(stella_arena_cstr(arena, STELLA_SV("abc")), "abc");
    assert_string_equal(stella_arena_cstr(arena, stella_sv_of(NULL, 0)), "");
    assert_int_equal(stella_arena_dup(arena, STELLA_SV("a\0b")).len, 3);
    const stella_sv text = stella_arena_printf(arena, "%s-%d", "x", 7);
    assert_true(stella_sv_eq(text, STELLA_SV("x-7")));
    assert_int_equal(text.ptr[text.len], '\0');
    stella_arena_destroy(arena);
}

int main(void) {
    const struct CMUnitTest arena[] = {
        cmocka_unit_test(gives_zeroed_aligned_memory_of_every_size),
        cmocka_unit_test(never_exceeds_its_budget),
        cmocka_unit_test(refuses_products_that_overflow),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(a_reset_gives_the_whole_budget_back),
        cmocka_unit_test(copies_texts),
    };
    return cmocka_run_group_tests(arena, NULL, NULL);
}
