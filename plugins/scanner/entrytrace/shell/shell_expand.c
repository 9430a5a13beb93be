/* Words become fields: Bash Reference Manual 3.5. */
#include "shell_eval.h"

#include <stella/auto.h>

void shell_add_field(shell_eval *e, shell_fields *fields, stella_word word) {
    if (fields->count == fields->room) {
        const uint32_t room = fields->room ? fields->room * 2 : 16;
        stella_word *items = room <= SHELL_VALUES_MAX ? shell_memory(e, room, sizeof *items) : NULL;
        if (!items) {
            shell_stop(e, stella_error_set(e->err, STELLA_E_LIMIT, NULL, "a command with too many words"));
            return;
        }
        if (fields->count)
            memcpy(items, fields->items, fields->count * sizeof *items);
        fields->items = items;
        fields->room = room;
    }
    fields->items[fields->count++] = word;
}

static void check(shell_builder *b) {
    if (b->text.failed || b->pattern.failed)
        shell_stop(b->e, stella_error_set(b->e->err, STELLA_E_LIMIT, NULL, "a word that is too long"));
}

static void add_pattern(shell_builder *b, stella_sv text, int is_quoted) {
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        const int special = c && strchr("*?[]\\()|!+@", c) != NULL;
        if (is_quoted && special)
            stella_buf_u8(&b->pattern, '\\');
        else if (c == '*' || c == '?' || c == '[')
            b->has_pattern = 1;
        stella_buf_u8(&b->pattern, (uint8_t)c);
    }
}

void shell_build_text(shell_builder *b, stella_sv text, int is_quoted) {
    stella_buf_add(&b->text, text);
    if (b->want != WANT_TEXT)
        add_pattern(b, text, is_quoted);
    b->has |= is_quoted || text.len;
    check(b);
}

/* "[" alone, the command, is no pattern. */
static int is_pattern(stella_sv text) {
    for (size_t i = 0; i < text.len; i++) {
        const char c = text.ptr[i];
        if (c == '\\')
            i++;
        else if (c == '*' || c == '?' || (c == '[' && stella_sv_find(stella_sv_skip(text, i), ']') < text.len - i))
            return 1;
    }
    return 0;
}

/* File names for a field with "*" in it. Returns 0 when the field is what it is. */
static int file_names(shell_builder *b) {
    shell_fields found = {0};
    if (!b->has_pattern || b->is_unknown || !is_pattern(stella_buf_sv(&b->pattern)) || shell_option(b->e, "noglob"))
        return 0;
    const stella_sv pattern = shell_copy(b->e, stella_buf_sv(&b->pattern));
    if (!shell_glob(b->e, pattern, &found)) {
        const stella_sv text = shell_copy(b->e, stella_buf_sv(&b->text));
        shell_add_field(b->e, b->fields, (stella_word){.text = text, .flags = STELLA_WORD_UNKNOWN | STELLA_WORD_MANY});
        return 1;
    }
    for (uint32_t i = 0; i < found.count; i++)
        shell_add_field(b->e, b->fields, found.items[i]);
    return found.count || shell_option(b->e, "nullglob");
}

void shell_build_end(shell_builder *b) {
    if (b->want != WANT_FIELDS)
        return;
    if (b->has && !file_names(b)) {
        const uint32_t flags = (b->is_unknown ? STELLA_WORD_UNKNOWN : 0) | (b->is_many ? STELLA_WORD_MANY : 0);
        shell_add_field(b->e, b->fields,
                        (stella_word){.text = shell_copy(b->e, stella_buf_sv(&b->text)), .flags = flags});
    }
    b->text.len = b->pattern.len = 0;
    b->has = b->is_unknown = b->is_many = b->has_pattern = 0;
}

/* A known text between blanks of IFS: each piece is a field, the first and last touch what stands beside them. */
static void split(shell_builder *b, stella_sv text) {
    const shell_value *ifs = shell_get(b->e, STELLA_SV("IFS"));
    const stella_sv marks = ifs && shell_is_known(&ifs->word) ? ifs->word.text : STELLA_SV(" \t\n");
    size_t start = 0;
    for (size_t i = 0; i <= text.len; i++) {
        const int is_mark = i < text.len && marks.len && memchr(marks.ptr, text.ptr[i], marks.len);
        if (i < text.len && !is_mark)
            continue;
        if (i > start)
            shell_build_text(b, stella_sv_of(text.ptr + start, i - start), 0);
        if (is_mark)
            shell_build_end(b);
        start = i + 1;
    }
}

