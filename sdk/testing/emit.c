/* emit.c - an emitter's run. */
#include <stella/auto.h>
#include <stella/testing.h>

#define EMITTER_BYTES ((uint64_t)256 << 20)

static const void *no_interface(const stella_host *host, const char *id) {
    (void)host;
    (void)id;
    return NULL;
}

stella_status stella_testing_emit(const stella_plugin_entry *entry, const stella_bom *bom, uint32_t flags,
                                  uint32_t width, stella_buf *text, stella_error *err) {
    const stella_host host = {.head = STELLA_HEAD(stella_host), .get_interface = no_interface};
    const stella_emitter *emitter = entry->get_interface(STELLA_EMITTER_INTERFACE);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(EMITTER_BYTES);
    void *instance = NULL;
    if (!emitter || !emitter->emit || !emitter->format || !arena)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "no emitter");
    stella_status status = entry->create ? entry->create(&host, &instance, err) : STELLA_OK;
    if (status != STELLA_OK)
        return status;
    const stella_sink sink = stella_buf_sink(text);
    const stella_emission out = {
        .head = STELLA_HEAD(stella_emission), .sink = &sink, .arena = arena, .flags = flags, .width = width};
    status = emitter->emit(instance, bom, &out, err);
    if (entry->destroy)
        entry->destroy(instance);
    return status;
}
