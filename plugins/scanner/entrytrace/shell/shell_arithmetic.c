/* Arithmetic: Bash Reference Manual 6.5. The operators of C on 64 bits that wrap around. */
#include "shell_eval.h"

#define DEPTH_MAX 50

typedef struct calculator {
    shell_eval *e;
    stella_sv rest;
    uint32_t depth;
    int32_t failed;  /* what cannot be known, or is no expression */
    int32_t skipped; /* the side of ?: && || that does not count */
} calculator;

static int64_t expression(calculator *c, int level);

int shell_number(stella_sv text, int64_t *out) {
    uint64_t value = 0;
    const int negative = text.len && text.ptr[0] == '-';
    const stella_sv digits = text.len && (negative || text.ptr[0] == '+') ? stella_sv_skip(text, 1) : text;
    if (!stella_sv_u64(digits, INT64_MAX, &value))
        return 0;
    *out = negative ? -(int64_t)value : (int64_t)value;
    return 1;
}

static void blanks(calculator *c) {
    while (c->rest.len && strchr(" \t\n\r", c->rest.ptr[0]))
        c->rest = stella_sv_skip(c->rest, 1);
}

static int64_t fail(calculator *c) {
    c->failed = 1;
    return 0;
}

static char next(calculator *c) {
    blanks(c);
    return c->rest.len ? c->rest.ptr[0] : '\0';
}