void shell_build_word(shell_builder *b, stella_word word, int is_quoted, stella_sv written) {
    if (!shell_is_known(&word)) {
        b->is_unknown = 1;
        b->is_many |= b->want == WANT_FIELDS && (!is_quoted || word.flags & STELLA_WORD_MANY);
        shell_build_text(b, written.len ? written : word.text, 1);
    } else if (is_quoted || b->want != WANT_FIELDS) {
        shell_build_text(b, word.text, is_quoted);
    } else {
        split(b, word.text);
    }
}

/* ---- parts -------------------------------------------------------------------------------------------------------- */

static stella_word arithmetic(shell_eval *e, const shell_part *part) {
    int64_t value = 0;
    const stella_word text = shell_expand_parts(e, part->parts, WANT_TEXT, part->text);
    if (!shell_is_known(&text) || !shell_calculate(e, text.text, &value))
        return shell_unsure(part->text);
    return shell_known(stella_arena_printf(e->arena, "%lld", (long long)value));
}

/* "~" and "~/..." at the front of a word. */
static void literal(shell_builder *b, const shell_part *part, int is_quoted) {
    stella_sv text = part->text;
    const int tilde = !is_quoted && !b->has && text.len && text.ptr[0] == '~' &&
                      (text.len == 1 || text.ptr[1] == '/') && !(text.len == 1 && part->next);
    if (tilde) {
        shell_build_word(b, shell_get_word(b->e, "HOME"), 1, STELLA_SV("~"));
        text = stella_sv_skip(text, 1);
    }
    shell_build_text(b, text, is_quoted);
}

static int only_all_parameters(const shell_part *part) {
    for (; part; part = part->next) {
        if (part->kind != SHELL_PART_PARAMETER)
            return 0;
        const shell_parameter *p = part->parameter;
        if (!stella_sv_eq(p->name, STELLA_SV("@")) && !(p->index && stella_sv_eq(p->index->source, STELLA_SV("@"))))
            return 0;
    }
    return 1;
}

static void double_quoted(shell_builder *b, const shell_part *part) {
    /* "" is a field, "$@" is as many as there are. */
    if (!part->parts || !only_all_parameters(part->parts))
        b->has = 1;
    shell_build_parts(b, part->parts, 1);
}

void shell_build_parts(shell_builder *b, const shell_part *part, int is_quoted) {
    for (; part && shell_ok(b->e); part = part->next) {
        switch (part->kind) {
        case SHELL_PART_LITERAL:
            literal(b, part, is_quoted);
            break;
        case SHELL_PART_QUOTED:
            shell_build_text(b, part->text, 1);
            break;
        case SHELL_PART_DOUBLE:
            double_quoted(b, part);
            break;
        case SHELL_PART_PARAMETER:
            shell_build_parameter(b, part, is_quoted);
            break;
        case SHELL_PART_COMMAND:
            shell_build_word(b, shell_substitute(b->e, part->body, part->text), is_quoted, part->text);
            break;
        case SHELL_PART_ARITHMETIC:
            shell_build_word(b, arithmetic(b->e, part), is_quoted, part->text);
            break;
        default: /* a file whose name nobody knows; its commands run all the same */
            (void)shell_substitute(b->e, part->body, part->text);
            shell_build_word(b, shell_unsure(part->text), 1, part->text);
        }
    }
}

static shell_builder builder(shell_eval *e, shell_fields *fields, shell_want want) {
    return (shell_builder){.e = e,
                           .fields = fields,
                           .want = want,
                           .text = stella_buf_of(SHELL_TEXT_MAX),
                           .pattern = stella_buf_of(2 * SHELL_TEXT_MAX)};
}

static void builder_fini(shell_builder *b) {
    stella_buf_fini(&b->text);
    stella_buf_fini(&b->pattern);
}

stella_word shell_expand_parts(shell_eval *e, const shell_part *parts, shell_want want, stella_sv written) {
    STELLA_AUTO(builder_fini) shell_builder b = builder(e, NULL, want);
    shell_build_parts(&b, parts, 0);
    const stella_sv text = shell_copy(e, stella_buf_sv(want == WANT_PATTERN ? &b.pattern : &b.text));
    if (b.is_unknown)
        return shell_unsure(text.len ? text : written);
    return shell_known(text);
}

