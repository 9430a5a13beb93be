/* emit.c - an emitter's run. */
#include <stella/auto.h>
#include <stella/testing.h>

#define EMITTER_BYTES ((uint64_t)256 << 20)

static const void *no_interface(const stella_host *host, const char *id) {
    (void)host;
    (void)id;
    return NULL;
}

static stella_sv default_version(const stella_emitter *emitter) {
    const int has_any = STELLA_HAS(emitter, stella_emitter, versions) && emitter->versions;
    return has_any ? stella_sv_cstr(emitter->versions[0]) : STELLA_SV("");
}

stella_status stella_testing_emit(const stella_plugin_entry *entry, const stella_bom *bom, uint32_t flags,
                                  uint32_t width, stella_buf *text, stella_error *err) {
    const stella_emission how = {.head = STELLA_HEAD(stella_emission), .flags = flags, .width = width};
    return stella_testing_emit_as(entry, bom, &how, text, err);
}

stella_status stella_testing_emit_as(const stella_plugin_entry *entry, const stella_bom *bom,
                                     const stella_emission *how, stella_buf *text, stella_error *err) {
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
    stella_emission out = *how;
    out.sink = &sink;
    out.arena = arena;
    if (!out.version.len)
        out.version = default_version(emitter);
    status = emitter->emit(instance, bom, &out, err);
    if (entry->destroy)
        entry->destroy(instance);
    return status;
}
