/* keys.h - where the user's own keys are: $XDG_CONFIG_HOME/stella/keys, beside his trust.d. */
#ifndef CLI_KEYS_H
#define CLI_KEYS_H

#include "cli/cli.h"
#include "plugin/key_file.h"

/* The directory of the user's keys; "keys" in the current one when he has no home. Lives in cli->arena. */
const char *keys_dir(cli_context *cli);

/* What the user called a key: a path that exists, or the name of one of his keys, with or without its ending.
 * given  NULL for "plugins" */
const char *keys_find(cli_context *cli, const char *given, const char *ending);

/* 1 to 64 of a-z, A-Z, 0-9, - and _ : fit for a file's name. */
int keys_name_is_valid(const char *name);

#endif
