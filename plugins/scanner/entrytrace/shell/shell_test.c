/* Conditions: test, [ and [[, three-valued. */
#include "shell_eval.h"

#include "shell_pattern.h"

static int not(int value) {
    return value == STATUS_UNKNOWN ? value : !value;
}

static int is_root(const shell_eval *e) {
    const stella_sv user = stella_sv_first(e->hop->launch->user, stella_sv_find(e->hop->launch->user, ':'));
    return !user.len || stella_sv_eq(user, STELLA_SV("0")) || stella_sv_eq(user, STELLA_SV("root"));
}

/* Permission: certain for root, and for others where everybody has it or nobody. */
static int may(const shell_eval *e, const stella_file *file, char kind) {
    const uint32_t bit = kind == 'r' ? 4 : kind == 'w' ? 2 : 1;
    const uint32_t all = bit | bit << 3 | bit << 6;
    if (is_root(e))
        return kind != 'x' || (file->mode & 0111) || file->kind == STELLA_FILE_DIRECTORY;
    if ((file->mode & all) == all)
        return 1;
    return file->mode & all ? STATUS_UNKNOWN : 0;
}

/* A link itself, not where it leads to. */
static int is_link(shell_eval *e, stella_sv path) {
    const stella_sv where = shell_path(e, path);
    const size_t slash = stella_sv_rfind(where, '/');
    const stella_sv parent = slash < where.len ? stella_sv_first(where, slash) : STELLA_SV("");
    if (!where.ptr || shell_is_touched(e, where))
        return STATUS_UNKNOWN;
    stella_entries it = STELLA_ENTRIES_INIT;
    stella_file file = STELLA_FILE_INIT;
    const stella_sv base = slash < where.len ? stella_sv_skip(where, slash + 1) : where;
    while (stella_view_next(e->hop->view, parent, &it, &file))
        if (stella_sv_ends(file.path, base) &&
            (file.path.len == base.len || file.path.ptr[file.path.len - base.len - 1] == '/'))
            return file.kind == STELLA_FILE_SYMLINK;
    return 0;
}

static int file_test(shell_eval *e, char op, stella_sv path) {
    stella_file file;
    if (op == 'L' || op == 'h')
        return is_link(e, path);
    const int found = shell_stat(e, path, &file);
    if (found != 1)
        return found;
    switch (op) {
    case 'e':
    case 'a':
        return 1;
    case 'f':
        return file.kind == STELLA_FILE_REGULAR;
    case 'd':
        return file.kind == STELLA_FILE_DIRECTORY;
    case 's':
        return file.kind == STELLA_FILE_DIRECTORY || file.size > 0;
    case 'r':
    case 'w':
    case 'x':
        return may(e, &file, op);
    case 'u':
        return (file.mode & 04000) != 0;
    case 'g':
        return (file.mode & 02000) != 0;
    case 'k':
        return (file.mode & 01000) != 0;
    case 'p':
    case 'S':
    case 'b':
    case 'c':
        return file.kind == STELLA_FILE_OTHER ? STATUS_UNKNOWN : 0;
    default: /* -O -G -N */
        return STATUS_UNKNOWN;
    }
}

static int is_set(shell_eval *e, stella_sv name) {
    const shell_value *value = shell_get(e, stella_sv_first(name, stella_sv_find(name, '[')));
    if (!value)
        return e->hop->launch->flags & STELLA_LAUNCH_ENV_OPEN ? STATUS_UNKNOWN : 0;
    return value->flags & (VALUE_MAYBE | VALUE_ARRAY) || stella_sv_find(name, '[') < name.len ? STATUS_UNKNOWN : 1;
}

static int unary(shell_eval *e, char op, const stella_word *word) {
    const int known = shell_is_known(word);
    if (op == 't' || !known)
        return STATUS_UNKNOWN;
    if (op == 'n' || op == 'z')
        return (word->text.len > 0) == (op == 'n');
    if (op == 'v')
        return is_set(e, word->text);
    if (op == 'o')
        return shell_option(e, stella_arena_cstr(e->arena, word->text));
    return file_test(e, op, word->text);
}

