/* load.h - maps a verified plugin into this process. The only place that calls dlopen. */
#ifndef KERNEL_PLUGIN_LOAD_H
#define KERNEL_PLUGIN_LOAD_H

#include "plugin/adopt.h"

/* Loads the binary behind a sealed memfd (catalogue_plugin.fd, or a duplicate that reached this process), checks its
 * entry against the manifest and that it has every interface that the manifest says it provides. Runs the plugin's
 * constructors, but not create.
 * fd   must stay open for the life of the process: the dynamic loader knows the binary by the name /proc/self/fd/N and
 *      would hand it back for another file behind the same number
 * out  set on success; points into the binary, which is never unloaded
 * Returns STELLA_E_DENIED for a descriptor without seals, STELLA_E_CONFLICT for a number that was used before,
 * STELLA_E_FORMAT when it cannot be loaded or differs from its manifest, STELLA_E_ABI. After a failed call the binary
 * may remain mapped. [main thread] */
stella_status plugin_load(int fd, const plugin_manifest *manifest, stella_plugin_entry *out, stella_error *err);

#endif
