/* The parser's base: places, memory, depth; and tokens. */
#include "shell_parser.h"

#include <stdio.h>

static const uint32_t *line_starts(stella_arena *arena, stella_sv text, uint32_t *count) {
    uint32_t lines = 1;
    for (size_t i = 0; i < text.len; i++)
        lines += text.ptr[i] == '\n' ? 1 : 0;
    uint32_t *starts = stella_arena_alloc(arena, lines, sizeof *starts);
    if (!starts)
        return NULL;
    *count = 1;
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] == '\n')
            starts[(*count)++] = (uint32_t)i + 1;
    return starts;
}

int shell_open(shell_parser *p, stella_arena *arena, stella_sv text, uint32_t *nodes) {
    *p = (shell_parser){.arena = arena, .text = text, .end = text.len, .nodes = nodes};
    p->lines = line_starts(arena, text, &p->line_count);
    return p->lines != NULL;
}

shell_parser shell_inner(const shell_parser *outer, stella_sv text, const shell_range *fixed) {
    return (shell_parser){.arena = outer->arena,
                          .text = text,
                          .end = text.len,
                          .nodes = outer->nodes,
                          .depth = outer->depth,
                          .fixed = fixed};
}

int shell_outer_fail(shell_parser *outer, const shell_parser *inner) {
    if (!inner->failed || outer->failed)
        return outer->failed;
    outer->failed = 1;
    outer->fault_at = inner->fault_at;
    outer->fault = inner->fault;
    return 1;
}

/* ---- places -------------------------------------------------------------------------------------------------------*/

static void place(const shell_parser *p, size_t at, uint32_t *line, uint32_t *column) {
    uint32_t low = 0, high = p->line_count;
    while (high - low > 1) {
        const uint32_t middle = low + (high - low) / 2;
        if (p->lines[middle] <= at)
            low = middle;
        else
            high = middle;
    }
    *line = low + 1;
    *column = (uint32_t)at - p->lines[low] + 1;
}

shell_range shell_range_of(const shell_parser *p, size_t first, size_t end) {
    if (p->fixed)
        return *p->fixed;
    shell_range range = {0};
    place(p, first, &range.first_line, &range.first_column);
    place(p, end > first ? end - 1 : first, &range.last_line, &range.last_column);
    return range;
}

stella_sv shell_view(const shell_parser *p, size_t first, size_t end) {
    return end > first ? stella_sv_of(p->text.ptr + first, end - first) : STELLA_SV("");
}

size_t shell_name_length(const shell_parser *p, size_t at) {
    size_t len = 0;
    if (at < p->end && shell_is_name_start(p->text.ptr[at]))
        while (at + len < p->end && shell_is_name(p->text.ptr[at + len]))
            len++;
    return len;
}

/* ---- failures, memory, depth --------------------------------------------------------------------------------------*/

static void *fail_with(shell_parser *p, stella_status code, size_t at, const char *what) {
    if (p->failed)
        return NULL;
    p->failed = 1;
    p->fault_at = shell_range_of(p, at, at);
    stella_error_set(&p->fault, code, NULL, "line %u: %s", p->fault_at.first_line, what);
    return NULL;
}

void *shell_fail(shell_parser *p, size_t at, const char *what) {
    return fail_with(p, STELLA_E_FORMAT, at, what);
}

void *shell_new(shell_parser *p, size_t size) {
    if (p->failed)
        return NULL;
    if (++*p->nodes > SHELL_NODES_MAX)
        return fail_with(p, STELLA_E_LIMIT, p->at, "more commands and words than are read");
    void *memory = stella_arena_alloc(p->arena, 1, size);
    return memory ? memory : fail_with(p, STELLA_E_NOMEM, p->at, "no memory");
}

int shell_enter(shell_parser *p) {
    if (p->depth < SHELL_DEPTH_MAX)
        return p->depth++, 1;
    fail_with(p, STELLA_E_LIMIT, p->at, "nested deeper than is read");
    return 0;
}

void shell_leave(shell_parser *p) {
    p->depth--;
}

/* ---- tokens -------------------------------------------------------------------------------------------------------*/

void shell_skip_blanks(shell_parser *p) {
    for (;;) {
        const char c = shell_char(p, 0);
        if (p->at < p->end && (c == ' ' || c == '\t'))
            p->at++;
        else if (c == '\\' && shell_char(p, 1) == '\n')
            p->at += 2;
        else
            break;
    }
    if (shell_char(p, 0) == '#')
        while (p->at < p->end && p->text.ptr[p->at] != '\n')
            p->at++;
}

static int starts(const shell_parser *p, const char *text) {
    return stella_sv_starts(shell_view(p, p->at, p->end), stella_sv_cstr(text));
}

typedef struct shell_symbol {
    const char *text;
    uint32_t redirect; /* 0: an operator */
} shell_symbol;

