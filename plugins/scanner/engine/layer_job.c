/* The job "layer": one layer in, its evidence pack out. protocol.h has the request and the reply. */
#include "engine.h"
#include "extend.h"
#include "inflate.h"
#include "toc_request.h"
#include "walk.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdlib.h>

enum { FD_INPUT, FD_PACK, FD_SCRATCH, FD_LINKS, FD_COUNT, FD_BASE = FD_COUNT, FD_PARTS = FD_COUNT };

typedef struct request {
    int is_directory, is_file, is_toc, other_file_systems;
    int is_ahead;   /* there is a processor for a second thread */
    stella_sv name; /* of a file, and its size */
    uint64_t size;
    int has_links; /* an earlier reading wrote down which names it missed */
    stella_sv diff_id;
    engine_limits limits;
    stella_sv *only; /* sorted, in the job's arena; NULL for all */
    uint32_t only_count;
    stella_sv *plugins; /* that the base is extended by; NULL: there is no base */
    uint32_t plugin_count;
    int is_lookup;
    uint32_t analyzer_options;
    toc_request toc;
} request;

typedef struct outcome {
    char diff_id[STELLA_DIGEST_TEXT_SIZE];
    uint64_t bytes, links;
    pack_segment *segments; /* in the job's arena */
    uint32_t segment_count;
    int is_wanted; /* of a lookup */
} outcome;

typedef struct layer {
    stella_job *job;
    request request;
    collector collector;
    pack *base; /* NULL: none */
    outcome outcome;
} layer;

static stella_status read_limit(const stella_json *limits, const char *key, uint64_t *out, stella_error *err) {
    const stella_json *value = stella_json_get(limits, key);
    uint64_t number;
    if (!value)
        return STELLA_OK;
    if (!stella_json_u64(value, &number) || number == 0)
        return stella_error_set(err, STELLA_E_INVALID, key, "a limit of the request is no positive number");
    *out = number;
    return STELLA_OK;
}

static stella_status read_limits(const stella_json *limits, engine_limits *out, stella_error *err) {
    *out = (engine_limits)ENGINE_LIMITS_DEFAULT;
    const struct {
        const char *key;
        uint64_t *to;
    } known[] = {{"entries", &out->entries},
                 {"pathBytes", &out->path_bytes},
                 {"layerBytes", &out->layer_bytes},
                 {"ratio", &out->ratio},
                 {"ratioBytes", &out->ratio_bytes}};
    stella_status status = STELLA_OK;
    for (size_t i = 0; i < sizeof known / sizeof known[0] && status == STELLA_OK; i++)
        status = read_limit(limits, known[i].key, known[i].to, err);
    return status;
}

static int compare(const void *a, const void *b) {
    return stella_sv_cmp(*(const stella_sv *)a, *(const stella_sv *)b);
}

