#include "emit.h"

#include "format.h"

#include <stella/auto.h>

#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

#define BUFFER_BYTES  (256u << 10)
#define EMITTER_BYTES (256u << 20) /* the arena of one emitter */

typedef struct buffered {
    stella_sink below;
    int fd;
    size_t used;
    stella_error failed; /* the first failed write: every later one fails too */
    char bytes[BUFFER_BYTES];
} buffered;

static stella_status flush(buffered *b) {
    if (b->failed.code == STELLA_OK && b->used)
        (void)stella_sink_write(&b->below, stella_sv_of(b->bytes, b->used), &b->failed);
    b->used = 0;
    return b->failed.code;
}

static stella_status write_buffered(void *self, stella_sv bytes, stella_error *err) {
    buffered *b = self;
    while (bytes.len && b->failed.code == STELLA_OK) {
        const stella_sv part = stella_sv_first(bytes, sizeof b->bytes - b->used);
        memcpy(b->bytes + b->used, part.ptr, part.len);
        b->used += part.len;
        bytes = stella_sv_skip(bytes, part.len);
        if (b->used == sizeof b->bytes)
            (void)flush(b);
    }
    if (b->failed.code != STELLA_OK && err)
        *err = b->failed;
    return b->failed.code;
}

/* What a plugin that writes wherever it can has left there is no part of the result. */
static stella_status empty(int fd, stella_error *err) {
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "emptying an output: %s", strerror(errno));
    return STELLA_OK;
}

static int wants_everything(const stella_emitter *emitter) {
    return STELLA_HAS(emitter, stella_emitter, flags) && (emitter->flags & STELLA_EMITTER_EVERYTHING);
}

stella_status emit_output(stella_job *job, const stella_bom *everything, const stella_bom *listed,
                          const analyze_output *output, stella_sv template_text, stella_error *err) {
    format_choice choice;
    STELLA_AUTO(stella_freep) buffered *b = malloc(sizeof *b);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(EMITTER_BYTES);
    if (!b || !arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an output");
    stella_status status = format_choose(job, output->format, &choice, err);
    if (status == STELLA_OK)
        status = empty(job->fds[output->fd], err);
    if (status != STELLA_OK)
        return status;
    b->fd = job->fds[output->fd];
    b->used = 0;
    b->failed = (stella_error){0};
    b->below = stella_fd_sink(&b->fd);
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .self = b, .write = write_buffered};
    const stella_emission emission = {.head = STELLA_HEAD(stella_emission),
                                      .sink = &sink,
                                      .arena = arena,
                                      .flags = output->is_color ? STELLA_EMIT_COLOR : 0,
                                      .width = output->width,
                                      .version = choice.version,
                                      .template_text = choice.wants_template ? template_text : (stella_sv){0}};
    stella_job_enter(job, 0, choice.peer.index, STELLA_SV("emit"));
    const stella_bom *bom = wants_everything(choice.emitter) ? everything : listed;
    status = choice.emitter->emit(choice.peer.instance, bom, &emission, err);
    stella_job_leave(job, 0);
    if (status == STELLA_OK && flush(b) != STELLA_OK) {
        if (err)
            *err = b->failed;
        status = b->failed.code;
    }
    return status;
}
