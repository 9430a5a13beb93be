#include "probe.h"

#include "aside.h"

#include <stdlib.h>

#define CHUNK_MAX    (1u << 20)
#define SCRATCH_ROOM (256u << 10)
#define VIEWS        9u /* the file and its companions */

/* A file given as a whole. */
typedef struct whole {
    scratch_view view;
    stella_sv bytes; /* ptr NULL: not asked for yet */
} whole;

typedef struct host {
    stella_probe base; /* first member: what the plugin holds */
    analyzer *one;
    const probe_call *call;
    const probe_content *source;
    probe_content content; /* what is left of it to read piece by piece */
    whole wholes[VIEWS];   /* the file, then its companions by position */
    stella_sv left;        /* of a piece larger than a plugin may get at once */
    uint64_t given;        /* bytes handed out */
    unsigned char *room;   /* for reading the scratch file */
    stella_error limit;    /* of the interest, once it was met */
    stella_error failure;  /* of the layer: ends everything */
    stella_error garbage;  /* of the plugin: it is lost */
} host;

static host *host_of(stella_probe *probe) {
    return (host *)probe;
}

static stella_status next_scratch(host *h, stella_sv *piece, stella_error *err) {
    probe_content *c = &h->content;
    const size_t size = c->size < SCRATCH_ROOM ? (size_t)c->size : SCRATCH_ROOM;
    if (!h->room)
        h->room = malloc(SCRATCH_ROOM);
    if (!h->room)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read the scratch file");
    const stella_status status = scratch_read(c->scratch, c->offset, h->room, size, err);
    if (status != STELLA_OK)
        return status;
    c->offset += size;
    c->size -= size;
    *piece = stella_sv_of((const char *)h->room, size);
    return STELLA_OK;
}

static stella_status next_piece(host *h, stella_sv *piece, stella_error *err) {
    probe_content *c = &h->content;
    if (c->stream)
        return c->stream->read(c->stream, piece, err);
    if (!c->memory.ptr && c->size)
        return next_scratch(h, piece, err);
    *piece = c->memory;
    c->memory = stella_sv_of("", 0);
    return STELLA_OK;
}

static stella_status probe_read(stella_probe *probe, stella_sv *chunk, stella_error *err) {
    host *h = host_of(probe);
    const uint64_t max = h->call->max_bytes;
    if (h->failure.code == STELLA_OK && h->left.len == 0)
        next_piece(h, &h->left, &h->failure);
    if (h->failure.code != STELLA_OK) {
        if (err)
            *err = h->failure;
        return h->failure.code;
    }
    size_t size = h->left.len < CHUNK_MAX ? h->left.len : CHUNK_MAX;
    if (max && size > max - h->given)
        size = (size_t)(max - h->given);
    if (size == 0 && h->left.len) {
        stella_error_set(&h->limit, STELLA_E_LIMIT, NULL, "a file of %llu bytes, read up to %llu",
                         (unsigned long long)h->call->facts->size, (unsigned long long)max);
        if (err)
            *err = h->limit;
        return STELLA_E_LIMIT;
    }
    *chunk = stella_sv_first(h->left, size);
    h->left = stella_sv_skip(h->left, size);
    h->given += size;
    return STELLA_OK;
}

static int is_view(stella_sv sv) {
    return sv.len == 0 || sv.ptr != NULL;
}

static stella_status probe_record(stella_probe *probe, const stella_record *record, stella_error *err) {
    host *h = host_of(probe);
    const size_t least = offsetof(stella_record, bytes) + sizeof record->bytes;
    stella_error reason = {0};
    if (h->one->is_lost || h->garbage.code != STELLA_OK)
        stella_error_set(&reason, STELLA_E_CANCELLED, NULL, "the plugin's records are no longer taken");
    else if (!record || record->struct_size < least)
        stella_error_set(&h->garbage, STELLA_E_ABI, NULL, "a record of %u bytes is no stella_record",
                         record ? record->struct_size : 0);
    else if (!is_view(record->kind) || !is_view(record->key) || !is_view(record->bytes) || record->kind.len == 0)
        stella_error_set(&h->garbage, STELLA_E_INVALID, NULL, "a record without a kind, or with a length and no bytes");
    else
        evidence_record(h->one->evidence, h->call->file, h->call->interests, record, &reason);
    if (reason.code == STELLA_E_LIMIT)
        h->garbage = reason;
    if (reason.code == STELLA_OK)
        reason = h->garbage;
    if (reason.code != STELLA_OK && err)
        *err = reason;
    return reason.code;
}

static void probe_note(stella_probe *probe, uint32_t severity, uint32_t line, stella_sv message) {
    host *h = host_of(probe);
    if (h->one->is_lost || !is_view(message))
        return;
    evidence_note(h->one->evidence, h->call->file, STELLA_OK,
                  severity == STELLA_NOTE_ERROR ? STELLA_NOTE_ERROR : STELLA_NOTE_INFO, line,
                  stella_sv_first(message, NOTE_BYTES_MAX), STELLA_SV(""));
}

/* Refused by the interest's own limit: told even if the plugin makes do. */
static stella_status too_large(host *h, const char *what, uint64_t size, stella_error *err) {
    stella_error_set(&h->limit, STELLA_E_LIMIT, NULL, "%s of %llu bytes, at most %llu", what, (unsigned long long)size,
                     (unsigned long long)h->call->max_bytes);
    if (err)
        *err = h->limit;
    return STELLA_E_LIMIT;
}