static int is_name_byte(char b) {
    return (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || (b >= '0' && b <= '9') || b == '_';
}

static stella_sv take_name(calculator *c) {
    size_t len = 0;
    while (len < c->rest.len && is_name_byte(c->rest.ptr[len]))
        len++;
    const stella_sv name = stella_sv_first(c->rest, len);
    c->rest = stella_sv_skip(c->rest, len);
    return name;
}

static int64_t literal(calculator *c, stella_sv text) {
    uint64_t base = 10, value = 0;
    if (text.len > 1 && text.ptr[0] == '0')
        base = (text.ptr[1] | 0x20) == 'x' ? 16 : 8;
    for (size_t i = base == 16 ? 2 : 0; i < text.len; i++) {
        const char b = text.ptr[i];
        uint64_t digit = 99;
        if (b >= '0' && b <= '9')
            digit = (uint64_t)(b - '0');
        else if ((b | 0x20) >= 'a' && (b | 0x20) <= 'f')
            digit = (uint64_t)((b | 0x20) - 'a' + 10);
        if (digit >= base)
            return fail(c);
        value = value * base + digit;
    }
    return (int64_t)value;
}

static int64_t value_of(calculator *c, stella_sv name) {
    shell_value special;
    const shell_value *value = shell_get(c->e, name);
    if (!value && shell_special(c->e, name, &special))
        value = &special;
    if (!value)
        return c->e->hop->launch->flags & STELLA_LAUNCH_ENV_OPEN ? fail(c) : 0;
    int64_t out = 0;
    if (value->flags & (VALUE_ARRAY | VALUE_MAYBE) || !shell_is_known(&value->word))
        return fail(c);
    if (!value->word.text.len)
        return 0;
    calculator inner = {.e = c->e, .rest = value->word.text, .depth = c->depth + 1};
    if (inner.depth > DEPTH_MAX)
        return fail(c);
    out = expression(&inner, 0);
    return inner.failed || next(&inner) ? fail(c) : out;
}

static void store(calculator *c, stella_sv name, int64_t value) {
    if (c->skipped || c->failed)
        return;
    shell_set(c->e, name, shell_known(stella_arena_printf(c->e->arena, "%lld", (long long)value)));
}

static int64_t apply(calculator *c, const char *op, int64_t a, int64_t b) {
    const uint64_t x = (uint64_t)a, y = (uint64_t)b;
    switch (op[0]) {
    case '+':
        return (int64_t)(x + y);
    case '-':
        return (int64_t)(x - y);
    case '*':
        return (int64_t)(x * y);
    case '/':
    case '%':
        if (b == 0 || (b == -1 && a == INT64_MIN))
            return fail(c);
        return op[0] == '/' ? a / b : a % b;
    case '<':
        return op[1] == '<' ? (int64_t)(x << (y & 63)) : op[1] == '=' ? a <= b : a < b;
    case '>':
        return op[1] == '>' ? a >> (y & 63) : op[1] == '=' ? a >= b : a > b;
    case '=':
        return a == b;
    case '!':
        return a != b;
    case '&':
        return a & b;
    case '|':
        return a | b;
    default:
        return a ^ b;
    }
}

/* name, name++, name = ..., name += ... */
static int64_t variable(calculator *c) {
    static const char *const ops[] = {"<<=", ">>=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^="};
    const stella_sv name = take_name(c);
    (void)next(c);
    if (c->rest.len && c->rest.ptr[0] == '[')
        return fail(c);
    if (stella_sv_starts(c->rest, STELLA_SV("++")) || stella_sv_starts(c->rest, STELLA_SV("--"))) {
        const int64_t old = value_of(c, name);
        store(c, name, apply(c, c->rest.ptr, old, 1));
        c->rest = stella_sv_skip(c->rest, 2);
        return old;
    }
    if (next(c) == '=' && !stella_sv_starts(c->rest, STELLA_SV("=="))) {
        c->rest = stella_sv_skip(c->rest, 1);
        const int64_t value = expression(c, 1);
        store(c, name, value);
        return value;
    }
    for (size_t i = 0; i < sizeof ops / sizeof ops[0]; i++)
        if (stella_sv_starts(c->rest, stella_sv_cstr(ops[i]))) {
            c->rest = stella_sv_skip(c->rest, strlen(ops[i]));
            const int64_t right = expression(c, 1), value = apply(c, ops[i], value_of(c, name), right);
            store(c, name, value);
            return value;
        }
    return value_of(c, name);
}

static int64_t changed_before(calculator *c) { /* ++name, --name */
    const char sign = c->rest.ptr[0];
    c->rest = stella_sv_skip(c->rest, 2);
    (void)next(c);
    const stella_sv name = take_name(c);
    const int64_t value = name.len ? apply(c, sign == '+' ? "+" : "-", value_of(c, name), 1) : fail(c);
    store(c, name, value);
    return value;
}

static int64_t unary(calculator *c) {
    const char b = next(c);
    if (++c->depth > DEPTH_MAX)
        return fail(c);
    int64_t value = 0;
    if (stella_sv_starts(c->rest, STELLA_SV("++")) || stella_sv_starts(c->rest, STELLA_SV("--"))) {
        value = changed_before(c);
    } else if (b && strchr("!~-+", b)) {
        c->rest = stella_sv_skip(c->rest, 1);
        const int64_t inner = unary(c);
        value = b == '!' ? !inner : b == '~' ? ~inner : b == '-' ? (int64_t)(0 - (uint64_t)inner) : inner;
    } else if (b == '(') {
        c->rest = stella_sv_skip(c->rest, 1);
        value = expression(c, 0);
        if (next(c) != ')')
            return fail(c);
        c->rest = stella_sv_skip(c->rest, 1);
    } else if (b >= '0' && b <= '9') {
        value = literal(c, take_name(c));
    } else {
        value = is_name_byte(b) ? variable(c) : fail(c);
    }
    c->depth--;
    return value;
}

/* Binary operators by how strongly they bind; longer ones first where one begins the other. */
typedef struct binary {
    const char *text;
    int level;
} binary;
static const binary BINARIES[] = {{"**", 14}, {"||", 3},  {"&&", 4}, {"==", 8}, {"!=", 8}, {"<=", 9}, {">=", 9},
                                  {"<<", 10}, {">>", 10}, {"|", 5},  {"^", 6},  {"&", 7},  {"<", 9},  {">", 9},
                                  {"+", 11},  {"-", 11},  {"*", 12}, {"/", 12}, {"%", 12}, {"?", 2},  {",", 0}};

static const binary *operator_at(calculator *c) {
    (void)next(c);
    for (size_t i = 0; i < sizeof BINARIES / sizeof BINARIES[0]; i++)
        if (stella_sv_starts(c->rest, stella_sv_cstr(BINARIES[i].text)))
            return &BINARIES[i];
    return NULL;
}

static int64_t power(calculator *c, int64_t base, int64_t exponent) {
    uint64_t value = 1;
    if (exponent < 0 || exponent > 64)
        return fail(c);
    for (int64_t i = 0; i < exponent; i++)
        value *= (uint64_t)base;
    return (int64_t)value;
}

static int64_t logical(calculator *c, const binary *op, int64_t left) {
    const int decided = op->text[0] == '&' ? !left : left != 0;
    c->skipped += decided;
    const int64_t right = expression(c, op->level + 1);
    c->skipped -= decided;
    return decided ? op->text[0] == '|' : right != 0;
}

static int64_t choice(calculator *c, int64_t condition) {
    c->skipped += condition == 0;
    const int64_t first = expression(c, 1);
    c->skipped -= condition == 0;
    if (next(c) != ':')
        return fail(c);
    c->rest = stella_sv_skip(c->rest, 1);
    c->skipped += condition != 0;
    const int64_t second = expression(c, 2);
    c->skipped -= condition != 0;
    return condition ? first : second;
}

static int64_t expression(calculator *c, int level) {
    int64_t left = ++c->depth > DEPTH_MAX ? fail(c) : unary(c);
    const binary *op;
    while (!c->failed && (op = operator_at(c)) && op->level >= level) {
        c->rest = stella_sv_skip(c->rest, strlen(op->text));
        if (op->level == 2)
            left = choice(c, left);
        else if (op->level == 3 || op->level == 4)
            left = logical(c, op, left);
        else if (op->level == 14)
            left = power(c, left, expression(c, 14));
        else if (op->level == 0)
            left = expression(c, 1);
        else {
            const int64_t right = expression(c, op->level + 1);
            left = c->failed ? 0 : apply(c, op->text, left, right);
        }
    }
    c->depth--;
    return left;
}

int shell_calculate(shell_eval *e, stella_sv text, int64_t *out) {
    calculator c = {.e = e, .rest = text};
    if (!next(&c))
        return *out = 0, 1;
    const int64_t value = expression(&c, 0);
    if (c.failed || next(&c))
        return 0;
    *out = value;
    return 1;
}
