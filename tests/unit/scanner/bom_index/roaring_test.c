/* Sets: the same bytes as CRoaring's, and nothing but those is taken. */
#include "check.h"

#include "bom_index/roaring.h"

#include <stella/auto.h>
#include <stella/file.h>

#include <roaring/roaring.h>
#include <stdlib.h>

#define EVERYTHING ((uint64_t)1 << 32)
#define VALUES_MAX 400000u

static stella_buf written(const uint32_t *values, uint32_t count) {
    stella_buf out = stella_buf_of(8u << 20);
    assert_int_equal(roaring_write(values, count, &out), STELLA_OK);
    return out;
}

static void reads_back(stella_sv bytes, const uint32_t *values, uint32_t count) {
    roaring set = {0};
    stella_error err = {0};
    uint32_t first = 0, last = 0, i = 0;
    if (roaring_check(bytes, EVERYTHING, &set, &err) != STELLA_OK)
        fail_msg("%s", err.message);
    assert_int_equal(set.count, count);
    for (roaring_walk walk = roaring_begin(&set); roaring_next(&walk, &first, &last);)
        for (uint64_t value = first; value <= last; value++) {
            assert_true(i < count);
            assert_int_equal(value, values[i++]);
        }
    assert_int_equal(i, count);
}

/* values: ascending, unique. */
static void is_what_croaring_makes(const uint32_t *values, uint32_t count) {
    roaring_bitmap_t *theirs = roaring_bitmap_create();
    assert_non_null(theirs);
    for (uint32_t i = 0; i < count; i++)
        roaring_bitmap_add(theirs, values[i]);
    roaring_bitmap_run_optimize(theirs);
    const size_t size = roaring_bitmap_portable_size_in_bytes(theirs);
    STELLA_AUTO(stella_freep) char *expected = malloc(size);
    assert_non_null(expected);
    assert_int_equal(roaring_bitmap_portable_serialize(theirs, expected), size);
    roaring_bitmap_free(theirs);
    STELLA_AUTO(stella_buf_fini) stella_buf ours = written(values, count);
    assert_int_equal(ours.len, size);
    assert_memory_equal(ours.ptr, expected, size);
    reads_back(stella_buf_sv(&ours), values, count);
}

static void small_sets_are_what_croaring_makes(void **state) {
    (void)state;
    for (uint32_t bits = 0; bits < 1u << 11; bits++) {
        uint32_t values[11], count = 0;
        for (uint32_t i = 0; i < 11; i++)
            if (bits >> i & 1)
                values[count++] = i;
        is_what_croaring_makes(values, count);
    }
}

/* A small generator: the same sets on each machine. */
static uint32_t next_random(uint64_t *seed) {
    *seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(*seed >> 33);
}

/* Runs of up to longest values, up to gap apart. */
static uint32_t make_set(uint64_t seed, uint32_t longest, uint32_t gap, uint32_t *values) {
    uint32_t count = 0;
    uint64_t value = next_random(&seed) % (gap + 1);
    while (count < VALUES_MAX && value <= UINT32_MAX) {
        const uint32_t length = 1 + next_random(&seed) % longest;
        for (uint32_t i = 0; i < length && count < VALUES_MAX && value <= UINT32_MAX; i++)
            values[count++] = (uint32_t)value++;
        value += 1 + next_random(&seed) % gap;
    }
    return count;
}

static void large_sets_are_what_croaring_makes(void **state) {
    (void)state;
    static const struct {
        uint32_t longest, gap;
    } shapes[] = {{1, 1},  {1, 2},    {1, 8},         {1, 15},     {1, 40},   {2, 2},         {4, 4},
                  {4, 30}, {5, 1000}, {70000, 70000}, {3, 100000}, {300, 90}, {1, 500000000}, {200000, 100000000}};
    STELLA_AUTO(stella_freep) uint32_t *values = calloc(VALUES_MAX, sizeof *values);
    assert_non_null(values);
    for (size_t i = 0; i < STELLA_COUNT(shapes); i++) {
        const uint32_t count = make_set(i, shapes[i].longest, shapes[i].gap, values);
        is_what_croaring_makes(values, count);
        is_what_croaring_makes(values, count / 100);
    }
}

