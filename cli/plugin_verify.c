/* plugin_verify.c - `stella plugin verify`: one folder, as a loader would look at it. */
#include "cli/plugins.h"
#include "cli/verbs.h"
#include "plugin/folder.h"

#include <stella/auto.h>

static int verify(cli_context *cli, const trust *t, const char *dir) {
    STELLA_AUTO(folder_fini) folder f = FOLDER_NONE;
    stella_error err = {0};
    if (folder_verify(dir, NULL, t, plugins_now_ms(), cli->arena, &f, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    fprintf(cli->out, "%s %s: good; signed by %s (%s)%s\n", f.manifest.id, f.manifest.version,
            cli_safe(cli, f.anchor->name), f.anchor->key_id,
            f.init_count > 1 ? "; it runs code of its own at load" : "");
    return CLI_DONE;
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(trust_destroyp) trust *t = NULL;
    stella_error err = {0};
    if (plugins_trust(cli, args, &t, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    int worst = CLI_DONE;
    for (uint32_t i = 0; i < args->word_count; i++) {
        const int status = verify(cli, t, args->words[i]);
        worst = status > worst ? status : worst;
    }
    return worst;
}

static const cli_option options[] = {PLUGINS_OPTION_TRUST_DIR, {0}};

static const cli_example examples[] = {
    {"stella plugin verify build", "Whether the plugin in ./build would be loaded, and whose signature it bears."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "all are good"},
    {CLI_USAGE, "one would be refused: the message says which file, which rule, what to do"},
    {0},
};

const cli_verb cli_verb_plugin_verify = {
    .name = "plugin verify",
    .summary = "check a plugin folder as a loader would",
    .arguments = "DIR...",
    .words_min = 1,
    .words_max = CLI_ANY,
    .description =
        "Checks path, manifest, signature, scope, expiry, revocation, binary and ELF headers. What the plugin "
        "requires of others is checked by 'stella plugin list'. No plugin's code is run.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
