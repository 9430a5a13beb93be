/* lexer.h - words, quoted texts and marks of small languages that packages are described in: Lua, opam, HCL, Ruby. */
#ifndef ANALYZER_LEXER_H
#define ANALYZER_LEXER_H

#include <stella/arena.h>
#include <stella/error.h>

typedef enum lexer_kind {
    LEXER_END,
    LEXER_WORD,   /* letters, digits, '_' and what the rules add */
    LEXER_STRING, /* decoded, without its quotes */
    LEXER_MARK,   /* any other byte */
} lexer_kind;

/* What differs between the languages; members that are NULL mean none. */
typedef struct lexer_rules {
    const char *comments[2];   /* each runs to the end of its line: "--", "#" */
    const char *block_open;    /* of a comment over several lines */
    const char *block_close;   /* its first end closes it; they do not nest */
    const char *quotes;        /* each begins a text that ends with the same byte; a backslash escapes */
    const char *word_bytes;    /* that words may hold beside letters, digits and '_' */
    int32_t has_long_brackets; /* [[text]] and [==[text]==], as Lua has them */
    int32_t has_triple_quotes; /* three quotes in a row begin and end a text over several lines */
} lexer_rules;

typedef struct lexer {
    const lexer_rules *rules;
    stella_arena *arena; /* for texts with escapes */
    stella_sv rest;
    uint32_t line;
} lexer;

typedef struct lexer_token {
    lexer_kind kind;
    char mark;      /* MARK */
    uint32_t line;  /* 1-based, of its first byte */
    stella_sv text; /* WORD, STRING: borrows from the input, or lives in the arena */
} lexer_token;

/* A byte order mark in front is stepped over. */
lexer lexer_of(const lexer_rules *rules, stella_sv text, stella_arena *arena);

/* The next token; LEXER_END again and again at the end.
 * Returns STELLA_E_FORMAT for a text or comment that has no end, STELLA_E_NOMEM. */
stella_status lexer_next(lexer *lex, lexer_token *out, stella_error *err);

/* Whether it is this word, or this mark. */
int lexer_is_word(const lexer_token *token, const char *word);
int lexer_is_mark(const lexer_token *token, char mark);

/* Steps behind the bracket that closes the one before, which was open ('{', '[' or '('); others of its kind are
 * counted.
 * Returns what lexer_next returns, STELLA_E_FORMAT when the text ends first. */
stella_status lexer_close(lexer *lex, char open, stella_error *err);

#endif
