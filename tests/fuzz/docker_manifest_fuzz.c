/* manifest.json of a Docker archive: an image that was selected is one of those listed, and every name is text. */
#include "plugins/scanner/sources/docker-archive/docker_manifest.h"

#include <stella/auto.h>

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(16u << 20);
    docker_manifest manifest;
    const docker_image *image = NULL;
    if (!arena || docker_manifest_parse((stella_sv){(const char *)data, size}, arena, &manifest, NULL) != STELLA_OK)
        return 0;
    for (uint32_t i = 0; i < manifest.count; i++)
        for (uint32_t k = 0; k < manifest.images[i].layer_count; k++)
            assert(manifest.images[i].layers[k].len > 0);
    if (docker_manifest_select(&manifest, (stella_sv){0}, &image, NULL) == STELLA_OK)
        assert(manifest.count == 1 && image == manifest.images);
    return 0;
}
