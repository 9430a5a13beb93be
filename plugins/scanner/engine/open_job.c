/* The job image.open: finds the source that knows the target, and lets it say what the image consists of. */
#include "engine.h"
#include "format.h"
#include "open_reply.h"
#include "open_spool.h"
#include "open_target.h"

#include <stella/auto.h>
#include <stella/json.h>

#define OPEN_MEMORY_BYTES (64u << 20) /* the documents of an image, and its table of contents */
#define SCHEMES_TEXT_MAX  120         /* of an error's message */
#define DETECT_CERTAIN    100u

#define FD_TARGET 0
#define FD_SPOOL  1

typedef struct chosen_source {
    stella_peer peer;
    const stella_source *table;
} chosen_source;

/* An output that nobody can write is told before anything is read. */
static stella_status read_request(stella_job *job, stella_arena *arena, stella_sv *scheme, stella_target *target,
                                  stella_error *err) {
    const stella_json *root = NULL;
    stella_status status = stella_json_parse(job->request, arena, &root, err);
    if (status == STELLA_OK)
        status = formats_check(job, root, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv kind = stella_json_str(stella_json_get(root, "targetKind"));
    const int is_directory = stella_sv_eq(kind, STELLA_SV("directory"));
    if (job->fd_count < 2 || (!is_directory && !stella_sv_eq(kind, STELLA_SV("file"))))
        return stella_error_set(err, STELLA_E_INVALID, "/targetKind", "image.open wants a target and a spool");
    target->kind = is_directory ? STELLA_TARGET_DIRECTORY : STELLA_TARGET_FILE;
    target->name = stella_json_str(stella_json_get(root, "name"));
    target->select = stella_json_str(stella_json_get(root, "select"));
    target->platform = stella_json_str(stella_json_get(root, "platform"));
    *scheme = stella_json_str(stella_json_get(root, "scheme"));
    return STELLA_OK;
}

static int next_source(stella_job *job, uint32_t position, chosen_source *out) {
    chosen_source source = {.peer = {.struct_size = sizeof source.peer}};
    if (!stella_job_peer(job, STELLA_SOURCE_INTERFACE, position, &source.peer))
        return 0;
    source.table = source.peer.interface;
    *out = source;
    return 1;
}

static stella_status refuse_scheme(stella_job *job, stella_sv scheme, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf known = stella_buf_of(SCHEMES_TEXT_MAX);
    chosen_source source;
    for (uint32_t i = 0; next_source(job, i, &source); i++)
        stella_buf_printf(&known, "%s%s:", i ? ", " : "", source.table->scheme);
    return stella_error_set(err, STELLA_E_INVALID, NULL, "unknown kind of target \"%.*s:\"; known are %.*s",
                            STELLA_SV_FMT(stella_sv_first(scheme, 32)), STELLA_SV_FMT(stella_buf_sv(&known)));
}

static stella_status choose_by_scheme(stella_job *job, stella_sv scheme, const stella_target *target,
                                      chosen_source *out, stella_error *err) {
    chosen_source source;
    for (uint32_t i = 0; next_source(job, i, &source); i++) {
        if (!stella_sv_eq(stella_sv_cstr(source.table->scheme), scheme))
            continue;
        if (source.table->target_kind != target->kind)
            return stella_error_at(err, STELLA_E_FORMAT, target->name, "%s: wants a %s", source.table->scheme,
                                   source.table->target_kind == STELLA_TARGET_FILE ? "file, this is a directory"
                                                                                   : "directory, this is a file");
        *out = source;
        return STELLA_OK;
    }
    return refuse_scheme(job, scheme, err);
}

/* Nobody knows it: who was asked. */
static stella_status refuse_target(stella_job *job, const stella_target *target, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf tried = stella_buf_of(SCHEMES_TEXT_MAX);
    chosen_source source;
    for (uint32_t i = 0; next_source(job, i, &source); i++)
        if (source.table->target_kind == target->kind)
            stella_buf_printf(&tried, "%s%s", tried.len ? ", " : "", source.table->scheme);
    if (target->kind != STELLA_TARGET_FILE)
        return stella_error_at(err, STELLA_E_FORMAT, target->name, "no source for directories is loaded");
    return stella_error_at(err, STELLA_E_FORMAT, target->name,
                           "not recognised (tried %.*s); file:PATH scans it as a single file",
                           STELLA_SV_FMT(stella_buf_sv(&tried)));
}

/* The surest source; of equally sure ones the first by id. */
static stella_status choose_by_look(stella_job *job, stella_target *target, chosen_source *out, stella_error *err) {
    chosen_source source;
    uint32_t best = 0;
    for (uint32_t i = 0; next_source(job, i, &source); i++) {
        if (source.table->target_kind != target->kind)
            continue;
        stella_job_enter(job, 0, source.peer.index, target->name);
        const uint32_t sure = source.table->detect(source.peer.instance, target);
        stella_job_leave(job, 0);
        if (sure > best && sure <= DETECT_CERTAIN) {
            best = sure;
            *out = source;
        }
    }
    return best ? STELLA_OK : refuse_target(job, target, err);
}

static stella_status describe(stella_job *job, const chosen_source *source, open_target *target, stella_error *err) {
    stella_job_enter(job, 0, source->peer.index, target->base.name);
    const stella_status status = source->table->open(source->peer.instance, &target->base, err);
    stella_job_leave(job, 0);
    if (status == STELLA_OK && !target->has_image)
        return stella_error_set(err, STELLA_E_INTERNAL, NULL, "the source %s stated no image", source->peer.id);
    return status;
}

static int wants_stored(const chosen_source *source) {
    return source->table && (source->table->flags & STELLA_SOURCE_STORED) != 0;
}

stella_status engine_open_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(OPEN_MEMORY_BYTES);
    STELLA_AUTO(open_target_fini) open_target target = {.file_fd = -1};
    chosen_source source = {.table = NULL};
    stella_sv scheme = {0};
    int is_spooled = 0;
    if (!arena || job->fd_count < 2)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "image.open wants a target and a spool");
    stella_status status = open_target_init(&target, job, arena, job->fds[FD_TARGET], err);
    if (status == STELLA_OK)
        status = read_request(job, arena, &scheme, &target.base, err);
    if (status == STELLA_OK && scheme.len)
        status = choose_by_scheme(job, scheme, &target.base, &source, err);
    if (status == STELLA_OK && target.base.kind == STELLA_TARGET_FILE && !wants_stored(&source))
        status = open_spool(job, job->fds[FD_TARGET], job->fds[FD_SPOOL], &is_spooled, err);
    if (status != STELLA_OK)
        return status;
    target.fd = job->fds[is_spooled ? FD_SPOOL : FD_TARGET];
    if (scheme.len == 0)
        status = choose_by_look(job, &target.base, &source, err);
    if (status == STELLA_OK && wants_stored(&source)) {
        target.fd = job->fds[FD_TARGET];
        is_spooled = 0;
    }
    if (status == STELLA_OK)
        status = describe(job, &source, &target, err);
    return status == STELLA_OK ? open_reply_send(job, source.table->scheme, is_spooled, &target, err) : status;
}

stella_status engine_formats_job(stella_job *job, stella_error *err) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(OPEN_MEMORY_BYTES);
    const stella_json *root = NULL;
    if (!arena)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the request");
    const stella_status status = stella_json_parse(job->request, arena, &root, err);
    return status == STELLA_OK ? formats_check(job, root, err) : status;
}
