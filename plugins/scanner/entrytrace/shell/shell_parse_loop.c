/* for, select, case. */
#include "shell_parser.h"

/* "do" list "done", or "{" list "}", which bash takes for for and select. */
static int body(shell_parser *p, shell_node *node) {
    shell_skip_newlines(p);
    const int braces = shell_is_reserved(p, "{");
    if (braces)
        shell_take(p);
    else if (!shell_expect_reserved(p, "do", "do is missing"))
        return 0;
    const size_t at = shell_peek(p)->start;
    node->body = shell_list(p);
    if (!node->body)
        return shell_fail(p, at, "do without a command") != NULL;
    return shell_expect_reserved(p, braces ? "}" : "done", braces ? "} is missing" : "done is missing");
}

static const shell_word *words(shell_parser *p) {
    const shell_word *first = NULL;
    shell_word *last = NULL;
    while (shell_peek(p)->kind == TOKEN_WORD) {
        shell_word *word = shell_take(p).word;
        if (last)
            last->next = word;
        else
            first = word;
        last = word;
    }
    return first;
}

/* Behind "((": three expressions. */
static int expressions(shell_parser *p, shell_node *node, size_t end) {
    const size_t whole = p->end;
    const shell_word **next = &node->words;
    p->end = end;
    for (int i = 0; i < 3 && !p->failed; i++) {
        shell_word *word = shell_word_read(p, i < 2 ? &SHELL_MODE_ARITHMETIC_STEP : &SHELL_MODE_ARITHMETIC);
        if (!word || (i < 2 && shell_char(p, 0) != ';')) {
            shell_fail(p, p->at, "for (( )) without two semicolons");
            break;
        }
        p->at += i < 2 ? 1 : 0;
        *next = word;
        next = &word->next;
    }
    p->end = whole;
    p->at = end + 2;
    return !p->failed;
}

static shell_node *for_arithmetic(shell_parser *p, shell_node *node, size_t start) {
    shell_take(p);
    p->at++;
    const size_t end = shell_arithmetic_end(p);
    if (!end)
        return shell_fail(p, start, "the (( that begins here never ends");
    node->kind = SHELL_NODE_FOR_ARITHMETIC;
    if (!expressions(p, node, end))
        return NULL;
    if (shell_is_operator(p, ";"))
        shell_take(p);
    return body(p, node) ? shell_node_end(p, node, start) : NULL;
}

shell_node *shell_loop(shell_parser *p) {
    shell_node *node = shell_node_new(p, shell_is_reserved(p, "for") ? SHELL_NODE_FOR : SHELL_NODE_SELECT);
    const size_t start = shell_take(p).start;
    if (!node)
        return NULL;
    if (node->kind == SHELL_NODE_FOR && shell_is_operator(p, "(") && shell_char(p, 0) == '(')
        return for_arithmetic(p, node, start);
    if (shell_peek(p)->kind != TOKEN_WORD)
        return shell_fail(p, start, "for without a name");
    node->name = shell_take(p).word->source;
    const int semicolon = shell_is_operator(p, ";");
    if (semicolon)
        shell_take(p);
    shell_skip_newlines(p);
    node->flags = SHELL_IMPLICIT;
    if (!semicolon && shell_is_reserved(p, "in")) {
        shell_take(p);
        node->flags = 0;
        node->words = words(p);
        if (shell_is_operator(p, ";") || shell_peek(p)->kind == TOKEN_NEWLINE)
            shell_take(p);
        else
            return shell_fail(p, shell_peek(p)->start, "for without ; behind its words");
    }
    return body(p, node) ? shell_node_end(p, node, start) : NULL;
}

/* ---- case --------------------------------------------------------------------------------------------------------- */

static int patterns(shell_parser *p, shell_case *arm) {
    shell_word *last = NULL;
    if (shell_is_operator(p, "("))
        shell_take(p);
    do {
        if (last)
            shell_take(p);
        if (shell_peek(p)->kind != TOKEN_WORD)
            return shell_fail(p, shell_peek(p)->start, "case with what is no pattern") != NULL;
        shell_word *word = shell_take(p).word;
        if (last)
            last->next = word;
        else
            arm->patterns = word;
        last = word;
    } while (shell_is_operator(p, "|"));
    return shell_expect_operator(p, ")");
}

/* ";;", ";&" or ";;&". The last arm needs none. */
static int arm_end(shell_parser *p, shell_case *arm) {
    arm->end = SHELL_CASE_END;
    if (shell_is_operator(p, ";&"))
        arm->end = SHELL_CASE_FALL;
    else if (shell_is_operator(p, ";;&"))
        arm->end = SHELL_CASE_AGAIN;
    else if (!shell_is_operator(p, ";;"))
        return shell_is_reserved(p, "esac") || shell_fail(p, shell_peek(p)->start, "esac or ;; is missing");
    if (!shell_is_reserved(p, "esac"))
        shell_take(p);
    return 1;
}

static int arms(shell_parser *p, shell_node *node) {
    shell_case *last = NULL;
    for (;;) {
        shell_skip_newlines(p);
        if (p->failed || shell_is_reserved(p, "esac"))
            return !p->failed;
        shell_case *arm = shell_new(p, sizeof *arm);
        if (!arm || !patterns(p, arm))
            return 0;
        arm->body = shell_list(p);
        if (p->failed || !arm_end(p, arm))
            return 0;
        if (last)
            last->next = arm;
        else
            node->cases = arm;
        last = arm;
    }
}

shell_node *shell_case_read(shell_parser *p) {
    const size_t start = shell_take(p).start;
    shell_node *node = shell_node_new(p, SHELL_NODE_CASE);
    if (!node)
        return NULL;
    if (shell_peek(p)->kind != TOKEN_WORD)
        return shell_fail(p, start, "case without a word");
    node->words = shell_take(p).word;
    shell_skip_newlines(p);
    if (!shell_expect_reserved(p, "in", "in is missing") || !arms(p, node))
        return NULL;
    return shell_expect_reserved(p, "esac", "esac is missing") ? shell_node_end(p, node, start) : NULL;
}
