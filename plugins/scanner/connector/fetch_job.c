/* The job remote.fetch: lets the source write the stored bytes of a layer into a pipe. */
#include "connector.h"
#include "remote.h"

#include <stella/auto.h>
#include <stella/sink.h>

#define FD_OUT     0
#define RANGES_MAX 4096

static uint32_t kind_of(stella_sv name) {
    return stella_sv_eq(name, STELLA_SV("archive")) ? STELLA_LAYER_ARCHIVE : STELLA_LAYER_BLOB;
}

static int read_layer(const stella_json *json, stella_layer *out) {
    *out = (stella_layer){.struct_size = sizeof *out,
                          .kind = kind_of(stella_json_str(stella_json_get(json, "kind"))),
                          .path = stella_json_str(stella_json_get(json, "path")),
                          .digest = stella_json_str(stella_json_get(json, "digest")),
                          .diff_id = stella_json_str(stella_json_get(json, "diffId")),
                          .media_type = stella_json_str(stella_json_get(json, "mediaType")),
                          .created_by = stella_json_str(stella_json_get(json, "createdBy"))};
    return stella_json_u64(stella_json_get(json, "offset"), &out->offset) &&
           stella_json_u64(stella_json_get(json, "size"), &out->size);
}

typedef struct range {
    uint64_t offset, size;
} range;

static int read_range(const stella_json *json, range *out) {
    return stella_json_is(json, STELLA_JSON_ARRAY) && json->count == 2 &&
           stella_json_u64(stella_json_at(json, 0), &out->offset) &&
           stella_json_u64(stella_json_at(json, 1), &out->size);
}

/* What is wanted of the layer: one stretch, or a list. Returns 0 for a request that makes no sense. */
static int read_ranges(const remote *r, const range **out, uint32_t *count) {
    const stella_json *list = stella_json_get(r->request, "ranges");
    const uint32_t wanted = list ? list->count : 1;
    if (list && (!stella_json_is(list, STELLA_JSON_ARRAY) || wanted > RANGES_MAX))
        return 0;
    range *ranges = stella_arena_alloc(r->arena, wanted, sizeof *ranges);
    if (!ranges)
        return 0;
    for (uint32_t i = 0; list && i < wanted; i++)
        if (!read_range(stella_json_at(list, i), &ranges[i]))
            return 0;
    *out = ranges;
    *count = wanted;
    return list || (stella_json_u64(stella_json_get(r->request, "offset"), &ranges->offset) &&
                    stella_json_u64(stella_json_get(r->request, "size"), &ranges->size));
}

stella_status connector_fetch_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(remote_fini) remote r;
    stella_layer layer;
    const range *ranges = NULL;
    uint32_t count = 0;
    stella_status status = remote_init(&r, job, err);
    if (status != STELLA_OK)
        return status;
    if (job->fd_count == 0 || !read_layer(stella_json_get(r.request, "layer"), &layer) ||
        !read_ranges(&r, &ranges, &count))
        return stella_error_set(err, STELLA_E_INVALID, "/layer", "remote.fetch wants a layer and a pipe");
    if (!r.source.fetch)
        return stella_error_set(err, STELLA_E_UNSUPPORTED, r.peer.id, "the source does not fetch");
    const stella_sink out = stella_fd_sink(&job->fds[FD_OUT]);
    stella_job_enter(job, 0, r.peer.index, layer.digest.len ? layer.digest : r.target.base.name);
    for (uint32_t i = 0; i < count && status == STELLA_OK; i++)
        status = r.source.fetch(r.peer.instance, &r.target.base, &layer, ranges[i].offset, ranges[i].size, &out, err);
    stella_job_leave(job, 0);
    return status;
}
