/* usage_requires.h - what used packages say that they need is used, too. */
#ifndef SCANNER_ENGINE_USAGE_REQUIRES_H
#define SCANNER_ENGINE_USAGE_REQUIRES_H

#include "findings.h"

/* Told of each component that is reached in this way: by which entrypoints, a bit each, and who asks for it first. */
typedef int (*usage_requires_told)(void *self, uint32_t component, uint64_t entrypoints, const finding *asked,
                                   const finding *asker);

/* Follows dependencies among components of applications; those of the system's packages say what is to be installed, not
 * what runs: they are not followed.
 * reaching  of each component: the entrypoints that reach it
 * Returns STELLA_E_NOMEM, also when told returns 0. */
stella_status usage_requires(const stages *all, uint64_t *reaching, uint32_t components, usage_requires_told told,
                             void *self);

#endif
