/* only_layer.h - the layer that a result is to be restricted to. Private to the driver. */
#ifndef SCANNER_DRIVER_ONLY_LAYER_H
#define SCANNER_DRIVER_ONLY_LAYER_H

#include "state.h"

/* Sets s->only_layer from the option: a position from 0, or the digest of the stored or of the uncompressed bytes; of
 * two layers with the same digest the lower. Called before the layers are read, so that a mistake costs no time, and
 * after, when every digest is known.
 * is_read  they are
 * Returns STELLA_E_INVALID for a layer that is not there, which a digest is for sure only when they are read. */
stella_status only_layer_find(scan *s, int is_read, stella_error *err);

#endif
