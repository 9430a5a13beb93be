#include "parse.h"

/* ---- headers --------------------------------------------------------------------------------------------------------
 */

/* Steps from a table into one that a header names before its last part; of an array of tables, into the last. */
static stella_status enter(toml_parser *p, toml_node **table, stella_sv key) {
    toml_node *child = toml_find(*table, key);
    if (!child) {
        const stella_status status = toml_node_new(p, STELLA_JSON_OBJECT, TOML_IMPLIED, (*table)->depth + 1, &child);
        if (status != STELLA_OK)
            return status;
        toml_add_member(*table, key, child);
    }
    if (child->origin == TOML_VALUE)
        return toml_fail(p, "a header adds to a value that was given before");
    *table = child->origin == TOML_TABLES ? child->last : child;
    return STELLA_OK;
}

/* The table of a [header]. */
static stella_status define_table(toml_parser *p, toml_node *parent, stella_sv key, toml_node **out) {
    toml_node *table = toml_find(parent, key);
    if (!table) {
        const stella_status status = toml_node_new(p, STELLA_JSON_OBJECT, TOML_HEADER, parent->depth + 1, &table);
        if (status != STELLA_OK)
            return status;
        toml_add_member(parent, key, table);
    } else if (table->origin != TOML_IMPLIED) {
        return toml_fail(p, "a table that was defined before");
    }
    table->origin = TOML_HEADER;
    table->line = p->line;
    *out = table;
    return STELLA_OK;
}

/* One more table of a [[header]]. */
static stella_status append_table(toml_parser *p, toml_node *parent, stella_sv key, toml_node **out) {
    toml_node *array = toml_find(parent, key);
    stella_status status = STELLA_OK;
    if (array && array->origin != TOML_TABLES)
        return toml_fail(p, "an array of tables that was defined otherwise before");
    if (!array) {
        status = toml_node_new(p, STELLA_JSON_ARRAY, TOML_TABLES, parent->depth + 1, &array);
        if (status != STELLA_OK)
            return status;
    }
    status = toml_node_new(p, STELLA_JSON_OBJECT, TOML_HEADER, parent->depth + 2, out);
    if (status != STELLA_OK)
        return status;
    if (!array->last)
        toml_add_member(parent, key, array);
    toml_add_element(array, *out);
    return STELLA_OK;
}

/* table  the root, changes to the table that the header opens */
static stella_status read_header(toml_parser *p, toml_node **table) {
    const int is_array = toml_take(p, STELLA_SV("[["));
    toml_node *parent = *table;
    stella_sv key;
    p->at += is_array ? 0 : 1;
    for (;;) {
        toml_skip_blanks(p);
        stella_status status = toml_key(p, &key);
        if (status != STELLA_OK)
            return status;
        toml_skip_blanks(p);
        if (!toml_take(p, STELLA_SV(".")))
            break;
        status = enter(p, &parent, key);
        if (status != STELLA_OK)
            return status;
    }
    if (!toml_take(p, is_array ? STELLA_SV("]]") : STELLA_SV("]")))
        return toml_fail(p, "a header that is not closed");
    return (is_array ? append_table : define_table)(p, parent, key, table);
}

static stella_status read_document(toml_parser *p, toml_node *root) {
    toml_node *table = root;
    for (;;) {
        stella_status status = toml_skip_lines(p);
        if (status != STELLA_OK || toml_peek(p) < 0)
            return status;
        if (toml_peek(p) == '[') {
            table = root;
            status = read_header(p, &table);
        } else {
            status = toml_pair(p, table);
        }
        if (status == STELLA_OK)
            status = toml_end_line(p);
        if (status != STELLA_OK)
            return status;
    }
}

static stella_status check_utf8(toml_parser *p) {
    const stella_sv text = stella_sv_of(p->at, (size_t)(p->end - p->at));
    const size_t good = stella_sv_utf8_prefix(text);
    if (good == text.len)
        return STELLA_OK;
    for (size_t i = 0; i < good; i++)
        p->line += text.ptr[i] == '\n' ? 1 : 0;
    return toml_fail(p, "not UTF-8");
}

stella_status toml_parse(stella_sv text, stella_arena *arena, const stella_json **out, stella_error *err) {
    toml_node *root = NULL;
    if (stella_sv_starts(text, STELLA_SV("\xef\xbb\xbf")))
        text = stella_sv_skip(text, 3);
    if (!text.ptr)
        text = STELLA_SV("");
    toml_parser p = {.at = text.ptr, .end = text.ptr + text.len, .arena = arena, .err = err, .line = 1};
    /* Where the loader and the kernel put things nobody who writes a document knows. */
    p.random = (uint64_t)(uintptr_t)&p ^ (uint64_t)(uintptr_t)arena << 20;
    stella_status status = check_utf8(&p);
    if (status == STELLA_OK)
        status = toml_node_new(&p, STELLA_JSON_OBJECT, TOML_HEADER, 0, &root);
    if (status == STELLA_OK)
        status = read_document(&p, root);
    return status == STELLA_OK ? toml_export(&p, root, out) : status;
}