static stella_status give_whole(whole *w, const probe_content *content, stella_sv *out, stella_error *err) {
    stella_status status = STELLA_OK;
    if (!w->bytes.ptr && content->memory.ptr)
        w->bytes = content->memory;
    else if (!w->bytes.ptr)
        status = scratch_map(content->scratch, content->offset, content->size, &w->view, &w->bytes, err);
    if (status == STELLA_OK)
        *out = w->bytes;
    return status;
}

static stella_status probe_whole(stella_probe *probe, stella_sv *out, stella_error *err) {
    host *h = host_of(probe);
    const uint64_t size = h->call->facts->size;
    if (!h->call->seeks)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "the interest does not ask for the whole file");
    if (h->call->max_bytes && size > h->call->max_bytes)
        return too_large(h, "a file", size, err);
    return give_whole(&h->wholes[0], h->source, out, err);
}

static stella_status probe_companion(stella_probe *probe, uint32_t position, stella_sv *out, stella_error *err) {
    host *h = host_of(probe);
    stella_sv suffix;
    const aside_file *file = NULL;
    if (!matcher_companion_at(h->call->companions, position, &suffix))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, NULL, "the interest names no companion %u", position);
    if (h->call->max_bytes && h->call->facts->size > h->call->max_bytes)
        return too_large(h, "a file", h->call->facts->size, err);
    if (!aside_find(h->call->beside, h->call->facts->path, suffix, &file))
        return stella_error_set(err, STELLA_E_NOTFOUND, NULL, "this layer has no companion '%.*s' of it",
                                STELLA_SV_FMT(stella_sv_first(suffix, 64)));
    if (h->call->max_bytes && file->size > h->call->max_bytes)
        return too_large(h, "a companion", file->size, err);
    if (!file->failure)
        return give_whole(&h->wholes[1 + position], &file->content, out, err);
    h->limit = *file->failure;
    if (err)
        *err = *file->failure;
    return file->failure->code;
}

static const stella_probe_ops ops = {.head = STELLA_HEAD(stella_probe_ops),
                                     .read = probe_read,
                                     .record = probe_record,
                                     .note = probe_note,
                                     .content = probe_whole,
                                     .companion = probe_companion};

static void note_error(const host *h, uint32_t severity, const stella_error *reason) {
    const stella_sv text = stella_sv_of(reason->message, strnlen(reason->message, sizeof reason->message));
    evidence_note(h->one->evidence, h->call->file, (uint32_t)reason->code & 0xff, severity, 0,
                  text.len ? text : STELLA_SV("the analyzer failed without saying why"), STELLA_SV(""));
}

/* What the call came to: records undone and a note for an error, the plugin lost for garbage. A plugin may make do with
 * the part that it could read: then its records stand, and the limit is said all the same. One that stops at the limit
 * did as its interest says: a file too large is an error of that file, as it is where the engine meets the limit. */
static stella_status judge(host *h, stella_status status, evidence_mark mark, const stella_error *said, body *stream,
                           stella_error *err) {
    if (h->garbage.code != STELLA_OK) {
        analyzers_lose(h->one, &h->garbage);
        return STELLA_OK;
    }
    const stella_error *reason = h->failure.code != STELLA_OK ? &h->failure : said;
    const int ends_layer = h->failure.code != STELLA_OK && stream && !stream->can_fail_alone;
    const int is_error = status != STELLA_OK || h->failure.code != STELLA_OK;
    const int is_at_limit = status == STELLA_E_LIMIT && h->limit.code && h->failure.code == STELLA_OK;
    if (is_error)
        evidence_back(h->one->evidence, mark);
    if (is_error && !is_at_limit) {
        note_error(h, PACK_NOTE_LOST, reason);
    } else if (h->limit.code && !h->call->is_limit_told) {
        note_error(h, STELLA_NOTE_ERROR, &h->limit);
    }
    if (ends_layer && err)
        *err = h->failure;
    return ends_layer ? h->failure.code : STELLA_OK;
}

stella_status probe_run(analyzers *a, analyzer *one, const probe_call *call, const probe_content *content,
                        stella_error *err) {
    host h = {.base = {.head = STELLA_HEAD(stella_probe),
                       .ops = &ops,
                       .file = call->facts,
                       .arena = a->arena,
                       .options = a->options},
              .one = one,
              .call = call,
              .source = content,
              .content = *content};
    if (one->is_lost)
        return STELLA_OK;
    stella_error said = {0};
    const evidence_mark mark = evidence_here(one->evidence);
    stella_job_enter(a->job, 0, one->peer.index, call->facts->path);
    stella_status status = one->table->probe(one->peer.instance, &h.base, &said);
    stella_job_leave(a->job, 0);
    if (status != STELLA_OK && said.code == STELLA_OK)
        said.code = status;
    stella_arena_reset(a->arena);
    free(h.room);
    for (uint32_t i = 0; i < VIEWS; i++)
        if (scratch_unmap(&h.wholes[i].view))
            status = stella_error_set(&said, STELLA_E_IO, NULL, "the file was cut short while it was read");
    return judge(&h, status, mark, &said, content->stream, err);
}
