#include "image.h"

#include "scan.h"

#include <stella/digest.h>
#include <stella/json.h>
#include <stella/source.h>

#define IMAGE_FILES_MAX 1024 /* that a description is read from */

static stella_status broken(stella_error *err, const char *path) {
    return stella_error_set(err, STELLA_E_INTERNAL, path, "the reply of image.open breaks the protocol");
}

static int read_kind(stella_sv text, layer_kind *out) {
    static const struct {
        stella_sv name;
        layer_kind kind;
    } kinds[] = {{STELLA_SV_INIT("blob"), LAYER_BLOB},
                 {STELLA_SV_INIT("directory"), LAYER_DIRECTORY},
                 {STELLA_SV_INIT("foreign"), LAYER_FOREIGN},
                 {STELLA_SV_INIT("file"), LAYER_FILE},
                 {STELLA_SV_INIT("archive"), LAYER_ARCHIVE}};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if (!stella_sv_eq(kinds[i].name, text))
            continue;
        *out = kinds[i].kind;
        return 1;
    }
    return 0;
}

static int is_digest_or_empty(stella_sv text) {
    return text.len == 0 || stella_digest_is_valid(text);
}

static int read_toc(const stella_json *json, layer_info *out) {
    uint64_t kind = 0;
    if (!json)
        return 1;
    out->toc_digest = stella_json_str(stella_json_get(json, "digest"));
    if (!stella_json_u64(stella_json_get(json, "kind"), &kind) ||
        !stella_json_u64(stella_json_get(json, "offset"), &out->toc_offset) ||
        !stella_json_u64(stella_json_get(json, "size"), &out->toc_size))
        return 0;
    out->toc_kind = (uint32_t)kind;
    return (kind == STELLA_TOC_ESTARGZ || (kind == STELLA_TOC_ZSTD_CHUNKED && out->toc_size)) &&
           stella_digest_is_valid(out->toc_digest) && out->toc_offset <= out->size &&
           out->toc_size <= out->size - out->toc_offset;
}

static int read_layer(const stella_json *json, layer_info *out) {
    out->path = stella_json_str(stella_json_get(json, "path"));
    out->digest = stella_json_str(stella_json_get(json, "digest"));
    out->diff_id = stella_json_str(stella_json_get(json, "diffId"));
    out->media_type = stella_json_str(stella_json_get(json, "mediaType"));
    out->created_by = stella_json_str(stella_json_get(json, "createdBy"));
    return read_kind(stella_json_str(stella_json_get(json, "kind")), &out->kind) &&
           stella_json_u64(stella_json_get(json, "offset"), &out->offset) &&
           stella_json_u64(stella_json_get(json, "size"), &out->size) && is_digest_or_empty(out->digest) &&
           is_digest_or_empty(out->diff_id) && out->offset <= INT64_MAX && out->size <= INT64_MAX - out->offset &&
           read_toc(stella_json_get(json, "toc"), out);
}

static stella_status read_layers(const stella_json *list, stella_arena *arena, image_info *out, stella_error *err) {
    if (!stella_json_is(list, STELLA_JSON_ARRAY))
        return broken(err, "/layers");
    if (list->count > SCAN_LAYERS_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "the image has %u layers, at most %d can be scanned",
                                list->count, SCAN_LAYERS_MAX);
    layer_info *layers = stella_arena_alloc(arena, list->count, sizeof *layers);
    if (!layers)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the image's layers");
    for (uint32_t i = 0; i < list->count; i++)
        if (!read_layer(&list->items[i], &layers[i]))
            return broken(err, "/layers");
    out->layers = layers;
    out->layer_count = list->count;
    return STELLA_OK;
}

/* A list is complete or none. */
static stella_status read_files(const stella_json *list, stella_arena *arena, image_info *out, stella_error *err) {
    if (!list)
        return STELLA_OK;
    if (!stella_json_is(list, STELLA_JSON_ARRAY) || list->count > IMAGE_FILES_MAX)
        return broken(err, "/files");
    stella_sv *files = stella_arena_alloc(arena, list->count, sizeof *files);
    if (!files)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the image's files");
    for (uint32_t i = 0; i < list->count; i++)
        if (!(files[i] = stella_json_str(stella_json_at(list, i))).len)
            return broken(err, "/files");
    out->files = files;
    out->file_count = list->count;
    return STELLA_OK;
}

stella_status image_parse(stella_sv reply, stella_arena *arena, image_info *out, stella_error *err) {
    const stella_json *root = NULL;
    const stella_sv kept = stella_arena_dup(arena, reply);
    if (!kept.ptr)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for the image's description");
    if (stella_json_parse(kept, arena, &root, NULL) != STELLA_OK)
        return broken(err, NULL);
    const stella_json *json = stella_json_get(root, "image");
    image_info image = {.scheme = stella_json_str(stella_json_get(root, "scheme")),
                        .is_spooled = stella_json_is(stella_json_get(root, "spooled"), STELLA_JSON_TRUE),
                        .kind = stella_json_str(stella_json_get(json, "kind")),
                        .name = stella_json_str(stella_json_get(json, "name")),
                        .digest = stella_json_str(stella_json_get(json, "digest")),
                        .config_digest = stella_json_str(stella_json_get(json, "configDigest")),
                        .os = stella_json_str(stella_json_get(json, "os")),
                        .architecture = stella_json_str(stella_json_get(json, "architecture")),
                        .variant = stella_json_str(stella_json_get(json, "variant")),
                        .config = stella_json_str(stella_json_get(json, "config")),
                        .created_ms = -1};
    stella_json_i64(stella_json_get(json, "createdMs"), &image.created_ms);
    if (!image.kind.len || !is_digest_or_empty(image.digest) || !is_digest_or_empty(image.config_digest))
        return broken(err, "/image");
    stella_status status = read_layers(stella_json_get(root, "layers"), arena, &image, err);
    if (status == STELLA_OK)
        status = read_files(stella_json_get(root, "files"), arena, &image, err);
    if (status == STELLA_OK)
        *out = image;
    return status;
}
