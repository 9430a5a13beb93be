#include "lexer.h"

#include <string.h>

lexer lexer_of(const lexer_rules *rules, stella_sv text, stella_arena *arena) {
    const stella_sv mark = STELLA_SV("\xef\xbb\xbf");
    text = stella_sv_starts(text, mark) ? stella_sv_skip(text, mark.len) : text;
    return (lexer){.rules = rules, .arena = arena, .rest = text, .line = 1};
}

/* Steps over so many bytes and counts their lines. */
static stella_sv take(lexer *lex, size_t count) {
    const stella_sv taken = stella_sv_first(lex->rest, count);
    for (size_t i = 0; i < taken.len; i++)
        lex->line += taken.ptr[i] == '\n';
    lex->rest = stella_sv_skip(lex->rest, taken.len);
    return taken;
}

static int starts(const lexer *lex, const char *text) {
    return text && stella_sv_starts(lex->rest, stella_sv_cstr(text));
}

/* The offset of the text behind the first bytes, or the length of what is left. */
static size_t find(const lexer *lex, size_t from, const char *text, size_t len) {
    const stella_sv in = stella_sv_skip(lex->rest, from);
    const char *at = in.len ? memmem(in.ptr, in.len, text, len) : NULL;
    return at ? from + (size_t)(at - in.ptr) : lex->rest.len;
}

static stella_status endless(uint32_t line, const char *what, stella_error *err) {
    return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: a %s has no end", line, what);
}

/* ---- long brackets -------------------------------------------------------------------------------------------------
 */

#define LEVEL_MAX 32 /* equal signs between the brackets */

/* Bytes of "[==[" at the offset; 0 when there is none. */
static size_t long_open(const lexer *lex, size_t from) {
    const stella_sv at = stella_sv_skip(lex->rest, from);
    size_t len = 1;
    if (!lex->rules->has_long_brackets || at.len < 2 || at.ptr[0] != '[')
        return 0;
    while (len < at.len && len <= LEVEL_MAX && at.ptr[len] == '=')
        len++;
    return len < at.len && at.ptr[len] == '[' ? len + 1 : 0;
}

/* Takes "from" bytes, the opening bracket, and all up to the closing one. */
static stella_status take_long(lexer *lex, size_t from, size_t open, stella_sv *out, stella_error *err) {
    char close[LEVEL_MAX + 3];
    close[0] = close[open - 1] = ']';
    memset(close + 1, '=', open - 2);
    const size_t end = find(lex, from + open, close, open);
    if (end == lex->rest.len)
        return endless(lex->line, "long bracket", err);
    const stella_sv whole = take(lex, end + open);
    *out = stella_sv_of(whole.ptr + from + open, end - from - open);
    return STELLA_OK;
}

/* ---- blanks and comments -------------------------------------------------------------------------------------------
 */

static size_t comment_length(const lexer *lex) {
    for (size_t i = 0; i < 2; i++)
        if (starts(lex, lex->rules->comments[i]))
            return strlen(lex->rules->comments[i]);
    return 0;
}

/* Steps over one comment. took  set to 0 when there is none here */
static stella_status skip_comment(lexer *lex, int *took, stella_error *err) {
    const size_t length = comment_length(lex), open = length ? long_open(lex, length) : 0;
    stella_sv text;
    *took = 1;
    if (open)
        return take_long(lex, length, open, &text, err);
    if (length) {
        (void)take(lex, find(lex, 0, "\n", 1));
        return STELLA_OK;
    }
    if (starts(lex, lex->rules->block_open)) {
        const char *close = lex->rules->block_close;
        const size_t end = find(lex, strlen(lex->rules->block_open), close, strlen(close));
        if (end == lex->rest.len)
            return endless(lex->line, "comment", err);
        (void)take(lex, end + strlen(close));
        return STELLA_OK;
    }
    *took = 0;
    return STELLA_OK;
}

static stella_status skip_blanks(lexer *lex, stella_error *err) {
    stella_status status = STELLA_OK;
    for (int took = 1; took && status == STELLA_OK;) {
        size_t blanks = 0;
        while (blanks < lex->rest.len && memchr(" \t\r\n\v\f", lex->rest.ptr[blanks], 6))
            blanks++;
        (void)take(lex, blanks);
        status = skip_comment(lex, &took, err);
    }
    return status;
}

