/* completion.c - `stella completion SHELL`: scripts generated from the table of verbs. */
#include "cli/help.h"
#include "cli/verbs.h"

static int is_first_of_group(const cli_verb *const *verb) {
    const size_t len = strcspn((*verb)->name, " ");
    for (const cli_verb *const *before = cli_verbs; before < verb; before++)
        /* NOLINTNEXTLINE(clang-analyzer-core.NullDereference): only the last entry is NULL */
        if (strncmp((*before)->name, (*verb)->name, len) == 0 && strchr(" ", (*before)->name[len]))
            return 0;
    return 1;
}

/* The first words of all verbs, each once, separated by blanks. */
static void first_words(FILE *out) {
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        if (is_first_of_group(verb))
            fprintf(out, "%.*s ", (int)strcspn((*verb)->name, " "), (*verb)->name);
}

static void second_words(FILE *out, const char *group) {
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        if (help_is_in_group(*verb, group))
            fprintf(out, "%s ", (*verb)->name + strlen(group) + 1);
}

/* Text within single quotes of a POSIX shell, zsh or fish (which both take '\'' too). */
static void quoted(FILE *out, const char *text) {
    for (; *text; text++)
        if (*text == '\'')
            fputs("'\\''", out);
        else
            fputc(*text, out);
}

/* ---- bash ---- */

static void bash_values(FILE *out, const cli_verb *verb) {
    for (const cli_option *option = verb->options; option && option->name; option++)
        if (option->choices)
            fprintf(out, "        '%s --%s') words='%s' ;;\n", verb->name, option->name, option->choices);
}

static void bash_options(FILE *out, const cli_verb *verb) {
    fprintf(out, "        '%s') words='--help", verb->name);
    for (const cli_option *option = verb->options; option && option->name; option++)
        fprintf(out, " --%s", option->name);
    fputs("' ;;\n", out);
}

