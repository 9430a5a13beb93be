#include "docker_manifest.h"

#include <stella/digest.h>
#include <stella/json.h>
#include <stella/sink.h>

#include <stdio.h>

#define CHOICES_TEXT_MAX 120 /* of an error's message */
#define POINTER_SIZE     64

/* A list of names; null counts as empty (RepoTags of an image without any). */
static stella_status read_names(const stella_json *list, const char *path, uint32_t max, stella_arena *arena,
                                const stella_sv **out, uint32_t *count, stella_error *err) {
    if (!list || stella_json_is(list, STELLA_JSON_NULL))
        return STELLA_OK;
    if (!stella_json_is(list, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, path, "must be a list of names");
    if (list->count > max)
        return stella_error_set(err, STELLA_E_LIMIT, path, "%u names, at most %u", list->count, max);
    stella_sv *names = stella_arena_alloc(arena, list->count, sizeof *names);
    if (!names)
        return stella_error_set(err, STELLA_E_NOMEM, path, "too many names for the memory allowed");
    for (uint32_t i = 0; i < list->count; i++) {
        names[i] = stella_json_str(&list->items[i]);
        if (!names[i].len)
            return stella_error_set(err, STELLA_E_FORMAT, path, "name %u is not a string", i);
    }
    *out = names;
    *count = list->count;
    return STELLA_OK;
}

static stella_status read_image(const stella_json *json, uint32_t at, stella_arena *arena, docker_image *out,
                                stella_error *err) {
    char path[POINTER_SIZE];
    snprintf(path, sizeof path, "/%u/Config", at);
    out->config = stella_json_str(stella_json_get(json, "Config"));
    if (!out->config.len)
        return stella_error_set(err, STELLA_E_FORMAT, path, "the image names no configuration");
    snprintf(path, sizeof path, "/%u/RepoTags", at);
    const stella_status status =
        read_names(stella_json_get(json, "RepoTags"), path, DOCKER_TAGS_MAX, arena, &out->tags, &out->tag_count, err);
    if (status != STELLA_OK)
        return status;
    snprintf(path, sizeof path, "/%u/Layers", at);
    return read_names(stella_json_get(json, "Layers"), path, DOCKER_LAYERS_MAX, arena, &out->layers, &out->layer_count,
                      err);
}

stella_status docker_manifest_parse(stella_sv json, stella_arena *arena, docker_manifest *out, stella_error *err) {
    const stella_json *root = NULL;
    stella_status status = stella_json_parse(json, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_is(root, STELLA_JSON_ARRAY))
        return stella_error_set(err, STELLA_E_FORMAT, "", "must be a list of images");
    if (root->count > DOCKER_IMAGES_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, "", "%u images, at most %d", root->count, DOCKER_IMAGES_MAX);
    docker_image *images = stella_arena_alloc(arena, root->count, sizeof *images);
    if (!images)
        return stella_error_set(err, STELLA_E_NOMEM, "", "too many images for the memory allowed");
    for (uint32_t i = 0; i < root->count; i++) {
        status = read_image(&root->items[i], i, arena, &images[i], err);
        if (status != STELLA_OK)
            return status;
    }
    *out = (docker_manifest){.count = root->count, .images = images};
    return STELLA_OK;
}

int docker_tag_fits(stella_sv tag, stella_sv select) {
    static const stella_sv registries[] = {STELLA_SV_INIT("docker.io/library/"), STELLA_SV_INIT("docker.io/"),
                                           STELLA_SV_INIT("")};
    for (size_t i = 0; i < sizeof registries / sizeof registries[0]; i++) {
        const stella_sv name = stella_sv_skip(tag, registries[i].len);
        if (!stella_sv_starts(tag, registries[i]) || !stella_sv_starts(name, select))
            continue;
        const stella_sv rest = stella_sv_skip(name, select.len);
        if (rest.len == 0 || stella_sv_eq(rest, STELLA_SV(":latest")))
            return 1;
    }
    return 0;
}

static int is_selected(const docker_image *image, stella_sv select) {
    for (uint32_t i = 0; i < image->tag_count; i++)
        if (docker_tag_fits(image->tags[i], select))
            return 1;
    const stella_sv hex = stella_sv_skip(select, sizeof "sha256:" - 1);
    return stella_digest_is_valid(select) &&
           (stella_sv_starts(image->config, hex) || stella_sv_ends(image->config, hex));
}

static void list_choices(const docker_manifest *manifest, char text[CHOICES_TEXT_MAX]) {
    stella_buf out = stella_buf_of(CHOICES_TEXT_MAX - 4);
    for (uint32_t i = 0; i < manifest->count && !out.failed; i++) {
        const docker_image *image = &manifest->images[i];
        const stella_sv name = image->tag_count ? image->tags[0] : image->config;
        stella_buf_printf(&out, "%s%.*s", i ? ", " : "", STELLA_SV_FMT(name));
    }
    const stella_sv listed = stella_buf_sv(&out);
    if (listed.len)
        memcpy(text, listed.ptr, listed.len);
    memcpy(text + listed.len, out.failed ? "..." : "", out.failed ? 4 : 1);
    stella_buf_fini(&out);
}

stella_status docker_manifest_select(const docker_manifest *manifest, stella_sv select, const docker_image **out,
                                     stella_error *err) {
    const docker_image *found = NULL;
    char choices[CHOICES_TEXT_MAX];
    list_choices(manifest, choices);
    if (manifest->count == 0)
        return stella_error_set(err, STELLA_E_FORMAT, "manifest.json", "it lists no image");
    if (select.len == 0 && manifest->count > 1)
        return stella_error_set(err, STELLA_E_INVALID, "manifest.json", "%u images, say which one (FILE:TAG): %s",
                                manifest->count, choices);
    for (uint32_t i = 0; i < manifest->count && !found; i++)
        if (select.len == 0 || is_selected(&manifest->images[i], select))
            found = &manifest->images[i];
    if (!found)
        return stella_error_set(err, STELLA_E_NOTFOUND, "manifest.json", "no image %.*s; there is: %s",
                                STELLA_SV_FMT(stella_sv_first(select, 48)), choices);
    *out = found;
    return STELLA_OK;
}

stella_sv docker_claimed_digest(stella_sv name, stella_arena *arena) {
    stella_sv hex = {0};
    if (stella_sv_starts(name, STELLA_SV("blobs/sha256/")))
        hex = stella_sv_skip(name, sizeof "blobs/sha256/" - 1);
    else if (stella_sv_ends(name, STELLA_SV(".json")))
        hex = stella_sv_first(name, name.len - (sizeof ".json" - 1));
    const stella_sv digest = stella_arena_printf(arena, "sha256:%.*s", STELLA_SV_FMT(stella_sv_first(hex, 65)));
    return stella_digest_is_valid(digest) ? digest : (stella_sv){0};
}
