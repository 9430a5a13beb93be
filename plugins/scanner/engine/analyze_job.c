/* The job "image.analyze": packs in, documents out. */
#include "bom.h"
#include "bom_fragment.h"
#include "counts.h"
#include "documents.h"
#include "emit.h"
#include "engine.h"
#include "process.h"
#include "protocol.h"
#include "records.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdlib.h>

#define REQUEST_BYTES   (256u << 20) /* the request as a tree: 16 MiB of JSON at most */
#define SAID_BYTES      (64u << 20)  /* paths that are wished for, and what the image runs (TRACE_LAUNCH_BYTES) */
#define RESULT_BYTES    (1ull << 30) /* the merged result */
#define MEMORY_SHARE    2u           /* of the job's memory, what one analyzer may take of it */
#define LOST_TOLD_MAX   256          /* losses told to the driver; the outputs have them all */
#define COUNTS_TOLD_MAX 256          /* so with counters */

/* The packs of the layers, mapped. */
typedef struct mapped {
    pack *packs[ANALYZE_LAYERS_MAX];
    pack *supplements[ANALYZE_LAYERS_MAX];
    int is_gone[ANALYZE_LAYERS_MAX];
    uint32_t count;
    view *view;
} mapped;

static void mapped_destroyp(mapped **m) {
    if (!*m)
        return;
    view_destroy((*m)->view);
    for (uint32_t i = 0; i < (*m)->count; i++) {
        pack_close((*m)->packs[i]);
        pack_close((*m)->supplements[i]);
    }
    free(*m);
    *m = NULL;
}

/* Packs that are none, by their position among the descriptors. */
typedef struct damage {
    uint32_t positions[2 * ANALYZE_LAYERS_MAX];
    uint32_t count;
} damage;

/* A pack that is damaged is no failure of the job: whoever keeps it is to drop it, and read the layer again. */
static stella_status map_pack(const stella_job *job, uint32_t position, pack **out, damage *damaged,
                              stella_error *err) {
    const stella_status status = position == ANALYZE_NO_FD ? STELLA_OK : pack_open(job->fds[position], out, err);
    if (status != STELLA_E_FORMAT)
        return status;
    damaged->positions[damaged->count++] = position;
    return STELLA_OK;
}

/* out  not set when something was damaged */
static stella_status map_packs(const stella_job *job, const analyze_request *request, damage *damaged, mapped **out,
                               stella_error *err) {
    STELLA_AUTO(mapped_destroyp) mapped *m = calloc(1, sizeof *m);
    if (!m)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the list of packs");
    m->count = request->layer_count;
    for (uint32_t i = 0; i < m->count; i++) {
        stella_error why = {0};
        m->is_gone[i] = request->layers[i].is_gone;
        stella_status status = map_pack(job, request->layers[i].pack, &m->packs[i], damaged, &why);
        if (status == STELLA_OK)
            status = map_pack(job, request->layers[i].supplement, &m->supplements[i], damaged, &why);
        if (status != STELLA_OK)
            return stella_error_set(err, status, "layers", "layer %u: %s", i, why.message);
    }
    if (damaged->count)
        return STELLA_OK;
    const stella_status status = view_create((const pack *const *)m->packs, m->count, &m->view, err);
    if (status == STELLA_OK)
        *out = STELLA_TAKE(m);
    return status;
}

/* What is written. */
typedef struct result_set {
    stella_bom everything;            /* with what is managed */
    stella_bom listed;                /* what formats get that need not have everything */
    stella_bom used_everything, used; /* the same, of the view "usage"; made when an output wants it */
    stella_list counts;               /* of analyzers: stella_bom_pair */
} result_set;

/* ---- replies ------------------------------------------------------------------------------------------------------
 */

static stella_status send(stella_job *job, stella_json_writer *w, const stella_buf *buf, stella_error *err) {
    const stella_status status = stella_json_finish(w, err);
    return status == STELLA_OK ? stella_job_reply(job, stella_buf_sv(buf), err) : status;
}

static int by_layer_and_path(const void *left, const void *right) {
    const analysis_wish *a = left, *b = right;
    if (a->layer != b->layer)
        return a->layer < b->layer ? -1 : 1;
    return stella_sv_cmp(a->path, b->path);
}

static int has_unserved(const chain *wishes) {
    for (const analysis_wish *w = chain_first(wishes); w; w = chain_next(w))
        if (!w->is_served)
            return 1;
    return 0;
}

/* A layer is read again for all that is wanted of it, when something new is. */
static int is_read_again(const analysis_wish *all, uint32_t count, uint32_t layer) {
    for (uint32_t i = 0; i < count; i++)
        if (all[i].layer == layer && !all[i].is_served)
            return 1;
    return 0;
}

