/* The emitter of the BOM-Index (README.md). */
#include "content.h"

#include <stella/emitter.h>

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    bom_index_content content;
    const stella_status status = content_of(bom, out->arena, &content, err);
    return status == STELLA_OK ? bom_index_write(&content, out->sink, err) : status;
}

static const char *const versions[] = {"1", NULL};

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "bom-index",
                                       .media_type = "application/vnd.stellaops.bom-index.v1+binary",
                                       .emit = emit,
                                       .versions = versions};

STELLA_PLUGIN("org.stella-ops.emitter.bom-index", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
