/* Compound commands: ( ) { } (( )) if while until function coproc. */
#include "shell_parser.h"

int shell_ends_list(shell_parser *p) {
    static const char *const words[] = {"then", "else", "elif", "fi", "do", "done", "esac", "}"};
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (shell_is_reserved(p, words[i]))
            return 1;
    return 0;
}

static const shell_node *some_list(shell_parser *p, const char *what) {
    const size_t at = shell_peek(p)->start;
    const shell_node *list = shell_list(p);
    return list || p->failed ? list : shell_fail(p, at, what);
}

static shell_node *group(shell_parser *p) {
    const size_t start = shell_take(p).start;
    shell_node *node = shell_node_new(p, SHELL_NODE_GROUP);
    if (!node)
        return NULL;
    node->body = some_list(p, "{ without a command");
    if (p->failed || !shell_expect_reserved(p, "}", "} is missing"))
        return NULL;
    return shell_node_end(p, node, start);
}

static shell_node *arithmetic(shell_parser *p, size_t start, size_t end) {
    shell_node *node = shell_node_new(p, SHELL_NODE_ARITHMETIC);
    shell_word *word = shell_arithmetic(p, end);
    if (!node || !word)
        return NULL;
    node->words = word;
    return shell_node_end(p, node, start);
}

static shell_node *parenthesis(shell_parser *p) {
    const size_t start = shell_take(p).start;
    if (shell_char(p, 0) == '(') {
        p->at++;
        const size_t end = shell_arithmetic_end(p);
        if (end)
            return arithmetic(p, start, end);
        p->at--;
    }
    shell_node *node = shell_node_new(p, SHELL_NODE_SUBSHELL);
    if (!node)
        return NULL;
    node->body = some_list(p, "( without a command");
    if (p->failed || !shell_expect_operator(p, ")"))
        return NULL;
    return shell_node_end(p, node, start);
}

/* "if" and "elif" are taken here, "fi" by the first of them. */
static shell_node *if_chain(shell_parser *p) {
    const size_t start = shell_take(p).start;
    shell_node *node = shell_enter(p) ? shell_node_new(p, SHELL_NODE_IF) : NULL;
    if (!node)
        return NULL;
    node->condition = some_list(p, "if without a command");
    if (p->failed || !shell_expect_reserved(p, "then", "then is missing"))
        return NULL;
    node->body = some_list(p, "then without a command");
    if (!p->failed && shell_is_reserved(p, "elif")) {
        node->otherwise = if_chain(p);
    } else if (!p->failed && shell_is_reserved(p, "else")) {
        shell_take(p);
        node->otherwise = some_list(p, "else without a command");
    }
    shell_leave(p);
    return shell_node_end(p, node, start);
}

static shell_node *if_command(shell_parser *p) {
    const size_t start = shell_peek(p)->start;
    shell_node *node = if_chain(p);
    if (!node || !shell_expect_reserved(p, "fi", "fi is missing"))
        return NULL;
    return shell_node_end(p, node, start);
}

static shell_node *while_command(shell_parser *p, uint32_t kind) {
    const size_t start = shell_take(p).start;
    shell_node *node = shell_node_new(p, kind);
    if (!node)
        return NULL;
    node->condition = some_list(p, "a loop without a condition");
    if (p->failed || !shell_expect_reserved(p, "do", "do is missing"))
        return NULL;
    node->body = some_list(p, "do without a command");
    if (p->failed || !shell_expect_reserved(p, "done", "done is missing"))
        return NULL;
    return shell_node_end(p, node, start);
}

shell_node *shell_function(shell_parser *p, stella_sv name, size_t start) {
    shell_node *node = shell_node_new(p, SHELL_NODE_FUNCTION);
    shell_skip_newlines(p);
    const size_t at = shell_peek(p)->start;
    if (!node || !shell_enter(p))
        return NULL;
    shell_node *body = shell_compound(p);
    if (!body && !p->failed)
        body = shell_simple(p); /* not POSIX, but dash and busybox take it */
    if (!body)
        return shell_fail(p, at, "a function without a body");
    shell_leave(p);
    shell_redirect *last = NULL;
    if (body->kind != SHELL_NODE_SIMPLE && !shell_redirects(p, body, &last))
        return NULL;
    node->name = name;
    node->body = body;
    return shell_node_end(p, node, start);
}

static shell_node *function_command(shell_parser *p) {
    const size_t start = shell_take(p).start;
    if (shell_peek(p)->kind != TOKEN_WORD)
        return shell_fail(p, start, "function without a name");
    const stella_sv name = shell_take(p).word->source;
    if (shell_is_operator(p, "(")) {
        shell_take(p);
        if (!shell_expect_operator(p, ")"))
            return NULL;
    }
    return shell_function(p, name, start);
}

/* coproc [NAME] COMMAND: a name only before a compound command. */
static shell_node *coproc(shell_parser *p) {
    const size_t start = shell_take(p).start;
    shell_node *node = shell_node_new(p, SHELL_NODE_COPROC);
    if (!node)
        return NULL;
    shell_node *body = shell_compound(p);
    if (!body && shell_peek(p)->kind == TOKEN_WORD) {
        const shell_token name = shell_take(p);
        body = shell_compound(p);
        if (body) {
            node->name = name.text;
        } else { /* it was the command's first word */
            p->at = name.start;
            shell_back(p);
            body = shell_simple(p);
        }
    }
    if (!body)
        return shell_fail(p, start, "coproc without a command");
    node->body = body;
    return shell_node_end(p, node, start);
}

shell_node *shell_compound(shell_parser *p) {
    if (shell_is_operator(p, "("))
        return parenthesis(p);
    if (shell_peek(p)->kind != TOKEN_WORD)
        return NULL;
    if (shell_is_reserved(p, "{"))
        return group(p);
    if (shell_is_reserved(p, "if"))
        return if_command(p);
    if (shell_is_reserved(p, "while"))
        return while_command(p, SHELL_NODE_WHILE);
    if (shell_is_reserved(p, "until"))
        return while_command(p, SHELL_NODE_UNTIL);
    if (shell_is_reserved(p, "for") || shell_is_reserved(p, "select"))
        return shell_loop(p);
    if (shell_is_reserved(p, "case"))
        return shell_case_read(p);
    if (shell_is_reserved(p, "[["))
        return shell_bracket(p);
    if (shell_is_reserved(p, "function"))
        return function_command(p);
    return shell_is_reserved(p, "coproc") ? coproc(p) : NULL;
}
