/* Lock files of Terraform: a provider has an address and a line. */
#include "terraform/lock.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(8u << 20);
    assert(arena);
    lexer lex = lock_open(stella_sv_of((const char *)data, size), arena);
    lock_provider found;
    while (lock_next(&lex, &found, NULL) == STELLA_OK && found.address.ptr)
        assert(found.line && found.address.len + found.version.len < size);
    return 0;
}
