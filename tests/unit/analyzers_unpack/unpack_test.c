/* gzip, zstd and xz: whole, cut short, damaged, too large. */
#include "check.h"
#include "common/unpack/unpack.h"
#include "gzip.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <lzma.h>
#include <zstd.h>

static char xz_room[1u << 16], zstd_room[1u << 16];

static stella_sv xz_of(stella_sv text) {
    size_t len = 0;
    assert_int_equal(lzma_easy_buffer_encode(0, LZMA_CHECK_CRC32, NULL, (const uint8_t *)text.ptr, text.len,
                                             (uint8_t *)xz_room, &len, sizeof xz_room),
                     LZMA_OK);
    return stella_sv_of(xz_room, len);
}

static stella_sv zstd_of(stella_sv text) {
    const size_t len = ZSTD_compress(zstd_room, sizeof zstd_room, text.ptr, text.len, 1);
    assert_false(ZSTD_isError(len));
    return stella_sv_of(zstd_room, len);
}

static stella_status all_of(stella_sv packed, unpack_format format, uint64_t limit, stella_buf *out) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    const unpack_source source = {.first = packed};
    STELLA_AUTO(unpack_destroyp) unpack *u = unpack_create(format, &source, limit, arena);
    stella_sv piece = {0};
    stella_status status;
    assert_non_null(u);
    while ((status = unpack_next(u, &piece, NULL)) == STELLA_OK && piece.len)
        assert_int_equal(stella_buf_add(out, piece), STELLA_OK);
    return status;
}

static const stella_sv text = STELLA_SV_INIT("some text that is long enough to be of use, some text");

static void what_was_packed_comes_out(void **state) {
    (void)state;
    const stella_sv gzip = gzip_of(text), packed[] = {gzip, zstd_of(text), xz_of(text)};
    static const unpack_format formats[] = {UNPACK_GZIP, UNPACK_ZSTD, UNPACK_XZ};
    for (size_t i = 0; i < STELLA_COUNT(packed); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
        assert_int_equal(unpack_format_of(packed[i]), formats[i]);
        assert_int_equal(all_of(packed[i], formats[i], text.len, &got), STELLA_OK);
        assert_true(stella_sv_eq(stella_buf_sv(&got), text));
        assert_int_equal(all_of(packed[i], formats[i], text.len - 1, &got), STELLA_E_LIMIT);
        for (size_t len = 1; len < packed[i].len; len++)
            assert_int_equal(all_of(stella_sv_first(packed[i], len), formats[i], UINT64_MAX, &got), STELLA_E_FORMAT);
    }
    free((void *)(uintptr_t)gzip.ptr);
}

static void frames_and_streams_follow_each_other(void **state) {
    (void)state;
    const stella_sv packed[] = {zstd_of(text), xz_of(text)};
    static const unpack_format formats[] = {UNPACK_ZSTD, UNPACK_XZ};
    for (size_t i = 0; i < STELLA_COUNT(packed); i++) {
        STELLA_AUTO(stella_buf_fini) stella_buf twice = stella_buf_of(1u << 20);
        STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
        stella_buf_add(&twice, packed[i]);
        stella_buf_add(&twice, packed[i]);
        assert_int_equal(all_of(stella_buf_sv(&twice), formats[i], UINT64_MAX, &got), STELLA_OK);
        assert_int_equal(got.len, 2 * text.len);
    }
}

static void windows_beyond_the_limit_are_refused(void **state) {
    (void)state;
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
    const stella_sv wide = STELLA_SV("\x28\xb5\x2f\xfd\x00\x88\x01\x00\x00"); /* 128 MiB */
    assert_int_equal(all_of(wide, UNPACK_ZSTD, UINT64_MAX, &got), STELLA_E_LIMIT);
}

static void what_is_neither_is_told(void **state) {
    (void)state;
    assert_int_equal(unpack_format_of(STELLA_SV("plain")), UNPACK_NONE);
    assert_int_equal(unpack_format_of(STELLA_SV("")), UNPACK_NONE);
    STELLA_AUTO(stella_buf_fini) stella_buf got = stella_buf_of(1u << 20);
    assert_int_equal(all_of(text, UNPACK_XZ, UINT64_MAX, &got), STELLA_E_FORMAT);
    assert_int_equal(all_of(text, UNPACK_ZSTD, UINT64_MAX, &got), STELLA_E_FORMAT);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_was_packed_comes_out),
        cmocka_unit_test(frames_and_streams_follow_each_other),
        cmocka_unit_test(windows_beyond_the_limit_are_refused),
        cmocka_unit_test(what_is_neither_is_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
