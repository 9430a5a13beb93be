/* What a registry and its token service answer: a token that is one header field, a refusal in printable words, a document
 * told apart and held to its digest. And what the supervisor grants. */
#include "plugins/scanner/sources/registry/root.h"
#include "plugins/scanner/sources/registry/token.h"

#include <stella/auto.h>
#include <stella/digest.h>

#include <assert.h>
#include <stdlib.h>

#define NO_DIGEST                                                                                                      \
    "sha256:0000000000000000000000000000000000000000000000000000000000000000" /* of no bytes that are known */

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_token(stella_sv body, stella_arena *arena) {
    const char *out = NULL;
    if (token_read(body, STELLA_SV("example.org/a:1"), arena, &out, NULL) != STELLA_OK) {
        assert(!out);
        return;
    }
    const stella_sv value = stella_sv_cstr(out);
    assert(stella_sv_starts(value, STELLA_SV("Bearer ")) && value.len <= TOKEN_BYTES_MAX + 7);
    for (size_t i = 7; i < value.len; i++)
        assert(value.ptr[i] > 0x20 && value.ptr[i] < 0x7f);
}

/* The status is the first byte's. */
static void check_refusal(stella_sv body) {
    static const long statuses[] = {401, 403, 404, 429, 500, 503, 302, 418};
    static const refusal_context context = {.domain = STELLA_SV_INIT("example.org"),
                                            .place = STELLA_SV_INIT("example.org/a:1")};
    STELLA_AUTO(stella_freep) transfer_answer *answer = calloc(1, sizeof *answer);
    stella_error err = {0};
    if (!answer || body.len == 0)
        return;
    answer->status = statuses[(unsigned char)body.ptr[0] % (sizeof statuses / sizeof statuses[0])];
    const stella_sv text = stella_sv_first(stella_sv_skip(body, 1), TRANSFER_REFUSAL_BYTES_MAX);
    if (text.len)
        memcpy(answer->refusal, text.ptr, text.len);
    assert(refusal_error(answer, &context, &err) != STELLA_OK && err.message[0]);
    for (const char *at = err.message; *at; at++)
        assert(*at >= 0x20 && *at < 0x7f);
}

static void check_document(stella_sv bytes, stella_arena *arena) {
    const session_document document = {.bytes = bytes};
    uint32_t kind = 0;
    stella_sv computed = {0};
    if (root_kind(&document, arena, &kind, NULL) == STELLA_OK)
        assert(kind == ROOT_INDEX || kind == ROOT_MANIFEST);
    else
        assert(kind == 0);
    if (root_verify(&document, STELLA_SV(""), arena, &computed, NULL) == STELLA_OK)
        assert(stella_digest_is_valid(computed));
    assert(root_verify(&document, STELLA_SV(NO_DIGEST), arena, &computed, NULL) != STELLA_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    grant granted = {.username = STELLA_SV("before")};
    if (!arena)
        return 0;
    check_token(bytes, arena);
    check_refusal(bytes);
    check_document(bytes, arena);
    if (grant_parse(bytes, arena, &granted, NULL) != STELLA_OK)
        assert(stella_sv_eq(granted.username, STELLA_SV("before")));
    return 0;
}
