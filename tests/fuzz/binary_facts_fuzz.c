/* The facts of any file can be written down and read again, and are the same; no record that is read leaves its bytes. */
#include "plugins/scanner/analyzers/native/binary/describe.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create((uint64_t)4 << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(BINARY_FACTS_MAX);
    const stella_sv bytes = stella_sv_of((const char *)data, size);
    binary b;
    binary_facts facts, again;
    if (binary_facts_decode(bytes, &facts, NULL) == STELLA_OK)
        assert(facts.sha256.len <= size && facts.needed.len <= size);
    if (!arena || binary_open(bytes, &b, NULL) != STELLA_OK || describe(&b, arena, &facts, NULL) != STELLA_OK)
        return 0;
    assert(binary_facts_encode(&facts, &out) == STELLA_OK);
    assert(binary_facts_decode(stella_buf_sv(&out), &again, NULL) == STELLA_OK);
    assert(stella_sv_eq(facts.needed, again.needed) && stella_sv_eq(facts.build_id, again.build_id));
    assert(stella_sv_eq(facts.package, again.package) && facts.hardening == again.hardening);
    return 0;
}
