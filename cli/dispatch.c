#include "cli/cli.h"
#include "cli/help.h"
#include "cli/suggest.h"

#include <stella/terminal.h>

#include <stdarg.h>
#include <stdio.h>

#define VERBS_MAX 64 /* that are looked through for a suggestion */

const char *cli_safe(cli_context *cli, const char *text) {
    const char *safe = stella_terminal_cstr(cli->arena, stella_sv_cstr(text));
    return safe ? safe : "(out of memory)";
}

int cli_fail(cli_context *cli, int status, const stella_error *err) {
    fprintf(cli->err, "stella: %s%s%s\n", cli_safe(cli, err->path), err->path[0] ? ": " : "",
            cli_safe(cli, err->message));
    return status;
}

int cli_usage(cli_context *cli, const cli_verb *verb, const char *format, ...) {
    va_list args;
    va_start(args, format);
    fputs("stella: ", cli->err);
    vfprintf(cli->err, format, args);
    va_end(args);
    fprintf(cli->err, "\nTry 'stella %s%s--help'.\n", verb ? verb->name : "", verb ? " " : "");
    return CLI_USAGE;
}

static stella_status out_write(void *self, stella_sv bytes, stella_error *err) {
    cli_context *cli = self;
    if (bytes.len && fwrite(bytes.ptr, 1, bytes.len, cli->out) != bytes.len)
        return stella_error_set(err, STELLA_E_IO, "standard output", "cannot be written");
    return STELLA_OK;
}

stella_sink cli_out_sink(cli_context *cli) {
    return (stella_sink){.head = STELLA_HEAD(stella_sink), .self = cli, .write = out_write};
}

/* How many words of the name lead the command line, or 0 when they do not all do. */
static uint32_t match(const char *name, uint32_t count, const char *const *words) {
    stella_sv rest = stella_sv_cstr(name), part;
    uint32_t taken = 0;
    for (; stella_sv_split(&rest, ' ', &part); taken++)
        if (taken == count || !stella_sv_eq(part, stella_sv_cstr(words[taken])))
            return 0;
    return taken;
}

const cli_verb *cli_verb_find(uint32_t count, const char *const *words, uint32_t *taken) {
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++) {
        const uint32_t found = match((*verb)->name, count, words);
        if (found) {
            *taken = found;
            return *verb;
        }
    }
    return NULL;
}

static int is_group(const char *word) {
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        if (help_is_in_group(*verb, word))
            return 1;
    return 0;
}

static int refuse_verb(cli_context *cli, const char *first, const char *second) {
    const char *typed = stella_arena_printf(cli->arena, "%s%s%s", first, second ? " " : "", second ? second : "").ptr;
    const char *names[VERBS_MAX + 1] = {NULL};
    for (uint32_t i = 0; i < VERBS_MAX && cli_verbs[i]; i++)
        names[i] = cli_verbs[i]->name;
    const char *near = typed ? suggest(typed, names) : NULL;
    return cli_usage(cli, NULL, "there is no verb %s%s%s%s", cli_safe(cli, typed), near ? "; did you mean " : "",
                     near ? near : "", near ? "?" : "");
}

/* "stella plugin" and "stella plugin --help" list the verbs of the group; the first is a mistake none the less. */
static int run_group(cli_context *cli, int argc, char **argv) {
    if (argc == 2) {
        help_overview(cli->err, argv[1]);
        return CLI_USAGE;
    }
    if (strcmp(argv[2], "--help") != 0 && strcmp(argv[2], "-h") != 0)
        return refuse_verb(cli, argv[1], argv[2]);
    help_overview(cli->out, argv[1]);
    return CLI_DONE;
}

static int run_verb(cli_context *cli, const cli_verb *verb, int argc, char **argv) {
    cli_args args;
    stella_error err = {0};
    if (cli_args_parse(argc, argv, verb->options, &args, &err) != STELLA_OK)
        return cli_usage(cli, verb, "%s", cli_safe(cli, err.message));
    if (cli_given(&args, "help")) {
        help_verb(cli->out, verb);
        return CLI_DONE;
    }
    if (args.word_count < verb->words_min)
        return cli_usage(cli, verb, "%s needs %s", verb->name, verb->arguments);
    if (args.word_count > verb->words_max)
        return cli_usage(cli, verb, "%s: one argument too many: %s", verb->name,
                         cli_safe(cli, args.words[verb->words_max]));
    return verb->run(cli, &args);
}

static int run_without_verb(cli_context *cli, int argc, char **argv) {
    static const cli_option options[] = {{.name = "version", .letter = 'V', .help = "Show the version"}, {0}};
    cli_args args;
    stella_error err = {0};
    if (cli_args_parse(argc, argv, options, &args, &err) != STELLA_OK)
        return cli_usage(cli, NULL, "%s", cli_safe(cli, err.message));
    if (cli_given(&args, "version")) {
        fprintf(cli->out, "stella %s (plugin ABI %d.%d)\n", STELLA_VERSION, STELLA_ABI_MAJOR, STELLA_ABI_MINOR);
        return CLI_DONE;
    }
    const int is_help = cli_given(&args, "help") > 0;
    help_overview(is_help ? cli->out : cli->err, NULL);
    return is_help ? CLI_DONE : CLI_USAGE;
}

static int dispatch(cli_context *cli, int argc, char **argv) {
    if (argc < 2 || argv[1][0] == '-')
        return run_without_verb(cli, argc, argv);
    uint32_t taken = 0;
    const cli_verb *verb = cli_verb_find((uint32_t)argc - 1, (const char *const *)argv + 1, &taken);
    if (verb)
        return run_verb(cli, verb, argc - (int)taken, argv + taken);
    return is_group(argv[1]) ? run_group(cli, argc, argv) : refuse_verb(cli, argv[1], NULL);
}

int cli_run(cli_context *cli, int argc, char **argv) {
    const int status = dispatch(cli, argc, argv);
    if (fflush(cli->out) == 0 && !ferror(cli->out))
        return status;
    const stella_error err = {.code = STELLA_E_IO, .message = "cannot be written", .path = "standard output"};
    return cli_fail(cli, CLI_FAILED, &err);
}
