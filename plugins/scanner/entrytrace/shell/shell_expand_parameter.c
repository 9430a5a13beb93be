/* ${...}: Bash Reference Manual 3.5.3. */
#include "shell_eval.h"

#include "shell_pattern.h"

#include <stella/auto.h>

/* What a parameter stands for before anything is done with it. */
typedef struct shell_got {
    shell_item one;
    const shell_item *items;
    uint32_t count;
    int is_set;      /* 1, 0, STATUS_UNKNOWN */
    uint32_t is_all; /* "@": each item is a word of its own; 2: "*": they are joined */
} shell_got;

static shell_got got_word(stella_word word) {
    return (shell_got){.one = {.word = word}, .count = 1, .is_set = 1};
}

static const shell_item *item_of(const shell_got *got, uint32_t i) {
    return got->items ? &got->items[i] : &got->one;
}

/* Whether the number of words is known: none of them stands for several. */
static int is_countable(const shell_item *items, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (items[i].word.flags & STELLA_WORD_MANY)
            return 0;
    return 1;
}

static shell_got positional(shell_eval *e, stella_sv name) {
    const shell_value *all = shell_positional(e);
    int64_t n = 0;
    if (!shell_number(name, &n) || n < 0 || n > SHELL_VALUES_MAX)
        return (shell_got){0};
    if (n == 0)
        return got_word(shell_known(e->name));
    const uint32_t at = (uint32_t)n - 1, before = at < all->count ? at + 1 : all->count;
    if (!is_countable(all->items, before))
        return (shell_got){
            .one = {.word = shell_unsure(shell_join(e, STELLA_SV("$"), name))}, .count = 1, .is_set = STATUS_UNKNOWN};
    return at < all->count ? got_word(all->items[at].word) : (shell_got){0};
}

static shell_got sign(shell_eval *e, char c) {
    const shell_value *all = shell_positional(e);
    switch (c) {
    case '@':
    case '*':
        return (shell_got){
            .items = all->items, .count = all->count, .is_set = all->count > 0, .is_all = c == '@' ? 1 : 2};
    case '#':
        return got_word(is_countable(all->items, all->count)
                            ? shell_known(stella_arena_printf(e->arena, "%u", all->count))
                            : shell_unsure(STELLA_SV("$#")));
    case '?':
        return got_word(e->last_status == STATUS_UNKNOWN
                            ? shell_unsure(STELLA_SV("$?"))
                            : shell_known(stella_arena_printf(e->arena, "%d", e->last_status)));
    case '-':
        return got_word(shell_known(STELLA_SV("hB")));
    default:
        return got_word(shell_unsure(c == '$' ? STELLA_SV("$$") : STELLA_SV("$!")));
    }
}

static shell_got element(shell_eval *e, const shell_value *value, const shell_word *index) {
    const stella_word key = shell_expand(e, index);
    stella_sv wanted = key.text;
    int64_t number = 0;
    if (!shell_is_known(&key) || !(value->flags & VALUE_ARRAY || shell_number(key.text, &number)))
        return (shell_got){.one = {.word = shell_unsure(index->source)}, .count = 1, .is_set = STATUS_UNKNOWN};
    if (!(value->flags & VALUE_ARRAY))
        return number == 0 ? got_word(value->word) : (shell_got){0};
    if (!(value->flags & VALUE_MAP)) {
        if (!shell_calculate(e, key.text, &number))
            return (shell_got){.one = {.word = shell_unsure(index->source)}, .count = 1, .is_set = STATUS_UNKNOWN};
        if (number < 0)
            number += value->count;
        wanted = stella_arena_printf(e->arena, "%lld", (long long)number);
    }
    for (uint32_t i = 0; i < value->count; i++)
        if (stella_sv_eq(value->items[i].key, wanted))
            return got_word(value->items[i].word);
    if (!is_countable(value->items, value->count))
        return (shell_got){.one = {.word = shell_unsure(index->source)}, .count = 1, .is_set = STATUS_UNKNOWN};
    return (shell_got){0};
}

