#include "oci_descriptor.h"

static stella_status parse_object(stella_sv json, stella_arena *arena, const stella_json **out, stella_error *err) {
    const stella_json *root = NULL;
    const stella_status status = stella_json_parse(json, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    if (!stella_json_is(root, STELLA_JSON_OBJECT))
        return stella_error_set(err, STELLA_E_FORMAT, "", "the document must be an object");
    *out = root;
    return STELLA_OK;
}

stella_status oci_index_parse(stella_sv json, stella_arena *arena, oci_index *out, stella_error *err) {
    const stella_json *root = NULL;
    stella_status status = parse_object(json, arena, &root, err);
    oci_index index = {0};
    if (status == STELLA_OK)
        status = oci_descriptors_read(stella_json_get(root, "manifests"), "/manifests", OCI_MANIFESTS_MAX, arena,
                                      &index.manifests, &index.count, err);
    if (status == STELLA_OK)
        *out = index;
    return status;
}

stella_status oci_manifest_parse(stella_sv json, stella_arena *arena, oci_manifest *out, stella_error *err) {
    const stella_json *root = NULL;
    oci_manifest manifest = {0};
    stella_status status = parse_object(json, arena, &root, err);
    if (status != STELLA_OK)
        return status;
    const stella_json *config = stella_json_get(root, "config");
    if (!config) /* schema 1, or an index under a manifest's name */
        return stella_error_set(err, STELLA_E_FORMAT, "/config", "the manifest names no image configuration");
    status = oci_descriptor_read(config, "/config", &manifest.config, err);
    if (status == STELLA_OK)
        status = oci_descriptors_read(stella_json_get(root, "layers"), "/layers", OCI_LAYERS_MAX, arena,
                                      &manifest.layers, &manifest.layer_count, err);
    if (status == STELLA_OK)
        *out = manifest;
    return status;
}