/* 4,096 values are an array and 4,097 a bitmap; 2,047 runs of a bitmap are runs and 2,048 are not. */
static void the_turning_points_are_croarings(void **state) {
    (void)state;
    static uint32_t values[4 * 2050];
    for (uint32_t count = 4094; count <= 4099; count++) {
        for (uint32_t i = 0; i < count; i++)
            values[i] = 2 * i;
        is_what_croaring_makes(values, count);
    }
    for (uint32_t runs = 2045; runs <= 2050; runs++) {
        for (uint32_t i = 0; i < 4 * runs; i++)
            values[i] = i / 4 * 30 + i % 4;
        is_what_croaring_makes(values, 4 * runs);
    }
}

static void the_last_value_of_all_has_its_place(void **state) {
    (void)state;
    const uint32_t values[] = {0, 65535, 65536, 131071, 131072, 4294901760u, 4294967294u, 4294967295u};
    is_what_croaring_makes(values, STELLA_COUNT(values));
}

static void tells_what_is_in_it(void **state) {
    (void)state;
    const uint32_t values[] = {3, 4, 5, 6, 9, 70000};
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = written(values, STELLA_COUNT(values));
    roaring set = {0};
    assert_int_equal(roaring_check(stella_buf_sv(&bytes), 70001, &set, NULL), STELLA_OK);
    for (uint32_t i = 0, at = 0; i < 70002; i++) {
        const int is_in = at < STELLA_COUNT(values) && values[at] == i;
        at += is_in ? 1 : 0;
        if (i < 20 || i > 69990)
            assert_int_equal(roaring_has(&set, i), is_in);
    }
}

static void refuses(stella_sv bytes, uint64_t bound, const char *message) {
    roaring set = {.count = 77};
    stella_error err = {0};
    assert_int_equal(roaring_check(bytes, bound, &set, &err), STELLA_E_FORMAT);
    if (!strstr(err.message, message))
        fail_msg("\"%s\" does not say \"%s\"", err.message, message);
    assert_int_equal(set.count, 77);
}

#define ARRAY_OF_ONE "\x3a\x30\0\0\1\0\0\0\0\0\0\0\x10\0\0\0"

static void refuses_what_is_no_set(void **state) {
    (void)state;
    refuses(STELLA_SV(""), 9, "not a roaring set");
    refuses(STELLA_SV("\x39\x30\0\0\0\0\0\0"), 9, "not a roaring set");
    refuses(STELLA_SV("\x3a\x30\1\0\0\0\0\0"), 9, "not a roaring set");
    refuses(STELLA_SV("\x3a\x30\0\0\1\0\1\0"), 9, "not a roaring set");
    refuses(STELLA_SV("\x3a\x30\0\0\xff\xff\0\0"), 9, "not a roaring set");
    refuses(STELLA_SV(ARRAY_OF_ONE "\1"), 9, "past its end");
    refuses(STELLA_SV(ARRAY_OF_ONE "\1\0\0"), 9, "1 bytes follow");
    refuses(STELLA_SV("\x3a\x30\0\0\1\0\0\0\0\0\0\0\x11\0\0\0\1\0"), 9, "not where the set says");
    refuses(STELLA_SV(ARRAY_OF_ONE "\1\0"), 1, "the value 1, where there are 1");
}