static shell_got of_value(shell_eval *e, const shell_value *value, const shell_word *index) {
    const stella_sv all = index ? index->source : STELLA_SV("");
    const int at = stella_sv_eq(all, STELLA_SV("@")), star = stella_sv_eq(all, STELLA_SV("*"));
    if ((at || star) && value->flags & VALUE_ARRAY)
        return (shell_got){
            .items = value->items, .count = value->count, .is_set = value->count > 0, .is_all = at ? 1 : 2};
    if (index && !at && !star)
        return element(e, value, index);
    if (value->flags & VALUE_ARRAY) {
        for (uint32_t i = 0; i < value->count; i++)
            if (stella_sv_eq(value->items[i].key, STELLA_SV("0")))
                return got_word(value->items[i].word);
        return (shell_got){0};
    }
    shell_got got = got_word(value->word);
    if (value->flags & VALUE_MAYBE)
        got.is_set = STATUS_UNKNOWN;
    return got;
}

static shell_got look_up(shell_eval *e, stella_sv name, const shell_word *index) {
    shell_value special;
    if (name.len == 1 && strchr("@*#?$!-", name.ptr[0]))
        return sign(e, name.ptr[0]);
    if (name.len && name.ptr[0] >= '0' && name.ptr[0] <= '9')
        return positional(e, name);
    if (shell_special(e, name, &special))
        return of_value(e, &special, index);
    const shell_value *value = shell_get(e, name);
    if (value)
        return of_value(e, value, index);
    if (e->hop->launch->flags & STELLA_LAUNCH_ENV_OPEN && !index)
        return (shell_got){
            .one = {.word = shell_unsure(shell_join(e, STELLA_SV("$"), name))}, .count = 1, .is_set = STATUS_UNKNOWN};
    /* No words at all, when all of an array are asked for. */
    const int all =
        index && (stella_sv_eq(index->source, STELLA_SV("@")) || stella_sv_eq(index->source, STELLA_SV("*")));
    return (shell_got){.is_all = !all ? 0 : index->source.ptr[0] == '@' ? 1 : 2};
}

/* ---- operations on one value -------------------------------------------------------------------------------------- */

static stella_sv changed_case(shell_eval *e, stella_sv text, uint32_t op) {
    const stella_sv copy = shell_copy(e, text);
    char *bytes = (char *)(uintptr_t)copy.ptr;
    const int upper = op == SHELL_OP_UPPER || op == SHELL_OP_UPPER_FIRST;
    const int all = op == SHELL_OP_UPPER || op == SHELL_OP_LOWER;
    for (size_t i = 0; bytes && i < (all ? copy.len : copy.len < 1 ? copy.len : 1); i++) {
        if (upper && bytes[i] >= 'a' && bytes[i] <= 'z')
            bytes[i] = (char)(bytes[i] - 'a' + 'A');
        else if (!upper && bytes[i] >= 'A' && bytes[i] <= 'Z')
            bytes[i] = (char)(bytes[i] - 'A' + 'a');
    }
    return copy;
}

static int cut(stella_sv text, stella_sv pattern, uint32_t op, stella_sv *out) {
    size_t len = 0;
    const int prefix = op == SHELL_OP_PREFIX || op == SHELL_OP_PREFIX_LONG;
    const int longest = op == SHELL_OP_PREFIX_LONG || op == SHELL_OP_SUFFIX_LONG;
    if (text.len > 65536)
        return 0;
    const int found =
        prefix ? shell_match_prefix(pattern, text, longest, &len) : shell_match_suffix(pattern, text, longest, &len);
    if (found < 0)
        return 0;
    if (found)
        text = prefix ? stella_sv_skip(text, len) : stella_sv_first(text, text.len - len);
    *out = text;
    return 1;
}