static int compare(stella_sv op, int64_t a, int64_t b) {
    if (stella_sv_eq(op, STELLA_SV("-eq")))
        return a == b;
    if (stella_sv_eq(op, STELLA_SV("-ne")))
        return a != b;
    if (stella_sv_eq(op, STELLA_SV("-lt")))
        return a < b;
    if (stella_sv_eq(op, STELLA_SV("-le")))
        return a <= b;
    return stella_sv_eq(op, STELLA_SV("-gt")) ? a > b : a >= b;
}

static int is_numeric(stella_sv op) {
    static const char *const ops[] = {"-eq", "-ne", "-lt", "-le", "-gt", "-ge"};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (stella_sv_eq(op, stella_sv_cstr(ops[i])))
            return 1;
    return 0;
}

static int is_binary(stella_sv op) {
    static const char *const ops[] = {"=", "==", "!=", "<", ">", "=~", "-nt", "-ot", "-ef"};
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (stella_sv_eq(op, stella_sv_cstr(ops[i])))
            return 1;
    return is_numeric(op);
}

/* One that is not numeric; pattern is the second word. */
static int compare_text(stella_sv op, const stella_word *a, const stella_word *b, int is_pattern) {
    if (stella_sv_eq(op, STELLA_SV("<")) || stella_sv_eq(op, STELLA_SV(">")))
        return op.ptr[0] == '<' ? stella_sv_cmp(a->text, b->text) < 0 : stella_sv_cmp(a->text, b->text) > 0;
    if (op.ptr[0] == '-' || stella_sv_eq(op, STELLA_SV("=~")))
        return STATUS_UNKNOWN;
    const int same = is_pattern ? shell_match(b->text, a->text) : stella_sv_eq(a->text, b->text);
    return op.ptr[0] == '!' ? not(same) : same;
}

/* ---- test, [ ------------------------------------------------------------------------------------------------------ */

typedef struct test_run {
    shell_eval *e;
    const stella_word *words;
    uint32_t at, end, depth;
} test_run;

static int any_of(test_run *t);

static int word_is(const test_run *t, uint32_t at, const char *text) {
    return at < t->end && shell_is_known(&t->words[at]) && stella_sv_eq(t->words[at].text, stella_sv_cstr(text));
}

static int numbers(shell_eval *e, stella_sv op, const stella_word *a, const stella_word *b, int calculated) {
    int64_t x = 0, y = 0;
    const stella_sv left = stella_sv_trim(a->text), right = stella_sv_trim(b->text);
    const int ok = calculated ? shell_calculate(e, left, &x) && shell_calculate(e, right, &y)
                              : shell_number(left, &x) && shell_number(right, &y);
    if (ok)
        return compare(op, x, y);
    return calculated ? STATUS_UNKNOWN : 0; /* "integer expression expected" */
}

static int binary(test_run *t) {
    const stella_word *a = &t->words[t->at], *op = a + 1, *b = a + 2;
    t->at += 3;
    if (!shell_is_known(a) || !shell_is_known(b))
        return STATUS_UNKNOWN;
    return is_numeric(op->text) ? numbers(t->e, op->text, a, b, 0) : compare_text(op->text, a, b, 0);
}

static int is_unary_word(const stella_word *word) {
    return shell_is_known(word) && word->text.len == 2 && word->text.ptr[0] == '-' &&
           strchr("abcdefghknoprstuvwxzGLNOS", word->text.ptr[1]) != NULL;
}

static int primary(test_run *t) {
    if (t->at >= t->end || ++t->depth > 100)
        return t->at++, 0;
    const uint32_t left = t->end - t->at;
    const stella_word *word = &t->words[t->at];
    if (left >= 3 && shell_is_known(&word[1]) && is_binary(word[1].text))
        return binary(t);
    if (left > 1 && word_is(t, t->at, "!"))
        return t->at++, not(primary(t));
    if (left > 1 && word_is(t, t->at, "(")) {
        t->at++;
        const int value = any_of(t);
        t->at++;
        return value;
    }
    if (left >= 2 && is_unary_word(word)) {
        t->at += 2;
        return unary(t->e, word->text.ptr[1], &word[1]);
    }
    t->at++;
    return shell_is_known(word) ? word->text.len > 0 : STATUS_UNKNOWN;
}

