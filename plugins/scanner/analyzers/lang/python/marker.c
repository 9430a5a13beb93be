#include "requirement.h"

#include "name.h"

typedef struct reading {
    stella_sv rest;
    const marker_environment *environment;
    uint32_t depth;
    int is_broken;
} reading;

typedef struct operand {
    stella_sv text;
    int is_variable;
} operand;

static void skip_blanks(reading *r) {
    while (r->rest.len && (r->rest.ptr[0] == ' ' || r->rest.ptr[0] == '\t'))
        r->rest = stella_sv_skip(r->rest, 1);
}

static int is_word_byte(char c) {
    const char lower = (char)(c | 0x20);
    return (lower >= 'a' && lower <= 'z') || c == '_' || c == '.';
}

static stella_sv peek_word(const reading *r) {
    size_t at = 0;
    while (at < r->rest.len && is_word_byte(r->rest.ptr[at]))
        at++;
    return stella_sv_first(r->rest, at);
}

static int take_keyword(reading *r, stella_sv word) {
    skip_blanks(r);
    if (!stella_sv_eq(peek_word(r), word))
        return 0;
    r->rest = stella_sv_skip(r->rest, word.len);
    return 1;
}

static operand take_operand(reading *r) {
    operand o = {0};
    skip_blanks(r);
    if (r->rest.len && (r->rest.ptr[0] == '"' || r->rest.ptr[0] == '\'')) {
        const stella_sv inside = stella_sv_skip(r->rest, 1);
        const size_t end = stella_sv_find(inside, r->rest.ptr[0]);
        r->is_broken |= end == inside.len;
        o.text = stella_sv_first(inside, end);
        r->rest = stella_sv_skip(inside, end + 1);
        return o;
    }
    o.text = peek_word(r);
    o.is_variable = 1;
    r->is_broken |= o.text.len == 0;
    r->rest = stella_sv_skip(r->rest, o.text.len);
    return o;
}

typedef enum operation { OP_NONE, OP_EQ, OP_NE, OP_LE, OP_GE, OP_LT, OP_GT, OP_LIKE, OP_IN, OP_NOT_IN } operation;

static operation take_operation(reading *r) {
    static const struct {
        stella_sv text;
        operation op;
    } signs[] = {{STELLA_SV_INIT("==="), OP_EQ}, {STELLA_SV_INIT("=="), OP_EQ},  {STELLA_SV_INIT("!="), OP_NE},
                 {STELLA_SV_INIT("<="), OP_LE},  {STELLA_SV_INIT(">="), OP_GE},  {STELLA_SV_INIT("<"), OP_LT},
                 {STELLA_SV_INIT(">"), OP_GT},   {STELLA_SV_INIT("~="), OP_LIKE}};
    skip_blanks(r);
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++)
        if (stella_sv_starts(r->rest, signs[i].text)) {
            r->rest = stella_sv_skip(r->rest, signs[i].text.len);
            return signs[i].op;
        }
    if (take_keyword(r, STELLA_SV("in")))
        return OP_IN;
    if (take_keyword(r, STELLA_SV("not")) && take_keyword(r, STELLA_SV("in")))
        return OP_NOT_IN;
    r->is_broken = 1;
    return OP_NONE;
}

static int truth(int is_true) {
    return is_true ? MARKER_TRUE : MARKER_FALSE;
}

static int invert(int value) {
    return MARKER_TRUE - value;
}

/* Whether one of the words of a list, separated by commas or blanks, is that version. */
static int lists(stella_sv list, stella_sv version) {
    stella_sv part;
    while (stella_sv_split(&list, ',', &part))
        for (stella_sv word; stella_sv_split(&part, ' ', &word);)
            if (stella_sv_eq(word, version))
                return 1;
    return 0;
}

static stella_sv without_wildcard(stella_sv version, int *has_wildcard) {
    *has_wildcard = stella_sv_ends(version, STELLA_SV(".*"));
    return *has_wildcard ? stella_sv_first(version, version.len - 2) : version;
}

static stella_sv first_numbers(stella_sv version, size_t count) {
    size_t at = 0;
    for (; at < version.len; at++)
        if (version.ptr[at] == '.' && --count == 0)
            break;
    return stella_sv_first(version, at);
}

/* "3" of "3.11" matches "3.*". */
static int has_prefix(stella_sv version, stella_sv prefix) {
    size_t numbers = 1;
    for (size_t i = 0; i < prefix.len; i++)
        numbers += prefix.ptr[i] == '.';
    return version_compare(first_numbers(version, numbers), prefix) == 0;
}

static int compare_versions(stella_sv have, operation op, stella_sv literal) {
    int has_wildcard;
    const stella_sv plain = without_wildcard(literal, &has_wildcard);
    const int order = version_compare(have, plain);
    switch (op) {
    case OP_EQ:
        return truth(has_wildcard ? has_prefix(have, plain) : order == 0);
    case OP_NE:
        return truth(has_wildcard ? !has_prefix(have, plain) : order != 0);
    case OP_LE:
        return truth(order <= 0);
    case OP_GE:
        return truth(order >= 0);
    case OP_LT:
        return truth(order < 0);
    case OP_GT:
        return truth(order > 0);
    case OP_LIKE:
        return truth(order >= 0 && has_prefix(have, first_numbers(plain, 1)));
    case OP_IN:
        return truth(lists(literal, have));
    case OP_NOT_IN:
        return truth(!lists(literal, have));
    default:
        return MARKER_UNKNOWN;
    }
}

