#include "opam.h"

static const lexer_rules rules = {.comments = {"#"},
                                  .block_open = "(*",
                                  .block_close = "*)",
                                  .quotes = "\"",
                                  .word_bytes = "-+",
                                  .has_triple_quotes = 1};

opam_reader opam_open(stella_sv text, stella_arena *arena) {
    return (opam_reader){.lex = lexer_of(&rules, text, arena)};
}

static stella_status advance(opam_reader *r, stella_error *err) {
    return lexer_next(&r->lex, &r->token, err);
}

/* Stands at '{': reads what is said of the item, steps behind '}'. */
static stella_status read_filter(opam_reader *r, opam_item *item, stella_error *err) {
    const uint32_t line = r->token.line;
    uint32_t depth = 0;
    do {
        depth += lexer_is_mark(&r->token, '{');
        depth -= lexer_is_mark(&r->token, '}');
        if (lexer_is_mark(&r->token, '=') && item->filter.len == 0 && !item->is_exact)
            item->is_exact = 1;
        else if ((lexer_is_mark(&r->token, '<') || lexer_is_mark(&r->token, '>') || lexer_is_mark(&r->token, '!')) &&
                 item->filter.len == 0)
            item->is_exact = -1; /* settled: it is not */
        if (r->token.kind == LEXER_STRING && item->filter.len == 0)
            item->filter = r->token.text;
        if (lexer_is_word(&r->token, "with-test") || lexer_is_word(&r->token, "with-doc") ||
            lexer_is_word(&r->token, "with-dev-setup"))
            item->is_dev = 1;
        const stella_status status = advance(r, err);
        if (status != STELLA_OK)
            return status;
        if (r->token.kind == LEXER_END && depth)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: a brace has no end", line);
    } while (depth);
    item->is_exact = item->is_exact == 1;
    return STELLA_OK;
}

/* Takes a token that is no text: a field's name, a section, or a mark. */
static stella_status take_other(opam_reader *r, stella_error *err) {
    const lexer_token before = r->token;
    stella_status status = advance(r, err);
    if (status != STELLA_OK)
        return status;
    if (before.kind == LEXER_WORD && lexer_is_mark(&r->token, ':')) {
        r->field = before.text;
        return advance(r, err);
    }
    if (!lexer_is_mark(&r->token, '{'))
        return STELLA_OK;
    status = lexer_close(&r->lex, '{', err);
    return status == STELLA_OK ? advance(r, err) : status;
}

stella_status opam_next(opam_reader *r, opam_item *out, stella_error *err) {
    stella_status status = r->has_begun ? STELLA_OK : advance(r, err);
    r->has_begun = 1;
    while (status == STELLA_OK && r->token.kind != LEXER_END && (r->token.kind != LEXER_STRING || !r->field.len))
        status = take_other(r, err);
    if (status != STELLA_OK)
        return status;
    opam_item item = {.field = {NULL, 0}};
    if (r->token.kind == LEXER_STRING) {
        item = (opam_item){.field = r->field, .text = r->token.text, .line = r->token.line};
        status = advance(r, err);
        if (status == STELLA_OK && lexer_is_mark(&r->token, '{'))
            status = read_filter(r, &item, err);
    }
    if (status == STELLA_OK)
        *out = item;
    return status;
}
