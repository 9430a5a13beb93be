#include "specifiers.h"

#include "entrytrace/common/text.h"

typedef enum token_kind { TOKEN_END, TOKEN_WORD, TOKEN_STRING, TOKEN_OTHER } token_kind;

typedef struct lexer {
    stella_sv text;
    size_t at;
    stella_sv word; /* of the last token: a word, the inside of a string */
    char other;     /* of the last token that is neither */
    int ends_value; /* a '/' behind the last token divides; else it begins a regular expression */
} lexer;

static char byte_at(const lexer *l, size_t at) {
    return at < l->text.len ? l->text.ptr[at] : '\0';
}

static int is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '$' ||
           (unsigned char)c >= 0x80;
}

/* Behind the quote that ends what begins at l->at, or the end of the line (of the text for a template). */
static size_t end_of_quoted(const lexer *l, char quote) {
    size_t i = l->at + 1;
    while (i < l->text.len && l->text.ptr[i] != quote && (quote == '`' || l->text.ptr[i] != '\n'))
        i += l->text.ptr[i] == '\\' ? 2 : 1;
    return i < l->text.len ? i : l->text.len;
}

/* "/[/]x\//": in brackets a '/' ends nothing. */
static size_t end_of_pattern(const lexer *l) {
    size_t i = l->at + 1;
    for (int is_in_class = 0; i < l->text.len && l->text.ptr[i] != '\n'; i++) {
        const char c = l->text.ptr[i];
        if (c == '/' && !is_in_class)
            break;
        is_in_class = c == '[' ? 1 : c == ']' ? 0 : is_in_class;
        i += c == '\\';
    }
    return i < l->text.len ? i : l->text.len;
}

static int skip_comment(lexer *l) {
    if (byte_at(l, l->at) != '/')
        return 0;
    const stella_sv rest = stella_sv_skip(l->text, l->at);
    if (byte_at(l, l->at + 1) == '/') {
        l->at += stella_sv_find(rest, '\n');
        return 1;
    }
    if (byte_at(l, l->at + 1) != '*')
        return 0;
    l->at += 2;
    while (l->at < l->text.len && !(byte_at(l, l->at) == '*' && byte_at(l, l->at + 1) == '/'))
        l->at++;
    l->at = l->at + 2 < l->text.len ? l->at + 2 : l->text.len;
    return 1;
}

static token_kind take_quoted(lexer *l, char quote) {
    const size_t end = end_of_quoted(l, quote);
    const int is_closed = byte_at(l, end) == quote;
    l->word = is_closed ? stella_sv_of(l->text.ptr + l->at + 1, end - l->at - 1) : STELLA_SV("");
    l->at = end + 1;
    l->ends_value = 1;
    l->other = quote;
    return quote == '`' ? TOKEN_OTHER : TOKEN_STRING;
}

static token_kind next(lexer *l) {
    while (l->at < l->text.len && (text_is_blank(l->text.ptr[l->at]) || skip_comment(l)))
        l->at += l->at < l->text.len && text_is_blank(l->text.ptr[l->at]);
    if (l->at >= l->text.len)
        return TOKEN_END;
    const char c = l->text.ptr[l->at];
    if (c == '"' || c == '\'' || c == '`')
        return take_quoted(l, c);
    if (is_word(c)) {
        const size_t start = l->at;
        while (l->at < l->text.len && is_word(l->text.ptr[l->at]))
            l->at++;
        l->word = stella_sv_first(stella_sv_skip(l->text, start), l->at - start);
        l->ends_value =
            !text_list_has("return typeof case in of delete void do else instanceof new await yield", l->word);
        return TOKEN_WORD;
    }
    l->other = c;
    if (c == '/' && !l->ends_value) {
        l->at = end_of_pattern(l) + 1;
        l->ends_value = 1;
        return TOKEN_OTHER;
    }
    l->at++;
    l->ends_value = c == ')' || c == ']' || c == '}';
    return TOKEN_OTHER;
}

/* What came before a string that is a module's name. */
typedef enum context { NOTHING, MEMBER, REQUIRE, REQUIRE_DOT, REQUIRE_OPEN, IMPORT, IMPORT_OPEN } context;

static context after_word(context before, stella_sv word) {
    if (before == REQUIRE_DOT)
        return stella_sv_eq(word, STELLA_SV("resolve")) ? REQUIRE : NOTHING;
    if (before == MEMBER) /* "x.require": another function */
        return NOTHING;
    if (stella_sv_eq(word, STELLA_SV("require")))
        return REQUIRE;
    return text_list_has("import from", word) ? IMPORT : NOTHING;
}

static context after_other(context before, char other) {
    if (other == '.')
        return before == REQUIRE ? REQUIRE_DOT : MEMBER;
    if (other != '(')
        return NOTHING;
    return before == REQUIRE ? REQUIRE_OPEN : before == IMPORT ? IMPORT_OPEN : NOTHING;
}

uint32_t specifiers_read(stella_sv text, specifier *out, uint32_t room) {
    lexer l = {.text = text};
    uint32_t count = 0;
    context seen = NOTHING;
    for (token_kind kind; count < room && (kind = next(&l)) != TOKEN_END;) {
        if (kind == TOKEN_WORD) {
            seen = after_word(seen, l.word);
            continue;
        }
        if (kind == TOKEN_OTHER) {
            seen = after_other(seen, l.other);
            continue;
        }
        const int is_name =
            l.word.len && !memchr(l.word.ptr, '\\', l.word.len) && !memchr(l.word.ptr, '\0', l.word.len);
        if (is_name && (seen == REQUIRE_OPEN || seen == IMPORT || seen == IMPORT_OPEN))
            out[count++] = (specifier){l.word, seen != REQUIRE_OPEN};
        seen = NOTHING;
    }
    return count;
}
