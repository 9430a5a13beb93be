#include "documents.h"

#include <stella/auto.h>
#include <stella/digest.h>

/* One call of one reader, which the analysis takes for an analyzer's. */
typedef struct call {
    stella_reading base; /* first: what the reader holds */
    const stella_reader *table;
    void *instance;
    stella_sv path;
    stella_arena *arena; /* for the subject */
    stella_subject *subject;
    uint32_t sureness;
    int is_detecting;
    int has_no_memory;
} call;

static int has_several(const analyze_request *request) {
    return stella_sv_eq(request->kind, STELLA_SV(DOCUMENTS_KIND_SEVERAL));
}

int documents_is_one(const analyze_request *request) {
    return request->layer_count == 1 &&
           (stella_sv_eq(request->kind, STELLA_SV(DOCUMENTS_KIND)) || has_several(request));
}

static stella_sv keep(call *c, stella_sv text) {
    const stella_sv copy = stella_arena_dup(c->arena, stella_sv_first(text, ANALYSIS_NAME_MAX));
    c->has_no_memory |= !copy.ptr;
    return copy;
}

static stella_sv keep_digest(call *c, stella_sv text) {
    return stella_digest_is_valid(text) ? keep(c, text) : STELLA_SV("");
}

static void take_subject(stella_reading *reading, const stella_subject *theirs) {
    call *c = (call *)reading;
    stella_subject s = STELLA_SUBJECT_INIT;
    if (theirs)
        analysis_fill(&s, theirs->struct_size < sizeof s ? theirs->struct_size : sizeof s, theirs, sizeof s);
    *c->subject = (stella_subject){.struct_size = sizeof s,
                                   .kind = keep(c, s.kind),
                                   .name = keep(c, s.name),
                                   .digest = keep_digest(c, s.digest),
                                   .config_digest = keep_digest(c, s.config_digest),
                                   .os = keep(c, s.os),
                                   .architecture = keep(c, s.architecture),
                                   .variant = keep(c, s.variant),
                                   .distro_id = keep(c, s.distro_id),
                                   .distro_version = keep(c, s.distro_version),
                                   .distro_name = keep(c, s.distro_name),
                                   .created_ms = s.created_ms < 0 ? -1 : s.created_ms};
}

static const stella_reading_ops reading_ops = {.head = STELLA_HEAD(stella_reading_ops), .subject = take_subject};

static stella_status analyze(void *self, stella_analysis *job, stella_error *err) {
    call *c = self;
    stella_file document = STELLA_FILE_INIT;
    const stella_status status = stella_view_read(job, c->path, &document, err);
    if (status != STELLA_OK)
        return status;
    if (c->is_detecting) {
        c->sureness = c->table->detect(c->instance, document.bytes);
        return STELLA_OK;
    }
    c->base.job = job;
    c->base.document = &document;
    const stella_status read = c->table->read(c->instance, &c->base, err);
    return read == STELLA_OK && c->has_no_memory
               ? stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the document's subject")
               : read;
}

static const stella_analyzer shim = {
    .head = STELLA_HEAD(stella_analyzer), .phase = STELLA_PHASE_PACKAGES, .analyze = analyze};

static stella_status run(const analysis_world *world, const stella_peer *peer, call *c, phases_result *result,
                         stella_arena *arena, stage **out, stella_error *err) {
    const analysis_plugin plugin = {.table = &shim,
                                    .instance = c,
                                    .id = stella_sv_cstr(peer->id),
                                    .version = stella_sv_cstr(peer->version),
                                    .digest = stella_sv_cstr(peer->digest),
                                    .index = peer->index};
    c->table = peer->interface;
    c->instance = peer->instance;
    return analysis_run(world, &plugin, &result->wishes, arena, out, err);
}

static int is_reader(const stella_peer *peer) {
    const stella_reader *table = peer->interface;
    return STELLA_HAS(table, stella_reader, read) && table->detect && table->read;
}

