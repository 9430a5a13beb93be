/* What "$" begins, except what stands between "${" and "}". */
#include "shell_parser.h"

/* Steps over a quoted text; a quote without end ends with the script. */
static size_t behind_quote(const shell_parser *p, size_t at) {
    const char quote = p->text.ptr[at++];
    while (at < p->end && p->text.ptr[at] != quote)
        at += quote == '"' && p->text.ptr[at] == '\\' ? 2 : 1;
    return at + 1;
}

size_t shell_arithmetic_end(const shell_parser *p) {
    uint32_t depth = 2;
    for (size_t at = p->at; at < p->end;) {
        const char c = p->text.ptr[at];
        if (c == '\'' || c == '"') {
            at = behind_quote(p, at);
            continue;
        }
        if (c == '(')
            depth++;
        else if (c == ')' && --depth == 1)
            return at + 1 < p->end && p->text.ptr[at + 1] == ')' ? at : 0;
        at += c == '\\' ? 2 : 1;
    }
    return 0;
}

shell_word *shell_arithmetic(shell_parser *p, size_t end) {
    const size_t whole = p->end;
    p->end = end;
    shell_word *word = shell_word_read(p, &SHELL_MODE_ARITHMETIC);
    p->end = whole;
    p->at = end + 2;
    return word;
}

const shell_node *shell_substituted(shell_parser *p) {
    const size_t start = p->at;
    const shell_token outer = p->token;
    p->token.kind = TOKEN_NONE;
    const shell_node *body = shell_enter(p) ? shell_list(p) : NULL;
    if (!p->failed && !shell_is_operator(p, ")"))
        shell_fail(p, shell_peek(p)->kind == TOKEN_END ? start : p->token.start,
                   p->token.kind == TOKEN_END ? "the substitution that begins here never ends"
                                              : "a substitution holds what is no command");
    if (!p->failed)
        shell_take(p), shell_leave(p);
    p->token = outer;
    return p->failed ? NULL : body;
}

static shell_part *command(shell_parser *p, size_t start) {
    p->at = start + 2;
    const shell_node *body = shell_substituted(p);
    shell_part *part = shell_part_new(p, SHELL_PART_COMMAND, shell_view(p, start, p->at));
    if (part)
        part->body = body;
    return part;
}

static shell_part *parenthesis(shell_parser *p, size_t start) {
    if (shell_char(p, 2) != '(')
        return command(p, start);
    p->at = start + 3;
    const size_t end = shell_arithmetic_end(p);
    if (!end)
        return command(p, start);
    const shell_word *word = shell_arithmetic(p, end);
    shell_part *part = shell_part_new(p, SHELL_PART_ARITHMETIC, shell_view(p, start, p->at));
    if (part && word)
        part->parts = word->parts;
    return part;
}

/* "$[...]", the old form of $((...)). */
static shell_part *bracket(shell_parser *p, size_t start) {
    static const shell_mode mode = {.stop = "]", .is_double = 1, .keeps_quotes = 1};
    p->at = start + 2;
    const shell_word *word = shell_word_read(p, &mode);
    if (!word || shell_char(p, 0) != ']')
        return shell_fail(p, start, "the expression that begins here never ends");
    p->at++;
    shell_part *part = shell_part_new(p, SHELL_PART_ARITHMETIC, shell_view(p, start, p->at));
    if (part)
        part->parts = word->parts;
    return part;
}

static shell_part *parameter_part(shell_parser *p, size_t start, const shell_parameter *parameter) {
    shell_part *part = shell_part_new(p, SHELL_PART_PARAMETER, shell_view(p, start, p->at));
    if (part)
        part->parameter = parameter;
    return part;
}

static shell_part *named(shell_parser *p, size_t start, size_t len) {
    shell_parameter *parameter = shell_new(p, sizeof *parameter);
    if (!parameter)
        return NULL;
    p->at = start + 1 + len;
    parameter->name = shell_view(p, start + 1, p->at);
    return parameter_part(p, start, parameter);
}

shell_part *shell_dollar(shell_parser *p, const shell_mode *mode) {
    const size_t start = p->at;
    const char c = shell_char(p, 1);
    const size_t name = shell_name_length(p, start + 1);
    if (name)
        return named(p, start, name);
    if (c && strchr("0123456789@*#?$!-", c))
        return named(p, start, 1);
    if (c == '(')
        return parenthesis(p, start);
    if (c == '{') {
        p->at += 2;
        return parameter_part(p, start, shell_parameter_read(p, mode->is_double));
    }
    if (c == '[')
        return bracket(p, start);
    if (c == '\'' && !mode->is_double)
        return shell_ansi_quoted(p);
    p->at++;
    if (c == '"' && !mode->is_double)
        return shell_double_quoted(p); /* $"...": its text, as long as no catalogue is named */
    return shell_part_new(p, SHELL_PART_QUOTED, shell_view(p, start, start + 1));
}
