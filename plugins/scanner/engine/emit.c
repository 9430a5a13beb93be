#include "emit.h"

#include <stella/auto.h>
#include <stella/emitter.h>

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

static stella_status find_emitter(stella_job *job, stella_sv format, stella_peer *out, stella_error *err) {
    for (uint32_t i = 0; stella_job_peer(job, STELLA_EMITTER_INTERFACE, i, out); i++) {
        const stella_emitter *table = out->interface;
        if (STELLA_HAS(table, stella_emitter, emit) && table->emit && table->format &&
            stella_sv_eq(stella_sv_cstr(table->format), format))
            return STELLA_OK;
    }
    return stella_error_at(err, STELLA_E_NOTFOUND, format, "no plugin writes the format %.*s", STELLA_SV_FMT(format));
}

/* What a plugin that writes wherever it can has left there is no part of the result. */
static stella_status empty(int fd, stella_error *err) {
    if (ftruncate(fd, 0) != 0 || lseek(fd, 0, SEEK_SET) != 0)
        return stella_error_set(err, STELLA_E_IO, NULL, "emptying an output: %s", strerror(errno));
    return STELLA_OK;
}

stella_status emit_output(stella_job *job, const stella_bom *bom, const analyze_output *output, stella_error *err) {
    stella_peer peer = {.struct_size = sizeof peer};
    STELLA_AUTO(stella_freep) buffered *b = malloc(sizeof *b);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(EMITTER_BYTES);
    if (!b || !arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for an output");
    stella_status status = find_emitter(job, output->format, &peer, err);
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
                                      .width = output->width};
    const stella_emitter *table = peer.interface;
    stella_job_enter(job, 0, peer.index, STELLA_SV("emit"));
    status = table->emit(peer.instance, bom, &emission, err);
    stella_job_leave(job, 0);
    if (status == STELLA_OK && flush(b) != STELLA_OK) {
        if (err)
            *err = b->failed;
        status = b->failed.code;
    }
    return status;
}
