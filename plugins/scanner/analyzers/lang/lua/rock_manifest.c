#include "rock_manifest.h"

#include <string.h>

static const lexer_rules rules = {.comments = {"--"}, .quotes = "\"'", .has_long_brackets = 1};

void rock_manifest_open(rock_manifest *r, stella_sv text, stella_arena *arena) {
    memset(r, 0, sizeof *r);
    r->lex = lexer_of(&rules, text, arena);
}

/* Puts a name behind the path of the open table. Returns the new length, 0 when there is no room or it is no name. */
static size_t put_name(rock_manifest *r, stella_sv name) {
    const size_t at = r->depth ? r->lengths[r->depth - 1] : 0;
    if (name.len == 0 || name.len + 1 > sizeof r->path - at || memchr(name.ptr, '/', name.len) ||
        stella_sv_eq(name, STELLA_SV("..")))
        return 0;
    const size_t slash = at ? 1 : 0;
    if (slash)
        r->path[at] = '/';
    memcpy(r->path + at + slash, name.ptr, name.len);
    return at + slash + name.len;
}

/* The table "rock_manifest" itself adds nothing to paths. */
static stella_status open_table(rock_manifest *r, stella_error *err) {
    if (r->depth == ROCK_MANIFEST_DEPTH_MAX)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: tables deeper than %d", r->lex.line,
                                ROCK_MANIFEST_DEPTH_MAX);
    const size_t length = r->depth ? put_name(r, r->key.text) : 0;
    if (r->depth && length == 0)
        return stella_error_set(err, STELLA_E_FORMAT, NULL, "line %u: a folder that is none", r->lex.line);
    r->lengths[r->depth++] = length;
    return STELLA_OK;
}

static int is_md5(stella_sv text) {
    for (size_t i = 0; i < text.len; i++)
        if (!memchr("0123456789abcdef", text.ptr[i], 16))
            return 0;
    return text.len == 32;
}

stella_status rock_manifest_next(rock_manifest *r, rock_file *out, stella_error *err) {
    lexer_token token = {0};
    int is_value = 0;
    for (;;) {
        stella_status status = lexer_next(&r->lex, &token, err);
        if (status != STELLA_OK)
            return status;
        if (token.kind == LEXER_END)
            break;
        if (is_value && token.kind == LEXER_STRING && r->depth && is_md5(token.text)) {
            const size_t length = put_name(r, r->key.text);
            *out = (rock_file){stella_sv_of(r->path, length), token.text};
            if (length)
                return STELLA_OK;
        } else if (!is_value && (token.kind == LEXER_WORD || token.kind == LEXER_STRING)) {
            r->key = token;
        } else if (lexer_is_mark(&token, '{')) {
            status = open_table(r, err);
        } else if (lexer_is_mark(&token, '}') && r->depth) {
            r->depth--;
        }
        if (status != STELLA_OK)
            return status;
        is_value = lexer_is_mark(&token, '=');
    }
    *out = (rock_file){.path = stella_sv_of(NULL, 0)};
    return STELLA_OK;
}