static int both(int a, int b) {
    if (a == 0 || b == 0)
        return 0;
    return a == STATUS_UNKNOWN || b == STATUS_UNKNOWN ? STATUS_UNKNOWN : 1;
}

static int all_of(test_run *t) {
    int value = primary(t);
    while (word_is(t, t->at, "-a")) {
        t->at++;
        value = both(value, primary(t));
    }
    return value;
}

static int any_of(test_run *t) {
    int value = all_of(t);
    while (word_is(t, t->at, "-o")) {
        t->at++;
        value = not(both(not(value), not(all_of(t))));
    }
    return value;
}

int shell_test_words(shell_eval *e, const stella_word *words, uint32_t count) {
    for (uint32_t i = 0; i < count; i++)
        if (words[i].flags & STELLA_WORD_MANY)
            return STATUS_UNKNOWN;
    test_run t = {.e = e, .words = words, .end = count};
    return any_of(&t);
}

/* ---- [[ ----------------------------------------------------------------------------------------------------------- */

/* A regular expression that is nothing but text, with "^" and "$" perhaps. */
static int simple_regex(const shell_test *test, const stella_word *text, stella_sv regex) {
    const int front = regex.len && regex.ptr[0] == '^';
    regex = stella_sv_skip(regex, front ? 1 : 0);
    const int back = regex.len && regex.ptr[regex.len - 1] == '$';
    regex = stella_sv_first(regex, regex.len - (back ? 1 : 0));
    (void)test;
    for (size_t i = 0; i < regex.len; i++)
        if (strchr("\\^$.[]|()*+?{}", regex.ptr[i]))
            return STATUS_UNKNOWN;
    for (size_t i = 0; i + regex.len <= text->text.len; i++) {
        const stella_sv rest = stella_sv_skip(text->text, i);
        if (stella_sv_starts(rest, regex) && (!front || i == 0) && (!back || rest.len == regex.len))
            return 1;
    }
    return 0;
}

static int tree_binary(shell_eval *e, const shell_test *test) {
    const stella_word a = shell_expand(e, test->word);
    const int numeric = is_numeric(test->op), regex = stella_sv_eq(test->op, STELLA_SV("=~"));
    const int pattern = !numeric && !regex && memchr("=!", test->op.ptr[0], 2) != NULL;
    const stella_word b = pattern ? shell_expand_pattern(e, test->other) : shell_expand(e, test->other);
    if (!shell_is_known(&a) || !shell_is_known(&b))
        return STATUS_UNKNOWN;
    if (numeric)
        return numbers(e, test->op, &a, &b, 1);
    return regex ? simple_regex(test, &a, b.text) : compare_text(test->op, &a, &b, pattern);
}

int shell_test_tree(shell_eval *e, const shell_test *test) {
    stella_word word;
    int left;
    switch (test->kind) {
    case SHELL_TEST_AND:
        left = shell_test_tree(e, test->left);
        return left == 0 ? 0 : both(left, shell_test_tree(e, test->right));
    case SHELL_TEST_OR:
        left = shell_test_tree(e, test->left);
        return left == 1 ? 1 : not(both(not(left), not(shell_test_tree(e, test->right))));
    case SHELL_TEST_NOT:
        return not(shell_test_tree(e, test->left));
    case SHELL_TEST_UNARY:
        word = shell_expand(e, test->word);
        return unary(e, test->op.ptr[1], &word);
    case SHELL_TEST_BINARY:
        return tree_binary(e, test);
    default:
        word = shell_expand(e, test->word);
        return shell_is_known(&word) ? word.text.len > 0 : STATUS_UNKNOWN;
    }
}
