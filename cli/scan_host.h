/* scan_host.h - the plugins and the supervisor that `stella scan` brings along: no daemon, no configuration, no root.
 */
#ifndef CLI_SCAN_HOST_H
#define CLI_SCAN_HOST_H

#include "cli/cli.h"
#include "cli/scan_plan.h"
#include "worker/supervisor.h"

#define SCAN_HOST_DIRS_MAX 32 /* plugin directories */

typedef struct scan_host {
    cli_context *cli;
    supervisor *supervisor;
} scan_host;

/* Reads and verifies the installation's plugins, the user's, then those of the further directories. Their host is
 * started when a job wants it. A plugin that is refused is told, one line each, and is an error: its absence would go
 * unnoticed in the result.
 * plan  what alone is going to be scanned, so that what it cannot use is not loaded (scan_needs); NULL: not known
 * out   set on success; the caller ends it
 * Returns STELLA_E_DENIED when a plugin was refused (and told already). */
stella_status scan_host_open(cli_context *cli, const char *const *plugin_dirs, uint32_t plugin_dir_count,
                             const scan_plan *plan, scan_host *out, stella_error *err);

/* Starts the host of that role, and tells the plugins that it cannot load: an error too. For scan_options.prepare.
 * Returns STELLA_E_DENIED for those, or why the host cannot be started. */
stella_status scan_host_prepare(void *host, const char *role, stella_error *err);

/* Ends the host. Children that still run are killed. */
void scan_host_end(scan_host *host);

const char *scan_host_sandbox(const scan_host *host); /* "full", ...; "not needed" when no host was started */

#endif
