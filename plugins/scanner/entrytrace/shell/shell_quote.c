/* Quotes: '...', "...", $'...', `...`. */
#include "shell_parser.h"

#include <stella/auto.h>
#include <stella/sink.h>

static const shell_mode DOUBLE = {.stop = "\"", .is_double = 1};

shell_part *shell_single_quoted(shell_parser *p) {
    const size_t start = p->at++;
    while (p->at < p->end && p->text.ptr[p->at] != '\'')
        p->at++;
    if (p->at >= p->end)
        return shell_fail(p, start, "the quote ' that begins here never ends");
    p->at++;
    return shell_part_new(p, SHELL_PART_QUOTED, shell_view(p, start + 1, p->at - 1));
}

shell_part *shell_double_quoted(shell_parser *p) {
    const size_t start = p->at++;
    const shell_word *word = shell_word_read(p, &DOUBLE);
    if (!word)
        return NULL;
    if (shell_char(p, 0) != '"')
        return shell_fail(p, start, "the quote \" that begins here never ends");
    p->at++;
    shell_part *part = shell_part_new(p, SHELL_PART_DOUBLE, shell_view(p, start, p->at));
    if (part)
        part->parts = word->parts;
    return part;
}

/* ---- $'...' ------------------------------------------------------------------------------------------------------ */

static int digit_value(char c, uint32_t base) {
    int value = -1;
    if (c >= '0' && c <= '9')
        value = c - '0';
    else if ((c | 0x20) >= 'a' && (c | 0x20) <= 'f')
        value = (c | 0x20) - 'a' + 10;
    return value >= 0 && (uint32_t)value < base ? value : -1;
}

static uint32_t number(shell_parser *p, uint32_t base, uint32_t digits) {
    uint32_t value = 0;
    for (uint32_t i = 0; i < digits && p->at < p->end && digit_value(shell_char(p, 0), base) >= 0; i++)
        value = value * base + (uint32_t)digit_value(p->text.ptr[p->at++], base);
    return value;
}

static void add_utf8(stella_buf *out, uint32_t code) {
    if (code < 0x80) {
        stella_buf_u8(out, (uint8_t)code);
    } else if (code < 0x800) {
        stella_buf_u8(out, (uint8_t)(0xc0 | code >> 6));
        stella_buf_u8(out, (uint8_t)(0x80 | (code & 0x3f)));
    } else {
        if (code >= 0x10000)
            stella_buf_u8(out, (uint8_t)(0xf0 | (code >> 18 & 7)));
        stella_buf_u8(out, (uint8_t)(code >= 0x10000 ? 0x80 | (code >> 12 & 0x3f) : 0xe0 | code >> 12));
        stella_buf_u8(out, (uint8_t)(0x80 | (code >> 6 & 0x3f)));
        stella_buf_u8(out, (uint8_t)(0x80 | (code & 0x3f)));
    }
}

/* Behind the backslash. */
static void ansi_escape(shell_parser *p, stella_buf *out) {
    static const char letters[] = "abeEfnrtv", bytes[] = "\a\b\033\033\f\n\r\t\v";
    const char c = p->text.ptr[p->at];
    const char *letter = c ? strchr(letters, c) : NULL;
    if (c >= '0' && c <= '7') {
        stella_buf_u8(out, (uint8_t)number(p, 8, 3));
        return;
    }
    p->at++;
    if (letter)
        stella_buf_u8(out, (uint8_t)bytes[letter - letters]);
    else if (c == 'x')
        stella_buf_u8(out, (uint8_t)number(p, 16, 2));
    else if (c == 'u' || c == 'U')
        add_utf8(out, number(p, 16, c == 'u' ? 4 : 8));
    else if (c == 'c' && p->at < p->end)
        stella_buf_u8(out, (uint8_t)(p->text.ptr[p->at++] & 0x1f));
    else if (c == '\\' || c == '\'' || c == '"' || c == '?')
        stella_buf_u8(out, (uint8_t)c);
    else
        stella_buf_printf(out, "\\%c", c);
}

