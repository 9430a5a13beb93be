/* layout.h - what writer and reader of an index share. */
#ifndef SCANNER_BOM_INDEX_LAYOUT_H
#define SCANNER_BOM_INDEX_LAYOUT_H

#include "bom_index.h"

#define INDEX_MAGIC STELLA_SV("BOMIDX1")

/* The sections, as errors name them. */
#define INDEX_HEADER          "header"
#define INDEX_DIGEST          "header/imageDigest"
#define INDEX_LAYERS          "layers"
#define INDEX_COMPONENTS      "components"
#define INDEX_LAYER_SETS      "componentLayers"
#define INDEX_ENTRYPOINTS     "entrypoints"
#define INDEX_ENTRYPOINT_SETS "componentEntrypoints"

#define INDEX_PATH_BYTES 48

/* "components/7" */
void index_path(char out[INDEX_PATH_BYTES], const char *section, uint32_t i);

/* Returns STELLA_E_LIMIT for a table that is longer than its maximum. */
stella_status index_check_counts(uint32_t layers, uint32_t components, uint32_t entrypoints, stella_error *err);

#endif