static stella_status read_paths(stella_job *job, const stella_json *paths, request *out, stella_error *err) {
    if (!paths)
        return STELLA_OK;
    if (!stella_json_is(paths, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_INVALID, "/paths", "the request's paths are no array");
    out->only = stella_arena_alloc(job->arena, paths->count, sizeof *out->only);
    if (!out->only)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the request's paths");
    for (uint32_t i = 0; i < paths->count; i++)
        out->only[i] = stella_json_str(stella_json_at(paths, i));
    out->only_count = paths->count;
    if (paths->count)
        qsort(out->only, paths->count, sizeof *out->only, compare);
    return STELLA_OK;
}

static stella_status read_plugins(stella_job *job, const stella_json *json, request *out, stella_error *err) {
    const stella_json *plugins = stella_json_get(json, "plugins");
    if (!plugins)
        return STELLA_OK;
    if (!stella_json_is(plugins, STELLA_JSON_ARRAY) || plugins->count == 0 || job->fd_count <= FD_BASE)
        return stella_error_set(err, STELLA_E_INVALID, "/plugins",
                                "plugins to extend a pack by, or the pack, are missing");
    out->plugins = stella_arena_alloc(job->arena, plugins->count, sizeof *out->plugins);
    if (!out->plugins)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the request's plugins");
    for (uint32_t i = 0; i < plugins->count; i++)
        out->plugins[i] = stella_json_str(stella_json_at(plugins, i));
    out->plugin_count = plugins->count;
    out->is_lookup = stella_json_is(stella_json_get(json, "lookup"), STELLA_JSON_TRUE);
    return STELLA_OK;
}

static stella_status read_toc_request(const stella_job *job, const stella_json *json, request *out, stella_error *err) {
    if (!out->is_toc)
        return STELLA_OK;
    if (job->fd_count <= FD_PARTS || out->plugins || out->only)
        return stella_error_set(err, STELLA_E_INVALID, "/toc", "a layer in parts is read for everybody, or not at all");
    return toc_request_read(stella_json_get(json, "toc"), &out->toc, err);
}

/* Options that this engine does not know are handed on: an analyzer may. */
static stella_status read_options(const stella_json *json, request *out, stella_error *err) {
    const stella_json *found = stella_json_get(json, "options");
    uint64_t options = 0;
    if (found && (!stella_json_u64(found, &options) || options > UINT32_MAX))
        return stella_error_set(err, STELLA_E_INVALID, "/options", "no set of options");
    out->analyzer_options = (uint32_t)options;
    return STELLA_OK;
}

static stella_status read_request(stella_job *job, request *out, stella_error *err) {
    const stella_json *json;
    stella_status status = stella_json_parse(job->request, job->arena, &json, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv kind = stella_json_str(stella_json_get(json, "kind"));
    *out = (request){.is_directory = stella_sv_eq(kind, STELLA_SV("directory")),
                     .is_file = stella_sv_eq(kind, STELLA_SV("file")),
                     .is_toc = stella_sv_eq(kind, STELLA_SV("toc")),
                     .is_ahead = stella_json_is(stella_json_get(json, "ahead"), STELLA_JSON_TRUE),
                     .name = stella_json_str(stella_json_get(json, "name")),
                     .other_file_systems = stella_json_is(stella_json_get(json, "otherFileSystems"), STELLA_JSON_TRUE),
                     .has_links = stella_json_is(stella_json_get(json, "links"), STELLA_JSON_TRUE),
                     .diff_id = stella_json_str(stella_json_get(json, "diffId"))};
    if (!out->is_directory && !out->is_file && !out->is_toc && !stella_sv_eq(kind, STELLA_SV("blob")))
        return stella_error_set(err, STELLA_E_INVALID, "/kind", "a layer is a blob, a directory, a file or a toc");
    if (out->is_file && !stella_json_u64(stella_json_get(json, "size"), &out->size))
        return stella_error_set(err, STELLA_E_INVALID, "/size", "a file without its size");
    if (job->fd_count < FD_COUNT)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "a layer job takes %d descriptors, not %u", FD_COUNT,
                                job->fd_count);
    status = read_limits(stella_json_get(json, "limits"), &out->limits, err);
    if (status == STELLA_OK)
        status = read_options(json, out, err);
    if (status == STELLA_OK)
        status = read_plugins(job, json, out, err);
    if (status == STELLA_OK)
        status = read_paths(job, stella_json_get(json, "paths"), out, err);
    return status == STELLA_OK ? read_toc_request(job, json, out, err) : status;
}

static void tell_progress(void *self, uint64_t stored_bytes) {
    layer *l = self;
    stella_job_progress(l->job, stored_bytes, index_count(l->collector.index));
}

static stella_status verify(const layer *l, stella_error *err) {
    const stella_sv claimed = l->request.diff_id;
    if (claimed.len && !stella_sv_eq(claimed, stella_sv_cstr(l->outcome.diff_id)))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "its diff id is %s, not %.*s as the image says",
                                l->outcome.diff_id, STELLA_SV_FMT(claimed));
    return STELLA_OK;
}

static stella_status walk_stream(layer *l, input *in, stella_error *err) {
    const stella_status status = input_peek(in, 1, err);
    if (status != STELLA_OK)
        return status;
    if (input_left(in) == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "empty: not even a tar archive without entries");
    return walk_tar(&l->collector, in, err);
}

static stella_status read_stream(layer *l, stella_error *err) {
    const inflate_options options = {.limits = l->request.limits,
                                     .with_digest = l->request.diff_id.len > 0,
                                     .is_ahead = l->request.is_ahead,
                                     .progress = tell_progress,
                                     .self = l};
    STELLA_AUTO(inflate_destroyp) inflate *z = NULL;
    stella_status status = inflate_create(l->job->fds[FD_INPUT], &options, &z, err);
    if (status == STELLA_OK)
        status = walk_stream(l, inflate_input(z), err);
    if (status == STELLA_OK)
        status = inflate_finish(z, l->outcome.diff_id, &l->outcome.bytes, err);
    return status == STELLA_OK ? verify(l, err) : status;
}

/* Later names of files, and what their analyzers would have wanted: said once, so that the layer is read once more. A
 * supplement is asked for by first names. */
static stella_status write_links(layer *l, stella_error *err) {
    const collector *c = &l->collector;
    if (l->request.is_directory || l->request.has_links || l->request.only)
        return STELLA_OK;
    return links_write(c->index, c->analyzers.matcher, l->job->fds[FD_LINKS], &l->outcome.links, err);
}

