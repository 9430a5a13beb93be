/* plugins.h - the catalogue as the command line sees it, and the options that every verb with plugins has. */
#ifndef CLI_PLUGINS_H
#define CLI_PLUGINS_H

#include "cli/cli.h"
#include "plugin/catalogue.h"
#include "plugin/trust.h"

#define PLUGINS_DIRS_MAX 32

/* Entries for a verb's table of options. */
#define PLUGINS_OPTION_PLUGIN_DIR                                                                                      \
    {                                                                                                                  \
        .name = "plugin-dir", .value = "DIR",                                                                          \
        .help = "Look for plugins here instead of in <prefix>/lib/stella/plugins and your own; may be repeated"        \
    }
#define PLUGINS_OPTION_TRUST_DIR                                                                                       \
    {                                                                                                                  \
        .name = "trust-dir", .value = "DIR",                                                                           \
        .help = "Look for anchors here instead of in <prefix>/etc/stella/trust.d; may be repeated; your own count too" \
    }

#define PLUGINS_OPTION_SYSTEM                                                                                          \
    { .name = "system", .help = "In <prefix>/lib/stella/plugins, for everybody, instead of your own folder" }

/* Where a verb with --system and --plugin-dir installs or removes: by default the user's own plugin directory, which is
 * empty when he has no home. */
const char *plugins_target_dir(cli_context *cli, const cli_args *args);

/* Verified plugins of the directories that the options name or the installation has. The verb's table must have both
 * options.
 * out  set on success; the caller destroys it */
stella_status plugins_load(cli_context *cli, const cli_args *args, catalogue **out, stella_error *err);

/* The anchors of the directories that --trust-dir names or the installation has, and the user's.
 * out  set on success; the caller destroys it. Anchors that cannot be used are told of on standard error. */
stella_status plugins_trust(cli_context *cli, const cli_args *args, trust **out, stella_error *err);

/* One line a refusal on standard error: file, rule, what to do. Returns how many there are. */
uint32_t plugins_print_refusals(cli_context *cli, const catalogue *plugins);

/* The manifest of a folder: manifest.json, its source, or plugin.json in a folder that was signed before. NULL when
 * memory is short. */
const char *plugins_manifest_in(cli_context *cli, const char *dir);

/* Milliseconds since 1970, for what expires. */
int64_t plugins_now_ms(void);

#endif