static void write_wishes(const analysis_wish *all, uint32_t count, stella_json_writer *w) {
    int is_wanted = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (i == 0 || all[i].layer != all[i - 1].layer)
            is_wanted = is_read_again(all, count, all[i].layer);
        if (!is_wanted || (i && by_layer_and_path(&all[i - 1], &all[i]) == 0))
            continue;
        stella_json_begin_object(w);
        stella_json_member_u64(w, "layer", all[i].layer);
        stella_json_member_str(w, "path", all[i].path);
        stella_json_end_object(w);
    }
}

static stella_status reply_pending(stella_job *job, const chain *wishes, stella_arena *arena, stella_error *err) {
    analysis_wish *all = chain_array(wishes, arena, sizeof *all);
    if (!all)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the files that are wished for");
    qsort(all, wishes->count, sizeof *all, by_layer_and_path);
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(STELLA_JOB_REPLY_MAX);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_array(&w, "pending");
    write_wishes(all, wishes->count, &w);
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return send(job, &w, &buf, err);
}

static stella_status reply_damaged(stella_job *job, const damage *damaged, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(STELLA_JOB_REPLY_MAX);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_array(&w, "damaged");
    for (uint32_t i = 0; i < damaged->count; i++)
        stella_json_write_u64(&w, damaged->positions[i]);
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return send(job, &w, &buf, err);
}

static void write_lost(const stella_bom *bom, stella_json_writer *w) {
    stella_json_member_array(w, "lost");
    for (uint32_t i = 0, told = 0; i < bom->errors.count && told < LOST_TOLD_MAX; i++) {
        const stella_bom_error *e = STELLA_AT(bom->errors, stella_bom_error, i);
        if (!e->lost)
            continue;
        stella_json_begin_object(w);
        stella_json_member_str(w, "plugin", e->plugin);
        stella_json_member_str(w, "code", e->code);
        stella_json_member_str(w, "message", e->message);
        stella_json_member_str(w, "path", e->path);
        stella_json_end_object(w);
        told++;
    }
    stella_json_end_array(w);
}

/* Errors that cost no plugin's part: of single files, mostly. */
static uint64_t count_notes(const stella_bom *bom) {
    uint64_t count = 0;
    for (uint32_t i = 0; i < bom->errors.count; i++) {
        const stella_bom_error *e = STELLA_AT(bom->errors, stella_bom_error, i);
        count += !e->lost && e->severity == STELLA_NOTE_ERROR;
    }
    return count;
}

