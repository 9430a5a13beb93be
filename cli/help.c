#include "cli/help.h"

#include "cli/layout.h"
#include "cli/man.h"

#define TERM_COLUMN   24
#define STATUS_COLUMN 5

int help_is_in_group(const cli_verb *verb, const char *group) {
    const size_t len = strlen(group);
    return strncmp(verb->name, group, len) == 0 && verb->name[len] == ' ';
}

void help_overview(FILE *out, const char *group) {
    fprintf(out, "Usage: stella %s%sVERB [OPTION]... [ARGUMENT]...\n\n", group ? group : "", group ? " " : "");
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        if (!group || help_is_in_group(*verb, group))
            layout_item(out, (*verb)->name, (*verb)->summary, TERM_COLUMN);
    fputs("\n'stella VERB --help' tells more of one verb, 'stella --version' which version this is.\n", out);
}

void help_option_term(const cli_option *option, char *out, size_t size) {
    char letter[] = "    ";
    if (option->letter)
        snprintf(letter, sizeof letter, "-%c, ", option->letter);
    const char *before = !option->value ? "" : option->is_optional ? "[=" : " ";
    const char *after = option->value && option->is_optional ? "]" : "";
    snprintf(out, size, "%s--%s%s%s%s", letter, option->name, before, option->value ? option->value : "", after);
}

static void options(FILE *out, const cli_verb *verb) {
    fputs("\nOptions:\n", out);
    for (const cli_option *option = verb->options; option && option->name; option++) {
        char term[128];
        help_option_term(option, term, sizeof term);
        layout_item(out, term, option->help, TERM_COLUMN + 2);
    }
    layout_item(out, "-h, --help", "Show this text", TERM_COLUMN + 2);
}

static void examples(FILE *out, const cli_verb *verb) {
    fputs("\nExamples:\n", out);
    for (const cli_example *example = verb->examples; example->command; example++) {
        fprintf(out, "  $ %s\n      ", example->command);
        layout_text(out, example->meaning, 6, 6);
    }
}

void help_verb(FILE *out, const cli_verb *verb) {
    const char *arguments = verb->arguments;
    fprintf(out, "stella %s - %s\n\n", verb->name, verb->summary);
    fprintf(out, "Usage: stella %s%s%s [OPTION]...\n\n", verb->name, arguments ? " " : "", arguments ? arguments : "");
    layout_text(out, verb->description, 0, 0);
    options(out, verb);
    examples(out, verb);
    fputs("\nExit status:\n", out);
    for (const cli_exit *exit = verb->exits; exit->meaning; exit++) {
        char status[16];
        snprintf(status, sizeof status, "%d", exit->status);
        layout_item(out, status, exit->meaning, STATUS_COLUMN);
    }
}

static int run(cli_context *cli, const cli_args *args) {
    const char *dir = cli_value(args, "man-dir");
    stella_error err = {0};
    if (dir)
        return man_write_all(dir, &err) == STELLA_OK ? CLI_DONE : cli_fail(cli, CLI_FAILED, &err);
    const int is_man = cli_given(args, "man") > 0;
    if (args->word_count == 0) {
        if (is_man)
            man_overview(cli->out);
        else
            help_overview(cli->out, NULL);
        return CLI_DONE;
    }
    uint32_t taken;
    const cli_verb *verb = cli_verb_find(args->word_count, args->words, &taken);
    if (!verb || taken != args->word_count)
        return cli_usage(cli, NULL, "there is no verb %s", cli_safe(cli, args->words[0]));
    if (is_man)
        man_verb(cli->out, verb);
    else
        help_verb(cli->out, verb);
    return CLI_DONE;
}

static const cli_option help_options[] = {
    {.name = "man", .help = "Print the manual page in roff, for man -l -"},
    {.name = "man-dir", .value = "DIR", .help = "Write all manual pages into the folder"},
    {0},
};

static const cli_example help_examples[] = {
    {"stella help plugin sign", "What signing a plugin needs."},
    {"stella help --man scan | man -l -", "The same as a manual page."},
    {0},
};

static const cli_exit help_exits[] = {
    {CLI_DONE, "done"},
    {CLI_USAGE, "there is no such verb"},
    {CLI_FAILED, "the pages could not be written"},
    {0},
};

const cli_verb cli_verb_help = {
    .name = "help",
    .summary = "tell about a verb",
    .arguments = "[VERB]",
    .words_max = 2,
    .description = "Prints what a verb does, its options with their defaults, examples and exit statuses. Without a "
                   "verb it lists all of them.",
    .options = help_options,
    .examples = help_examples,
    .exits = help_exits,
    .run = run,
};
