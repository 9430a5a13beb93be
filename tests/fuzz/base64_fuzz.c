/* Bytes survive base64 and hex; a text that decodes is the only spelling of its bytes but for alphabet and padding. */
#include <stella/auto.h>
#include <stella/encoding.h>

#include <assert.h>

static void check_encoding(stella_sv bytes, stella_arena *arena) {
    stella_sv back;
    const stella_sv text = stella_base64(bytes, arena);
    assert(text.len % 4 == 0);
    assert(stella_unbase64(text, arena, &back, NULL) == STELLA_OK);
    assert(stella_sv_eq(back, bytes));
    char *hex = stella_arena_alloc(arena, 2, bytes.len + 1), *raw = stella_arena_alloc(arena, 1, bytes.len + 1);
    stella_hex(bytes.ptr, bytes.len, hex);
    assert(stella_unhex(stella_sv_cstr(hex), raw, bytes.len));
    assert(stella_sv_eq(stella_sv_of(raw, bytes.len), bytes));
}

static void check_decoding(stella_sv text, stella_arena *arena) {
    stella_sv bytes;
    if (stella_unbase64(text, arena, &bytes, NULL) != STELLA_OK)
        return;
    const stella_sv again = stella_base64(bytes, arena);
    assert(again.len >= text.len);
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        assert(again.ptr[i] == (c == '-' ? '+' : c == '_' ? '/' : c));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(64u << 20);
    const stella_sv input = stella_sv_of((const char *)data, size);
    check_encoding(input, arena);
    check_decoding(input, arena);
    return 0;
}
