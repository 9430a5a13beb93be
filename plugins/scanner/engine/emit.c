#include "emit.h"

#include "emit_buffer.h"
#include "format.h"

#include <stella/auto.h>

#define EMITTER_BYTES (256u << 20) /* the arena of one emitter */

static int wants_everything(const stella_emitter *emitter) {
    return STELLA_HAS(emitter, stella_emitter, flags) && (emitter->flags & STELLA_EMITTER_EVERYTHING);
}

stella_status emit_output(stella_job *job, const stella_bom *everything, const stella_bom *listed,
                          const analyze_output *output, stella_sv template_text, stella_error *err) {
    format_choice choice;
    STELLA_AUTO(emit_buffer_destroyp) emit_buffer *buffer = NULL;
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(EMITTER_BYTES);
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an output");
    stella_status status = format_choose(job, output->format, &choice, err);
    if (status == STELLA_OK)
        status = emit_buffer_create(job->fds[output->fd], &buffer, err);
    if (status != STELLA_OK)
        return status;
    const stella_emission emission = {.head = STELLA_HEAD(stella_emission),
                                      .sink = emit_buffer_sink(buffer),
                                      .arena = arena,
                                      .flags = (output->is_color ? STELLA_EMIT_COLOR : 0) |
                                               (output->is_by_layer ? STELLA_EMIT_BY_LAYER : 0),
                                      .width = output->width,
                                      .version = choice.version,
                                      .template_text = choice.wants_template ? template_text : (stella_sv){0}};
    stella_job_enter(job, 0, choice.peer.index, STELLA_SV("emit"));
    const stella_bom *bom = wants_everything(choice.emitter) ? everything : listed;
    status = choice.emitter->emit(choice.peer.instance, bom, &emission, err);
    stella_job_leave(job, 0);
    return status == STELLA_OK ? emit_buffer_flush(buffer, err) : status;
}
