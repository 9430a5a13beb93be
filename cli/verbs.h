/* verbs.h - the verbs, one file each. A new one is declared here and entered in verbs.c. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/cli.h"

extern const cli_verb cli_verb_completion;
extern const cli_verb cli_verb_help;
extern const cli_verb cli_verb_plugin_new;
extern const cli_verb cli_verb_scan;

#endif
