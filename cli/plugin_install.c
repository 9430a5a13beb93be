/* plugin_install.c - `stella plugin install`. */
#include "cli/plugins.h"
#include "cli/verbs.h"
#include "plugin/package.h"

#include <stella/auto.h>

#include <sys/stat.h>

static stella_status read_package(cli_context *cli, const char *path, package *out, stella_error *err) {
    struct stat st;
    if (stat(path, &st) == 0 && S_ISDIR(st.st_mode))
        return package_read_folder(path, cli->arena, out, err);
    return package_read_archive(path, cli->arena, out, err);
}

static int run(cli_context *cli, const cli_args *args) {
    STELLA_AUTO(trust_destroyp) trust *t = NULL;
    const char *dir = plugins_target_dir(cli, args);
    stella_error err = {0};
    if (!dir[0])
        return cli_usage(cli, &cli_verb_plugin_install, "you have no home directory; give --plugin-dir or --system");
    if (plugins_trust(cli, args, &t, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    for (uint32_t i = 0; i < args->word_count; i++) {
        package p;
        stella_status status = read_package(cli, args->words[i], &p, &err);
        if (status == STELLA_OK)
            status = package_install(&p, dir, t, plugins_now_ms(), cli->arena, &err);
        if (status != STELLA_OK)
            return cli_fail(cli, status == STELLA_E_IO ? CLI_FAILED : CLI_USAGE, &err);
        fprintf(cli->out, "%s %s installed in %s\n", p.manifest.id, p.manifest.version, cli_safe(cli, dir));
    }
    return CLI_DONE;
}

static const cli_option options[] = {
    PLUGINS_OPTION_SYSTEM,
    {.name = "plugin-dir", .value = "DIR", .help = "Install into this plugin directory"},
    PLUGINS_OPTION_TRUST_DIR,
    {0},
};

static const cli_example examples[] = {
    {"stella plugin install build", "Install your freshly signed plugin for yourself."},
    {"sudo stella plugin install --system com.acme.analyzer.foo-1.2.0.tar", "Install a vendor's plugin for everybody."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "installed"},
    {CLI_USAGE, "a plugin was refused; nothing of it was left behind"},
    {CLI_FAILED, "the plugin directory cannot be written"},
    {0},
};

const cli_verb cli_verb_plugin_install = {
    .name = "plugin install",
    .summary = "verify a plugin and put it where it is loaded from",
    .arguments = "DIR|ARCHIVE...",
    .words_min = 1,
    .words_max = CLI_ANY,
    .description =
        "Takes a plugin folder or an archive, verifies it as a loader would, and replaces the version that is "
        "there at once. stellad takes it up at 'stella plugin reload'.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
