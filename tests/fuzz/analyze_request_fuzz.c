/* What is accepted names only descriptors that the job has, and layers that the image has. */
#include "plugins/scanner/engine/analyze_request.h"

#include <stella/auto.h>

#include <assert.h>

#define FDS 4u

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    STELLA_AUTO(stella_arena_destroyp) stella_arena *arena = stella_arena_create(4u << 20);
    analyze_request request;
    if (!arena ||
        analyze_request_parse(stella_sv_of((const char *)data, size), FDS, arena, &request, NULL) != STELLA_OK)
        return 0;
    assert(request.round == 1 || request.round == 2);
    for (uint32_t i = 0; i < request.layer_count; i++) {
        assert(request.layers[i].pack < FDS || request.layers[i].pack == ANALYZE_NO_FD);
        assert(request.layers[i].supplement < FDS || request.layers[i].supplement == ANALYZE_NO_FD);
    }
    for (uint32_t i = 0; i < request.output_count; i++)
        assert(request.outputs[i].fd < FDS && request.outputs[i].format.len);
    for (uint32_t i = 0; i < request.error_count; i++)
        assert(request.errors[i].layer >= -1 && request.errors[i].layer < (int64_t)request.layer_count);
    return 0;
}
