/* resolve.h - whether the plugins of a catalogue fit together: what they require of each other and of the host. */
#ifndef KERNEL_PLUGIN_RESOLVE_H
#define KERNEL_PLUGIN_RESOLVE_H

#include "plugin/manifest.h"

/* Decides which of the plugins can stay. Interfaces between plugins exist within one role.
 *  - an interface that only one plugin may provide is provided by two: both go
 *  - a required interface is offered neither by the host nor by a plugin that stays: the plugin goes
 *  - plugins require each other in a circle: all of the circle go
 * plugins  count manifests
 * refused  called once for each plugin that goes, with self, its index and the reason (no path)
 * Returns STELLA_E_NOMEM, otherwise STELLA_OK. [any thread] */
stella_status resolve(const plugin_manifest *const *plugins, uint32_t count,
                      void (*refused)(void *self, uint32_t index, const stella_error *why), void *self,
                      stella_error *err);

#endif
