#include "parse.h"

void toml_skip_blanks(toml_parser *p) {
    while (toml_peek(p) == ' ' || toml_peek(p) == '\t')
        p->at++;
}

static stella_status skip_comment(toml_parser *p) {
    if (toml_peek(p) != '#')
        return STELLA_OK;
    for (int byte; (byte = toml_peek(p)) >= 0 && byte != '\n'; p->at++) {
        if (byte == '\r' && p->end - p->at > 1 && p->at[1] == '\n')
            break;
        if ((byte < 0x20 && byte != '\t') || byte == 0x7f)
            return toml_fail(p, "a control character in a comment");
    }
    return STELLA_OK;
}

static int take_line_end(toml_parser *p) {
    const int found = toml_take(p, STELLA_SV("\n")) || toml_take(p, STELLA_SV("\r\n"));
    p->line += found ? 1 : 0;
    return found;
}

stella_status toml_end_line(toml_parser *p) {
    toml_skip_blanks(p);
    const stella_status status = skip_comment(p);
    if (status != STELLA_OK)
        return status;
    return toml_peek(p) < 0 || take_line_end(p) ? STELLA_OK : toml_fail(p, "something behind the end of a statement");
}

stella_status toml_skip_lines(toml_parser *p) {
    stella_status status;
    do {
        toml_skip_blanks(p);
        status = skip_comment(p);
    } while (status == STELLA_OK && take_line_end(p));
    return status;
}

/* ---- keys -----------------------------------------------------------------------------------------------------------
 */

static int is_bare(int byte) {
    const int lower = byte | 0x20;
    return (byte >= '0' && byte <= '9') || (lower >= 'a' && lower <= 'z') || byte == '_' || byte == '-';
}

stella_status toml_key(toml_parser *p, stella_sv *out) {
    if (toml_peek(p) == '"' || toml_peek(p) == '\'')
        return toml_string(p, 0, out);
    const char *start = p->at;
    while (is_bare(toml_peek(p)))
        p->at++;
    *out = stella_sv_of(start, (size_t)(p->at - start));
    return out->len ? STELLA_OK : toml_fail(p, "a key is missing");
}

/* The table in which a dotted key goes on. */
static stella_status enter_dotted(toml_parser *p, toml_node **table, stella_sv key) {
    toml_node *child = toml_find(*table, key);
    if (child && child->origin == TOML_IMPLIED)
        child->origin = TOML_DOTTED;
    if (child && child->origin != TOML_DOTTED)
        return toml_fail(p, "a dotted key adds to what was defined otherwise");
    if (!child) {
        const stella_status status = toml_node_new(p, STELLA_JSON_OBJECT, TOML_DOTTED, (*table)->depth + 1, &child);
        if (status != STELLA_OK)
            return status;
        toml_add_member(*table, key, child);
    }
    *table = child;
    return STELLA_OK;
}

/* table  changes to the one that the last part belongs to */
static stella_status read_dotted(toml_parser *p, toml_node **table, stella_sv *key) {
    stella_status status;
    while ((status = toml_key(p, key)) == STELLA_OK) {
        toml_skip_blanks(p);
        if (toml_peek(p) != '.')
            break;
        p->at++;
        toml_skip_blanks(p);
        status = enter_dotted(p, table, *key);
        if (status != STELLA_OK)
            break;
    }
    return status;
}

/* ---- values ---------------------------------------------------------------------------------------------------------
 */

static stella_status read_value(toml_parser *p, uint32_t depth, toml_node **out);

static stella_status read_elements(toml_parser *p, toml_node *array) {
    for (;;) {
        toml_node *element;
        stella_status status = toml_skip_lines(p);
        if (status != STELLA_OK || toml_take(p, STELLA_SV("]")))
            return status;
        status = read_value(p, array->depth + 1, &element);
        if (status != STELLA_OK)
            return status;
        toml_add_element(array, element);
        status = toml_skip_lines(p);
        if (status != STELLA_OK || toml_take(p, STELLA_SV("]")))
            return status;
        if (!toml_take(p, STELLA_SV(",")))
            return toml_fail(p, "an array without ',' or ']' behind a value");
    }
}

static stella_status read_inline(toml_parser *p, toml_node *table) {
    toml_skip_blanks(p);
    if (toml_take(p, STELLA_SV("}")))
        return STELLA_OK;
    for (;;) {
        toml_skip_blanks(p);
        const stella_status status = toml_pair(p, table);
        if (status != STELLA_OK)
            return status;
        toml_skip_blanks(p);
        if (toml_take(p, STELLA_SV("}")))
            return STELLA_OK;
        if (!toml_take(p, STELLA_SV(",")))
            return toml_fail(p, "an inline table without ',' or '}' behind a value");
    }
}

/* As deep as TOML_DEPTH_MAX: every level makes a node. */
static stella_status read_value(toml_parser *p, uint32_t depth, toml_node **out) {
    const stella_status status = toml_node_new(p, STELLA_JSON_STRING, TOML_VALUE, depth, out);
    if (status != STELLA_OK)
        return status;
    toml_node *node = *out;
    switch (toml_peek(p)) {
    case '"':
    case '\'':
        return toml_string(p, 1, &node->text);
    case '[':
        p->at++;
        node->kind = STELLA_JSON_ARRAY;
        return read_elements(p, node);
    case '{':
        p->at++;
        node->kind = STELLA_JSON_OBJECT;
        return read_inline(p, node);
    default:
        return toml_scalar(p, node);
    }
}

stella_status toml_pair(toml_parser *p, toml_node *table) {
    stella_sv key;
    toml_node *value;
    stella_status status = read_dotted(p, &table, &key);
    if (status != STELLA_OK)
        return status;
    if (toml_find(table, key))
        return toml_fail(p, "a key that was given before");
    if (!toml_take(p, STELLA_SV("=")))
        return toml_fail(p, "a key without '='");
    toml_skip_blanks(p);
    status = read_value(p, table->depth + 1, &value);
    if (status == STELLA_OK)
        toml_add_member(table, key, value);
    return status;
}
