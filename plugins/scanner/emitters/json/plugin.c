/* The emitter of the full result (README.md). */
#include "result.h"

#include <stella/emitter.h>

static stella_status emit(void *self, const stella_bom *bom, const stella_emission *out, stella_error *err) {
    (void)self;
    stella_json_writer w;
    stella_json_writer_init(&w, out->sink, 2);
    result_write(&w, bom);
    return stella_json_finish(&w, err);
}

static const stella_emitter emitter = {.head = STELLA_HEAD(stella_emitter),
                                       .format = "json",
                                       .media_type = "application/json",
                                       .emit = emit,
                                       .flags = STELLA_EMITTER_EVERYTHING};

STELLA_PLUGIN("org.stella-ops.emitter.json", "0.1.0", STELLA_EMITTER_INTERFACE, emitter, .create = NULL);
