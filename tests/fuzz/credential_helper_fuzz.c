/* What docker-credential-NAME answers: credentials with a secret, or a refusal that leaves the caller's alone and tells
 * nothing of the answer. */
#include "plugins/scanner/driver/credential_helper.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const credentials untouched = {.username = STELLA_SV("before")};
    const stella_sv answer = stella_sv_of((const char *)data, size < CREDENTIAL_HELPER_BYTES_MAX ? size : 0);
    credentials out = untouched;
    stella_error err = {0};
    if (!arena)
        return 0;
    if (credential_helper_read(answer, "docker-credential-x", arena, &out, &err) != STELLA_OK) {
        assert(err.code == STELLA_E_FORMAT && out.username.ptr == untouched.username.ptr);
        assert(stella_sv_starts(stella_sv_cstr(err.message), STELLA_SV("the credential helper's answer ")));
        return 0;
    }
    assert((out.identity_token.len == 0) != (out.password.len == 0));
    assert(out.registry_token.len == 0 && out.username.len + out.password.len + out.identity_token.len < size);
    return 0;
}
