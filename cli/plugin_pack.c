/* plugin_pack.c - `stella plugin pack`. */
#include "cli/verbs.h"
#include "plugin/package.h"

static int run(cli_context *cli, const cli_args *args) {
    stella_error err = {0};
    package p;
    if (package_read_folder(args->words[0], cli->arena, &p, &err) != STELLA_OK)
        return cli_fail(cli, CLI_USAGE, &err);
    const char *path = cli_value(args, "output");
    if (!path)
        path = stella_arena_printf(cli->arena, "%s-%s.tar", p.manifest.id, p.manifest.version).ptr;
    if (!path || package_write_archive(&p, path, &err) != STELLA_OK)
        return cli_fail(cli, CLI_FAILED, &err);
    fprintf(cli->out, "%s\n", cli_safe(cli, path));
    return CLI_DONE;
}

static const cli_option options[] = {
    {.name = "output",
     .letter = 'o',
     .value = "FILE",
     .help = "The archive to write (default: ID-VERSION.tar in this folder)"},
    {0},
};

static const cli_example examples[] = {
    {"stella plugin pack build", "Make one file of the signed plugin in ./build, to give away."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "packed; the archive's name is printed"},
    {CLI_USAGE, "DIR is not a signed plugin"},
    {CLI_FAILED, "the archive cannot be written"},
    {0},
};

const cli_verb cli_verb_plugin_pack = {
    .name = "plugin pack",
    .summary = "make one archive of a plugin folder",
    .arguments = "DIR",
    .words_min = 1,
    .words_max = 1,
    .description =
        "Writes a tar archive that 'stella plugin install' takes. The same plugin gives the same bytes: no times, no "
        "owners, a fixed order.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