static void note_entry(void *self, stella_sv path, const char *message) {
    collector_note(self, STELLA_E_FORMAT, STELLA_NOTE_ERROR, path, "%s", message);
}

static stella_status write_plugins(layer *l, pack_writer *w, stella_error *err) {
    const analyzers *a = &l->collector.analyzers;
    stella_status status = STELLA_OK;
    for (uint32_t i = 0; i < a->count && status == STELLA_OK; i++) {
        const analyzer *one = &a->list[i];
        const stella_sv id = stella_sv_cstr(one->peer.id), digest = stella_sv_cstr(one->peer.digest);
        if (one->is_lost)
            continue;
        pack_segment *to = &l->outcome.segments[l->outcome.segment_count++];
        status = one->is_idle ? extend_copy(l->base, id, digest, w, to, err)
                              : evidence_write(one->evidence, l->collector.index, w, id, digest, to, err);
    }
    return status;
}

/* What was copied names files by row: the rows must be the same, as they are for the same bytes. */
static stella_status check_rows(const layer *l, stella_error *err) {
    STELLA_AUTO(pack_closep) pack *made = NULL;
    if (!l->base)
        return STELLA_OK;
    const stella_status status = pack_open(l->job->fds[FD_PACK], &made, err);
    if (status == STELLA_OK && pack_count(made) != pack_count(l->base))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "the pack to extend is of another layer");
    return status;
}

static stella_status make_room(layer *l, stella_error *err) {
    l->outcome.segments = stella_arena_alloc(l->job->arena, l->collector.analyzers.count + 2, sizeof(pack_segment));
    if (!l->outcome.segments)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the pack's segments");
    return STELLA_OK;
}

/* The base with empty segments of the new plugins: they want nothing of this layer. */
static stella_status write_extended(layer *l, stella_error *err) {
    STELLA_AUTO(pack_writer_destroyp) pack_writer *w = NULL;
    stella_status status = make_room(l, err);
    if (status == STELLA_OK)
        status = index_sort(l->collector.index, note_entry, &l->collector, err);
    if (status == STELLA_OK)
        status = pack_writer_create(l->job->fds[FD_PACK], &w, err);
    if (status == STELLA_OK)
        status = extend_copy(l->base, STELLA_SV(""), STELLA_SV(""), w, &l->outcome.segments[l->outcome.segment_count++],
                             err);
    if (status == STELLA_OK)
        status = extend_copy(l->base, STELLA_SV(ENGINE_ID), STELLA_SV(""), w,
                             &l->outcome.segments[l->outcome.segment_count++], err);
    if (status == STELLA_OK)
        status = write_plugins(l, w, err);
    return status == STELLA_OK ? pack_writer_finish(w, err) : status;
}

static stella_status write_pack(layer *l, stella_error *err) {
    STELLA_AUTO(pack_writer_destroyp) pack_writer *w = NULL;
    stella_status status = make_room(l, err);
    if (status == STELLA_OK)
        status = index_sort(l->collector.index, note_entry, &l->collector, err);
    if (status == STELLA_OK)
        status = aside_run(l->collector.aside, &l->collector.analyzers, l->collector.index, err);
    if (status == STELLA_OK)
        status = write_links(l, err);
    if (status == STELLA_OK)
        status = pack_writer_create(l->job->fds[FD_PACK], &w, err);
    if (status == STELLA_OK)
        status = index_write(l->collector.index, w, &l->outcome.segments[l->outcome.segment_count++], err);
    if (status == STELLA_OK)
        status = evidence_write(l->collector.analyzers.engine, l->collector.index, w, STELLA_SV(ENGINE_ID),
                                STELLA_SV(""), &l->outcome.segments[l->outcome.segment_count++], err);
    if (status == STELLA_OK)
        status = write_plugins(l, w, err);
    if (status == STELLA_OK)
        status = pack_writer_finish(w, err);
    return status == STELLA_OK ? check_rows(l, err) : status;
}

static void write_lost(const layer *l, stella_json_writer *w) {
    const analyzers *a = &l->collector.analyzers;
    stella_json_member_array(w, "lost");
    for (uint32_t i = 0; i < a->count; i++) {
        if (!a->list[i].is_lost)
            continue;
        stella_json_begin_object(w);
        stella_json_member_str(w, "plugin", stella_sv_cstr(a->list[i].peer.id));
        stella_json_member_str(w, "message", stella_sv_cstr(a->list[i].loss.message));
        stella_json_end_object(w);
    }
    stella_json_end_array(w);
}

