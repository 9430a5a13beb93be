#include "cli/verbs.h"

/* A line each, so that two who add a verb do not meet. */
/* clang-format off */
const cli_verb *const cli_verbs[] = {
    &cli_verb_scan,
    &cli_verb_sbom_convert,
    &cli_verb_sbom_merge,
    &cli_verb_sbom_validate,
    &cli_verb_cache_info,
    &cli_verb_cache_prune,
    &cli_verb_cache_verify,
    &cli_verb_cache_invalidate,
    &cli_verb_cache_export,
    &cli_verb_cache_import,
    &cli_verb_status,
    &cli_verb_config_show,
    &cli_verb_state_backup,
    &cli_verb_state_check,
    &cli_verb_analyzer_list,
    &cli_verb_plugin_list,
    &cli_verb_plugin_show,
    &cli_verb_plugin_new,
    &cli_verb_plugin_test,
    &cli_verb_plugin_sign,
    &cli_verb_plugin_verify,
    &cli_verb_plugin_pack,
    &cli_verb_plugin_install,
    &cli_verb_plugin_remove,
    &cli_verb_plugin_reload,
    &cli_verb_key_generate,
    &cli_verb_key_list,
    &cli_verb_key_trust,
    &cli_verb_completion,
    &cli_verb_help,
    NULL,
};
/* clang-format on */
