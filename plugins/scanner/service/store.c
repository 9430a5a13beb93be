/* store.c - jobs in the state. */
#include "service.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>

#define JOBS_SPACE     STELLA_SV("scanner.jobs")
#define QUEUE_SPACE    STELLA_SV("scanner.queue")
#define EVENTS_SPACE   STELLA_SV("scanner.events")
#define EVENT_LIFE_MS  (7ll * 24 * 3600 * 1000)
#define DOCUMENT_BYTES (64u << 10)

typedef struct record {
    stella_buf document, event;
    char queue_key[64], event_key[64], topic[64];
} record;

static void record_fini(record *r) {
    stella_buf_fini(&r->document);
    stella_buf_fini(&r->event);
}

static stella_status write_event(const job *j, const char *message, const stella_sink *sink, stella_error *err) {
    stella_json_writer w;
    stella_json_writer_init(&w, sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "jobId", stella_sv_cstr(j->id));
    stella_json_member_str(&w, "status", stella_sv_cstr(job_status_name(j->status)));
    stella_json_member_u64(&w, "sequence", j->sequence);
    stella_json_member_str(&w, "timestamp", stella_sv_cstr(j->updated_at));
    stella_json_member_opt(&w, "message", stella_sv_cstr(message));
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

/* Sets time and sequence of the job and renders everything that one transaction writes. */
static stella_status render(scanner_service *s, job *j, const char *message, record *out, stella_error *err) {
    *out = (record){.document = stella_buf_of(DOCUMENT_BYTES), .event = stella_buf_of(DOCUMENT_BYTES)};
    const stella_sink document = stella_buf_sink(&out->document), event = stella_buf_sink(&out->event);
    job_time(s->clock->wall_ms(s->clock->self), j->updated_at);
    j->sequence++;
    snprintf(out->queue_key, sizeof out->queue_key, "%016llx%s", (unsigned long long)j->queued_ms, j->id);
    snprintf(out->event_key, sizeof out->event_key, "%s/%010u", j->id, j->sequence);
    snprintf(out->topic, sizeof out->topic, "scanner.scan.%s", job_status_name(j->status));
    const stella_status status = job_write(j, &document, err);
    return status == STELLA_OK ? write_event(j, message, &event, err) : status;
}

/* kind and expected are the condition on the job's document. */
static stella_status commit(scanner_service *s, const job *j, const record *r, uint32_t kind, stella_sv expected,
                            stella_error *err) {
    const int is_open = j->status == JOB_QUEUED || j->status == JOB_RUNNING;
    const int64_t now_ms = s->clock->wall_ms(s->clock->self);
    const stella_state_op ops[] = {
        {.struct_size = sizeof ops[0],
         .kind = kind,
         .space = JOBS_SPACE,
         .key = stella_sv_cstr(j->id),
         .value = stella_buf_sv(&r->document),
         .expected = expected},
        {.struct_size = sizeof ops[0],
         .kind = is_open ? STELLA_STATE_PUT : STELLA_STATE_DELETE,
         .space = QUEUE_SPACE,
         .key = stella_sv_cstr(r->queue_key)},
        {.struct_size = sizeof ops[0],
         .kind = STELLA_STATE_PUT,
         .space = EVENTS_SPACE,
         .key = stella_sv_cstr(r->event_key),
         .value = stella_buf_sv(&r->event),
         .expires_ms = now_ms + EVENT_LIFE_MS},
    };
    const stella_status status = s->state->commit(s->state->self, ops, 3, sizeof ops[0], err);
    if (status == STELLA_OK && s->bus) /* watchers only: the event is stored already */
        s->bus->publish(s->bus->self, stella_sv_cstr(r->topic), stella_buf_sv(&r->event), NULL);
    return status;
}

stella_status store_load(scanner_service *s, stella_sv id, stella_arena *arena, job *out, stella_error *err) {
    stella_sv document;
    const stella_status status = s->state->get(s->state->self, JOBS_SPACE, id, arena, &document, err);
    if (status == STELLA_E_NOTFOUND)
        return stella_error_at(err, STELLA_E_NOTFOUND, id, "there is no scan of this id");
    return status == STELLA_OK ? job_read(document, arena, out, err) : status;
}

stella_status store_update(scanner_service *s, job *j, const char *message, stella_error *err) {
    STELLA_AUTO(record_fini) record r;
    const stella_status status = render(s, j, message, &r, err);
    return status == STELLA_OK ? commit(s, j, &r, STELLA_STATE_PUT, (stella_sv){0}, err) : status;
}

/* A finished job that is wanted once more, unless somebody else was faster. */
static stella_status accept_again(scanner_service *s, job *fresh, const job *known, stella_arena *arena,
                                  stella_error *err) {
    stella_sv before;
    STELLA_AUTO(record_fini) record r = {.document = {0}};
    stella_status status = s->state->get(s->state->self, JOBS_SPACE, stella_sv_cstr(fresh->id), arena, &before, err);
    fresh->sequence = known->sequence;
    if (status == STELLA_OK)
        status = render(s, fresh, "accepted again", &r, err);
    return status == STELLA_OK ? commit(s, fresh, &r, STELLA_STATE_SWAP, before, err) : status;
}

static stella_status meet_known(scanner_service *s, job_request *request, int *was_created, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(1u << 20);
    job known;
    stella_status status = arena ? store_load(s, stella_sv_cstr(request->job.id), arena, &known, err)
                                 : stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory");
    const int is_finished = status == STELLA_OK && (known.status == JOB_SUCCEEDED || known.status == JOB_FAILED);
    if (status == STELLA_OK && is_finished && request->force) {
        status = accept_again(s, &request->job, &known, arena, err);
        *was_created = status == STELLA_OK;
    } else if (status == STELLA_OK) {
        request->job = known;
        *was_created = 0;
    }
    return status;
}

stella_status store_accept(scanner_service *s, job_request *request, int *was_created, stella_error *err) {
    job *j = &request->job;
    STELLA_AUTO(record_fini) record r;
    j->status = JOB_QUEUED;
    j->queued_ms = (uint64_t)s->clock->wall_ms(s->clock->self);
    job_time((int64_t)j->queued_ms, j->created_at);
    stella_status status = render(s, j, "accepted", &r, err);
    if (status == STELLA_OK)
        status = commit(s, j, &r, STELLA_STATE_CREATE, (stella_sv){0}, err);
    if (status == STELLA_E_EXISTS)
        return meet_known(s, request, was_created, err);
    *was_created = status == STELLA_OK;
    return status;
}

typedef struct requeue {
    scanner_service *s;
    stella_status status;
} requeue;

static int32_t add_open(void *context, const stella_state_item *item) {
    requeue *r = context;
    const stella_sv id = stella_sv_skip(item->key, 16);
    char text[JOB_ID_SIZE];
    if (!job_id_is_valid(id))
        return 0;
    memcpy(text, id.ptr, id.len);
    text[id.len] = '\0';
    r->status = queue_add(r->s, text);
    return r->status != STELLA_OK;
}

stella_status store_requeue(scanner_service *s, stella_error *err) {
    requeue r = {.s = s};
    const stella_state_range range = {.struct_size = sizeof range, .space = QUEUE_SPACE};
    const stella_status status = s->state->range(s->state->self, &range, add_open, &r, err);
    if (status == STELLA_OK && r.status != STELLA_OK)
        return stella_error_set(err, r.status, NULL, "no memory for the queue");
    return status;
}