/* The reader that is surest; of several the first by id. best->id is NULL when none knows the document. */
static stella_status choose(const analysis_world *world, call *c, phases_result *result, stella_arena *arena,
                            stella_peer *best, stella_error *err) {
    stella_peer peer = {.struct_size = sizeof peer};
    uint32_t sureness = 0;
    c->is_detecting = 1;
    for (uint32_t i = 0; stella_job_peer(world->job, STELLA_READER_INTERFACE, i, &peer); i++) {
        STELLA_AUTO(stage_destroyp) stage *nothing = NULL;
        const stella_status status =
            is_reader(&peer) ? run(world, &peer, c, result, arena, &nothing, err) : STELLA_E_UNSUPPORTED;
        if (status != STELLA_OK && status != STELLA_E_UNSUPPORTED)
            return status;
        if (status == STELLA_OK && c->sureness > sureness) {
            sureness = c->sureness;
            *best = peer;
        }
    }
    return STELLA_OK;
}

/* One document. Returns STELLA_E_PENDING when it must be read first. */
static stella_status run_one(const analysis_world *world, stella_sv path, stella_arena *arena, phases_result *result,
                             stella_subject *subject, stella_error *err) {
    stella_subject stated = STELLA_SUBJECT_INIT;
    call c = {.base = {.head = STELLA_HEAD(stella_reading), .ops = &reading_ops},
              .path = path,
              .arena = arena,
              .subject = &stated};
    stella_peer best = {.struct_size = sizeof best};
    STELLA_AUTO(stage_destroyp) stage *s = NULL;
    stella_status status = choose(world, &c, result, arena, &best, err);
    if (status != STELLA_OK)
        return status;
    if (!best.id)
        return stella_error_at(err, STELLA_E_FORMAT, path, "not an SBOM of a kind that is known");
    c.is_detecting = 0;
    status = run(world, &best, &c, result, arena, &s, err);
    if (status == STELLA_OK)
        status = stages_add(&result->stages, &s, err);
    if (status == STELLA_OK)
        *subject = stated;
    return status;
}

/* "=NAME" as the subject of several documents is one of its own. */
static int is_own_name(stella_sv chosen) {
    return stella_sv_starts(chosen, STELLA_SV("="));
}

/* All files of the archive, in the order of their paths. */
static stella_status run_several(const analysis_world *world, stella_sv chosen, stella_arena *arena,
                                 phases_result *result, stella_subject *subject, stella_error *err) {
    pack_walk walk;
    uint32_t count = 0;
    if (is_own_name(chosen))
        subject->name = stella_sv_skip(chosen, 1);
    pack_walk_init(&walk, world->packs[0], 0);
    while (pack_walk_next(&walk)) {
        pack_row row;
        stella_subject stated = STELLA_SUBJECT_INIT;
        pack_row_at(world->packs[0], walk.row, &row);
        if (row.kind != STELLA_FILE_REGULAR)
            continue;
        const stella_sv path = stella_arena_dup(arena, walk.path);
        if (!path.ptr)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a name");
        if (++count > DOCUMENTS_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %u documents", DOCUMENTS_MAX);
        const stella_status status = run_one(world, path, arena, result, &stated, err);
        if (status != STELLA_OK && status != STELLA_E_PENDING)
            return status;
        if (stella_sv_eq(path, chosen))
            *subject = stated;
    }
    return count ? STELLA_OK : stella_error_set(err, STELLA_E_FORMAT, NULL, "an archive without documents");
}

stella_status documents_run(const analysis_world *world, const analyze_request *request, stella_arena *arena,
                            phases_result *result, stella_subject *subject, stella_error *err) {
    if (has_several(request) && world->packs[0])
        return run_several(world, request->name, arena, result, subject, err);
    const stella_status status = run_one(world, request->name, arena, result, subject, err);
    return status == STELLA_E_PENDING ? STELLA_OK : status;
}

void documents_finish(const stella_subject *subject, int64_t epoch_ms, stella_bom *bom) {
    bom->subject_kind = subject->kind.len ? subject->kind : STELLA_SV(DOCUMENTS_KIND);
    bom->subject_name = subject->name.len ? subject->name : bom->subject_name;
    bom->subject_digest = subject->digest;
    bom->subject_config_digest = subject->config_digest;
    bom->os = subject->os;
    bom->architecture = subject->architecture;
    bom->variant = subject->variant;
    bom->distro_id = subject->distro_id;
    bom->distro_version = subject->distro_version;
    bom->distro_name = subject->distro_name;
    bom->created_ms = epoch_ms >= 0 ? epoch_ms : subject->created_ms;
    bom->layers.count = 0;
    stella_bom_component *components = (stella_bom_component *)(uintptr_t)bom->components.items;
    for (uint32_t i = 0; i < bom->components.count; i++)
        components[i].layers.count = 0;
}
