/* diff_layers.h - which layers two images have in common, and which layer took a component away. */
#ifndef SCANNER_ENGINE_DIFF_LAYERS_H
#define SCANNER_ENGINE_DIFF_LAYERS_H

#include "diff.h"

/* The same layer in both: equal diff ids, or digests where a diff id is not known. */
typedef struct diff_layers {
    uint32_t shared;     /* how many layers, from the base on, are the same in both */
    uint32_t *old_there; /* of each old layer its place in the new image, or DIFF_NONE */
    uint32_t *new_there; /* and the reverse */
} diff_layers;

/* What became of a component that one image has and the other has not. */
typedef enum diff_fate {
    DIFF_FATE_UNKNOWN, /* nothing is known of layers */
    DIFF_FATE_DROPPED, /* the other image does not have the layer that introduced it */
    DIFF_FATE_REMOVED  /* it has that layer, and one from first to last of its own took it away */
} diff_fate;

typedef struct diff_removal {
    diff_fate fate;
    uint32_t first, last; /* layers of the other image; equal: it is that one */
} diff_removal;

/* out  set on success; lives in the arena. Returns STELLA_E_NOMEM. */
stella_status diff_layers_match(const diff_side *old, const diff_side *new, stella_arena *arena, diff_layers *out,
                                stella_error *err);

/* layer  that introduced the component in the image that has it
 * there  where that image's layers are in the other one
 * back   where the other one's layers are in it */
diff_removal diff_removal_of(uint32_t layer, const uint32_t *there, const uint32_t *back, uint32_t other_count);

/* Whether the new image stands on another base: no layer is shared though both have layers, or the operating system
 * says that it is another one, or another version of it. */
int diff_is_base_changed(const diff_side *old, const diff_side *new, const diff_layers *layers);

#endif
