/* Any text as a template over the sample result: it is refused, or renders without a control character of the result's. */
#include <stella/auto.h>
#include <stella/testing.h>

#include <assert.h>

#define OUTPUT_MAX (1u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(OUTPUT_MAX);
    const stella_emission how = {.head = STELLA_HEAD(stella_emission),
                                 .template_text = stella_sv_of((const char *)data, size)};
    const stella_bom *bom = stella_testing_bom(arena, 0);
    stella_error err = {0};
    if (!bom || size > 4096)
        return 0;
    const stella_status status = stella_testing_emit_as(&stella_plugin, bom, &how, &out, &err);
    assert(status != STELLA_E_INTERNAL && (status == STELLA_OK || err.message[0]));
    if (!memchr(data, 0x1b, size))
        assert(!memchr(out.ptr ? out.ptr : "", 0x1b, out.len));
    return 0;
}