shell_part *shell_ansi_quoted(shell_parser *p) {
    const size_t start = p->at;
    STELLA_AUTO(stella_buf_fini) stella_buf out = stella_buf_of(SHELL_SCRIPT_MAX);
    p->at += 2;
    while (p->at < p->end && p->text.ptr[p->at] != '\'') {
        const char c = p->text.ptr[p->at++];
        if (c == '\\' && p->at < p->end)
            ansi_escape(p, &out);
        else
            stella_buf_u8(&out, (uint8_t)c);
    }
    if (p->at >= p->end)
        return shell_fail(p, start, "the quote $' that begins here never ends");
    p->at++;
    const stella_sv text = stella_arena_dup(p->arena, stella_buf_sv(&out));
    if (out.failed || (out.len && !text.ptr))
        return shell_fail(p, start, "no memory for a quoted text");
    return shell_part_new(p, SHELL_PART_QUOTED, text);
}

/* ---- `...` ------------------------------------------------------------------------------------------------------- */

/* What the commands are: \ before $ ` \ (and, between double quotes, ") goes away. */
static stella_sv unescaped(shell_parser *p, size_t first, size_t end, uint32_t in_double) {
    char *text = stella_arena_alloc(p->arena, end - first + 1, 1);
    size_t len = 0;
    for (size_t i = first; text && i < end; i++) {
        const char c = p->text.ptr[i], next = i + 1 < end ? p->text.ptr[i + 1] : '\0';
        if (c == '\\' && (next == '$' || next == '`' || next == '\\' || (in_double && next == '"')))
            text[len++] = p->text.ptr[++i];
        else
            text[len++] = c;
    }
    return stella_sv_of(text, len);
}

static const shell_node *commands_of(shell_parser *p, stella_sv text, size_t start) {
    shell_range *fixed = shell_new(p, sizeof *fixed);
    if (!fixed || !text.ptr)
        return NULL;
    *fixed = shell_range_of(p, start, p->at);
    shell_parser inner = shell_inner(p, text, fixed);
    const shell_node *body = shell_enter(&inner) ? shell_list(&inner) : NULL;
    if (!inner.failed && shell_peek(&inner)->kind != TOKEN_END)
        shell_fail(&inner, inner.token.start, "the commands between ` and ` are not whole");
    return shell_outer_fail(p, &inner) ? NULL : body;
}

shell_part *shell_backquoted(shell_parser *p, uint32_t in_double) {
    const size_t start = p->at++;
    while (p->at < p->end && p->text.ptr[p->at] != '`')
        p->at += p->text.ptr[p->at] == '\\' && p->at + 1 < p->end ? 2 : 1;
    if (p->at >= p->end)
        return shell_fail(p, start, "the quote ` that begins here never ends");
    const stella_sv text = unescaped(p, start + 1, p->at++, in_double);
    shell_part *part = shell_part_new(p, SHELL_PART_COMMAND, shell_view(p, start, p->at));
    if (part)
        part->body = commands_of(p, text, start);
    return part;
}

/* ---- end words of here-documents ---------------------------------------------------------------------------------- */

stella_sv shell_unquote(shell_parser *p, const shell_word *word, uint32_t *is_quoted) {
    char *text = stella_arena_alloc(p->arena, word->source.len + 1, 1);
    size_t len = 0;
    *is_quoted = 0;
    char quote = '\0';
    for (size_t i = 0; text && i < word->source.len; i++) {
        const char c = word->source.ptr[i];
        if (c == quote || (!quote && (c == '\'' || c == '"'))) {
            quote = quote ? '\0' : c;
            *is_quoted = 1;
        } else if (c == '\\' && quote != '\'' && i + 1 < word->source.len) {
            text[len++] = word->source.ptr[++i];
            *is_quoted = 1;
        } else {
            text[len++] = c;
        }
    }
    return stella_sv_of(text, len);
}
