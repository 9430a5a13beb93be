/* parse.h - what the parts of the TOML reader share. */
#ifndef ANALYZER_TOML_PARSE_H
#define ANALYZER_TOML_PARSE_H

#include "toml.h"

/* How a table or array came to be: what may still be added to it depends on that. */
typedef enum toml_origin {
    TOML_VALUE,   /* a scalar, or an array or inline table that was closed: nothing may be added */
    TOML_IMPLIED, /* a table that a longer header names: one header of its own may come */
    TOML_HEADER,  /* a table with its header */
    TOML_DOTTED,  /* a table made by dotted keys: only dotted keys and headers of tables in it may add */
    TOML_TABLES,  /* an array of tables */
} toml_origin;

typedef struct toml_node toml_node;
struct toml_node {
    stella_sv key, text;
    toml_node *first, *last, *next; /* children, siblings */
    toml_node *index;               /* the children of a table by key: a treap */
    toml_node *left, *right;        /* in the index of the parent */
    uint64_t priority;
    uint32_t kind, line, count, depth;
    toml_origin origin;
};

typedef struct toml_parser {
    const char *at, *end;
    stella_arena *arena;
    stella_error *err;
    uint64_t random; /* state of the priorities */
    uint32_t line, nodes;
} toml_parser;

/* The byte at hand, -1 at the end. */
static inline int toml_peek(const toml_parser *p) {
    return p->at < p->end ? (unsigned char)*p->at : -1;
}

/* Steps over the text when it comes next. */
static inline int toml_take(toml_parser *p, stella_sv text) {
    const int found = stella_sv_starts(stella_sv_of(p->at, (size_t)(p->end - p->at)), text);
    p->at += found ? text.len : 0;
    return found;
}

stella_status toml_fail(const toml_parser *p, const char *what);
stella_status toml_fail_memory(const toml_parser *p);

/* ---- tree.c */

/* out  set on success. Returns STELLA_E_LIMIT or STELLA_E_NOMEM. */
stella_status toml_node_new(toml_parser *p, uint32_t kind, toml_origin origin, uint32_t depth, toml_node **out);
toml_node *toml_find(const toml_node *table, stella_sv key);
void toml_add_element(toml_node *array, toml_node *child);
/* The key must not be there yet. */
void toml_add_member(toml_node *table, stella_sv key, toml_node *child);
stella_status toml_export(toml_parser *p, const toml_node *root, const stella_json **out);

/* ---- text.c */

/* A string of any of the four kinds, from its first quote on; multi-line ones only where they are allowed. */
stella_status toml_string(toml_parser *p, int may_span_lines, stella_sv *out);

/* ---- scalar.c */

/* true, false, a number, a date or a time. */
stella_status toml_scalar(toml_parser *p, toml_node *out);

/* ---- value.c */

void toml_skip_blanks(toml_parser *p);
/* Blanks, a comment, and the end of the line or document. */
stella_status toml_end_line(toml_parser *p);
/* "key.key = value" into the table. */
stella_status toml_pair(toml_parser *p, toml_node *table);
/* One part of a dotted key. */
stella_status toml_key(toml_parser *p, stella_sv *out);
/* Steps over blanks and comments of any number of lines. */
stella_status toml_skip_lines(toml_parser *p);

#endif
