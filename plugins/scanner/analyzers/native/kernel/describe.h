/* describe.h - kernels and modules as records of the probe, and as components. */
#ifndef KERNEL_DESCRIBE_H
#define KERNEL_DESCRIBE_H

#include "image.h"
#include "module.h"

#include "common/graph.h"

#define DESCRIBE_KERNEL "kernel"
#define DESCRIBE_MODULE "module"

/* Emits the record. path: of the module's file, whose name it has when it does not say its own.
 * Return what stella_probe_record returns, STELLA_E_NOMEM. */
stella_status describe_kernel(stella_probe *probe, const image *kernel, stella_error *err);
stella_status describe_module(stella_probe *probe, const module *m, stella_error *err);

/* Adds the component of a record of that kind, with its names and needs in the graph: modules need what they depend on
 * and the kernel, of the same release.
 * Return STELLA_E_FORMAT for a damaged record, STELLA_E_NOMEM. */
stella_status describe_add_kernel(graph *g, const stella_record *record, stella_error *err);
stella_status describe_add_module(graph *g, const stella_record *record, stella_error *err);

/* The version of the kernel's sources: "6.1.176" where the build says so ("Debian 6.1.176-1") or the release is one
 * ("6.6.8-200.fc39.x86_64"); empty for releases that number a distribution's own line ("5.15.0-91-generic"). */
stella_sv describe_upstream(stella_sv release, stella_sv banner);

#endif
