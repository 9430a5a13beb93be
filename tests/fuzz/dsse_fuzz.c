/* An envelope that is read has sane parts and is signed by nobody; the same payload signed is read back. */
#include <stella/auto.h>
#include <stella/dsse.h>

#include <assert.h>

static void check_roundtrip(const stella_dsse *read, stella_arena *arena) {
    static unsigned char public_key[STELLA_ED25519_PUBLIC_SIZE], secret_key[STELLA_ED25519_SECRET_SIZE];
    if (!public_key[0] && !public_key[1])
        stella_ed25519_generate(public_key, secret_key);
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(64u << 20);
    const stella_sink sink = stella_buf_sink(&text);
    stella_dsse back;
    assert(stella_dsse_verify(read, public_key, arena, NULL) != STELLA_OK);
    if (stella_dsse_sign(read->payload_type, read->payload, secret_key, &sink, arena, NULL) != STELLA_OK)
        return;
    if (stella_dsse_parse(stella_buf_sv(&text), arena, &back, NULL) != STELLA_OK)
        return; /* the arena is spent */
    assert(stella_sv_eq(back.payload, read->payload) && stella_sv_eq(back.payload_type, read->payload_type));
    const stella_status status = stella_dsse_verify(&back, public_key, arena, NULL);
    assert(status == STELLA_OK || status == STELLA_E_NOMEM);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    stella_dsse envelope;
    stella_error err = {0};
    if (stella_dsse_parse(stella_sv_of((const char *)data, size), arena, &envelope, &err) != STELLA_OK) {
        assert(err.message[0]);
        return 0;
    }
    assert(envelope.signature_count >= 1 && envelope.signature_count <= STELLA_DSSE_SIGNATURES_MAX);
    assert(envelope.payload_type.len && envelope.payload.len < size);
    check_roundtrip(&envelope, arena);
    return 0;
}
