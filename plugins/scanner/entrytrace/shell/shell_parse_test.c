/* [[ ... ]]: Bash Reference Manual 3.2.5.2. */
#include "shell_parser.h"

static const shell_test *any_of(shell_parser *p);

static shell_test *test_new(shell_parser *p, uint32_t kind, const shell_test *left, const shell_test *right) {
    shell_test *test = shell_new(p, sizeof *test);
    if (test)
        test->kind = kind, test->left = left, test->right = right;
    return test;
}

static const shell_test *bad(shell_parser *p, const char *what) {
    return shell_fail(p, shell_peek(p)->start, what);
}

static int is_unary(const shell_word *word) {
    return word->source.len == 2 && word->source.ptr[0] == '-' &&
           strchr("abcdefghknoprstuvwxzGLNORS", word->source.ptr[1]) != NULL;
}

/* "<" and ">" are redirections elsewhere. */
static stella_sv binary_operator(shell_parser *p) {
    static const char *const ops[] = {"=",   "==",  "!=",  "=~",  "-eq", "-ne", "-lt",
                                      "-le", "-gt", "-ge", "-nt", "-ot", "-ef"};
    const shell_token *token = shell_peek(p);
    if (token->kind == TOKEN_REDIRECT &&
        (token->redirect == SHELL_REDIRECT_INPUT || token->redirect == SHELL_REDIRECT_OUTPUT))
        return token->text;
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (shell_is_reserved(p, ops[i]))
            return token->text;
    return STELLA_SV("");
}

static const shell_word *operand(shell_parser *p, stella_sv op) {
    if (stella_sv_eq(op, STELLA_SV("=~"))) {
        shell_skip_blanks(p);
        return shell_word_read(p, &SHELL_MODE_REGEX);
    }
    if (shell_peek(p)->kind != TOKEN_WORD)
        return bad(p, "[[ with an operator that lacks its second word"), NULL;
    return shell_take(p).word;
}

static const shell_test *primary(shell_parser *p) {
    if (shell_peek(p)->kind != TOKEN_WORD || shell_is_reserved(p, "]]"))
        return bad(p, "[[ with what is no condition");
    const shell_word *word = shell_take(p).word;
    const stella_sv op = binary_operator(p);
    if (is_unary(word) && !op.len && shell_peek(p)->kind == TOKEN_WORD && !shell_is_reserved(p, "]]")) {
        shell_test *test = test_new(p, SHELL_TEST_UNARY, NULL, NULL);
        if (test)
            test->op = word->source, test->word = shell_take(p).word;
        return test;
    }
    shell_test *test = test_new(p, op.len ? SHELL_TEST_BINARY : SHELL_TEST_WORD, NULL, NULL);
    if (!test)
        return NULL;
    test->word = word;
    if (op.len) {
        shell_take(p);
        test->op = op;
        test->other = operand(p, op);
    }
    return p->failed ? NULL : test;
}

static const shell_test *factor(shell_parser *p) {
    const shell_test *test = NULL;
    shell_skip_newlines(p);
    if (!shell_enter(p))
        return NULL;
    if (shell_is_reserved(p, "!")) {
        shell_take(p);
        test = factor(p);
        test = test ? test_new(p, SHELL_TEST_NOT, test, NULL) : NULL;
    } else if (shell_is_operator(p, "(")) {
        shell_take(p);
        test = any_of(p);
        if (test && !shell_expect_operator(p, ")"))
            return NULL;
    } else {
        test = primary(p);
    }
    shell_leave(p);
    if (test)
        shell_skip_newlines(p);
    return test;
}

static const shell_test *all_of(shell_parser *p) {
    const shell_test *left = factor(p);
    while (left && shell_is_operator(p, "&&")) {
        shell_take(p);
        const shell_test *right = factor(p);
        left = right ? test_new(p, SHELL_TEST_AND, left, right) : NULL;
    }
    return left;
}

static const shell_test *any_of(shell_parser *p) {
    const shell_test *left = all_of(p);
    while (left && shell_is_operator(p, "||")) {
        shell_take(p);
        const shell_test *right = all_of(p);
        left = right ? test_new(p, SHELL_TEST_OR, left, right) : NULL;
    }
    return left;
}

shell_node *shell_bracket(shell_parser *p) {
    const size_t start = shell_take(p).start;
    shell_node *node = shell_node_new(p, SHELL_NODE_TEST);
    if (!node)
        return NULL;
    node->test = any_of(p);
    if (!node->test || !shell_expect_reserved(p, "]]", "]] is missing"))
        return NULL;
    return shell_node_end(p, node, start);
}
