#include "literals.h"

static int is_quote(char c) {
    return c == '"' || c == '\'';
}

static int is_letter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' || c == '.';
}

/* The length of the text in quotes that begins there, quotes included; all of it when it has no end. */
static size_t quoted(stella_sv text) {
    const char quote = text.ptr[0];
    const int is_long = text.len > 2 && text.ptr[1] == quote && text.ptr[2] == quote;
    const size_t width = is_long ? 3 : 1;
    for (size_t i = width; i < text.len; i++) {
        if (text.ptr[i] == '\\')
            i++;
        else if (text.ptr[i] == quote &&
                 (!is_long || (i + 2 < text.len && text.ptr[i + 1] == quote && text.ptr[i + 2] == quote)))
            return i + width;
        else if (text.ptr[i] == '\n' && !is_long)
            return i;
    }
    return text.len;
}

static uint32_t lines_in(stella_sv text) {
    uint32_t count = 0;
    for (size_t i = stella_sv_find(text, '\n'); i < text.len;
         i += 1 + stella_sv_find(stella_sv_skip(text, i + 1), '\n'))
        count++;
    return count;
}

/* ---- names ---------------------------------------------------------------------------------------------------------- */

/* The first byte of a statement: how far it stands in tells what it belongs to. */
static void begin_statement(literals *l) {
    const stella_sv rest = stella_sv_skip(l->text, l->at);
    size_t start = l->at;
    while (start && l->text.ptr[start - 1] != '\n')
        start--;
    l->indent = (uint32_t)(l->at - start);
    l->has_begun = 1;
    l->is_status =
        stella_sv_starts(rest, STELLA_SV("sys.exit(")) || stella_sv_starts(rest, STELLA_SV("raise SystemExit("));
    if (!l->indent) {
        l->is_main = stella_sv_starts(rest, STELLA_SV("if __name__"));
        l->body = 0;
    } else if (l->is_main && !l->body) {
        l->body = l->indent;
    }
}

static void step(literals *l) {
    const stella_sv rest = stella_sv_skip(l->text, l->at);
    const char c = rest.ptr[0];
    size_t length = 1;
    if (!l->has_begun && !text_is_blank(c) && c != '#')
        begin_statement(l);
    if (is_quote(c))
        length = quoted(rest);
    else if (c == '#')
        length = stella_sv_find(rest, '\n');
    else if (c == '\\' && rest.len > 1)
        length = 2;
    else if (strchr("([{", c) && c)
        l->depth++;
    else if (strchr(")]}", c) && c)
        l->depth -= l->depth ? 1 : 0;
    else if (c == '\n' && !l->depth)
        l->has_begun = 0;
    l->line += lines_in(stella_sv_first(rest, length));
    l->in_word = is_letter(c);
    l->at += length;
}

int literals_next(literals *l, literals_place *out) {
    for (; l->at < l->text.len; step(l)) {
        const char c = l->text.ptr[l->at];
        if (l->in_word || !is_letter(c))
            continue;
        if (!l->has_begun)
            begin_statement(l);
        *out = (literals_place){.at = l->at,
                                .line = l->line + 1,
                                .is_certain = !l->indent || (l->is_main && l->indent == l->body),
                                .is_status = l->is_status};
        step(l);
        return 1;
    }
    return 0;
}

/* ---- expressions ---------------------------------------------------------------------------------------------------- */

/* The offset of the byte, outside brackets and texts, or of the bracket that closes; text.len when there is neither. */
static size_t find_outside(stella_sv text, char wanted) {
    uint32_t depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (is_quote(c)) {
            i += quoted(stella_sv_skip(text, i)) - 1;
            continue;
        }
        if (c == '#') {
            i += stella_sv_find(stella_sv_skip(text, i), '\n');
            continue;
        }
        const int closes = c == ')' || c == ']' || c == '}';
        if (!depth && (c == wanted || closes))
            return i;
        depth += c == '(' || c == '[' || c == '{';
        depth -= closes;
    }
    return text.len;
}

int literals_split(stella_sv text, literals_list *out) {
    out->count = 0;
    for (;;) {
        const size_t end = find_outside(text, ',');
        stella_sv one = stella_sv_trim(stella_sv_first(text, end));
        while (one.len && one.ptr[0] == '#') /* of the expression before */
            one = stella_sv_trim(stella_sv_skip(one, stella_sv_find(one, '\n')));
        if (end == text.len || (one.len && out->count == LITERALS_ARGUMENTS_MAX))
            return 0;
        if (one.len)
            out->items[out->count++] = one;
        if (text.ptr[end] != ',')
            return 1;
        text = stella_sv_skip(text, end + 1);
    }
}

static stella_word unknown(stella_sv expression, uint32_t flags) {
    return (stella_word){.text = stella_sv_first(expression, 256), .flags = STELLA_WORD_UNKNOWN | flags};
}

