/* ${...}: Bash Reference Manual 3.5.3. */
#include "shell_parser.h"

/* Arguments, by whether the whole stands between double quotes: there, ' is an ordinary byte in a word (":-"), but
 * quotes in a pattern ("#", "/"). */
static const shell_mode WORD = {.stop = "}"}, WORD_DOUBLE = {.stop = "}", .no_single = 1};
static const shell_mode PATTERN = {.stop = "/}"};
static const shell_mode OFFSET = {.stop = ":}", .no_single = 1, .counts_parentheses = 1};

typedef struct shell_operation {
    const char *text;
    uint32_t op;
} shell_operation;

/* Longer ones first. */
static const shell_operation OPERATIONS[] = {
    {"##", SHELL_OP_PREFIX_LONG},    {"#", SHELL_OP_PREFIX},       {"%%", SHELL_OP_SUFFIX_LONG},
    {"%", SHELL_OP_SUFFIX},          {"//", SHELL_OP_REPLACE_ALL}, {"/#", SHELL_OP_REPLACE_PREFIX},
    {"/%", SHELL_OP_REPLACE_SUFFIX}, {"/", SHELL_OP_REPLACE},      {"^^", SHELL_OP_UPPER},
    {"^", SHELL_OP_UPPER_FIRST},     {",,", SHELL_OP_LOWER},       {",", SHELL_OP_LOWER_FIRST},
    {"@", SHELL_OP_TRANSFORM},       {"-", SHELL_OP_DEFAULT},      {"=", SHELL_OP_ASSIGN},
    {"?", SHELL_OP_ERROR},           {"+", SHELL_OP_ALTERNATE},    {":", SHELL_OP_SUBSTRING}};

static int is_defaulting(uint32_t op) {
    return op >= SHELL_OP_DEFAULT && op <= SHELL_OP_ALTERNATE;
}

static uint32_t operation(shell_parser *p, shell_parameter *out) {
    const stella_sv rest = shell_view(p, p->at, p->end);
    if (rest.len >= 2 && rest.ptr[0] == ':' && strchr("-=?+", rest.ptr[1]) && rest.ptr[1]) {
        out->has_colon = 1;
        p->at++;
    }
    const stella_sv text = shell_view(p, p->at, p->end);
    for (size_t i = 0; i < sizeof OPERATIONS / sizeof OPERATIONS[0]; i++) {
        const stella_sv mark = stella_sv_cstr(OPERATIONS[i].text);
        if (!stella_sv_starts(text, mark))
            continue;
        p->at += mark.len;
        return OPERATIONS[i].op;
    }
    return SHELL_OP_NONE;
}

static void arguments(shell_parser *p, shell_parameter *out, uint32_t in_double) {
    const uint32_t op = out->op;
    if (op == SHELL_OP_SUBSTRING) {
        out->argument = shell_word_read(p, &OFFSET);
        if (!p->failed && shell_char(p, 0) == ':') {
            p->at++;
            out->replacement = shell_word_read(p, &OFFSET);
        }
    } else if (op >= SHELL_OP_REPLACE && op <= SHELL_OP_REPLACE_SUFFIX) {
        out->argument = shell_word_read(p, &PATTERN);
        if (!p->failed && shell_char(p, 0) == '/') {
            p->at++;
            out->replacement = shell_word_read(p, &WORD);
        }
    } else {
        out->argument = shell_word_read(p, is_defaulting(op) && in_double ? &WORD_DOUBLE : &WORD);
    }
}

/* The name, or the number, or the sign of a special parameter. */
static int name(shell_parser *p, shell_parameter *out) {
    const size_t start = p->at;
    p->at += shell_name_length(p, p->at);
    if (p->at == start)
        while (shell_char(p, 0) >= '0' && shell_char(p, 0) <= '9')
            p->at++;
    if (p->at == start && shell_char(p, 0) && strchr("@*#?$!-", shell_char(p, 0)))
        p->at++;
    out->name = shell_view(p, start, p->at);
    return out->name.len > 0;
}

static int index_of(shell_parser *p, shell_parameter *out) {
    if (shell_char(p, 0) != '[')
        return 1;
    p->at++;
    out->index = shell_word_read(p, &SHELL_MODE_SUBSCRIPT);
    if (!out->index || shell_char(p, 0) != ']')
        return 0;
    p->at++;
    return 1;
}

/* "#" and "!" are prefixes when a name follows, else parameters themselves. */
static void prefix(shell_parser *p, shell_parameter *out) {
    const char c = shell_char(p, 0), next = shell_char(p, 1);
    const int names = shell_is_name(next) || next == '@' || next == '*';
    if (c == '#' && names)
        out->is_length = 1, p->at++;
    else if (c == '!' && (names || next == '#'))
        out->is_indirect = 1, p->at++;
}

const shell_parameter *shell_parameter_read(shell_parser *p, uint32_t in_double) {
    const size_t start = p->at - 2;
    shell_parameter *out = shell_new(p, sizeof *out);
    if (!out || !shell_enter(p))
        return NULL;
    prefix(p, out);
    if (!name(p, out) || !index_of(p, out))
        return shell_fail(p, start, "${ without a parameter's name");
    if (out->is_indirect && (shell_char(p, 0) == '*' || shell_char(p, 0) == '@') && shell_char(p, 1) == '}') {
        out->op = SHELL_OP_NAMES;
        p->at++;
    } else if (shell_char(p, 0) != '}' && p->at < p->end) {
        out->op = operation(p, out);
        if (!out->op)
            return shell_fail(p, start, "${ with an operation that is not known");
        arguments(p, out, in_double);
    }
    if (!p->failed && shell_char(p, 0) != '}')
        return shell_fail(p, start, "the ${ that begins here never ends");
    p->at++;
    shell_leave(p);
    return p->failed ? NULL : out;
}
