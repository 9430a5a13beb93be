#include "cli/option.h"

#include "cli/suggest.h"

#include <assert.h>
#include <getopt.h>
#include <stdio.h>

#define HELP_LETTER 'h'
#define LONG_BASE   256 /* getopt's answer for the first long option; above every letter */

static const cli_option help_option = {.name = "help", .letter = HELP_LETTER, .help = "Show this text"};

/* The table in the two forms that getopt_long wants. */
typedef struct getopt_tables {
    const cli_option *options[CLI_OPTIONS_MAX + 1];
    struct option longs[CLI_OPTIONS_MAX + 2];
    char shorts[3 * (CLI_OPTIONS_MAX + 1) + 2];
    uint32_t count;
} getopt_tables;

static void add_option(getopt_tables *t, const cli_option *option) {
    assert(t->count <= CLI_OPTIONS_MAX);
    const int has_arg = !option->value ? no_argument : option->is_optional ? optional_argument : required_argument;
    t->longs[t->count] = (struct option){.name = option->name, .has_arg = has_arg, .val = LONG_BASE + (int)t->count};
    t->options[t->count++] = option;
    if (!option->letter)
        return;
    const size_t used = strlen(t->shorts);
    snprintf(t->shorts + used, sizeof t->shorts - used, "%c%s", option->letter, option->value ? ":" : "");
}

static getopt_tables tables_of(const cli_option *options) {
    getopt_tables t = {.shorts = ":"}; /* tells a missing value from an unknown option */
    add_option(&t, &help_option);
    for (; options && options->name; options++)
        add_option(&t, options);
    return t;
}

static const cli_option *chosen(const getopt_tables *t, int answer) {
    if (answer >= LONG_BASE)
        return t->options[answer - LONG_BASE];
    for (uint32_t i = 0; i < t->count; i++)
        if (t->options[i]->letter == answer)
            return t->options[i];
    return NULL;
}

static stella_status refuse_unknown(const getopt_tables *t, const char *typed, stella_error *err) {
    const char *names[CLI_OPTIONS_MAX + 2] = {NULL};
    for (uint32_t i = 0; i < t->count; i++)
        names[i] = t->options[i]->name;
    const char *near = typed[0] == '-' && typed[1] == '-' ? suggest(typed + 2, names) : NULL;
    return stella_error_set(err, STELLA_E_INVALID, NULL, "unknown option %.60s%s%s%s", typed,
                            near ? "; did you mean --" : "", near ? near : "", near ? "?" : "");
}

/* What getopt's two kinds of complaint mean. optopt is the letter or long value, 0 for an unknown long option. */
static stella_status refuse(const getopt_tables *t, int answer, char **argv, stella_error *err) {
    const cli_option *option = optopt ? chosen(t, optopt) : NULL;
    if (answer == ':' && option)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--%s needs %s", option->name, option->value);
    if (option)
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--%s takes no value", option->name);
    const char letter[3] = {'-', (char)optopt, '\0'};
    return refuse_unknown(t, optopt ? letter : argv[optind - 1], err);
}

static int is_choice(const char *choices, const char *value) {
    stella_sv rest = stella_sv_cstr(choices), choice;
    while (stella_sv_split(&rest, ' ', &choice))
        if (stella_sv_eq(choice, stella_sv_cstr(value)))
            return 1;
    return 0;
}

static stella_status take_option(cli_args *args, const cli_option *option, const char *value, stella_error *err) {
    if (option->choices && value && !is_choice(option->choices, value))
        return stella_error_set(err, STELLA_E_INVALID, NULL, "--%s is one of: %s; not %.60s", option->name,
                                option->choices, value);
    if (args->given_count == CLI_GIVEN_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d options", CLI_GIVEN_MAX);
    args->given[args->given_count].option = option;
    args->given[args->given_count++].value = value;
    return STELLA_OK;
}

static stella_status take_words(cli_args *args, int argc, char **argv, stella_error *err) {
    for (int i = optind; i < argc; i++) {
        if (args->word_count == CLI_WORDS_MAX)
            return stella_error_set(err, STELLA_E_LIMIT, NULL, "more than %d arguments", CLI_WORDS_MAX);
        args->words[args->word_count++] = argv[i];
    }
    return STELLA_OK;
}

stella_status cli_args_parse(int argc, char **argv, const cli_option *options, cli_args *out, stella_error *err) {
    const getopt_tables t = tables_of(options);
    cli_args args = {.options = options};
    stella_status status = STELLA_OK;
    optind = 0; /* glibc: start afresh */
    opterr = 0;
    for (int answer; status == STELLA_OK && (answer = getopt_long(argc, argv, t.shorts, t.longs, NULL)) != -1;) {
        const int is_refused = answer == '?' || answer == ':';
        status = is_refused ? refuse(&t, answer, argv, err) : take_option(&args, chosen(&t, answer), optarg, err);
    }
    if (status == STELLA_OK)
        status = take_words(&args, argc, argv, err);
    if (status == STELLA_OK)
        *out = args;
    return status;
}

static int is_in_table(const cli_option *options, const char *name) {
    for (; options && options->name; options++)
        if (strcmp(options->name, name) == 0)
            return 1;
    return strcmp(name, help_option.name) == 0;
}

int cli_takes(const cli_args *args, const char *name) {
    return is_in_table(args->options, name);
}

uint32_t cli_values(const cli_args *args, const char *name, const char **out, uint32_t max) {
    assert(is_in_table(args->options, name));
    uint32_t count = 0;
    for (uint32_t i = 0; i < args->given_count; i++)
        if (strcmp(args->given[i].option->name, name) == 0 && count < max)
            out[count++] = args->given[i].value;
    return count;
}

uint32_t cli_given(const cli_args *args, const char *name) {
    const char *values[CLI_GIVEN_MAX];
    return cli_values(args, name, values, CLI_GIVEN_MAX);
}

const char *cli_value(const cli_args *args, const char *name) {
    const char *values[CLI_GIVEN_MAX];
    const uint32_t count = cli_values(args, name, values, CLI_GIVEN_MAX);
    return count ? values[count - 1] : NULL;
}
