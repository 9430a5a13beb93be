#include "remote.h"

#include <stella/sink.h>

#define REMOTE_MEMORY_BYTES (64u << 20) /* the documents of an image */
#define SCHEMES_TEXT_MAX    120         /* of an error's message */

/* What both sides know of its table. A source that has less than open is none of ours. */
static int next_source(stella_job *job, uint32_t position, remote *r, stella_error *err) {
    stella_peer peer = {.struct_size = sizeof peer};
    stella_source source = {0};
    if (!stella_job_peer(job, STELLA_SOURCE_INTERFACE, position, &peer))
        return 0;
    const uint32_t size = ((const stella_abi_head *)peer.interface)->struct_size;
    memcpy(&source, peer.interface, size < sizeof source ? size : sizeof source);
    if (size < offsetof(stella_source, fetch))
        stella_error_set(err, STELLA_E_ABI, peer.id, "its table of functions is too short");
    r->peer = peer;
    r->source = source;
    return 1;
}

static stella_status refuse_scheme(stella_job *job, stella_sv scheme, stella_error *err) {
    stella_buf known = stella_buf_of(SCHEMES_TEXT_MAX);
    remote other;
    int count = 0;
    for (uint32_t i = 0; next_source(job, i, &other, NULL); i++)
        if (other.source.target_kind == STELLA_TARGET_REMOTE)
            stella_buf_printf(&known, "%s%s:", count++ ? ", " : "", other.source.scheme);
    const stella_status status =
        stella_error_set(err, STELLA_E_INVALID, NULL, "unknown kind of target \"%.*s:\"; known remote ones are %.*s",
                         STELLA_SV_FMT(stella_sv_first(scheme, 32)), STELLA_SV_FMT(stella_buf_sv(&known)));
    stella_buf_fini(&known);
    return status;
}

static stella_status choose_source(remote *r, stella_job *job, stella_sv scheme, stella_error *err) {
    stella_error malformed = {0};
    for (uint32_t i = 0; next_source(job, i, r, &malformed); i++) {
        if (malformed.code) {
            if (err)
                *err = malformed;
            return malformed.code;
        }
        if (r->source.target_kind == STELLA_TARGET_REMOTE && stella_sv_eq(stella_sv_cstr(r->source.scheme), scheme))
            return STELLA_OK;
    }
    return refuse_scheme(job, scheme, err);
}

static stella_status take_socket(remote *r, const stella_job *job, stella_error *err) {
    int64_t position = -1;
    if (!stella_json_i64(stella_json_get(r->request, "socket"), &position) || position < 0)
        return STELLA_OK;
    if (position >= job->fd_count)
        return stella_error_set(err, STELLA_E_INVALID, "/socket", "there is no such descriptor");
    r->target.base.fd = job->fds[position];
    return STELLA_OK;
}

stella_status remote_init(remote *out, stella_job *job, stella_error *err) {
    *out = (remote){.arena = stella_arena_create(REMOTE_MEMORY_BYTES), .target = {.file_fd = -1}};
    if (!out->arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a remote target");
    stella_status status = open_target_init(&out->target, job, out->arena, -1, err);
    if (status == STELLA_OK)
        status = stella_json_parse(job->request, out->arena, &out->request, err);
    if (status == STELLA_OK)
        status = take_socket(out, job, err);
    if (status != STELLA_OK)
        return status;
    stella_target *target = &out->target.base;
    target->kind = STELLA_TARGET_REMOTE;
    target->name = stella_json_str(stella_json_get(out->request, "name"));
    target->platform = stella_json_str(stella_json_get(out->request, "platform"));
    target->access = stella_json_str(stella_json_get(out->request, "access"));
    return choose_source(out, job, stella_json_str(stella_json_get(out->request, "scheme")), err);
}

void remote_fini(remote *r) {
    open_target_fini(&r->target);
    stella_arena_destroy(r->arena);
}