static void bash(FILE *out) {
    fputs("# bash completion for stella; made by `stella completion bash`\n"
          "_stella() {\n"
          "    local cur=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]} words=\n"
          "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
          "        COMPREPLY=($(compgen -W '--help --version ",
          out);
    first_words(out);
    fputs("' -- \"$cur\"))\n        return\n    fi\n    case $verb in\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++) {
        if (!strchr((*verb)->name, ' ') || !is_first_of_group(verb))
            continue;
        char group[64];
        snprintf(group, sizeof group, "%.*s", (int)strcspn((*verb)->name, " "), (*verb)->name);
        fprintf(out, "        %s)\n            [ \"$COMP_CWORD\" -eq 2 ] && words='", group);
        second_words(out, group);
        fprintf(out, "' || verb=\"$verb ${COMP_WORDS[2]}\" ;;\n");
    }
    fputs("    esac\n    [ \"$words\" ] || case \"$verb ${COMP_WORDS[COMP_CWORD - 1]}\" in\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        bash_values(out, *verb);
    fputs("    esac\n    [ \"$words\" ] || case $cur in -*) case $verb in\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        bash_options(out, *verb);
    fputs("    esac ;; esac\n"
          "    if [ \"$words\" ]; then\n"
          "        COMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n"
          "    else\n"
          "        COMPREPLY=($(compgen -f -- \"$cur\"))\n"
          "    fi\n"
          "}\n"
          "complete -o filenames -F _stella stella\n",
          out);
}

/* ---- zsh ---- */

static void zsh_option(FILE *out, const cli_option *option) {
    fprintf(out, " \\\n                '*--%s%s[", option->name,
            option->value ? (option->is_optional ? "=-" : "=") : "");
    for (const char *at = option->help; *at; at++)
        if (*at == '\'')
            fputs("'\\''", out);
        else
            fprintf(out, strchr("[]:\\", *at) ? "\\%c" : "%c", *at);
    fputc(']', out);
    if (option->choices)
        fprintf(out, ":%s:(%s)", option->value, option->choices);
    else if (option->value)
        fprintf(out, ":%s:_files%s", option->value, strcmp(option->value, "DIR") == 0 ? " -/" : "");
    fputc('\'', out);
}

static void zsh(FILE *out) {
    fputs("#compdef stella\n# zsh completion for stella; made by `stella completion zsh`\n_stella() {\n"
          "    local verb=$words[2]\n"
          "    if (( CURRENT == 2 )); then\n        compadd -- --help --version ",
          out);
    first_words(out);
    fputs("\n        return\n    fi\n    case $verb in\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++) {
        if (!strchr((*verb)->name, ' ') || !is_first_of_group(verb))
            continue;
        char group[64];
        snprintf(group, sizeof group, "%.*s", (int)strcspn((*verb)->name, " "), (*verb)->name);
        fprintf(out, "        %s)\n            if (( CURRENT == 3 )); then compadd -- ", group);
        second_words(out, group);
        fputs("; return; fi\n            verb=\"$verb $words[3]\" ;;\n", out);
    }
    fputs("    esac\n    case $verb in\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++) {
        fprintf(out, "        '%s')\n            _arguments '--help[Show help]'", (*verb)->name);
        for (const cli_option *option = (*verb)->options; option && option->name; option++)
            zsh_option(out, option);
        fputs(" \\\n                '*:argument:_files' ;;\n", out);
    }
    fputs("    esac\n}\n_stella \"$@\"\n", out);
}

/* ---- fish ---- */

static void fish_option(FILE *out, const cli_verb *verb, const cli_option *option) {
    fprintf(out, "complete -c stella -n 'string match -q -- \"stella %s *\" (commandline -p)' -l %s", verb->name,
            option->name);
    if (option->letter)
        fprintf(out, " -s %c", option->letter);
    if (option->choices)
        fprintf(out, " -x -a '%s'", option->choices);
    else if (option->value && !option->is_optional)
        fputs(" -r", out);
    fputs(" -d '", out);
    quoted(out, option->help);
    fputs("'\n", out);
}

static void fish_verb(FILE *out, const cli_verb *const *verb) {
    const int first = (int)strcspn((*verb)->name, " ");
    const char *second = (*verb)->name[first] ? (*verb)->name + first + 1 : NULL;
    if (is_first_of_group(verb)) {
        fprintf(out, "complete -c stella -n __fish_use_subcommand -f -a %.*s -d '", first, (*verb)->name);
        quoted(out, second ? "" : (*verb)->summary);
        fputs("'\n", out);
    }
    if (second) {
        fprintf(out,
                "complete -c stella -n 'test (count (commandline -poc)) = 2; and __fish_seen_subcommand_from %.*s' ",
                first, (*verb)->name);
        fprintf(out, "-f -a %s -d '", second);
        quoted(out, (*verb)->summary);
        fputs("'\n", out);
    }
    for (const cli_option *option = (*verb)->options; option && option->name; option++)
        fish_option(out, *verb, option);
}

static void fish(FILE *out) {
    fputs("# fish completion for stella; made by `stella completion fish`\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        fish_verb(out, verb);
}

static int run(cli_context *cli, const cli_args *args) {
    static const struct {
        const char *shell;
        void (*write)(FILE *out);
    } shells[] = {{"bash", bash}, {"zsh", zsh}, {"fish", fish}};
    for (size_t i = 0; i < sizeof shells / sizeof shells[0]; i++)
        if (strcmp(args->words[0], shells[i].shell) == 0) {
            shells[i].write(cli->out);
            return CLI_DONE;
        }
    return cli_usage(cli, &cli_verb_completion, "completion is made for bash, zsh and fish, not for %s",
                     cli_safe(cli, args->words[0]));
}

static const cli_example examples[] = {
    {"source <(stella completion bash)", "Complete in this bash."},
    {"stella completion fish > ~/.config/fish/completions/stella.fish", "Complete in every fish from now on."},
    {0},
};

static const cli_exit exits[] = {{CLI_DONE, "done"}, {CLI_USAGE, "there is no script for that shell"}, {0}};

const cli_verb cli_verb_completion = {
    .name = "completion",
    .summary = "print a completion script for a shell",
    .arguments = "bash|zsh|fish",
    .words_min = 1,
    .words_max = 1,
    .description = "Prints a script that completes verbs, options and their values. Packages install it already.",
    .examples = examples,
    .exits = exits,
    .run = run,
};
