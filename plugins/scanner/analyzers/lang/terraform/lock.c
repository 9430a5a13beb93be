#include "lock.h"

static const lexer_rules rules = {
    .comments = {"#", "//"}, .block_open = "/*", .block_close = "*/", .quotes = "\"", .word_bytes = "-"};

lexer lock_open(stella_sv text, stella_arena *arena) {
    return lexer_of(&rules, text, arena);
}

/* Stands behind '{'; ends behind its '}'. Takes the version. */
static stella_status read_block(lexer *lex, lock_provider *out, stella_error *err) {
    lexer_token token = {0}, before[2] = {{0}, {0}};
    for (uint64_t depth = 1; depth;) {
        const stella_status status = lexer_next(lex, &token, err);
        if (status != STELLA_OK)
            return status;
        if (token.kind == LEXER_END)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: a block has no end", out->line);
        if (depth == 1 && token.kind == LEXER_STRING && lexer_is_mark(&before[1], '=') &&
            lexer_is_word(&before[0], "version"))
            out->version = token.text;
        depth += lexer_is_mark(&token, '{');
        depth -= lexer_is_mark(&token, '}');
        before[0] = before[1];
        before[1] = token;
    }
    return STELLA_OK;
}

stella_status lock_next(lexer *lex, lock_provider *out, stella_error *err) {
    lock_provider found = {.address = {NULL, 0}};
    lexer_token token = {0};
    int is_provider = 0;
    do {
        const lexer_token before = token;
        stella_status status = lexer_next(lex, &token, err);
        if (status == STELLA_OK && lexer_is_mark(&token, '{'))
            status = read_block(lex, &found, err);
        if (status != STELLA_OK)
            return status;
        if (lexer_is_mark(&token, '{') && is_provider)
            break;
        is_provider = lexer_is_word(&before, "provider") && token.kind == LEXER_STRING;
        found = (lock_provider){.address = is_provider ? token.text : stella_sv_of(NULL, 0), .line = token.line};
    } while (token.kind != LEXER_END);
    *out = found;
    return STELLA_OK;
}