static stella_status job_write(void *self, stella_sv bytes, stella_error *err) {
    return stella_job_reply(self, bytes, err);
}

static stella_status reply(const layer *l, stella_error *err) {
    const stella_sink sink = {.head = STELLA_HEAD(stella_sink), .self = l->job, .write = job_write};
    stella_json_writer w;
    stella_json_writer_init(&w, &sink, 0);
    stella_json_begin_object(&w);
    stella_json_member_str(&w, "diffId", stella_sv_cstr(l->outcome.diff_id));
    stella_json_member_u64(&w, "entries", index_count(l->collector.index));
    stella_json_member_u64(&w, "bytes", l->outcome.bytes);
    stella_json_member_u64(&w, "unreadable", l->collector.unreadable);
    stella_json_member_u64(&w, "links", l->outcome.links);
    stella_json_member_array(&w, "segments");
    for (uint32_t i = 0; i < l->outcome.segment_count; i++) {
        const pack_segment *s = &l->outcome.segments[i];
        stella_json_begin_object(&w);
        stella_json_member_str(&w, "plugin", s->plugin);
        stella_json_member_str(&w, "digest", s->digest);
        stella_json_member_u64(&w, "offset", s->offset);
        stella_json_member_u64(&w, "size", s->size);
        stella_json_end_object(&w);
    }
    stella_json_end_array(&w);
    write_lost(l, &w);
    stella_json_member_bool(&w, "wanted", l->outcome.is_wanted);
    stella_json_end_object(&w);
    return stella_json_finish(&w, err);
}

static stella_status look_up(layer *l, stella_error *err) {
    l->outcome.is_wanted = extend_is_wanted(l->base, &l->collector.analyzers);
    return l->outcome.is_wanted ? STELLA_OK : write_extended(l, err);
}

/* The plan is made anew: who asks for less than when it was made needs less than is at hand. */
static stella_status read_parts(layer *l, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf json = stella_buf_of(TOC_JSON_MAX);
    STELLA_AUTO(toc_fini) toc t = {.arena = NULL};
    uint32_t count = 0;
    toc_range *ranges = stella_arena_alloc(l->job->arena, TOC_RANGES_MAX, sizeof *ranges);
    if (!ranges)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the plan of a layer");
    stella_status status = toc_request_load(&l->request.toc, l->job->fds[FD_INPUT], &json, &t, err);
    if (status == STELLA_OK)
        status = toc_plan(&t, l->collector.analyzers.matcher, ranges, &count, err);
    return status == STELLA_OK ? walk_toc(&l->collector, &t, l->job->fds[FD_PARTS], &l->outcome.bytes, err) : status;
}

static stella_status read_content(layer *l, stella_error *err) {
    if (l->request.is_directory)
        return walk_dir(&l->collector, l->job->fds[FD_INPUT], l->request.other_file_systems, &l->outcome.bytes, err);
    if (l->request.is_file) {
        l->outcome.bytes = l->request.size;
        return walk_file(&l->collector, l->job->fds[FD_INPUT], l->request.name, l->request.size, err);
    }
    return l->request.is_toc ? read_parts(l, err) : read_stream(l, err);
}

static stella_status read_and_write(layer *l, stella_error *err) {
    const stella_status status = read_content(l, err);
    return status == STELLA_OK ? write_pack(l, err) : status;
}

static stella_status run(layer *l, stella_error *err) {
    const collect_options options = {.job = l->job,
                                     .limits = l->request.limits,
                                     .scratch_fd = l->job->fds[FD_SCRATCH],
                                     .only = l->request.only,
                                     .only_count = l->request.only_count,
                                     .links_fd = l->request.has_links ? l->job->fds[FD_LINKS] : -1,
                                     .sniffs_all = !l->request.is_directory,
                                     .plugins = l->request.plugins,
                                     .plugin_count = l->request.plugin_count,
                                     .analyzer_options = l->request.analyzer_options};
    stella_status status = collector_init(&l->collector, &options, err);
    if (status == STELLA_OK && l->request.plugins)
        status = pack_open(l->job->fds[FD_BASE], &l->base, err);
    if (status == STELLA_OK)
        status = l->request.is_lookup ? look_up(l, err) : read_and_write(l, err);
    return status == STELLA_OK ? reply(l, err) : status;
}

stella_status engine_layer_job(stella_job *job, stella_error *err) {
    layer l = {.job = job};
    stella_status status = read_request(job, &l.request, err);
    if (status != STELLA_OK)
        return status;
    status = run(&l, err);
    collector_fini(&l.collector);
    pack_close(l.base);
    return status;
}
