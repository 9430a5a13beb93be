/* key_generate.c - `stella key generate`. */
#include "cli/keys.h"
#include "cli/verbs.h"
#include "plugin/files.h"

static int run(cli_context *cli, const cli_args *args) {
    const char *name = args->words[0];
    if (!keys_name_is_valid(name))
        return cli_usage(cli, &cli_verb_key_generate, "a key's name is made of letters, digits, - and _, not %s",
                         cli_safe(cli, name));
    const char *given = cli_value(args, "output"), *dir = given ? given : keys_dir(cli);
    stella_error err = {0};
    char id[STELLA_DIGEST_TEXT_SIZE];
    if (files_make_dirs(dir, 1, &err) != STELLA_OK || key_file_generate(dir, name, id, &err) != STELLA_OK)
        return cli_fail(cli, err.code == STELLA_E_EXISTS ? CLI_USAGE : CLI_FAILED, &err);
    if (!cli_given(args, "quiet"))
        fprintf(cli->out, "%s\nsecret: %s/%s" KEY_FILE_SECRET_ENDING "\npublic: %s/%s" KEY_FILE_PUBLIC_ENDING "\n", id,
                cli_safe(cli, dir), name, cli_safe(cli, dir), name);
    return CLI_DONE;
}

static const cli_option options[] = {
    {.name = "output",
     .letter = 'o',
     .value = "DIR",
     .help = "Where the two files go (default: ~/.config/stella/keys)"},
    {.name = "quiet", .letter = 'q', .help = "Say nothing when all is well"},
    {0},
};

static const cli_example examples[] = {
    {"stella key generate plugins",
     "Make ~/.config/stella/keys/plugins.key, which signs, and plugins.pub, to give away."},
    {0},
};

static const cli_exit exits[] = {
    {CLI_DONE, "made"},
    {CLI_USAGE, "the name is taken or not possible"},
    {CLI_FAILED, "the files cannot be written"},
    {0},
};

const cli_verb cli_verb_key_generate = {
    .name = "key generate",
    .summary = "make an Ed25519 key that signs plugins",
    .arguments = "NAME",
    .words_min = 1,
    .words_max = 1,
    .description = "Makes NAME.key, readable by you alone, and NAME.pub. A key that exists is never overwritten.",
    .options = options,
    .examples = examples,
    .exits = exits,
    .run = run,
};
