#include "oci_image.h"

#include "select.h"

#include <stella/json.h>

#include <stdio.h>

#define LAYOUT_FILE "oci-layout"
#define INDEX_FILE  "index.json"

static stella_status check_version(const store *s, stella_error *err) {
    stella_sv json;
    const stella_json *root = NULL;
    stella_status status = store_read(s, STELLA_SV(LAYOUT_FILE), &json, err);
    if (status == STELLA_E_NOTFOUND)
        return stella_error_set(err, STELLA_E_FORMAT, LAYOUT_FILE, "this is no OCI layout: the file is missing");
    if (status == STELLA_OK)
        status = stella_json_parse(json, s->target->arena, &root, err);
    if (status != STELLA_OK)
        return status;
    const stella_sv version = stella_json_str(stella_json_get(root, "imageLayoutVersion"));
    if (!stella_sv_starts(version, STELLA_SV("1.")))
        return stella_error_set(err, STELLA_E_UNSUPPORTED, LAYOUT_FILE, "layout version \"%.*s\", expected 1.x",
                                STELLA_SV_FMT(stella_sv_first(version, 40)));
    return STELLA_OK;
}

/* Puts the document's name before the JSON pointer that a parser left. */
static stella_status in_document(stella_status status, stella_sv name, stella_error *err) {
    if (status != STELLA_OK && err) {
        const stella_error inner = *err;
        stella_error_set(err, status, NULL, "%s", inner.message);
        snprintf(err->path, sizeof err->path, "%.*s%s%.90s", STELLA_SV_FMT(stella_sv_first(name, 96)),
                 inner.path[0] ? "#" : "", inner.path);
    }
    return status;
}

static stella_status read_index(const store *s, oci_index *out, stella_error *err) {
    stella_sv json;
    const stella_status status = store_read(s, STELLA_SV(INDEX_FILE), &json, err);
    if (status != STELLA_OK)
        return status;
    return in_document(oci_index_parse(json, s->target->arena, out, err), STELLA_SV(INDEX_FILE), err);
}

static stella_status read_manifest(const store *s, const oci_descriptor *d, oci_manifest *out, stella_error *err) {
    stella_sv json;
    const stella_status status = store_read_blob(s, d, &json, err);
    if (status != STELLA_OK)
        return status;
    return in_document(oci_manifest_parse(json, s->target->arena, out, err), store_blob_name(s, d->digest), err);
}

static stella_status read_config(const store *s, const oci_manifest *manifest, stella_sv *json, oci_config *out,
                                 stella_error *err) {
    const oci_descriptor *d = &manifest->config;
    if (!stella_sv_eq(d->media_type, STELLA_SV("application/vnd.oci.image.config.v1+json")) &&
        !stella_sv_eq(d->media_type, STELLA_SV("application/vnd.docker.container.image.v1+json")))
        return stella_error_at(err, STELLA_E_FORMAT, d->digest, "an artifact (%.*s), not an image",
                               STELLA_SV_FMT(stella_sv_first(d->media_type, 96)));
    stella_status status = store_read_blob(s, d, json, err);
    if (status != STELLA_OK)
        return status;
    status = in_document(oci_config_parse(*json, s->target->arena, out, err), store_blob_name(s, d->digest), err);
    if (status == STELLA_OK && out->layer_count != manifest->layer_count)
        return stella_error_at(err, STELLA_E_FORMAT, d->digest, "the manifest has %u layers, the configuration %u",
                               manifest->layer_count, out->layer_count);
    return status;
}

static stella_status state_layer(const store *s, const oci_descriptor *d, stella_sv diff_id, stella_sv created_by,
                                 stella_error *err) {
    stella_layer layer = {.struct_size = sizeof layer,
                          .kind = STELLA_LAYER_BLOB,
                          .size = d->size,
                          .digest = d->digest,
                          .diff_id = diff_id,
                          .media_type = d->media_type,
                          .created_by = created_by};
    store_place place = {0};
    const stella_status status = store_find(s, store_blob_name(s, d->digest), &place, err);
    if (status == STELLA_E_NOTFOUND && d->is_foreign)
        layer.kind = STELLA_LAYER_FOREIGN;
    else if (status != STELLA_OK)
        return status;
    else if (place.size != d->size)
        return stella_error_at(err, STELLA_E_FORMAT, store_blob_name(s, d->digest),
                               "holds %llu bytes, its descriptor says %llu", (unsigned long long)place.size,
                               (unsigned long long)d->size);
    layer.path = place.path;
    layer.offset = place.offset;
    return stella_target_layer(s->target, &layer, err);
}

stella_status oci_image_state(stella_target *target, const oci_config *config, const stella_image *named,
                              stella_error *err) {
    stella_image image = *named;
    image.struct_size = sizeof image;
    image.kind = STELLA_SV("image");
    image.os = config->os;
    image.architecture = config->architecture;
    image.variant = config->variant;
    image.created_ms = config->created_ms;
    return stella_target_image(target, &image, err);
}

uint32_t oci_layout_detect(stella_target *target) {
    store s;
    store_place place;
    return store_open(target, &s, NULL) == STELLA_OK &&
                   store_find(&s, STELLA_SV(LAYOUT_FILE), &place, NULL) == STELLA_OK &&
                   store_find(&s, STELLA_SV(INDEX_FILE), &place, NULL) == STELLA_OK
               ? 80
               : 0;
}

stella_status oci_layout_open(stella_target *target, stella_error *err) {
    store s;
    oci_index index;
    oci_descriptor chosen;
    oci_manifest manifest = {0};
    oci_config config = {0};
    stella_sv config_json;
    stella_status status = store_open(target, &s, err);
    if (status == STELLA_OK)
        status = check_version(&s, err);
    if (status == STELLA_OK)
        status = read_index(&s, &index, err);
    if (status == STELLA_OK)
        status = select_manifest(&s, &index, &chosen, err);
    if (status == STELLA_OK)
        status = read_manifest(&s, &chosen, &manifest, err);
    if (status == STELLA_OK)
        status = read_config(&s, &manifest, &config_json, &config, err);
    if (status == STELLA_OK) {
        const stella_image named = {.name = chosen.ref_name,
                                    .digest = chosen.digest,
                                    .config = config_json,
                                    .config_digest = manifest.config.digest};
        status = oci_image_state(target, &config, &named, err);
    }
    for (uint32_t i = 0; status == STELLA_OK && i < manifest.layer_count; i++)
        status = state_layer(&s, &manifest.layers[i], config.diff_ids[i], config.created_by[i], err);
    return status;
}
