#include "formula.h"

static const lexer_rules rules = {.comments = {"#"}, .quotes = "\"'"};

/* What a line that begins with "license" has said so far. */
typedef struct reading {
    lexer lex;
    lexer_token token;
    formula out;
    int is_any, is_nested, is_with; /* any_of:, one list in another, with: */
} reading;

static stella_status no_memory(stella_error *err) {
    return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory for a license");
}

static stella_status add_license(reading *r, stella_sv text, stella_error *err) {
    formula *f = &r->out;
    stella_sv *last = f->license_count ? &f->licenses[f->license_count - 1] : NULL;
    if (r->is_with && last)
        *last = stella_arena_printf(r->lex.arena, "%.*s WITH %.*s", STELLA_SV_FMT(*last), STELLA_SV_FMT(text));
    else if (f->license_count < FORMULA_LICENSES_MAX)
        f->licenses[f->license_count++] = text;
    r->is_with = 0;
    return last && !last->ptr ? no_memory(err) : STELLA_OK;
}

/* One of a flat list will do: one expression. What is nested stays apart: each holds for some part. */
static stella_status join_any(reading *r, stella_error *err) {
    formula *f = &r->out;
    if (!r->is_any || r->is_nested || f->license_count < 2)
        return STELLA_OK;
    for (uint32_t i = 1; i < f->license_count; i++) {
        f->licenses[0] = stella_arena_printf(r->lex.arena, "%.*s OR %.*s", STELLA_SV_FMT(f->licenses[0]),
                                             STELLA_SV_FMT(f->licenses[i]));
        if (!f->licenses[0].ptr)
            return no_memory(err);
    }
    f->license_count = 1;
    return STELLA_OK;
}

/* Behind "license": all until the brackets are closed and a line ends. */
static stella_status read_license(reading *r, uint32_t line, stella_error *err) {
    uint32_t depth = 0, lists = 0;
    while (r->token.kind != LEXER_END && (depth || r->token.line == line)) {
        if (lexer_is_mark(&r->token, '[') || lexer_is_mark(&r->token, '{'))
            depth++;
        else if ((lexer_is_mark(&r->token, ']') || lexer_is_mark(&r->token, '}')) && depth)
            depth--;
        if (lexer_is_word(&r->token, "any_of") || lexer_is_word(&r->token, "all_of"))
            r->is_nested = lists++ > 0;
        if (lexer_is_word(&r->token, "any_of"))
            r->is_any = 1;
        r->is_with |= lexer_is_word(&r->token, "with");
        if (r->token.kind == LEXER_STRING && add_license(r, r->token.text, err) != STELLA_OK)
            return STELLA_E_NOMEM;
        line = r->token.line;
        if (lexer_next(&r->lex, &r->token, NULL) != STELLA_OK)
            break;
    }
    return join_any(r, err);
}

stella_status formula_read(stella_sv text, stella_arena *arena, formula *out, stella_error *err) {
    reading r = {.lex = lexer_of(&rules, text, arena)};
    stella_status status = STELLA_OK;
    while (status == STELLA_OK && lexer_next(&r.lex, &r.token, NULL) == STELLA_OK && r.token.kind != LEXER_END &&
           !lexer_is_word(&r.token, "def")) {
        const lexer_token word = r.token;
        stella_sv *value = lexer_is_word(&word, "desc")       ? &r.out.description
                           : lexer_is_word(&word, "homepage") ? &r.out.homepage
                                                              : NULL;
        const int is_license = lexer_is_word(&word, "license") && r.out.license_count == 0;
        if ((!value && !is_license) || lexer_next(&r.lex, &r.token, NULL) != STELLA_OK)
            continue;
        if (is_license)
            status = read_license(&r, word.line, err);
        else if (r.token.kind == LEXER_STRING && value->len == 0)
            *value = r.token.text;
    }
    if (status == STELLA_OK)
        *out = r.out;
    return status;
}
