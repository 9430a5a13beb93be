/* shell_parser.h - what the files of the parser share.
 *
 * A shell's tokens depend on where they stand, so there is no separate pass: the parser asks for the next token, and a
 * word that holds "$(" asks the parser in turn. After a failure every function returns NULL or 0 soon; whoever loops
 * looks at failed. */
#ifndef ENTRYTRACE_SHELL_PARSER_H
#define ENTRYTRACE_SHELL_PARSER_H

#include "shell_ast.h"

#define TOKEN_NONE     0
#define TOKEN_END      1
#define TOKEN_NEWLINE  2
#define TOKEN_WORD     3
#define TOKEN_OPERATOR 4 /* text: one of && || ; ;; ;& ;;& & | |& ( ) */
#define TOKEN_REDIRECT 5

typedef struct shell_token {
    uint32_t kind;     /* TOKEN_* */
    uint32_t redirect; /* SHELL_REDIRECT_* */
    uint32_t fd;
    stella_sv fd_name;
    stella_sv text;   /* as written */
    shell_word *word; /* of a WORD */
    size_t start;     /* offset */
} shell_token;

/* A here-document whose lines have not been reached. */
typedef struct shell_pending {
    shell_redirect *redirect;
    struct shell_pending *next;
} shell_pending;

typedef struct shell_parser {
    stella_arena *arena;
    stella_sv text;
    size_t at, end;
    const uint32_t *lines; /* offsets at which lines begin */
    uint32_t line_count;
    uint32_t depth;
    uint32_t *nodes;          /* how many were made; shared with parsers of texts inside this one */
    const shell_range *fixed; /* of a text that is a copy: where all of it stands */
    shell_token token;        /* the next one, when it has been asked for */
    shell_pending *pending;
    int32_t failed;
    shell_range fault_at;
    stella_error fault;
} shell_parser;

/* ---- shell_lexer.c ---- */

/* Begins to read a text; all but the members given here is taken from outer, when that is not NULL. Returns 0 on
 * failure. */
int shell_open(shell_parser *p, stella_arena *arena, stella_sv text, uint32_t *nodes);
shell_parser shell_inner(const shell_parser *outer, stella_sv text, const shell_range *fixed);
/* Takes over the failure of a parser of a text inside. Returns 0 when there was none. */
int shell_outer_fail(shell_parser *outer, const shell_parser *inner);

/* Zeroed memory; counts as a node. NULL when memory or SHELL_NODES_MAX is spent. */
void *shell_new(shell_parser *p, size_t size);
void *shell_fail(shell_parser *p, size_t at, const char *what); /* NULL */
int shell_enter(shell_parser *p);                               /* one level deeper; 0 when that is too deep */
void shell_leave(shell_parser *p);
shell_range shell_range_of(const shell_parser *p, size_t first, size_t end);
stella_sv shell_view(const shell_parser *p, size_t first, size_t end);

/* The next token, which stays the next one until it is taken. */
const shell_token *shell_peek(shell_parser *p);
shell_token shell_take(shell_parser *p);
void shell_back(shell_parser *p); /* what was asked for is read again, from where p->at is set */
void shell_skip_newlines(shell_parser *p);
int shell_is_operator(shell_parser *p, const char *text);
int shell_is_reserved(shell_parser *p, const char *text); /* an unquoted word */
int shell_expect_operator(shell_parser *p, const char *text);
int shell_expect_reserved(shell_parser *p, const char *text, const char *what);
void shell_skip_blanks(shell_parser *p); /* and comments and line continuations */

static inline char shell_char(const shell_parser *p, size_t ahead) { /* '\0' behind the end */
    return p->at + ahead < p->end ? p->text.ptr[p->at + ahead] : '\0';
}
static inline int shell_is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}
static inline int shell_is_name(char c) {
    return shell_is_name_start(c) || (c >= '0' && c <= '9');
}
size_t shell_name_length(const shell_parser *p, size_t at); /* of the name that stands there; 0: none */

