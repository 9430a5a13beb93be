#include "rockspec.h"

#include "common/lexer.h"

#include <stella/file.h>

static const lexer_rules rules = {.comments = {"--", "#!"}, .quotes = "\"'", .has_long_brackets = 1};

typedef struct variable {
    stella_sv name, value;
} variable;

typedef struct reading {
    lexer lex;
    lexer_token token; /* the one at hand */
    variable variables[ROCKSPEC_VARIABLES_MAX];
    uint32_t variable_count;
    stella_sv *dependencies;
    rockspec out;
    stella_error *err;
} reading;

static stella_status advance(reading *r) {
    return lexer_next(&r->lex, &r->token, r->err);
}

static stella_status no_memory(const reading *r) {
    return stella_error_set(r->err, STELLA_E_NOMEM, NULL, "line %u: no memory for a text", r->lex.line);
}

/* ---- texts ---------------------------------------------------------------------------------------------------------
 */

/* The value of a variable; empty when it holds no text that is known. */
static stella_sv value_of(const reading *r, stella_sv name) {
    for (uint32_t i = r->variable_count; i-- > 0;)
        if (stella_sv_eq(r->variables[i].name, name))
            return r->variables[i].value;
    return STELLA_SV("");
}

static int is_text(const lexer_token *token) {
    return token->kind == LEXER_STRING || token->kind == LEXER_WORD;
}

static stella_sv text_of(const reading *r) {
    return r->token.kind == LEXER_STRING ? r->token.text : value_of(r, r->token.text);
}

/* Steps over ".." when it is at hand. */
static stella_status take_dots(reading *r, int *found) {
    *found = lexer_is_mark(&r->token, '.') && stella_sv_starts(r->lex.rest, STELLA_SV("."));
    stella_status status = STELLA_OK;
    for (int i = 0; *found && i < 2 && status == STELLA_OK; i++)
        status = advance(r);
    return status;
}

/* Joins what ".." adds to the first text, behind which the reader stands. */
static stella_status join(reading *r, stella_sv *text) {
    int found;
    stella_status status = take_dots(r, &found);
    while (status == STELLA_OK && found && is_text(&r->token)) {
        const stella_sv more = text_of(r);
        if (text->len + more.len > ROCKSPEC_TEXT_MAX)
            return stella_error_set(r->err, STELLA_E_FORMAT, NULL, "line %u: a text longer than %d bytes", r->lex.line,
                                    ROCKSPEC_TEXT_MAX);
        *text = stella_arena_printf(r->lex.arena, "%.*s%.*s", STELLA_SV_FMT(*text), STELLA_SV_FMT(more));
        if (!text->ptr)
            return no_memory(r);
        status = advance(r);
        if (status == STELLA_OK)
            status = take_dots(r, &found);
    }
    return status;
}

/* ---- assignments ---------------------------------------------------------------------------------------------------
 */

static void set_variable(reading *r, stella_sv name, stella_sv value) {
    if (r->variable_count < ROCKSPEC_VARIABLES_MAX)
        r->variables[r->variable_count++] = (variable){name, value};
}

static void set_top(reading *r, stella_sv name, stella_sv value, uint32_t line) {
    if (stella_sv_eq(name, STELLA_SV("package"))) {
        r->out.package = value;
        r->out.line = line;
    } else if (stella_sv_eq(name, STELLA_SV("version"))) {
        r->out.version = value;
    }
    set_variable(r, name, value);
}

static void set_description(reading *r, stella_sv name, stella_sv value) {
    if (stella_sv_eq(name, STELLA_SV("license")))
        r->out.license = value;
    else if (stella_sv_eq(name, STELLA_SV("homepage")))
        r->out.homepage = value;
    else if (stella_sv_eq(name, STELLA_SV("summary")))
        r->out.summary = value;
}

static void add_dependency(reading *r, stella_sv value) {
    if (r->out.dependency_count < ROCKSPEC_DEPENDENCIES_MAX)
        r->dependencies[r->out.dependency_count++] = value;
}