/* ---- texts and words -----------------------------------------------------------------------------------------------
 */

static char escaped(char c) {
    switch (c) {
    case 'n':
        return '\n';
    case 't':
        return '\t';
    case 'r':
        return '\r';
    default:
        return c;
    }
}

static stella_status decode(const lexer *lex, stella_sv raw, stella_sv *out, stella_error *err) {
    if (stella_sv_find(raw, '\\') == raw.len) {
        *out = raw;
        return STELLA_OK;
    }
    char *text = stella_arena_alloc(lex->arena, raw.len, 1);
    size_t len = 0;
    if (!text)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "line %u: no memory for a text", lex->line);
    for (size_t i = 0; i < raw.len; i++)
        text[len++] = raw.ptr[i] == '\\' && i + 1 < raw.len ? escaped(raw.ptr[++i]) : raw.ptr[i];
    *out = stella_sv_of(text, len);
    return STELLA_OK;
}

static stella_status take_string(lexer *lex, lexer_token *out, stella_error *err) {
    const char quote = lex->rest.ptr[0];
    const char triple[3] = {quote, quote, quote};
    const size_t width =
        lex->rules->has_triple_quotes && stella_sv_starts(lex->rest, stella_sv_of(triple, sizeof triple)) ? 3 : 1;
    size_t end = width;
    while (end < lex->rest.len && !stella_sv_starts(stella_sv_skip(lex->rest, end), stella_sv_of(triple, width)))
        end += lex->rest.ptr[end] == '\\' ? 2 : 1;
    if (end >= lex->rest.len)
        return endless(lex->line, "quoted text", err);
    const stella_sv whole = take(lex, end + width);
    out->kind = LEXER_STRING;
    return decode(lex, stella_sv_of(whole.ptr + width, end - width), &out->text, err);
}

static int is_word_byte(const lexer *lex, char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (c && lex->rules->word_bytes && strchr(lex->rules->word_bytes, c));
}

static void take_word(lexer *lex, char first, lexer_token *out) {
    size_t len = 0;
    while (len < lex->rest.len && is_word_byte(lex, lex->rest.ptr[len]))
        len++;
    out->kind = len ? LEXER_WORD : LEXER_MARK;
    out->text = take(lex, len ? len : 1);
    out->mark = len ? '\0' : first;
}

stella_status lexer_next(lexer *lex, lexer_token *out, stella_error *err) {
    const stella_status status = skip_blanks(lex, err);
    if (status != STELLA_OK)
        return status;
    *out = (lexer_token){.kind = LEXER_END, .line = lex->line};
    if (lex->rest.len == 0)
        return STELLA_OK;
    const size_t open = long_open(lex, 0);
    const char first = lex->rest.ptr[0];
    if (open) {
        out->kind = LEXER_STRING;
        return take_long(lex, 0, open, &out->text, err);
    }
    if (first && lex->rules->quotes && strchr(lex->rules->quotes, first))
        return take_string(lex, out, err);
    take_word(lex, first, out);
    return STELLA_OK;
}

int lexer_is_word(const lexer_token *token, const char *word) {
    return token->kind == LEXER_WORD && stella_sv_eq(token->text, stella_sv_cstr(word));
}

int lexer_is_mark(const lexer_token *token, char mark) {
    return token->kind == LEXER_MARK && token->mark == mark;
}

static char closing(char open) {
    return open == '(' ? ')' : (char)(open + 2);
}

stella_status lexer_close(lexer *lex, char open, stella_error *err) {
    const uint32_t line = lex->line;
    lexer_token token;
    for (uint64_t depth = 1; depth;) {
        const stella_status status = lexer_next(lex, &token, err);
        if (status != STELLA_OK)
            return status;
        if (token.kind == LEXER_END)
            return endless(line, "bracket", err);
        depth += lexer_is_mark(&token, open);
        depth -= lexer_is_mark(&token, closing(open));
    }
    return STELLA_OK;
}
