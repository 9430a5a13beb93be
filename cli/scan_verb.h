/* scan_verb.h - what `stella scan` does, for the verbs that are a scan under another name. */
#ifndef CLI_SCAN_VERB_H
#define CLI_SCAN_VERB_H

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

#endif
