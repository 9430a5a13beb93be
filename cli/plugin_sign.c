/* plugin_sign.c - `stella plugin sign`. */
#include "cli/keys.h"
#include "cli/plugins.h"
#include "cli/verbs.h"
#include "plugin/sign.h"

#include <stella/auto.h>

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(key_secret_fini) key_secret key = {{0}, {0}};
    stella_error err = {0};
    const char *dir = args->words[0], *manifest = cli_value(args, "manifest"), *output = cli_value(args, "output");
    const char *key_path = keys_find(cli, cli_value(args, "key"), KEY_FILE_SECRET_ENDING);
    if (key_file_read_secret(key_path, &key, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    const sign_request request = {.binary_dir = dir,
                                  .manifest_path = manifest ? manifest : plugins_manifest_in(cli, dir),
                                  .output_dir = output ? output : dir,
                                  .key = &key};
    plugin_manifest m;
    if (sign_folder(&request, cli->arena, &m, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    if (!cli_given(args, "quiet"))
        fprintf(cli->out, "%s %s signed in %s\n", m.id, m.version, cli_safe(cli, request.output_dir));
    return CLI_DONE;
}

static const cli_option options[] = {
    {.name = "key",
     .letter = 'k',
     .value = "FILE",
     .help = "The key that signs: a file, or the name of a key made with 'stella key generate' (default: plugins)"},
    {.name = "manifest",
     .letter = 'm',
     .value = "FILE",
     .help = "The manifest's source (default: DIR/manifest.json, else DIR/plugin.json)"},
    {.name = "output", .letter = 'o', .value = "DIR", .help = "The plugin folder to make (default: DIR itself)"},
    {.name = "quiet", .letter = 'q', .help = "Say nothing when all is well"},
    {0},
};

static const cli_example examples[] = {
    {"stella plugin sign --output build .",
     "Sign the binary in this folder with your key 'plugins'; the finished plugin is in build/."},
    {"stella plugin sign --key release.key plugins/org.example.analyzer.dart", "Sign a plugin folder anew."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "signed"},
    {CLI_USAGE, "the key, the manifest or the binary cannot be used; nothing was signed"},
    {0},
};

const cli_verb cli_verb_plugin_sign = {
    .name = "plugin sign",
    .summary = "complete and sign a plugin's manifest",
    .arguments = "DIR",
    .words_min = 1,
    .words_max = 1,
    .description =
        "Enters size and SHA-256 of the binary in DIR into the manifest, checks both as a loader would, and writes "
        "plugin.json, plugin.sig (DSSE, Ed25519) and the binary into the plugin folder.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
