/* What is read can be written, and what was written reads and writes back to itself. */
#include <stella/auto.h>
#include <stella/purl.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    stella_purl purl;
    stella_sv once, twice;
    stella_error err = {0};
    if (stella_purl_parse(stella_sv_of((const char *)data, size), arena, &purl, &err) != STELLA_OK) {
        assert(err.message[0]);
        return 0;
    }
    const stella_status status = stella_purl_build(&purl, arena, &once, &err);
    assert(status == STELLA_OK || status == STELLA_E_LIMIT); /* encoding may make it too long */
    if (status != STELLA_OK)
        return 0;
    assert(once.len <= STELLA_PURL_MAX);
    assert(stella_purl_parse(once, arena, &purl, NULL) == STELLA_OK);
    assert(stella_purl_build(&purl, arena, &twice, NULL) == STELLA_OK);
    assert(stella_sv_eq(once, twice));
    return 0;
}
