/* Index, manifest and configuration of an OCI image: what is accepted keeps to the limits, and digests are digests. */
#include "plugins/scanner/sources/common/oci.h"

#include <stella/auto.h>
#include <stella/digest.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    const stella_sv json = {(const char *)data, size};
    oci_index index;
    oci_manifest manifest;
    oci_config config;
    if (!arena)
        return 0;
    if (oci_index_parse(json, arena, &index, NULL) == STELLA_OK) {
        assert(index.count <= OCI_MANIFESTS_MAX);
        for (uint32_t i = 0; i < index.count; i++)
            assert(stella_digest_is_valid(index.manifests[i].digest));
    }
    if (oci_manifest_parse(json, arena, &manifest, NULL) == STELLA_OK)
        assert(manifest.layer_count <= OCI_LAYERS_MAX && stella_digest_is_valid(manifest.config.digest));
    if (oci_config_parse(json, arena, &config, NULL) == STELLA_OK) {
        assert(config.layer_count <= OCI_LAYERS_MAX && config.created_ms >= -1);
        for (uint32_t i = 0; i < config.layer_count; i++)
            assert(stella_digest_is_valid(config.diff_ids[i]));
    }
    return 0;
}
