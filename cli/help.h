/* help.h - what --help prints, from the table of verbs. */
#ifndef CLI_HELP_H
#define CLI_HELP_H

#include "cli/cli.h"

/* All verbs, or those whose first word is group. */
void help_overview(FILE *out, const char *group);

/* One verb: usage, description, options, examples, exit statuses. */
void help_verb(FILE *out, const cli_verb *verb);

/* "-o, --output FILE" as help and man pages show an option. */
void help_option_term(const cli_option *option, char *out, size_t size);

/* Whether a verb's first word is group. */
int help_is_in_group(const cli_verb *verb, const char *group);

#endif
