#include "oci_parts.h"

static int is_image_config(stella_sv media_type) {
    return stella_sv_eq(media_type, STELLA_SV("application/vnd.oci.image.config.v1+json")) ||
           stella_sv_eq(media_type, STELLA_SV("application/vnd.docker.container.image.v1+json"));
}

static stella_status read_config(const documents *docs, oci_parts *parts, stella_error *err) {
    const oci_descriptor *d = &parts->manifest.config;
    if (!is_image_config(d->media_type))
        return stella_error_at(err, STELLA_E_FORMAT, d->digest, "an artifact (%.*s), not an image",
                               STELLA_SV_FMT(stella_sv_first(d->media_type, 96)));
    stella_status status = documents_read(docs, d, &parts->config_json, err);
    if (status != STELLA_OK)
        return status;
    status = documents_locate(oci_config_parse(parts->config_json, docs->arena, &parts->config, err),
                              documents_name(docs, d->digest), err);
    if (status == STELLA_OK && parts->config.layer_count != parts->manifest.layer_count)
        return stella_error_at(err, STELLA_E_FORMAT, d->digest, "the manifest has %u layers, the configuration %u",
                               parts->manifest.layer_count, parts->config.layer_count);
    return status;
}

stella_status oci_parts_of(const documents *docs, stella_sv manifest_json, stella_sv name, oci_parts *out,
                           stella_error *err) {
    oci_parts parts = {0};
    stella_status status =
        documents_locate(oci_manifest_parse(manifest_json, docs->arena, &parts.manifest, err), name, err);
    if (status == STELLA_OK)
        status = read_config(docs, &parts, err);
    if (status == STELLA_OK)
        *out = parts;
    return status;
}

stella_status oci_parts_read(const documents *docs, const oci_descriptor *manifest, oci_parts *out, stella_error *err) {
    stella_sv json;
    const stella_status status = documents_read(docs, manifest, &json, err);
    return status == STELLA_OK ? oci_parts_of(docs, json, documents_name(docs, manifest->digest), out, err) : status;
}

stella_layer oci_parts_layer(const oci_parts *parts, uint32_t index) {
    const oci_descriptor *d = &parts->manifest.layers[index];
    return (stella_layer){.struct_size = sizeof(stella_layer),
                          .kind = d->is_foreign ? STELLA_LAYER_FOREIGN : STELLA_LAYER_BLOB,
                          .size = d->size,
                          .digest = d->digest,
                          .diff_id = parts->config.diff_ids[index],
                          .media_type = d->media_type,
                          .created_by = parts->config.created_by[index],
                          .toc_kind = d->toc_kind,
                          .toc_digest = d->toc_digest,
                          .toc_offset = d->toc_offset,
                          .toc_size = d->toc_size};
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

stella_status oci_parts_state(stella_target *target, const oci_parts *parts, stella_sv name, stella_sv digest,
                              stella_error *err) {
    const stella_image named = {
        .name = name, .digest = digest, .config = parts->config_json, .config_digest = parts->manifest.config.digest};
    return oci_image_state(target, &parts->config, &named, err);
}
