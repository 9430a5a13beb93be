/* man.h - manual pages (section 1, roff) from the table of verbs. */
#ifndef CLI_MAN_H
#define CLI_MAN_H

#include "cli/cli.h"

void man_overview(FILE *out);
void man_verb(FILE *out, const cli_verb *verb);

/* Writes stella.1 and one stella-VERB.1 a verb into a folder that exists. */
stella_status man_write_all(const char *dir, stella_error *err);

#endif