static void refuses_values_out_of_order(void **state) {
    (void)state;
    refuses(STELLA_SV("\x3a\x30\0\0\1\0\0\0\0\0\1\0\x10\0\0\0\2\0\1\0"), 9, "not in order");
    refuses(STELLA_SV("\x3a\x30\0\0\1\0\0\0\0\0\1\0\x10\0\0\0\2\0\2\0"), 9, "not in order");
    refuses(STELLA_SV("\x3a\x30\0\0\2\0\0\0\1\0\0\0\1\0\0\0\x18\0\0\0\x1a\0\0\0\1\0\1\0"), EVERYTHING,
            "containers are not in order");
    refuses(STELLA_SV("\x3b\x30\0\0\1\0\0\5\0\2\0\5\0\2\0\1\0\2\0"), 99, "not in order");     /* backwards */
    refuses(STELLA_SV("\x3b\x30\0\0\1\0\0\5\0\2\0\1\0\2\0\4\0\2\0"), 99, "not in order");     /* touching */
    refuses(STELLA_SV("\x3b\x30\0\0\1\0\0\3\0\1\0\xfe\xff\3\0"), EVERYTHING, "not in order"); /* past the last value */
}

static void refuses_counts_that_lie(void **state) {
    (void)state;
    refuses(STELLA_SV("\x3b\x30\0\0\1\0\0\5\0\1\0\1\0\3\0"), 99, "holds 4 values and claims 6");
    refuses(STELLA_SV("\x3b\x30\0\0\1\0\0\5\0\xff\xff\1\0\3\0"), 99, "past its end");
}

static void refuses_a_second_spelling(void **state) {
    (void)state;
    refuses(STELLA_SV("\x3a\x30\0\0\1\0\0\0\0\0\2\0\x10\0\0\0\1\0\2\0\3\0"), 9, "smaller as runs");
    refuses(STELLA_SV("\x3b\x30\0\0\1\0\0\1\0\1\0\1\0\1\0"), 9, "runs without need");
    refuses(STELLA_SV("\x3b\x30\0\0\0\0\0\0\0\1\0"), 9, "flags of runs");
    refuses(STELLA_SV("\x3b\x30\0\0\3\0\0\2\0\1\0\1\0\2\0"), 9, "flags of runs");
}

/* Each bit turned over: another set, or refused; never the same set, nor anything that is not there. */
static void no_two_spellings_are_one_set(void **state) {
    (void)state;
    const uint32_t values[] = {0, 1, 2, 3, 4, 5, 9, 70000, 70002, 140000, 140001, 140002, 210000, 280000};
    STELLA_AUTO(stella_buf_fini) stella_buf bytes = written(values, STELLA_COUNT(values));
    for (size_t bit = 0; bit < bytes.len * 8; bit++) {
        roaring set = {0};
        uint32_t first = 0, last = 0, i = 0, differs = 0;
        bytes.ptr[bit / 8] = (char)(bytes.ptr[bit / 8] ^ 1 << bit % 8);
        if (roaring_check(stella_buf_sv(&bytes), EVERYTHING, &set, NULL) == STELLA_OK) {
            for (roaring_walk walk = roaring_begin(&set); roaring_next(&walk, &first, &last);)
                for (uint64_t value = first; value <= last; value++, i++)
                    differs |= i >= STELLA_COUNT(values) || values[i] != value ? 1 : 0;
            assert_int_equal(i, set.count);
            assert_true(differs || i != STELLA_COUNT(values));
        }
        bytes.ptr[bit / 8] = (char)(bytes.ptr[bit / 8] ^ 1 << bit % 8);
    }
}

static void a_buffer_that_is_full_is_told(void **state) {
    (void)state;
    const uint32_t values[] = {1, 2, 5};
    for (size_t room = 0; room < 22; room++) {
        STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(room);
        assert_int_equal(roaring_write(values, STELLA_COUNT(values), &out), STELLA_E_LIMIT);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(small_sets_are_what_croaring_makes),
        cmocka_unit_test(large_sets_are_what_croaring_makes),
        cmocka_unit_test(the_turning_points_are_croarings),
        cmocka_unit_test(the_last_value_of_all_has_its_place),
        cmocka_unit_test(tells_what_is_in_it),
        cmocka_unit_test(refuses_what_is_no_set),
        cmocka_unit_test(refuses_values_out_of_order),
        cmocka_unit_test(refuses_counts_that_lie),
        cmocka_unit_test(refuses_a_second_spelling),
        cmocka_unit_test(no_two_spellings_are_one_set),
        cmocka_unit_test(a_buffer_that_is_full_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
