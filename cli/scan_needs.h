/* scan_needs.h - which plugins a scan of the command line can use at all, by what it asks for: the others are neither
 * copied nor loaded. */
#ifndef CLI_SCAN_NEEDS_H
#define CLI_SCAN_NEEDS_H

#include "cli/scan_plan.h"
#include "plugin/manifest.h"

/* Of a plan with its target and its outputs. When in doubt a plugin is needed: of formats and sources that did not come
 * with stella nobody can tell what they are called.
 * plan  a scan_plan; as a rule of catalogue_options. [any thread] */
int scan_needs(const void *plan, const plugin_manifest *m);

#endif
