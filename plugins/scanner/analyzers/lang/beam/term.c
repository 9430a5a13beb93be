#include "term.h"

#include "common/lexer.h"

static const lexer_rules erlang = {.comments = {"%"}, .quotes = "\"'", .word_bytes = "@."};
static const lexer_rules elixir = {.comments = {"#"}, .quotes = "\"'", .word_bytes = "@.?!"};

typedef struct reading {
    lexer lex;
    lexer_token token; /* the one that is due */
    stella_arena *arena;
    int is_elixir;
} reading;

/* An array while it grows. */
typedef struct growing {
    stella_json *items;
    uint32_t count, room;
} growing;

static stella_status advance(reading *r, stella_error *err) {
    return lexer_next(&r->lex, &r->token, err);
}

static stella_status add(reading *r, growing *to, const stella_json *value, stella_error *err) {
    if (to->count == to->room) {
        const uint32_t room = to->room ? 2 * to->room : 4;
        stella_json *bigger = room > to->room ? stella_arena_alloc(r->arena, room, sizeof *bigger) : NULL;
        if (!bigger)
            return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for terms");
        if (to->count)
            memcpy(bigger, to->items, to->count * sizeof *bigger);
        to->items = bigger;
        to->room = room;
    }
    to->items[to->count++] = *value;
    return STELLA_OK;
}

static stella_json array_of(const growing *from, uint32_t line) {
    return (stella_json){.kind = STELLA_JSON_ARRAY, .count = from->count, .items = from->items, .line = line};
}

static stella_json text_of(const lexer_token *token) {
    return (stella_json){.kind = STELLA_JSON_STRING, .text = token->text, .line = token->line};
}

/* The rest of <<"text"/utf8>>; the first '<' is at hand. */
static stella_status read_binary(reading *r, growing *to, stella_error *err) {
    stella_json value = {.kind = STELLA_JSON_STRING, .line = r->token.line};
    stella_status status = advance(r, err);
    if (status != STELLA_OK || !lexer_is_mark(&r->token, '<'))
        return status; /* an operator */
    while (status == STELLA_OK && !lexer_is_mark(&r->token, '>')) {
        if (r->token.kind == LEXER_END)
            return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: a binary has no end", value.line);
        if (r->token.kind == LEXER_STRING)
            value.text = r->token.text;
        status = advance(r, err);
    }
    if (status == STELLA_OK)
        status = advance(r, err);
    if (status == STELLA_OK && lexer_is_mark(&r->token, '>'))
        status = advance(r, err);
    return status == STELLA_OK ? add(r, to, &value, err) : status;
}

static stella_status read_items(reading *r, uint32_t depth, growing *to, stella_error *err);

/* "{...}" and "[...]"; the opening bracket is at hand. */
// NOLINTNEXTLINE(misc-no-recursion): TERM_DEPTH_MAX bounds it
static stella_status read_group(reading *r, uint32_t depth, growing *to, stella_error *err) {
    const uint32_t line = r->token.line;
    const char close = r->token.mark == '{' ? '}' : ']';
    growing inner = {0};
    if (depth == TERM_DEPTH_MAX)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "line %u: terms are nested deeper than %d", line,
                                TERM_DEPTH_MAX);
    stella_status status = advance(r, err);
    if (status == STELLA_OK)
        status = read_items(r, depth + 1, &inner, err);
    if (status != STELLA_OK)
        return status;
    if (!lexer_is_mark(&r->token, close))
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: a bracket has no end", line);
    status = advance(r, err);
    const stella_json value = array_of(&inner, line);
    return status == STELLA_OK ? add(r, to, &value, err) : status;
}

/* The pair [key, value] of "key: value" and "key => value"; the value is due. */
// NOLINTNEXTLINE(misc-no-recursion): TERM_DEPTH_MAX bounds it
static stella_status read_pair(reading *r, uint32_t depth, const stella_json *key, growing *to, stella_error *err) {
    growing pair = {0};
    stella_status status = add(r, &pair, key, err);
    while (status == STELLA_OK && r->token.kind == LEXER_MARK && strchr(":=>%", r->token.mark))
        status = advance(r, err); /* of "=>", ":atom", "%{" */
    if (status != STELLA_OK)
        return status;
    if (r->token.kind == LEXER_WORD || r->token.kind == LEXER_STRING) {
        const stella_json value = text_of(&r->token);
        status = add(r, &pair, &value, err);
        if (status == STELLA_OK)
            status = advance(r, err);
    } else if (lexer_is_mark(&r->token, '{') || lexer_is_mark(&r->token, '[')) {
        status = read_group(r, depth, &pair, err);
    }
    const stella_json value = array_of(&pair, key->line);
    return status == STELLA_OK ? add(r, to, &value, err) : status;
}

/* A word or a text, which may be the key of a pair. */
// NOLINTNEXTLINE(misc-no-recursion): TERM_DEPTH_MAX bounds it
static stella_status read_text(reading *r, uint32_t depth, growing *to, stella_error *err) {
    const stella_json value = text_of(&r->token);
    const stella_status status = advance(r, err);
    if (status != STELLA_OK)
        return status;
    if (r->is_elixir && (lexer_is_mark(&r->token, ':') || lexer_is_mark(&r->token, '=')))
        return read_pair(r, depth, &value, to, err);
    return add(r, to, &value, err);
}

/* The full stop behind a term of Erlang; also "..". */
static int is_end_of_term(const lexer_token *token) {
    return token->kind == LEXER_WORD && token->text.ptr[0] == '.';
}

/* Up to a closing bracket, which is left, or the end. */
// NOLINTNEXTLINE(misc-no-recursion): TERM_DEPTH_MAX bounds it
static stella_status read_items(reading *r, uint32_t depth, growing *to, stella_error *err) {
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && r->token.kind != LEXER_END && !lexer_is_mark(&r->token, '}') &&
           !lexer_is_mark(&r->token, ']')) {
        if (r->token.kind != LEXER_MARK && !is_end_of_term(&r->token))
            status = read_text(r, depth, to, err);
        else if (r->token.mark == '{' || r->token.mark == '[')
            status = read_group(r, depth, to, err);
        else if (r->token.mark == '<')
            status = read_binary(r, to, err);
        else
            status = advance(r, err);
    }
    return status;
}

static stella_status parse(const lexer_rules *rules, stella_sv text, stella_arena *arena, const stella_json **out,
                           stella_error *err) {
    reading r = {.lex = lexer_of(rules, text, arena), .arena = arena, .is_elixir = rules == &elixir};
    growing terms = {0};
    stella_json *root = stella_arena_alloc(arena, 1, sizeof *root);
    if (!root)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for terms");
    stella_status status = advance(&r, err);
    if (status == STELLA_OK)
        status = read_items(&r, 0, &terms, err);
    if (status == STELLA_OK && r.token.kind != LEXER_END)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: a bracket that was not opened", r.token.line);
    if (status == STELLA_OK) {
        *root = array_of(&terms, 1);
        *out = root;
    }
    return status;
}

stella_status term_parse_erlang(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err) {
    return parse(&erlang, text, arena, out, err);
}

stella_status term_parse_elixir(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err) {
    return parse(&elixir, text, arena, out, err);
}

const stella_json *term_get(const stella_json *list, stella_sv key) {
    for (uint32_t i = 0; stella_json_at(list, i); i++) {
        const stella_json *pair = stella_json_at(list, i);
        if (stella_json_is(pair, STELLA_JSON_ARRAY) && pair->count == 2 &&
            stella_sv_eq(stella_json_str(stella_json_at(pair, 0)), key))
            return stella_json_at(pair, 1);
    }
    return NULL;
}
