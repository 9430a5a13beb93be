/* command.h - the command line of stellad. */
#ifndef KERNEL_LIFECYCLE_COMMAND_H
#define KERNEL_LIFECYCLE_COMMAND_H

#include <stdio.h>

typedef struct command {
    const char *config, *state_dir, *backup_state; /* NULL: not given */
    int check_config, check_state, print_config_doc, version, help;
} command;

/* Returns 0, having said why on standard error, for a command line that is none. [one thread: getopt_long] */
int command_parse(int argc, char **argv, command *out);

void command_help(FILE *out);

#endif
