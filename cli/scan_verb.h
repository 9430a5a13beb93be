/* scan_verb.h - what `stella scan` does, for the verbs that are a scan under another name. */
#ifndef CLI_SCAN_VERB_H
#define CLI_SCAN_VERB_H

#include "cli/scan_host.h"
#include "cli/scan_plan.h"

/* Scans and writes the outputs.
 * args    read with scan_plan_options
 * verb    whose usage is told when an option is wrong
 * target  SCHEME:PATH or a path; borrowed until it returns
 * Returns the exit status. */
int scan_verb_run(cli_context *cli, const cli_args *args, const cli_verb *verb, const char *target);

/* The same for a plan of the verb's own, which has its target and its outputs.
 * args    read with a table that has plugin-dir, no-cache and the options of the cache */
int scan_verb_run_plan(cli_context *cli, const cli_args *args, scan_plan *plan);

/* What several scans of one verb share: the plugins' host and the cache. */
typedef struct scan_session {
    scan_host host;
    cache *known; /* NULL: --no-cache */
} scan_session;

/* plan  of the only scan there will be; NULL: there may be others
 * out   all zero before; to be ended with scan_session_end whatever is returned. Returns an exit status, told already
 * unless it is CLI_DONE. */
int scan_session_open(cli_context *cli, const cli_args *args, const scan_plan *plan, scan_session *out);
void scan_session_end(scan_session *session);

/* Gives the session's host and cache to whoever makes a scan of its own. */
void scan_session_lend(scan_session *session, scan_options *to);

/* One scan. Returns its exit status, told already. */
int scan_session_scan(cli_context *cli, scan_session *session, scan_plan *plan);

#endif
