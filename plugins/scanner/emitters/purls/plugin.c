/* The emitter of a list of package URLs (README.md). */
#include <stella/emitter.h>

#include <stdlib.h>

static int by_text(const void *left, const void *right) {
    return stella_sv_cmp(*(const stella_sv *)left, *(const stella_sv *)right);
}

/* Components are ordered by ref, which is not always the purl: without a version the path that proves them follows. */
static stella_sv *ordered(const stella_bom *bom, stella_arena *arena, uint32_t *count) {
    stella_sv *all = stella_arena_alloc(arena, bom->components.count, sizeof *all);
    *count = 0;
    for (uint32_t i = 0; all && i < bom->components.count; i++) {
        const stella_sv purl = STELLA_AT(bom->components, stella_bom_component, i)->purl;
        if (purl.len)
            all[(*count)++] = purl;
    }
    if (*count)
        qsort(all, *count, sizeof *all, by_text);
    return all;
}

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    uint32_t count;
    const stella_sv *all = ordered(bom, out->arena, &count);
    if (!all)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a list of purls");
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; status == STELLA_OK && i < count; i++) {
        if (i && stella_sv_eq(all[i - 1], all[i]))
            continue;
        status = stella_sink_write(out->sink, all[i], err);
        if (status == STELLA_OK)
            status = stella_sink_write(out->sink, STELLA_SV("\n"), err);
    }
    return status;
}

static const stella_emitter emitter = {
    .head = STELLA_HEAD(stella_emitter), .format = "purls", .media_type = "text/plain", .emit = emit};

STELLA_PLUGIN("org.stella-ops.emitter.purls", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
