/* The statements of nginx's and Apache's configuration that tell of modules. */
#include "modules.h"

/* ---- nginx: words, ';' behind a simple directive, '{' and '}' around the others */

static void skip_blanks(stella_sv *rest) {
    for (;;) {
        while (rest->len && text_is_blank(rest->ptr[0]))
            *rest = stella_sv_skip(*rest, 1);
        if (!rest->len || rest->ptr[0] != '#')
            return;
        *rest = stella_sv_skip(*rest, stella_sv_find(*rest, '\n'));
    }
}

static stella_sv take_quoted(stella_sv *rest) {
    const char quote = rest->ptr[0];
    size_t end = 1;
    while (end < rest->len && rest->ptr[end] != quote)
        end += rest->ptr[end] == '\\' ? 2 : 1;
    const stella_sv word = stella_sv_skip(stella_sv_first(*rest, end), 1);
    *rest = stella_sv_skip(*rest, end + 1);
    return word;
}

/* "${name}" is a variable: its brace begins no block. */
static stella_sv take_bare(stella_sv *rest) {
    size_t end = 0;
    while (end < rest->len) {
        const char c = rest->ptr[end];
        const int is_variable = c == '{' && end && rest->ptr[end - 1] == '$';
        if (text_is_blank(c) || c == ';' || (c == '{' && !is_variable))
            break;
        end += c == '\\' ? 2 : 1;
    }
    const stella_sv word = stella_sv_first(*rest, end);
    *rest = stella_sv_skip(*rest, end);
    return word;
}

/* One directive: its first two words and the byte that ends it; 0 at the end of the text. */
static char take_directive(stella_sv *rest, stella_sv *name, stella_sv *value) {
    *name = *value = (stella_sv){0};
    for (uint32_t i = 0;; i++) {
        skip_blanks(rest);
        const char c = rest->len ? rest->ptr[0] : '\0';
        if (!rest->len || c == ';' || c == '{' || c == '}') {
            *rest = stella_sv_skip(*rest, 1);
            return c;
        }
        const stella_sv word = c == '"' || c == '\'' ? take_quoted(rest) : take_bare(rest);
        if (i < 2)
            *(i ? value : name) = word;
    }
}

int modules_next_nginx(stella_sv *rest, uint32_t *depth, modules_statement *out) {
    stella_sv name, value;
    while (rest->len) {
        const char end = take_directive(rest, &name, &value);
        if (end == '{')
            ++*depth;
        if (end == '}' && *depth)
            --*depth;
        if (*depth || !value.len || end == '{')
            continue; /* modules are loaded by the outermost level alone */
        const uint32_t kind = stella_sv_eq(name, STELLA_SV("load_module")) ? MODULES_LOAD
                              : stella_sv_eq(name, STELLA_SV("include"))   ? MODULES_INCLUDE
                                                                           : 0;
        if (!kind)
            continue;
        *out = (modules_statement){kind, value};
        return 1;
    }
    return 0;
}

/* ---- Apache: a directive a line */

static int take_word(stella_sv *line, stella_sv *out) {
    *line = stella_sv_trim(*line);
    if (!line->len)
        return 0;
    if (line->ptr[0] == '"' || line->ptr[0] == '\'') {
        *out = take_quoted(line);
        return 1;
    }
    const size_t end = text_span(*line, " \t");
    *out = stella_sv_first(*line, end);
    *line = stella_sv_skip(*line, end);
    return 1;
}

/* What stands in <IfModule> counts: whether it applies depends on other modules. */
int modules_next_apache(stella_sv *rest, uint32_t *depth, modules_statement *out) {
    static const struct {
        stella_sv name;
        uint32_t kind;
    } known[] = {{STELLA_SV_INIT("LoadModule"), MODULES_LOAD},
                 {STELLA_SV_INIT("LoadFile"), MODULES_LOAD},
                 {STELLA_SV_INIT("Include"), MODULES_INCLUDE},
                 {STELLA_SV_INIT("IncludeOptional"), MODULES_INCLUDE},
                 {STELLA_SV_INIT("ServerRoot"), MODULES_ROOT}};
    stella_sv line, name, value;
    (void)depth;
    while (stella_sv_split(rest, '\n', &line)) {
        if (!take_word(&line, &name))
            continue;
        for (size_t i = 0; i < STELLA_COUNT(known); i++) {
            if (!stella_sv_ieq(name, known[i].name) || !take_word(&line, &value))
                continue;
            if (i == 0 && !take_word(&line, &value)) /* behind the module's name */
                continue;
            *out = (modules_statement){known[i].kind, value};
            return 1;
        }
    }
    return 0;
}