static int replace(shell_eval *e, stella_sv text, stella_sv pattern, stella_sv by, uint32_t op, stella_sv *out) {
    STELLA_AUTO(stella_buf_fini) stella_buf result = stella_buf_of(SHELL_TEXT_MAX);
    int done = 0;
    size_t len = 0;
    if (text.len > 16384)
        return 0;
    if (op == SHELL_OP_REPLACE_SUFFIX) {
        const int found = shell_match_suffix(pattern, text, 1, &len);
        *out = found == 1 ? shell_join(e, stella_sv_first(text, text.len - len), by) : text;
        return found >= 0;
    }
    for (size_t i = 0; i < text.len;) {
        const int may = !done && (op != SHELL_OP_REPLACE_PREFIX || i == 0);
        const int found = may ? shell_match_prefix(pattern, stella_sv_skip(text, i), 1, &len) : 0;
        if (found < 0)
            return 0;
        if (found && len) {
            stella_buf_add(&result, by);
            i += len;
            done = op != SHELL_OP_REPLACE_ALL;
        } else {
            stella_buf_u8(&result, (uint8_t)text.ptr[i++]);
        }
    }
    *out = shell_copy(e, stella_buf_sv(&result));
    return !result.failed;
}

static int bounds(shell_eval *e, const shell_parameter *p, size_t size, int64_t *from, int64_t *to) {
    const stella_word offset = shell_expand(e, p->argument), length = shell_expand(e, p->replacement);
    int64_t len = 0;
    if (!shell_is_known(&offset) || !shell_is_known(&length) || !shell_calculate(e, offset.text, from) ||
        (p->replacement && !shell_calculate(e, length.text, &len)))
        return 0;
    if (*from < 0)
        *from += (int64_t)size;
    if (*from < 0 || *from > (int64_t)size)
        *from = (int64_t)size;
    *to = (int64_t)size;
    if (p->replacement && len < 0)
        *to += len;
    else if (p->replacement && len < *to - *from)
        *to = *from + len;
    if (*to < *from)
        *to = *from;
    return 1;
}

static int quoted_for_shell(shell_eval *e, stella_sv text, stella_sv *out) {
    if (stella_sv_find(text, '\'') < text.len)
        return 0;
    *out = stella_arena_printf(e->arena, "'%.*s'", STELLA_SV_FMT(text));
    return 1;
}

/* Returns 0 when the outcome cannot be known. */
static int operate(shell_eval *e, const shell_parameter *p, stella_sv text, stella_sv *out) {
    int64_t from = 0, to = 0;
    if (p->op >= SHELL_OP_PREFIX && p->op <= SHELL_OP_REPLACE_SUFFIX) {
        const stella_word pattern = shell_expand_pattern(e, p->argument);
        if (!shell_is_known(&pattern))
            return 0;
        if (p->op < SHELL_OP_REPLACE)
            return cut(text, pattern.text, p->op, out);
        const stella_word by = shell_expand(e, p->replacement);
        return shell_is_known(&by) && replace(e, text, pattern.text, by.text, p->op, out);
    }
    switch (p->op) {
    case SHELL_OP_SUBSTRING:
        if (!bounds(e, p, text.len, &from, &to))
            return 0;
        *out = stella_sv_first(stella_sv_skip(text, (size_t)from), (size_t)(to - from));
        return 1;
    case SHELL_OP_TRANSFORM:
        return stella_sv_eq(p->argument->source, STELLA_SV("Q")) && quoted_for_shell(e, text, out);
    default:
        if (p->argument && p->argument->parts)
            return 0; /* the pattern that says which letters */
        *out = changed_case(e, text, p->op);
        return 1;
    }
}

static stella_word changed(shell_eval *e, const shell_parameter *p, stella_word word, stella_sv written) {
    stella_sv out = STELLA_SV("");
    if (!shell_is_known(&word))
        return (stella_word){.text = written, .flags = word.flags};
    return operate(e, p, word.text, &out) ? shell_known(out) : shell_unsure(written);
}

/* ---- the whole ---------------------------------------------------------------------------------------------------- */