/* Of the full version only the first two numbers are known. */
static int compare_full(stella_sv have, operation op, stella_sv literal) {
    const stella_sv first = first_numbers(literal, 2);
    if (op == OP_IN || op == OP_NOT_IN || op == OP_LIKE)
        return MARKER_UNKNOWN;
    if (version_compare(have, first) != 0)
        return compare_versions(have, op, first);
    if (first.len != literal.len)
        return MARKER_UNKNOWN;
    return op == OP_GE ? MARKER_TRUE : op == OP_LT ? MARKER_FALSE : MARKER_UNKNOWN;
}

static int contains(stella_sv text, stella_sv part) {
    for (; text.len >= part.len; text = stella_sv_skip(text, 1)) {
        if (stella_sv_starts(text, part))
            return 1;
        if (text.len == 0)
            break;
    }
    return 0;
}

/* is_left  the variable's value is on the left of the operation */
static int compare_texts(stella_sv have, operation op, stella_sv literal, int is_left) {
    switch (op) {
    case OP_EQ:
        return truth(stella_sv_eq(have, literal));
    case OP_NE:
        return truth(!stella_sv_eq(have, literal));
    case OP_IN:
        return truth(is_left ? contains(literal, have) : contains(have, literal));
    case OP_NOT_IN:
        return truth(is_left ? !contains(literal, have) : !contains(have, literal));
    default:
        return MARKER_UNKNOWN;
    }
}

static int compare_extra(const marker_environment *e, operation op, stella_sv literal) {
    int is_wanted = 0;
    if (op != OP_EQ && op != OP_NE)
        return MARKER_UNKNOWN;
    for (uint32_t i = 0; i < e->extra_count && !is_wanted; i++)
        is_wanted = name_equal(e->extras[i], literal);
    return op == OP_EQ ? truth(is_wanted) : invert(truth(is_wanted));
}

/* Operations read from right to left. */
static operation mirror(operation op) {
    switch (op) {
    case OP_LE:
        return OP_GE;
    case OP_GE:
        return OP_LE;
    case OP_LT:
        return OP_GT;
    case OP_GT:
        return OP_LT;
    default:
        return op;
    }
}

/* The value of a variable that is the same in every image. Returns 0 for others. */
static int constant_of(const marker_environment *e, stella_sv name, stella_sv *value) {
    static const stella_sv names[][2] = {
        {STELLA_SV_INIT("os_name"), STELLA_SV_INIT("posix")},
        {STELLA_SV_INIT("os.name"), STELLA_SV_INIT("posix")},
        {STELLA_SV_INIT("sys_platform"), STELLA_SV_INIT("linux")},
        {STELLA_SV_INIT("sys.platform"), STELLA_SV_INIT("linux")},
        {STELLA_SV_INIT("platform_system"), STELLA_SV_INIT("Linux")},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (stella_sv_eq(name, names[i][0])) {
            *value = names[i][1];
            return 1;
        }
    if (stella_sv_eq(name, STELLA_SV("implementation_name"))) {
        *value = e->is_pypy ? STELLA_SV("pypy") : STELLA_SV("cpython");
        return 1;
    }
    *value = e->is_pypy ? STELLA_SV("PyPy") : STELLA_SV("CPython");
    return stella_sv_eq(name, STELLA_SV("platform_python_implementation")) ||
           stella_sv_eq(name, STELLA_SV("python_implementation"));
}

static int compare(const reading *r, operand left, operation op, operand right) {
    const marker_environment *e = r->environment;
    if (left.is_variable == right.is_variable)
        return MARKER_UNKNOWN;
    const stella_sv name = left.is_variable ? left.text : right.text;
    const stella_sv literal = left.is_variable ? right.text : left.text;
    const operation turned = left.is_variable ? op : mirror(op);
    stella_sv value;
    if (stella_sv_eq(name, STELLA_SV("extra")))
        return compare_extra(e, turned, literal);
    if (stella_sv_eq(name, STELLA_SV("python_version")))
        return e->python_version.len ? compare_versions(e->python_version, turned, literal) : MARKER_UNKNOWN;
    if (stella_sv_eq(name, STELLA_SV("python_full_version")))
        return e->python_version.len ? compare_full(e->python_version, turned, literal) : MARKER_UNKNOWN;
    return constant_of(e, name, &value) ? compare_texts(value, op, literal, left.is_variable) : MARKER_UNKNOWN;
}

static int read_any(reading *r);

static int read_one(reading *r) {
    skip_blanks(r);
    if (r->rest.len && r->rest.ptr[0] == '(') {
        if (r->depth == MARKER_DEPTH_MAX) {
            r->is_broken = 1;
            return MARKER_UNKNOWN;
        }
        r->depth++;
        r->rest = stella_sv_skip(r->rest, 1);
        const int value = read_any(r);
        skip_blanks(r);
        r->is_broken |= r->rest.len == 0 || r->rest.ptr[0] != ')';
        r->rest = stella_sv_skip(r->rest, 1);
        r->depth--;
        return value;
    }
    const operand left = take_operand(r);
    const operation op = take_operation(r);
    const operand right = take_operand(r);
    return compare(r, left, op, right);
}

static int read_all(reading *r) {
    int value = read_one(r);
    while (!r->is_broken && take_keyword(r, STELLA_SV("and"))) {
        const int next = read_one(r);
        value = next < value ? next : value;
    }
    return value;
}

/* As deep as MARKER_DEPTH_MAX. */
static int read_any(reading *r) {
    int value = read_all(r);
    while (!r->is_broken && take_keyword(r, STELLA_SV("or"))) {
        const int next = read_all(r);
        value = next > value ? next : value;
    }
    return value;
}

int marker_evaluate(stella_sv marker, const marker_environment *environment) {
    reading r = {.rest = stella_sv_trim(marker), .environment = environment};
    if (r.rest.len == 0)
        return MARKER_TRUE;
    const int value = read_any(&r);
    skip_blanks(&r);
    return r.is_broken || r.rest.len ? MARKER_UNKNOWN : value;
}
