/* verbs.h - the verbs, one file each. A new one is declared here and entered in verbs.c. */
#ifndef CLI_VERBS_H
#define CLI_VERBS_H

#include "cli/cli.h"

extern const cli_verb cli_verb_cache_info;
extern const cli_verb cli_verb_cache_prune;
extern const cli_verb cli_verb_cache_verify;
extern const cli_verb cli_verb_cache_invalidate;
extern const cli_verb cli_verb_cache_export;
extern const cli_verb cli_verb_cache_import;
extern const cli_verb cli_verb_completion;
extern const cli_verb cli_verb_config_show;
extern const cli_verb cli_verb_diff;
extern const cli_verb cli_verb_explain;
extern const cli_verb cli_verb_plugin_reload;
extern const cli_verb cli_verb_state_backup;
extern const cli_verb cli_verb_state_check;
extern const cli_verb cli_verb_status;
extern const cli_verb cli_verb_help;
extern const cli_verb cli_verb_index_show;
extern const cli_verb cli_verb_index_verify;
extern const cli_verb cli_verb_sbom_convert;
extern const cli_verb cli_verb_sbom_merge;
extern const cli_verb cli_verb_sbom_validate;
extern const cli_verb cli_verb_scan;
extern const cli_verb cli_verb_entrytrace;
extern const cli_verb cli_verb_key_generate;
extern const cli_verb cli_verb_key_list;
extern const cli_verb cli_verb_key_trust;
extern const cli_verb cli_verb_plugin_install;
extern const cli_verb cli_verb_analyzer_list;
extern const cli_verb cli_verb_plugin_list;
extern const cli_verb cli_verb_plugin_new;
extern const cli_verb cli_verb_plugin_pack;
extern const cli_verb cli_verb_plugin_remove;
extern const cli_verb cli_verb_plugin_show;
extern const cli_verb cli_verb_plugin_sign;
extern const cli_verb cli_verb_plugin_test;
extern const cli_verb cli_verb_plugin_verify;

#endif