/* What "$*" and "${a[*]}" have between their words: the first byte of IFS. */
static stella_word joint(const shell_eval *e, const shell_got *got) {
    const shell_value *ifs = got->is_all == 2 ? shell_get(e, STELLA_SV("IFS")) : NULL;
    if (!ifs)
        return shell_known(STELLA_SV(" "));
    return shell_is_known(&ifs->word) ? shell_known(stella_sv_first(ifs->word.text, 1)) : ifs->word;
}

static void each(shell_builder *b, const shell_got *got, const shell_part *part, int is_quoted) {
    const shell_parameter *p = part->parameter;
    int64_t from = 0, to = got->count;
    const int slice = got->is_all && p->op == SHELL_OP_SUBSTRING;
    if (slice && !bounds(b->e, p, (size_t)got->count + (p->index ? 0 : 1), &from, &to)) {
        shell_build_word(b, (stella_word){.text = part->text, .flags = STELLA_WORD_UNKNOWN | STELLA_WORD_MANY},
                         is_quoted, part->text);
        return;
    }
    if (slice && !p->index) /* "${@:2}" counts from $0 */
        from -= from > 0 ? 1 : 0, to -= 1;
    const int joined = got->is_all == 2 && (is_quoted || b->want != WANT_FIELDS);
    for (int64_t i = from; i < to && i < got->count; i++) {
        const shell_item *item = item_of(got, (uint32_t)i);
        const stella_sv written = item->word.flags & STELLA_WORD_UNKNOWN && got->is_all ? item->word.text : part->text;
        const stella_word word = p->op && !slice ? changed(b->e, p, item->word, written) : item->word;
        if (i > from && (joined || b->want != WANT_FIELDS))
            shell_build_word(b, joint(b->e, got), 1, STELLA_SV(""));
        else if (i > from)
            shell_build_end(b);
        shell_build_word(b, word, is_quoted, written);
        b->has |= is_quoted;
    }
}

static int is_empty(const shell_got *got) { /* three-valued */
    if (got->is_set == 0 || got->count == 0)
        return 1;
    if (got->count > 1)
        return 0;
    const stella_word *word = &item_of(got, 0)->word;
    return shell_is_known(word) ? !word->text.len : STATUS_UNKNOWN;
}

/* Whether - = ? + take the value as missing: 1, 0, STATUS_UNKNOWN. */
static int is_missing(const shell_got *got, const shell_parameter *p) {
    if (got->is_set == 0)
        return 1;
    const int empty = p->has_colon ? is_empty(got) : 0;
    if (empty == 1)
        return 1;
    return got->is_set == STATUS_UNKNOWN || empty == STATUS_UNKNOWN ? STATUS_UNKNOWN : 0;
}

static void argument(shell_builder *b, const shell_parameter *p, int is_quoted) {
    if (p->argument)
        shell_build_parts(b, p->argument->parts, is_quoted);
}

static void defaulting(shell_builder *b, const shell_got *got, const shell_part *part, int is_quoted) {
    const shell_parameter *p = part->parameter;
    const shell_part plain = {
        .kind = SHELL_PART_PARAMETER, .text = part->text, .parameter = &(shell_parameter){.op = SHELL_OP_NONE}};
    const int missing = is_missing(got, p);
    if (p->op == SHELL_OP_ALTERNATE) {
        if (missing == 0)
            argument(b, p, is_quoted);
        else if (missing == STATUS_UNKNOWN)
            shell_build_word(b, shell_unsure(part->text), is_quoted, part->text);
    } else if (missing == 0 || (missing == STATUS_UNKNOWN && p->op == SHELL_OP_ERROR)) {
        each(b, got, &plain, is_quoted);
    } else if (missing == STATUS_UNKNOWN) {
        shell_build_word(b, shell_unsure(part->text), is_quoted, part->text);
    } else {
        if (p->op == SHELL_OP_ASSIGN)
            shell_set(b->e, p->name, shell_expand(b->e, p->argument));
        argument(b, p, is_quoted);
    }
}

