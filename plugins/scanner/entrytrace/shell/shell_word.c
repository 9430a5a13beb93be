/* Words: runs of literal text, quotes and expansions. */
#include "shell_parser.h"

const shell_mode SHELL_MODE_WORD = {.stop = " \t\n|&;()<>", .is_word = 1};
const shell_mode SHELL_MODE_SUBSCRIPT = {.stop = "]"};
const shell_mode SHELL_MODE_REGEX = {.stop = " \t\n", .counts_parentheses = 1};
const shell_mode SHELL_MODE_HERE = {.stop = "", .is_double = 1, .keeps_quotes = 1};
const shell_mode SHELL_MODE_ARITHMETIC = {.stop = "", .is_double = 1, .keeps_quotes = 1};
const shell_mode SHELL_MODE_ARITHMETIC_STEP = {.stop = ";", .is_double = 1, .keeps_quotes = 1};

typedef struct shell_run {
    shell_part *first, *last;
    uint32_t parentheses;
} shell_run;

shell_part *shell_part_new(shell_parser *p, uint32_t kind, stella_sv text) {
    shell_part *part = shell_new(p, sizeof *part);
    if (part)
        part->kind = kind, part->text = text;
    return part;
}

int shell_word_is(const shell_word *word, const char *text) {
    return word->parts && !word->parts->next && word->parts->kind == SHELL_PART_LITERAL &&
           stella_sv_eq(word->parts->text, stella_sv_cstr(text));
}

static void append(shell_run *run, shell_part *part) {
    if (!part)
        return;
    if (run->last)
        run->last->next = part;
    else
        run->first = part;
    run->last = part;
}

static int in_set(const char *set, char c) {
    return c != '\0' && strchr(set, c) != NULL;
}

/* One of ?*+@! and "(": a pattern of bash's extglob, which belongs in the word up to its ")". */
static int extended_pattern(const shell_parser *p, const shell_mode *mode) {
    return mode->is_word && in_set("?*+@!", shell_char(p, 0)) && shell_char(p, 1) == '(';
}

static int process_substitution(const shell_parser *p, const shell_mode *mode) {
    return mode->is_word && in_set("<>", shell_char(p, 0)) && shell_char(p, 1) == '(';
}

static int ends(const shell_parser *p, const shell_mode *mode, const shell_run *run) {
    const char c = shell_char(p, 0);
    return run->parentheses == 0 && in_set(mode->stop, c) && !process_substitution(p, mode);
}

static void backslash(shell_parser *p, const shell_mode *mode, shell_run *run) {
    const char c = shell_char(p, 1);
    if (p->at + 1 >= p->end || (mode->is_double && !in_set(mode->keeps_quotes ? "$`\\\n" : "$`\"\\\n", c))) {
        append(run, shell_part_new(p, SHELL_PART_QUOTED, shell_view(p, p->at, p->at + 1)));
        p->at++;
        return;
    }
    if (c != '\n')
        append(run, shell_part_new(p, SHELL_PART_QUOTED, shell_view(p, p->at + 1, p->at + 2)));
    p->at += 2;
}

static void process(shell_parser *p, shell_run *run) {
    const size_t start = p->at;
    p->at += 2;
    const shell_node *body = shell_substituted(p);
    shell_part *part = shell_part_new(p, SHELL_PART_PROCESS, shell_view(p, start, p->at));
    if (part)
        part->body = body;
    append(run, part);
}

/* Whether the byte is more than text in that mode. */
static int is_special(const shell_parser *p, const shell_mode *mode) {
    const char c = shell_char(p, 0);
    if (in_set("\\$`", c))
        return 1;
    if (c == '"')
        return !mode->keeps_quotes;
    return (c == '\'' && !mode->is_double && !mode->no_single) || process_substitution(p, mode);
}

static void special(shell_parser *p, const shell_mode *mode, shell_run *run) {
    switch (shell_char(p, 0)) {
    case '\\':
        backslash(p, mode, run);
        break;
    case '$':
        append(run, shell_dollar(p, mode));
        break;
    case '`':
        append(run, shell_backquoted(p, mode->is_double));
        break;
    case '"':
        append(run, shell_double_quoted(p));
        break;
    case '\'':
        append(run, shell_single_quoted(p));
        break;
    default:
        process(p, run);
    }
}

/* Text up to the next byte that is more. */
static void literal(shell_parser *p, const shell_mode *mode, shell_run *run) {
    const size_t start = p->at;
    while (p->at < p->end && !is_special(p, mode) && !ends(p, mode, run)) {
        const char c = p->text.ptr[p->at];
        if (extended_pattern(p, mode))
            run->parentheses++, p->at++;
        else if (c == '(' && (run->parentheses || mode->counts_parentheses))
            run->parentheses++;
        else if (c == ')' && run->parentheses)
            run->parentheses--;
        p->at++;
    }
    append(run,
           shell_part_new(p, mode->is_double ? SHELL_PART_QUOTED : SHELL_PART_LITERAL, shell_view(p, start, p->at)));
}

shell_word *shell_word_read(shell_parser *p, const shell_mode *mode) {
    const size_t start = p->at;
    shell_word *word = shell_new(p, sizeof *word);
    if (!word || !shell_enter(p))
        return NULL;
    shell_run run = {0};
    while (!p->failed && p->at < p->end && !ends(p, mode, &run)) {
        if (is_special(p, mode))
            special(p, mode, &run);
        else
            literal(p, mode, &run);
    }
    shell_leave(p);
    if (!p->failed && run.parentheses && mode->is_word)
        shell_fail(p, start, "the pattern that begins here never ends");
    word->parts = run.first;
    word->source = shell_view(p, start, p->at);
    word->range = shell_range_of(p, start, p->at);
    return p->failed ? NULL : word;
}