stella_word shell_expand(shell_eval *e, const shell_word *word) {
    if (!word)
        return shell_known(STELLA_SV(""));
    return shell_expand_parts(e, word->parts, WANT_TEXT, word->source);
}

stella_word shell_expand_pattern(shell_eval *e, const shell_word *word) {
    if (!word)
        return shell_known(STELLA_SV(""));
    return shell_expand_parts(e, word->parts, WANT_PATTERN, word->source);
}

/* ---- braces: {a,b} and {1..9} in a word that is nothing but text -------------------------------------------------- */

static void expand_text(shell_eval *e, stella_sv before, stella_sv text, shell_fields *out);

static void add_text(shell_eval *e, stella_sv text, shell_fields *out) {
    STELLA_AUTO(builder_fini) shell_builder b = builder(e, out, WANT_FIELDS);
    const shell_part part = {.kind = SHELL_PART_LITERAL, .text = text};
    shell_build_parts(&b, &part, 0);
    shell_build_end(&b);
}

/* Where the brace at the front ends; commas counts those inside it alone. 0: it does not. */
static size_t brace_end(stella_sv text, uint32_t *commas) {
    uint32_t depth = 0;
    *commas = 0;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '{')
            depth++;
        else if (text.ptr[i] == '}' && --depth == 0)
            return i;
        else if (text.ptr[i] == ',' && depth == 1)
            ++*commas;
    }
    return 0;
}

static int range(shell_eval *e, stella_sv before, stella_sv inner, stella_sv behind, shell_fields *out) {
    const size_t dots = stella_sv_find(inner, '.');
    int64_t first = 0, last = 0;
    if (dots + 2 >= inner.len || inner.ptr[dots + 1] != '.' || !shell_number(stella_sv_first(inner, dots), &first) ||
        !shell_number(stella_sv_skip(inner, dots + 2), &last) || first > last || last - first > 1000)
        return 0;
    for (int64_t i = first; i <= last && shell_ok(e); i++)
        expand_text(e, stella_arena_printf(e->arena, "%.*s%lld", STELLA_SV_FMT(before), (long long)i), behind, out);
    return 1;
}

static void alternatives(shell_eval *e, stella_sv before, stella_sv inner, stella_sv behind, shell_fields *out) {
    uint32_t depth = 0;
    size_t start = 0;
    for (size_t i = 0; i <= inner.len && shell_ok(e); i++) {
        const char c = i < inner.len ? inner.ptr[i] : ',';
        depth += c == '{' ? 1 : 0;
        depth -= c == '}' ? 1 : 0;
        if (c != ',' || (depth && i < inner.len))
            continue;
        const stella_sv one = shell_join(e, stella_sv_of(inner.ptr + start, i - start), behind);
        expand_text(e, before, one, out);
        start = i + 1;
    }
}

static void expand_text(shell_eval *e, stella_sv before, stella_sv text, shell_fields *out) {
    uint32_t commas = 0;
    const size_t open = stella_sv_find(text, '{');
    const stella_sv front = shell_join(e, before, stella_sv_first(text, open)), brace = stella_sv_skip(text, open);
    const size_t end = open < text.len && out->count < 4096 ? brace_end(brace, &commas) : 0;
    if (!end) {
        add_text(e, shell_join(e, before, text), out);
        return;
    }
    const stella_sv inner = stella_sv_of(brace.ptr + 1, end - 1), behind = stella_sv_skip(brace, end + 1);
    if (commas)
        alternatives(e, front, inner, behind, out);
    else if (!range(e, front, inner, behind, out))
        expand_text(e, shell_join(e, front, stella_sv_first(brace, end + 1)), behind, out);
}

static int has_braces(const shell_eval *e, const shell_word *word) {
    const shell_part *part = word->parts;
    return !e->is_posix && part && !part->next && part->kind == SHELL_PART_LITERAL &&
           stella_sv_find(part->text, '{') < part->text.len;
}

void shell_expand_words(shell_eval *e, const shell_word *words, shell_fields *out) {
    for (const shell_word *word = words; word && shell_ok(e); word = word->next) {
        if (has_braces(e, word)) {
            expand_text(e, STELLA_SV(""), word->parts->text, out);
            continue;
        }
        STELLA_AUTO(builder_fini) shell_builder b = builder(e, out, WANT_FIELDS);
        shell_build_parts(&b, word->parts, 0);
        shell_build_end(&b);
    }
}