static void names(shell_builder *b, const shell_parameter *p, int is_quoted) {
    uint32_t at = 0, count = 0;
    stella_sv name;
    const shell_value *value;
    while (shell_state_each(b->e->state, SLOT_VARIABLE, &at, &name, &value)) {
        if (!stella_sv_starts(name, p->name))
            continue;
        if (count++)
            shell_build_end(b);
        shell_build_text(b, name, is_quoted);
    }
}

static void keys(shell_builder *b, const shell_got *got, int is_quoted) {
    for (uint32_t i = 0; i < got->count; i++) {
        if (i)
            shell_build_end(b);
        shell_build_word(b, shell_known(item_of(got, i)->key), is_quoted, STELLA_SV(""));
    }
}

static stella_word length(shell_eval *e, const shell_got *got, stella_sv written) {
    if (got->is_all)
        return is_countable(got->items, got->count) ? shell_known(stella_arena_printf(e->arena, "%u", got->count))
                                                    : shell_unsure(written);
    if (!got->count)
        return got->is_set == STATUS_UNKNOWN ? shell_unsure(written) : shell_known(STELLA_SV("0"));
    const stella_word *word = &item_of(got, 0)->word;
    return shell_is_known(word) ? shell_known(stella_arena_printf(e->arena, "%zu", word->text.len))
                                : shell_unsure(written);
}

/* "name[index]", of which the index is a number, a plain key, "@" or "*". Returns 0 for others. */
static int element_of_text(shell_eval *e, stella_sv text, shell_got *got) {
    const size_t open = stella_sv_find(text, '[');
    const stella_sv index = stella_sv_first(stella_sv_skip(text, open + 1), text.len - open - 2);
    if (text.len < open + 3 || text.ptr[text.len - 1] != ']')
        return 0;
    for (size_t i = 0; i < index.len; i++)
        if (strchr("$`\"'\\[]", index.ptr[i]))
            return 0;
    const shell_part part = {.kind = SHELL_PART_LITERAL, .text = index};
    *got = look_up(e, stella_sv_first(text, open), &(shell_word){.source = index, .parts = &part});
    return 1;
}

/* ${!name}: the parameter whose name is the value. Returns 0 when that cannot be known. */
static int indirect(shell_eval *e, const shell_parameter *p, shell_got *got) {
    const shell_got name = look_up(e, p->name, p->index);
    if (name.is_set == 0)
        return *got = (shell_got){0}, 1;
    const stella_word *word = &item_of(&name, 0)->word;
    if (name.is_set != 1 || !shell_is_known(word))
        return 0;
    if (stella_sv_find(word->text, '[') < word->text.len)
        return element_of_text(e, word->text, got);
    *got = look_up(e, word->text, NULL);
    return 1;
}

void shell_build_parameter(shell_builder *b, const shell_part *part, int is_quoted) {
    const shell_parameter *p = part->parameter;
    const int all =
        p->index && (stella_sv_eq(p->index->source, STELLA_SV("@")) || stella_sv_eq(p->index->source, STELLA_SV("*")));
    if (p->op == SHELL_OP_NAMES) {
        names(b, p, is_quoted);
        return;
    }
    shell_got got = {0};
    if (p->is_indirect && all) {
        got = look_up(b->e, p->name, p->index);
        keys(b, &got, is_quoted);
        return;
    }
    if (!p->is_indirect) {
        got = look_up(b->e, p->name, p->index);
    } else if (!indirect(b->e, p, &got)) {
        shell_build_word(b, shell_unsure(part->text), is_quoted, part->text);
        return;
    }
    if (p->is_length)
        shell_build_word(b, length(b->e, &got, part->text), is_quoted, part->text);
    else if (p->op >= SHELL_OP_DEFAULT && p->op <= SHELL_OP_ALTERNATE)
        defaulting(b, &got, part, is_quoted);
    else
        each(b, &got, part, is_quoted);
    b->has |= is_quoted && !got.is_all;
}
