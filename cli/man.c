#include "cli/man.h"

#include "cli/help.h"

#include <errno.h>

/* Text as roff has it: backslashes and hyphens spelled out, no line that looks like a request. */
static void part(FILE *out, const char *plain, int is_line_start) {
    for (; *plain; plain++) {
        if (is_line_start && (*plain == '.' || *plain == '\''))
            fputs("\\&", out);
        if (*plain == '\\')
            fputs("\\e", out);
        else if (*plain == '-')
            fputs("\\-", out);
        else if (*plain == '"')
            fputs("\\(dq", out);
        else if (*plain == '\n')
            fputs("\n.PP\n", out);
        else
            fputc(*plain, out);
        is_line_start = *plain == '\n';
    }
}

static void text(FILE *out, const char *plain) {
    part(out, plain, 1);
    fputc('\n', out);
}

/* "plugin sign" becomes "plugin-sign"; the whole page name is "stella-plugin-sign". */
static void page_name(const cli_verb *verb, char *out, size_t size) {
    snprintf(out, size, "stella-%s", verb->name);
    for (char *at = out; *at; at++)
        if (*at == ' ')
            *at = '-';
}

/* No date: the page is a function of the table alone. */
static void head(FILE *out, const char *name, const char *summary) {
    fprintf(out, ".TH \"%s\" \"1\" \"\" \"stella %s\" \"StellaOps\"\n.SH NAME\n", name, STELLA_VERSION);
    part(out, name, 1);
    fputs(" \\- ", out);
    part(out, summary, 0);
    fputc('\n', out);
    fputs(".SH SYNOPSIS\n", out);
}

static void item(FILE *out, const char *term, const char *meaning) {
    fputs(".TP\n.B ", out);
    text(out, term);
    text(out, meaning);
}

static void options(FILE *out, const cli_verb *verb) {
    fputs(".SH OPTIONS\n", out);
    for (const cli_option *option = verb->options; option && option->name; option++) {
        char term[128];
        help_option_term(option, term, sizeof term);
        item(out, term + strspn(term, " "), option->help);
    }
    item(out, "-h, --help", "Show a summary.");
}

static void examples(FILE *out, const cli_verb *verb) {
    fputs(".SH EXAMPLES\n", out);
    for (const cli_example *example = verb->examples; example->command; example++)
        item(out, example->command, example->meaning);
}

static void exits(FILE *out, const cli_verb *verb) {
    fputs(".SH EXIT STATUS\n", out);
    for (const cli_exit *exit = verb->exits; exit->meaning; exit++) {
        char status[16];
        snprintf(status, sizeof status, "%d", exit->status);
        item(out, status, exit->meaning);
    }
}

void man_verb(FILE *out, const cli_verb *verb) {
    char name[64];
    page_name(verb, name, sizeof name);
    head(out, name, verb->summary);
    fprintf(out, ".B stella %s\n", verb->name);
    if (verb->arguments)
        text(out, verb->arguments);
    fputs("[OPTION]...\n.SH DESCRIPTION\n", out);
    text(out, verb->description);
    options(out, verb);
    examples(out, verb);
    exits(out, verb);
    fputs(".SH SEE ALSO\n.BR stella (1)\n", out);
}

void man_overview(FILE *out) {
    head(out, "stella", "supply-chain security for container images");
    fputs(".B stella\nVERB [OPTION]... [ARGUMENT]...\n.SH VERBS\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++)
        item(out, (*verb)->name, (*verb)->summary);
    fputs(".SH ENVIRONMENT\n", out);
    item(out, "NO_COLOR", "When set and not empty, nothing is coloured.");
    item(out, "XDG_CONFIG_HOME, XDG_DATA_HOME",
         "Where the user's own anchors (stella/trust.d) and plugins (stella/plugins) are looked for.");
    fputs(".SH SEE ALSO\n", out);
    for (const cli_verb *const *verb = cli_verbs; *verb; verb++) {
        char name[64];
        page_name(*verb, name, sizeof name);
        fprintf(out, ".BR %s (1)%s\n", name, verb[1] ? "," : "");
    }
}

static stella_status write_page(const char *dir, const cli_verb *verb, stella_error *err) {
    char name[64] = "stella", path[4096];
    if (verb)
        page_name(verb, name, sizeof name);
    const int len = snprintf(path, sizeof path, "%s/%s.1", dir, name);
    if (len < 0 || (size_t)len >= sizeof path)
        return stella_error_set(err, STELLA_E_LIMIT, dir, "the path is longer than %zu bytes", sizeof path - 1);
    FILE *out = fopen(path, "we");
    if (!out)
        return stella_error_set(err, STELLA_E_IO, path, "cannot be written: %s", strerror(errno));
    if (verb)
        man_verb(out, verb);
    else
        man_overview(out);
    const int is_bad = ferror(out);
    if (fclose(out) != 0 || is_bad)
        return stella_error_set(err, STELLA_E_IO, path, "cannot be written: %s", strerror(errno));
    return STELLA_OK;
}

stella_status man_write_all(const char *dir, stella_error *err) {
    stella_status status = write_page(dir, NULL, err);
    for (const cli_verb *const *verb = cli_verbs; *verb && status == STELLA_OK; verb++)
        status = write_page(dir, *verb, err);
    return status;
}
