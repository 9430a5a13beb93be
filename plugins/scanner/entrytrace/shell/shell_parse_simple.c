/* Simple commands: assignments, words, redirections; and functions written "name()". */
#include "shell_parser.h"

/* ---- redirections ------------------------------------------------------------------------------------------------- */

shell_redirect *shell_redirect_read(shell_parser *p) {
    const shell_token token = shell_take(p);
    shell_redirect *redirect = shell_new(p, sizeof *redirect);
    if (!redirect)
        return NULL;
    redirect->op = token.redirect;
    redirect->fd = token.fd;
    redirect->fd_name = token.fd_name;
    if (shell_peek(p)->kind != TOKEN_WORD)
        return shell_fail(p, token.start, "a redirection without a file");
    redirect->target = shell_take(p).word;
    if (redirect->op == SHELL_REDIRECT_HERE_STRING)
        redirect->body = redirect->target;
    else if (redirect->op == SHELL_REDIRECT_HERE || redirect->op == SHELL_REDIRECT_HERE_TABS)
        return shell_here_later(p, redirect) ? redirect : NULL;
    return redirect;
}

/* ---- assignments -------------------------------------------------------------------------------------------------- */

static shell_word *value(shell_parser *p) {
    return shell_word_read(p, &SHELL_MODE_WORD);
}

/* "[index]=", "[index]+=", "=" or "+=" at p->at. Returns 0, wherever that is, for anything else. */
static int head(shell_parser *p, shell_assignment *out) {
    if (shell_char(p, 0) == '[') {
        p->at++;
        out->index = shell_word_read(p, &SHELL_MODE_SUBSCRIPT);
        if (!out->index || shell_char(p, 0) != ']')
            return 0;
        p->at++;
    }
    if (shell_char(p, 0) == '+')
        out->is_append = 1, p->at++;
    if (shell_char(p, 0) != '=')
        return 0;
    p->at++;
    return 1;
}

static shell_assignment *element(shell_parser *p) {
    const size_t start = p->at;
    shell_assignment *out = shell_new(p, sizeof *out);
    if (!out)
        return NULL;
    if (shell_char(p, 0) != '[' || !head(p, out)) {
        p->at = start;
        *out = (shell_assignment){0};
    }
    out->value = value(p);
    if (out->value && p->at == start)
        return shell_fail(p, start, "an array's element that is no word");
    out->range = shell_range_of(p, start, p->at);
    return out;
}

/* Behind "(": elements up to ")". */
static const shell_assignment *elements(shell_parser *p) {
    const size_t start = p->at - 1;
    const shell_assignment *first = NULL;
    shell_assignment *last = NULL;
    while (!p->failed) {
        shell_skip_blanks(p);
        if (p->at >= p->end)
            return shell_fail(p, start, "the array that begins here never ends");
        if (shell_char(p, 0) == '\n') {
            p->at++;
            continue;
        }
        if (shell_char(p, 0) == ')') {
            p->at++;
            return first;
        }
        shell_assignment *next = element(p);
        if (last)
            last->next = next;
        else
            first = next;
        last = next;
    }
    return NULL;
}

shell_assignment *shell_assignment_read(shell_parser *p) {
    const size_t start = p->at, name = shell_name_length(p, start);
    const char c = shell_char(p, name), next = shell_char(p, name + 1);
    if (!name || !(c == '=' || c == '[' || (c == '+' && next == '=')))
        return NULL;
    shell_assignment *out = shell_new(p, sizeof *out);
    if (!out)
        return NULL;
    out->name = shell_view(p, start, start + name);
    p->at += name;
    if (!head(p, out)) {
        p->at = start;
        return NULL;
    }
    if (shell_char(p, 0) == '(') {
        p->at++;
        out->is_array = 1;
        out->elements = elements(p);
    } else {
        out->value = value(p);
    }
    out->range = shell_range_of(p, start, p->at);
    return p->failed ? NULL : out;
}

/* ---- commands ----------------------------------------------------------------------------------------------------- */

static int declares(const shell_word *command) {
    static const char *const builtins[] = {"export", "declare", "local", "readonly", "typeset"};
    for (size_t i = 0; i < sizeof builtins / sizeof builtins[0]; i++)
        if (shell_word_is(command, builtins[i]))
            return 1;
    return 0;
}

typedef struct shell_simple_state {
    shell_node *node;
    shell_assignment *last_assignment;
    shell_word *last_word;
    shell_redirect *last_redirect;
    int declares;
} shell_simple_state;

/* The word that is next, read again as an assignment. Returns 0 when it is none. */
static int assignment(shell_parser *p, shell_simple_state *s) {
    const size_t start = shell_peek(p)->start, behind = p->at;
    const shell_token token = p->token;
    p->at = start;
    shell_back(p);
    shell_assignment *out = shell_assignment_read(p);
    if (!out) {
        p->at = behind;
        p->token = token;
        return 0;
    }
    if (s->last_assignment)
        s->last_assignment->next = out;
    else
        s->node->assignments = out;
    s->last_assignment = out;
    return 1;
}

static void declared_word(shell_parser *p, shell_word *word, size_t start) {
    const size_t behind = p->at;
    p->at = start;
    shell_assignment *out = shell_assignment_read(p);
    if (!out) {
        p->at = behind;
        return;
    }
    word->assignment = out;
    word->source = shell_view(p, start, p->at);
    word->range = out->range;
}

static void add_word(shell_parser *p, shell_simple_state *s) {
    const shell_token token = shell_take(p);
    shell_word *word = token.word;
    if (s->declares)
        declared_word(p, word, token.start);
    if (s->last_word)
        s->last_word->next = word;
    else
        s->node->words = word;
    if (!s->last_word)
        s->declares = declares(word);
    s->last_word = word;
}

/* Behind the first word, which is not quoted: "()" makes it a function. */
static int begins_function(shell_parser *p, const shell_simple_state *s) {
    const shell_word *word = s->node->words;
    return s->last_word == word && !s->node->assignments && !s->node->redirects && word->parts && !word->parts->next &&
           word->parts->kind == SHELL_PART_LITERAL && shell_is_operator(p, "(");
}

shell_node *shell_simple(shell_parser *p) {
    const size_t start = shell_peek(p)->start;
    shell_simple_state s = {.node = shell_node_new(p, SHELL_NODE_SIMPLE)};
    while (s.node && !p->failed) {
        const shell_token *token = shell_peek(p);
        if (token->kind == TOKEN_REDIRECT)
            shell_redirects(p, s.node, &s.last_redirect);
        else if (token->kind != TOKEN_WORD)
            break;
        else if (s.last_word || !assignment(p, &s))
            add_word(p, &s);
        if (s.last_word && begins_function(p, &s)) {
            shell_take(p);
            return shell_expect_operator(p, ")") ? shell_function(p, s.last_word->source, start) : NULL;
        }
    }
    if (p->failed || !s.node || (!s.node->words && !s.node->assignments && !s.node->redirects))
        return NULL;
    return shell_node_end(p, s.node, start);
}
