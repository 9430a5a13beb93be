#include "layout.h"

#include <stdio.h>

void index_path(char out[INDEX_PATH_BYTES], const char *section, uint32_t i) {
    snprintf(out, INDEX_PATH_BYTES, "%s/%u", section, i);
}

static stella_status check_count(uint32_t count, uint32_t max, const char *what, stella_error *err) {
    return count <= max ? STELLA_OK
                        : stella_error_set(err, STELLA_E_LIMIT, INDEX_HEADER, "%u %s; an index has %u at most", count,
                                           what, max);
}

stella_status index_check_counts(uint32_t layers, uint32_t components, uint32_t entrypoints, stella_error *err) {
    stella_status status = check_count(layers, BOM_INDEX_LAYERS_MAX, "layers", err);
    if (status == STELLA_OK)
        status = check_count(components, BOM_INDEX_COMPONENTS_MAX, "components", err);
    if (status == STELLA_OK)
        status = check_count(entrypoints, BOM_INDEX_ENTRYPOINTS_MAX, "entrypoints", err);
    return status;
}
