#include "cli/verbs.h"

const cli_verb *const cli_verbs[] = {
};
