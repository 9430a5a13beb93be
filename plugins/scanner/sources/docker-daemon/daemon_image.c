#include "daemon_image.h"

#include "api.h"

#include <stella/auto.h>
#include <stella/json.h>

#include <stdio.h>

#define INSPECT_BYTES_MAX (4u << 20)
#define INSPECT_MS        30000
#define STALL_S           240 /* docker writes the whole archive down before its first byte */

stella_sv daemon_image_selector(stella_sv name, stella_sv id, stella_arena *arena) {
    const stella_sv sha256 = STELLA_SV("sha256:");
    const stella_sv bare = stella_sv_starts(id, sha256) ? stella_sv_skip(id, sha256.len) : id;
    const stella_sv own = stella_sv_starts(name, sha256) ? stella_sv_skip(name, sha256.len) : name;
    if (own.len >= 6 && stella_sv_starts(bare, own))
        return stella_arena_dup(arena, id);
    const size_t slash = stella_sv_rfind(name, '/'), colon = stella_sv_rfind(name, ':');
    const int has_tag = colon < name.len && (slash >= name.len || colon > slash);
    if (has_tag || stella_sv_find(name, '@') < name.len)
        return stella_arena_dup(arena, name);
    return stella_arena_printf(arena, "%.*s:latest", STELLA_SV_FMT(name));
}

/* The daemon's own words, when it says something that can be understood. */
static stella_sv message_of(const api_answer *answer, stella_arena *arena) {
    const stella_json *root = NULL;
    const stella_sv text = stella_arena_dup(arena, stella_sv_cstr(answer->refusal));
    if (!text.ptr || stella_json_parse(text, arena, &root, NULL) != STELLA_OK)
        return (stella_sv){0};
    const stella_sv message = stella_json_str(stella_json_get(root, "message"));
    return message.len ? message : stella_json_str(stella_json_get(root, "cause"));
}

static stella_status refuse(const char *daemon, const stella_target *target, const api_answer *answer,
                            stella_error *err) {
    const stella_sv said = stella_sv_first(message_of(answer, target->arena), 100);
    const char *colon = said.len ? ": " : "";
    if (answer->status == 404)
        return stella_error_at(err, STELLA_E_NOTFOUND, target->name, "%s holds no such image%s%.*s", daemon, colon,
                               STELLA_SV_FMT(said));
    const stella_status code = answer->status == 401 || answer->status == 403 ? STELLA_E_DENIED
                               : answer->status >= 500                        ? STELLA_E_IO
                                                                              : STELLA_E_FORMAT;
    return stella_error_at(err, code, target->name, "%s answers with HTTP %ld%s%.*s", daemon, answer->status, colon,
                           STELLA_SV_FMT(said));
}

static stella_status ask(const char *daemon, stella_target *target, stella_sv name, const char *what,
                         const api_request *how, api_answer *answer, stella_error *err) {
    const int fd = target->head.struct_size >= offsetof(stella_target, reserved2) ? target->fd : -1;
    const char *escaped = api_escape(name, target->arena);
    const stella_sv path =
        escaped ? stella_arena_printf(target->arena, "/images/%s/%s", escaped, what) : (stella_sv){0};
    if (fd < 0)
        return stella_error_at(err, STELLA_E_UNSUPPORTED, target->name, "no socket of %s was handed in", daemon);
    if (!path.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, target->name, "no memory for a request");
    api_request request = *how;
    request.path = path.ptr;
    const stella_status status = api_get(fd, &request, answer, err);
    if (status != STELLA_OK && err && !err->path[0])
        snprintf(err->path, sizeof err->path, "%.*s", STELLA_SV_FMT(stella_sv_first(target->name, 190)));
    return status == STELLA_OK && answer->status != 200 ? refuse(daemon, target, answer, err) : status;
}

static stella_status read_inspection(const char *daemon, stella_target *target, stella_sv text, stella_sv *id,
                                     stella_error *err) {
    const stella_json *root = NULL;
    const stella_sv kept = stella_arena_dup(target->arena, text);
    if (kept.ptr && stella_json_parse(kept, target->arena, &root, NULL) == STELLA_OK)
        *id = stella_json_str(stella_json_get(root, "Id"));
    if (!id->len)
        return stella_error_at(err, STELLA_E_FORMAT, target->name, "what answers is no API of %s", daemon);
    return STELLA_OK;
}

stella_status daemon_image_open(const char *daemon, stella_target *target, stella_error *err) {
    STELLA_AUTO(stella_buf_fini) stella_buf text = stella_buf_of(INSPECT_BYTES_MAX);
    const stella_sink sink = stella_buf_sink(&text);
    const api_request request = {.total_ms = INSPECT_MS, .stall_s = INSPECT_MS / 1000, .out = &sink};
    api_answer answer;
    stella_sv id = {0};
    stella_status status = ask(daemon, target, target->name, "json", &request, &answer, err);
    if (status == STELLA_OK)
        status = read_inspection(daemon, target, stella_buf_sv(&text), &id, err);
    if (status != STELLA_OK)
        return status;
    const stella_image image = {
        .struct_size = sizeof image, .kind = STELLA_SV("image"), .name = target->name, .created_ms = -1};
    const stella_layer archive = {.struct_size = sizeof archive,
                                  .kind = STELLA_LAYER_ARCHIVE,
                                  .path = daemon_image_selector(target->name, id, target->arena)};
    if (!archive.path.ptr)
        return stella_error_at(err, STELLA_E_NOMEM, target->name, "no memory for the image's name");
    status = stella_target_image(target, &image, err);
    return status == STELLA_OK ? stella_target_layer(target, &archive, err) : status;
}

stella_status daemon_image_fetch(const char *daemon, stella_target *target, const stella_layer *layer,
                                 const stella_sink *out, stella_error *err) {
    const api_request request = {.stall_s = STALL_S, .out = out};
    api_answer answer;
    const stella_status status = ask(daemon, target, layer->path, "get", &request, &answer, err);
    if (status == STELLA_OK && answer.delivered == 0)
        return stella_error_at(err, STELLA_E_FORMAT, target->name, "%s hands out an empty archive", daemon);
    return status;
}
