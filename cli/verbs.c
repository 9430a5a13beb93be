#include "cli/verbs.h"

const cli_verb *const cli_verbs[] = {
    &cli_verb_completion,
    &cli_verb_help,
    &cli_verb_plugin_new,
    NULL,
};