/* The bytes between the quotes; is_raw: a backslash is one. */
static stella_sv unquote(const literals *l, stella_sv text, int is_raw) {
    const size_t width = text.len > 5 && text.ptr[1] == text.ptr[0] && text.ptr[2] == text.ptr[0] ? 3 : 1;
    char *out = stella_arena_alloc(l->hop->view->arena, text.len + 1, 1);
    size_t n = 0;
    for (size_t i = width; out && i + width < text.len; i++) {
        const int escapes = !is_raw && text.ptr[i] == '\\' && i + width + 1 < text.len;
        const char c = text.ptr[escapes ? ++i : i];
        if (escapes && c == '\n')
            continue;
        out[n++] = escapes && c == 'n' ? '\n' : escapes && c == 't' ? '\t' : c;
    }
    return stella_sv_of(out, n);
}

/* "text", r"text"; what an f"{text}" makes is not known. Returns 0 for another expression. */
static int take_text(const literals *l, stella_sv expression, stella_word *out) {
    size_t prefix = 0;
    while (prefix < 2 && prefix < expression.len && strchr("rRbBuUfF", expression.ptr[prefix]))
        prefix++;
    const stella_sv text = stella_sv_skip(expression, prefix), marks = stella_sv_first(expression, prefix);
    if (!text.len || !is_quote(text.ptr[0]) || text.len < 2 || quoted(text) != text.len)
        return 0;
    const int is_raw = stella_sv_find(marks, 'r') < prefix || stella_sv_find(marks, 'R') < prefix;
    const int is_format = stella_sv_find(marks, 'f') < prefix || stella_sv_find(marks, 'F') < prefix;
    *out =
        is_format && stella_sv_find(text, '{') < text.len ? unknown(expression, 0) : word_of(unquote(l, text, is_raw));
    return 1;
}

stella_word literals_word(const literals *l, stella_sv expression) {
    const stella_launch *launch = l->hop->launch;
    stella_word out;
    uint64_t number = 0;
    if (take_text(l, expression, &out))
        return out;
    if (stella_sv_eq(expression, STELLA_SV("sys.executable"))) /* the path by which the interpreter was found */
        return word_of(stella_arena_printf(l->hop->view->arena, "/%.*s", STELLA_SV_FMT(l->hop->file->path)));
    if (stella_sv_starts(expression, STELLA_SV("sys.argv[")) && stella_sv_ends(expression, STELLA_SV("]")) &&
        stella_sv_u64(stella_sv_skip(stella_sv_first(expression, expression.len - 1), 9), LAUNCH_WORDS_MAX, &number) &&
        l->arguments_at + number - 1 < launch->arg_count && l->arguments_at)
        return launch->args[l->arguments_at + number - 1];
    return unknown(expression, 0);
}

typedef struct collector {
    const literals *literals;
    stella_word *words;
    uint32_t count, room;
} collector;

static stella_status put(collector *c, stella_word word, stella_error *err) {
    if (!word.text.ptr)
        return hop_nomem(err);
    if (c->count == c->room)
        return stella_error_set(err, STELLA_E_LIMIT, NULL, "a call of more than %u words", c->room);
    c->words[c->count++] = word;
    return STELLA_OK;
}

static stella_status collect(collector *c, stella_sv expression, uint32_t depth, stella_error *err);

static stella_status collect_list(collector *c, stella_sv inside, uint32_t depth, stella_error *err) {
    literals_list list;
    stella_status status = STELLA_OK;
    if (!literals_split(inside, &list))
        return put(c, unknown(inside, STELLA_WORD_MANY), err);
    for (uint32_t i = 0; i < list.count && status == STELLA_OK; i++)
        status = stella_sv_starts(list.items[i], STELLA_SV("*"))
                     ? collect(c, stella_sv_skip(list.items[i], 1), depth + 1, err)
                     : put(c, literals_word(c->literals, list.items[i]), err);
    return status;
}

static stella_status collect_arguments(collector *c, stella_error *err) {
    const stella_launch *launch = c->literals->hop->launch;
    stella_status status = STELLA_OK;
    for (uint32_t i = c->literals->arguments_at; i < launch->arg_count && status == STELLA_OK; i++)
        status = put(c, launch->args[i], err);
    return status;
}

/* One or more lists joined by '+'. */
static stella_status collect(collector *c, stella_sv expression, uint32_t depth, stella_error *err) {
    stella_status status = STELLA_OK;
    while (expression.len && status == STELLA_OK) {
        const size_t end = find_outside(expression, '+');
        const stella_sv one = stella_sv_trim(stella_sv_first(expression, end));
        const int is_list = one.len && (one.ptr[0] == '[' || one.ptr[0] == '(') &&
                            find_outside(stella_sv_skip(one, 1), '\0') == one.len - 2;
        if (is_list && depth < LITERALS_DEPTH_MAX)
            status = collect_list(c, stella_sv_skip(one, 1), depth, err);
        else if (stella_sv_eq(one, STELLA_SV("sys.argv[1:]")) || stella_sv_eq(one, STELLA_SV("list(sys.argv[1:])")))
            status = collect_arguments(c, err);
        else
            status = put(c, unknown(one, STELLA_WORD_MANY), err);
        expression = stella_sv_skip(expression, end + 1);
    }
    return status;
}

stella_status literals_words(const literals *l, stella_sv expression, stella_word *words, uint32_t room,
                             uint32_t *count, stella_error *err) {
    collector c = {.literals = l, .words = words, .room = room};
    const stella_status status = collect(&c, expression, 0, err);
    if (status == STELLA_OK)
        *count = c.count;
    return status;
}