/* ---- shell_word.c ---- */

/* How a run of parts ends and what counts in it. */
typedef struct shell_mode {
    const char *stop;      /* bytes that end it, outside quotes and parentheses */
    uint32_t is_double;    /* between double quotes, or in a here-document: only $ ` \ mean something */
    uint32_t keeps_quotes; /* with is_double: " is an ordinary byte */
    uint32_t no_single;    /* ' is an ordinary byte */
    uint32_t counts_parentheses;
    uint32_t is_word; /* extended patterns and process substitutions begin words */
} shell_mode;

extern const shell_mode SHELL_MODE_WORD, SHELL_MODE_SUBSCRIPT, SHELL_MODE_REGEX, SHELL_MODE_HERE, SHELL_MODE_ARITHMETIC,
    SHELL_MODE_ARITHMETIC_STEP;

/* The word from p->at to where the mode ends it. NULL on failure. */
shell_word *shell_word_read(shell_parser *p, const shell_mode *mode);
shell_part *shell_part_new(shell_parser *p, uint32_t kind, stella_sv text);
int shell_word_is(const shell_word *word, const char *text); /* that text, unquoted */

/* ---- shell_quote.c ---- */
shell_part *shell_single_quoted(shell_parser *p); /* '...' */
shell_part *shell_double_quoted(shell_parser *p); /* "..." */
shell_part *shell_ansi_quoted(shell_parser *p);   /* $'...' */
shell_part *shell_backquoted(shell_parser *p, uint32_t in_double);
stella_sv shell_unquote(shell_parser *p, const shell_word *word, uint32_t *is_quoted); /* a here-document's end word */

/* ---- shell_dollar.c, shell_parameter.c ---- */
shell_part *shell_dollar(shell_parser *p, const shell_mode *mode);                /* what "$" begins */
const shell_parameter *shell_parameter_read(shell_parser *p, uint32_t in_double); /* behind "${", to behind "}" */
/* The offset of the "))" that ends the expression whose "((" ends at p->at; 0: this is no expression. */
size_t shell_arithmetic_end(const shell_parser *p);
/* The expression from p->at to before the end; steps over "))". */
shell_word *shell_arithmetic(shell_parser *p, size_t end);
/* Commands up to ")", which is stepped over. */
const shell_node *shell_substituted(shell_parser *p);

/* ---- shell_here.c ---- */
int shell_here_later(shell_parser *p, shell_redirect *redirect);
void shell_here_read(shell_parser *p); /* the documents that begin at p->at, the start of a line */

/* ---- shell_parse.c: lists and pipelines ---- */
const shell_node *shell_list(shell_parser *p); /* up to what cannot begin a command */
shell_node *shell_node_new(shell_parser *p, uint32_t kind);
shell_node *shell_node_end(shell_parser *p, shell_node *node, size_t start); /* sets its range */
/* Those that follow a command. last  of those it has already, NULL for none; moves on. Returns 0 on failure. */
int shell_redirects(shell_parser *p, shell_node *node, shell_redirect **last);

/* ---- shell_parse_simple.c, _compound.c, _loop.c, _test.c ---- */
shell_node *shell_simple(shell_parser *p);
shell_redirect *shell_redirect_read(shell_parser *p);
int shell_ends_list(shell_parser *p); /* a word that ends a list where a command could begin: "then", "fi", ... */
shell_node *shell_compound(shell_parser *p);                               /* NULL without failure: none stands here */
shell_node *shell_function(shell_parser *p, stella_sv name, size_t start); /* behind name or "name()" */
shell_node *shell_loop(shell_parser *p);                                   /* for, select */
shell_node *shell_case_read(shell_parser *p);
shell_node *shell_bracket(shell_parser *p);               /* [[ ... ]] */
shell_assignment *shell_assignment_read(shell_parser *p); /* at p->at; NULL without failure: none stands here */

#endif
