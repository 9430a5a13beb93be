#include "docker_image.h"

#include "docker_manifest.h"

#include "common/oci_parts.h"
#include "common/store.h"

#include <stella/digest.h>

#define MANIFEST_FILE STELLA_SV("manifest.json")

uint32_t docker_archive_detect(stella_target *target) {
    store s;
    store_place place;
    return store_open(target, &s, NULL) == STELLA_OK && store_find(&s, MANIFEST_FILE, &place, NULL) == STELLA_OK ? 90
                                                                                                                 : 0;
}

static stella_status read_manifest(const store *s, docker_manifest *out, stella_error *err) {
    stella_sv json;
    const stella_status status = store_read(s, MANIFEST_FILE, &json, err);
    if (status == STELLA_E_NOTFOUND)
        return stella_error_at(err, STELLA_E_FORMAT, MANIFEST_FILE,
                               "this is no docker archive: the file is missing (docker before 1.10 wrote none)");
    if (status != STELLA_OK)
        return status;
    return documents_locate(docker_manifest_parse(json, s->target->arena, out, err), MANIFEST_FILE, err);
}

/* digest: of the configuration's bytes, which is the image's id. */
static stella_status read_config(const store *s, const docker_image *image, stella_sv *json, oci_config *out,
                                 stella_sv *digest, stella_error *err) {
    const stella_sv claimed = docker_claimed_digest(image->config, s->target->arena);
    char computed[STELLA_DIGEST_TEXT_SIZE];
    stella_status status = store_read(s, image->config, json, err);
    if (status != STELLA_OK)
        return status;
    stella_digest_of(*json, computed);
    if (claimed.len && !stella_sv_eq(claimed, stella_sv_cstr(computed)))
        return stella_error_at(err, STELLA_E_FORMAT, image->config, "wrong digest: the content is %s", computed);
    status = documents_locate(oci_config_parse(*json, s->target->arena, out, err), image->config, err);
    if (status == STELLA_OK && out->layer_count != image->layer_count)
        return stella_error_at(err, STELLA_E_FORMAT, image->config, "manifest.json has %u layers, the configuration %u",
                               image->layer_count, out->layer_count);
    if (status != STELLA_OK)
        return status;
    *digest = stella_arena_dup(s->target->arena, stella_sv_cstr(computed));
    return digest->ptr ? STELLA_OK : stella_error_at(err, STELLA_E_NOMEM, image->config, "no memory for a digest");
}

static stella_status state_layer(const store *s, stella_sv name, stella_sv diff_id, stella_sv created_by,
                                 stella_error *err) {
    store_place place = {0};
    const stella_status status = store_find(s, name, &place, err);
    if (status != STELLA_OK)
        return status == STELLA_E_NOTFOUND
                   ? stella_error_at(err, STELLA_E_FORMAT, name, "the layer is not in the archive")
                   : status;
    const stella_layer layer = {.struct_size = sizeof layer,
                                .kind = STELLA_LAYER_BLOB,
                                .offset = place.offset,
                                .size = place.size,
                                .digest = docker_claimed_digest(name, s->target->arena),
                                .diff_id = diff_id,
                                .media_type = STELLA_SV("application/vnd.docker.image.rootfs.diff.tar"),
                                .created_by = created_by};
    return stella_target_layer(s->target, &layer, err);
}

/* The tag that was asked for, else the first. */
static stella_sv name_of(const docker_image *image, stella_sv select) {
    for (uint32_t i = 0; i < image->tag_count; i++)
        if (select.len && docker_tag_fits(image->tags[i], select))
            return image->tags[i];
    return image->tag_count ? image->tags[0] : (stella_sv){0};
}

stella_status docker_archive_open(stella_target *target, stella_error *err) {
    store s;
    docker_manifest manifest;
    const docker_image *image = NULL;
    oci_config config;
    stella_sv config_json, digest;
    stella_status status = store_open(target, &s, err);
    if (status == STELLA_OK)
        status = read_manifest(&s, &manifest, err);
    if (status == STELLA_OK)
        status = docker_manifest_select(&manifest, target->select, &image, err);
    if (status == STELLA_OK)
        status = read_config(&s, image, &config_json, &config, &digest, err);
    if (status == STELLA_OK) {
        const stella_image named = {
            .name = name_of(image, target->select), .config = config_json, .config_digest = digest};
        status = oci_image_state(target, &config, &named, err);
    }
    for (uint32_t i = 0; status == STELLA_OK && i < image->layer_count; i++)
        status = state_layer(&s, image->layers[i], config.diff_ids[i], config.created_by[i], err);
    return status;
}