/* Of a table at the top: what its element says. */
static void set_element(reading *r, stella_sv table, stella_sv key, stella_sv value) {
    if (key.len == 0 && stella_sv_eq(table, STELLA_SV("dependencies")))
        add_dependency(r, value);
    else if (stella_sv_eq(table, STELLA_SV("description")))
        set_description(r, key, value);
}

/* Whether that mark follows the token at hand. */
static int precedes(const reading *r, char mark) {
    lexer ahead = r->lex;
    lexer_token next;
    return lexer_next(&ahead, &next, NULL) == STELLA_OK && lexer_is_mark(&next, mark);
}

/* An element: "text", key = "text", or anything else, of which a token or two are taken. */
static stella_status read_element(reading *r, stella_sv table) {
    stella_sv key = STELLA_SV(""), value;
    stella_status status = STELLA_OK;
    if (r->token.kind == LEXER_WORD && precedes(r, '=')) {
        key = r->token.text;
        status = advance(r);
        if (status == STELLA_OK)
            status = advance(r);
        if (status != STELLA_OK || !is_text(&r->token))
            return status; /* a table, a number: the caller goes on at it */
    }
    if (!is_text(&r->token))
        return advance(r);
    value = text_of(r);
    status = advance(r);
    if (status == STELLA_OK)
        status = join(r, &value);
    if (status == STELLA_OK && value.len)
        set_element(r, table, key, value);
    return status;
}

/* Stands at '{'; steps behind the '}' that closes it. */
static stella_status read_table(reading *r, stella_sv name) {
    const uint32_t line = r->token.line;
    stella_status status = advance(r);
    while (status == STELLA_OK && !lexer_is_mark(&r->token, '}')) {
        if (r->token.kind == LEXER_END)
            return stella_error_set(r->err, STELLA_E_FORMAT, NULL, "line %u: a table has no end", line);
        if (!lexer_is_mark(&r->token, '{')) {
            status = read_element(r, name);
            continue;
        }
        status = lexer_close(&r->lex, '{', r->err);
        if (status == STELLA_OK)
            status = advance(r);
    }
    return status == STELLA_OK ? advance(r) : status;
}

/* Stands behind '='. */
static stella_status read_value(reading *r, stella_sv name, uint32_t line) {
    if (lexer_is_mark(&r->token, '{'))
        return read_table(r, name);
    if (!is_text(&r->token))
        return STELLA_OK;
    stella_sv value = text_of(r);
    stella_status status = advance(r);
    if (status == STELLA_OK)
        status = join(r, &value);
    if (status == STELLA_OK)
        set_top(r, name, value, line);
    return status;
}

/* Stands at a name: "a = 1", "a, b = 1, 2", or something that is no assignment. */
static stella_status read_statement(reading *r) {
    lexer_token names[8];
    uint32_t count = 0, taken = 0;
    stella_status status = STELLA_OK;
    do {
        if (count == STELLA_COUNT(names) || r->token.kind != LEXER_WORD)
            return STELLA_OK;
        names[count++] = r->token;
        status = advance(r);
    } while (status == STELLA_OK && lexer_is_mark(&r->token, ',') && (status = advance(r)) == STELLA_OK);
    while (status == STELLA_OK && taken < count && lexer_is_mark(&r->token, taken ? ',' : '=')) {
        status = advance(r);
        if (status == STELLA_OK)
            status = read_value(r, names[taken].text, names[taken].line);
        taken++;
    }
    return status;
}

stella_status rockspec_read(stella_sv text, stella_arena *arena, rockspec *out, stella_error *err) {
    reading r = {.lex = lexer_of(&rules, text, arena), .err = err};
    r.dependencies = stella_arena_alloc(arena, ROCKSPEC_DEPENDENCIES_MAX, sizeof *r.dependencies);
    if (!r.dependencies)
        return no_memory(&r);
    stella_status status = advance(&r);
    while (status == STELLA_OK && r.token.kind != LEXER_END) {
        if (r.token.kind == LEXER_WORD)
            status = read_statement(&r);
        else if (lexer_is_mark(&r.token, '{'))
            status = read_table(&r, STELLA_SV(""));
        else
            status = advance(&r);
    }
    if (status != STELLA_OK)
        return status;
    r.out.dependencies = r.dependencies;
    *out = r.out;
    return STELLA_OK;
}