static void write_counts(const stella_list *counts, stella_json_writer *w) {
    stella_json_member_array(w, "counts");
    for (uint32_t i = 0; i < counts->count && i < COUNTS_TOLD_MAX; i++) {
        stella_json_begin_object(w);
        stella_json_member_str(w, "name", STELLA_AT(*counts, stella_bom_pair, i)->name);
        stella_json_member_str(w, "value", STELLA_AT(*counts, stella_bom_pair, i)->value);
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static int wants_usage(const analyze_output *output) {
    return stella_sv_eq(output->view, STELLA_SV("usage"));
}

static stella_status write_output(stella_job *job, const analyze_request *request, const result_set *set,
                                  const analyze_output *output, stella_error *err) {
    const int is_usage = wants_usage(output);
    if (is_usage && !set->everything.trace && output->is_optional)
        return STELLA_OK;
    if (is_usage && !set->everything.trace)
        return stella_error_set(err, STELLA_E_INVALID, NULL,
                                "the view \"usage\" needs an entrypoint: an image's, or --entrypoint");
    return emit_output(job, is_usage ? &set->used_everything : &set->everything, is_usage ? &set->used : &set->listed,
                       output, request->template_text, err);
}

static stella_status write_and_reply(stella_job *job, const analyze_request *request, const result_set *set,
                                     stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf buf = stella_buf_of(STELLA_JOB_REPLY_MAX);
    const stella_sink sink = stella_buf_sink(&buf);
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_u64(&w, "components", set->listed.components.count);
    write_lost(&set->everything, &w);
    stella_json_member_u64(&w, "notes", count_notes(&set->everything));
    write_counts(&set->counts, &w);
    stella_json_member_array(&w, "outputs");
    for (uint32_t i = 0; i < request->output_count; i++) {
        stella_error why = {0};
        const stella_status status = write_output(job, request, set, &request->outputs[i], &why);
        stella_json_begin_object(&w);
        stella_json_member_str(&w, "format", request->outputs[i].format);
        stella_json_member_str(&w, "error", stella_sv_cstr(status == STELLA_OK ? "" : why.message));
        stella_json_member_opt(&w, "path", stella_sv_cstr(why.path));
        stella_json_member_opt(&w, "code", stella_sv_cstr(status == STELLA_OK ? "" : stella_status_name(status)));
        stella_json_end_object(&w);
    }
    stella_json_end_array(&w);
    stella_json_end_object(&w);
    return send(job, &w, &buf, err);
}

/* ---- the job ------------------------------------------------------------------------------------------------------
 */

static uint64_t at_most(uint64_t budget, uint64_t memory_bytes) {
    return memory_bytes && memory_bytes / MEMORY_SHARE < budget ? memory_bytes / MEMORY_SHARE : budget;
}

/* What of the result the user wants to see. An SBOM that was read is carried over as it is. */
static stella_status choose(const analyze_request *request, const phases_result *result, int is_document,
                            stella_arena *arena, result_set *set, stella_error *err) {
    const listing_rules *rules = &request->listing;
    stella_bom *all = &set->everything;
    stella_status status = STELLA_OK;
    if (!is_document)
        status = listing_declare(all, rules, bom_is_system(result, all), arena, all, err);
    if (status == STELLA_OK && request->only_layer >= 0)
        status = bom_fragment(all, (uint32_t)request->only_layer, arena, all, err);
    if (status == STELLA_OK && !is_document && !rules->with_managed)
        return listing_unmanage(all, arena, &set->listed, err);
    set->listed = *all;
    return status;
}

static stella_status choose_used(const analyze_request *request, stella_arena *arena, result_set *set,
                                 stella_error *err) {
    int is_wanted = 0;
    for (uint32_t i = 0; i < request->output_count; i++)
        is_wanted |= wants_usage(&request->outputs[i]);
    if (!is_wanted)
        return STELLA_OK;
    const stella_status status = listing_used(&set->everything, arena, &set->used_everything, err);
    return status == STELLA_OK ? listing_used(&set->listed, arena, &set->used, err) : status;
}

/* From what the analyzers said to the documents.
 * subject  of an SBOM that was read; NULL: it was a tree */
static stella_status finish(stella_job *job, const analyze_request *request, const phases_result *result,
                            const stella_subject *subject, stella_arena *arena, stella_error *err) {
    result_set set = {.counts = {0}};
    stella_status status = bom_build(request, result, arena, &set.everything, err);
    if (status == STELLA_OK && counts_sum(&result->stages, result->traced, arena, &set.counts) != STELLA_OK)
        status = stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for what the analyzers counted");
    if (status == STELLA_OK && subject)
        documents_finish(subject, request->created_ms, &set.everything);
    if (status == STELLA_OK)
        status = choose(request, result, subject != NULL, arena, &set, err);
    if (status == STELLA_OK)
        status = choose_used(request, arena, &set, err);
    return status == STELLA_OK ? write_and_reply(job, request, &set, err) : status;
}

/* A configuration that cannot be read was noted when the image was opened: then nothing is known of what it runs. */
static stella_status choose_process(const analyze_request *request, stella_arena *arena, stella_launch *process,
                                    analysis_world *world, stella_error *err) {
    int is_asked = 0;
    const stella_status status = process_read(request->config, request->process, arena, process, &is_asked, err);
    if (status == STELLA_OK && is_asked)
        world->process = process;
    return status == STELLA_E_NOMEM || request->process.len ? status : STELLA_OK;
}

static stella_status analyze(stella_job *job, const analyze_request *request, const mapped *m, stella_arena *arena,
                             stella_error *err) {
    analysis_world world = {.job = job,
                            .view = m->view,
                            .packs = (const pack *const *)m->packs,
                            .supplements = (const pack *const *)m->supplements,
                            .is_gone = m->is_gone,
                            .round = request->round,
                            .stage_bytes = at_most(ANALYSIS_STAGE_BYTES, request->memory_bytes),
                            .call_bytes = at_most(ANALYSIS_CALL_BYTES, request->memory_bytes),
                            .options = request->options};
    STELLA_AUTO(stella_arena_destroyp) stella_arena *said = stella_arena_create(SAID_BYTES);
    STELLA_AUTO(phases_fini) phases_result result = {0};
    stella_launch process;
    if (!said)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the analysis");
    const int is_document = documents_is_one(request);
    stella_subject subject = STELLA_SUBJECT_INIT;
    stella_status status = choose_process(request, arena, &process, &world, err);
    if (status != STELLA_OK)
        return status;
    status = is_document ? documents_run(&world, request, said, &result, &subject, err)
                         : phases_run(&world, said, &result, err);
    if (status != STELLA_OK)
        return status;
    if (has_unserved(&result.wishes))
        return reply_pending(job, &result.wishes, arena, err);
    /* What reading the layers left out, and why: nobody but the engine knows of it. */
    status = records_notes(world.view, world.packs, STELLA_SV(ENGINE_ID), STELLA_SV(""), arena, &result.errors, err);
    return status == STELLA_OK ? finish(job, request, &result, is_document ? &subject : NULL, arena, err) : status;
}

stella_status engine_analyze_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *requested = stella_arena_create(REQUEST_BYTES);
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(RESULT_BYTES);
    STELLA_AUTO(mapped_destroyp) mapped *m = NULL;
    analyze_request request;
    if (!requested || !arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the request");
    stella_status status = analyze_request_parse(job->request, job->fd_count, requested, &request, err);
    damage damaged = {.count = 0};
    if (status == STELLA_OK)
        status = map_packs(job, &request, &damaged, &m, err);
    if (status == STELLA_OK && damaged.count)
        return reply_damaged(job, &damaged, err);
    return status == STELLA_OK ? analyze(job, &request, m, arena, err) : status;
}
