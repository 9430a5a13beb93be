/* licenses.h - the licenses of a result as SPDX license expressions, and the LicenseRef- names they use. */
#ifndef EMITTER_SPDX_LICENSES_H
#define EMITTER_SPDX_LICENSES_H

#include "spdx/texts.h"

#include <stella/bom.h>
#include <stella/sink.h>

typedef struct spdx_licenses {
    spdx_texts expressions; /* as met -> the operand that stands for it */
    spdx_texts names;       /* free texts -> "LicenseRef-..." */
    spdx_texts refs;        /* "LicenseRef-..." -> the free text; empty for one that an expression brought along */
} spdx_licenses;

/* Collects the licenses of all components. An expression that is none, or that points into another document, counts as
 * a free text. Texts live in the arena or are the result's.
 * Returns STELLA_E_NOMEM. */
stella_status spdx_licenses_collect(const stella_bom *bom, stella_arena *arena, spdx_licenses *out, stella_error *err);

/* Adds the component's expression: each license holds for some part, so all are joined by AND. Nothing when it has
 * none. Its licenses have been collected. */
void spdx_licenses_declared(const spdx_licenses *licenses, const stella_bom_component *c, stella_buf *out);

/* Takes the next LicenseRef- off an expression. Returns 0 when there is none. */
int spdx_licenses_next_ref(stella_sv *expression, stella_sv *out);

#endif