/* Longer ones first. */
static const shell_symbol SYMBOLS[] = {{";;&", 0},
                                       {"&>>", SHELL_REDIRECT_BOTH_APPEND},
                                       {"<<<", SHELL_REDIRECT_HERE_STRING},
                                       {"<<-", SHELL_REDIRECT_HERE_TABS},
                                       {"&&", 0},
                                       {"||", 0},
                                       {";;", 0},
                                       {";&", 0},
                                       {"|&", 0},
                                       {"&>", SHELL_REDIRECT_BOTH},
                                       {"<<", SHELL_REDIRECT_HERE},
                                       {"<&", SHELL_REDIRECT_INPUT_COPY},
                                       {">&", SHELL_REDIRECT_OUTPUT_COPY},
                                       {"<>", SHELL_REDIRECT_READ_WRITE},
                                       {">>", SHELL_REDIRECT_APPEND},
                                       {">|", SHELL_REDIRECT_CLOBBER},
                                       {"<", SHELL_REDIRECT_INPUT},
                                       {">", SHELL_REDIRECT_OUTPUT},
                                       {";", 0},
                                       {"&", 0},
                                       {"|", 0},
                                       {"(", 0},
                                       {")", 0}};

static const shell_symbol *symbol_at(const shell_parser *p) {
    const char c = shell_char(p, 0);
    if ((c == '<' || c == '>') && shell_char(p, 1) == '(')
        return NULL; /* process substitution: a word */
    for (size_t i = 0; i < sizeof SYMBOLS / sizeof SYMBOLS[0]; i++)
        if (c == SYMBOLS[i].text[0] && starts(p, SYMBOLS[i].text))
            return &SYMBOLS[i];
    return NULL;
}

/* "2" of "2>", or "{log}" of "{log}>": steps over it and fills the token; else stays. */
static void descriptor_prefix(shell_parser *p, shell_token *token) {
    const size_t start = p->at;
    uint32_t fd = 0;
    while (p->at - start < 4 && shell_char(p, 0) >= '0' && shell_char(p, 0) <= '9')
        fd = fd * 10 + (uint32_t)(p->text.ptr[p->at++] - '0');
    const size_t name = p->at == start && shell_char(p, 0) == '{' ? shell_name_length(p, p->at + 1) : 0;
    if (name && shell_char(p, name + 1) == '}')
        p->at += name + 2;
    const shell_symbol *symbol = p->at > start ? symbol_at(p) : NULL;
    if (!symbol || !symbol->redirect || symbol->text[0] == '&') {
        p->at = start;
        return;
    }
    if (name)
        token->fd_name = shell_view(p, start + 1, start + 1 + name);
    else
        token->fd = fd;
}

static void lex_word(shell_parser *p, shell_token *token) {
    token->word = shell_word_read(p, &SHELL_MODE_WORD);
    token->kind = token->word ? TOKEN_WORD : TOKEN_END;
    if (token->word && p->at == token->start) { /* a byte that neither begins a token nor belongs in a word */
        shell_fail(p, p->at, "a character that means nothing here");
        token->kind = TOKEN_END;
    }
}

static void lex(shell_parser *p) {
    shell_token *token = &p->token;
    shell_skip_blanks(p);
    *token = (shell_token){.kind = TOKEN_END, .fd = SHELL_FD_NONE, .start = p->at};
    if (p->at >= p->end || p->failed)
        return;
    if (p->text.ptr[p->at] == '\n') {
        token->kind = TOKEN_NEWLINE;
        p->at++;
        shell_here_read(p);
        return;
    }
    descriptor_prefix(p, token);
    const shell_symbol *symbol = symbol_at(p);
    if (symbol) {
        token->kind = symbol->redirect ? TOKEN_REDIRECT : TOKEN_OPERATOR;
        token->redirect = symbol->redirect;
        p->at += strlen(symbol->text);
        token->text = stella_sv_cstr(symbol->text);
    } else {
        lex_word(p, token);
        token->text = shell_view(p, token->start, p->at);
    }
}

const shell_token *shell_peek(shell_parser *p) {
    if (p->token.kind == TOKEN_NONE)
        lex(p);
    if (p->failed)
        p->token.kind = TOKEN_END;
    return &p->token;
}

shell_token shell_take(shell_parser *p) {
    const shell_token token = *shell_peek(p);
    p->token.kind = TOKEN_NONE;
    return token;
}

void shell_back(shell_parser *p) {
    p->token.kind = TOKEN_NONE;
}

void shell_skip_newlines(shell_parser *p) {
    while (shell_peek(p)->kind == TOKEN_NEWLINE)
        shell_take(p);
}

int shell_is_operator(shell_parser *p, const char *text) {
    const shell_token *token = shell_peek(p);
    return token->kind == TOKEN_OPERATOR && stella_sv_eq(token->text, stella_sv_cstr(text));
}

int shell_is_reserved(shell_parser *p, const char *text) {
    const shell_token *token = shell_peek(p);
    return token->kind == TOKEN_WORD && shell_word_is(token->word, text);
}

int shell_expect_operator(shell_parser *p, const char *text) {
    if (shell_is_operator(p, text))
        return shell_take(p), 1;
    char what[64];
    snprintf(what, sizeof what, "\"%s\" is missing", text);
    shell_fail(p, shell_peek(p)->start, what);
    return 0;
}

int shell_expect_reserved(shell_parser *p, const char *text, const char *what) {
    if (shell_is_reserved(p, text))
        return shell_take(p), 1;
    shell_fail(p, shell_peek(p)->start, what);
    return 0;
}
