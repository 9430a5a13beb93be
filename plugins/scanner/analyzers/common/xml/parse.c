#include "common/xml/xml.h"

#include <stella/auto.h>
#include <stella/sink.h>

#include <expat.h>
#include <stdio.h>

#define CHUNK_BYTES (1u << 20) /* expat counts in int */
#define NAMES       256u       /* recent names, so that those of a long list are kept once */

/* xmlns:PREFIX="URI"; the empty prefix is the default. */
typedef struct binding {
    stella_sv prefix, uri;
} binding;

/* An element that is open. */
typedef struct frame {
    xml_node *node;
    xml_node *last;    /* of its children */
    stella_buf text;   /* kept for the next element of this depth */
    uint32_t bindings; /* in force before it */
    int32_t is_blank;  /* its text so far */
} frame;

typedef struct parser {
    XML_Parser expat;
    stella_arena *arena;
    xml_node *root;
    uint32_t depth, nodes, binding_count;
    stella_error error;
    stella_sv names[NAMES];
    binding bindings[XML_BINDINGS_MAX];
    frame frames[XML_DEPTH_MAX];
} parser;

static void parser_fini(parser *p) {
    for (uint32_t i = 0; i < XML_DEPTH_MAX; i++)
        stella_buf_fini(&p->frames[i].text);
    if (p->expat)
        XML_ParserFree(p->expat);
}

static uint32_t line_of(const parser *p) {
    return (uint32_t)XML_GetCurrentLineNumber(p->expat);
}

/* The first reason stands; expat calls no more handlers. */
static void refuse(parser *p, stella_status code, const char *why) {
    char where[32];
    if (p->error.code != STELLA_OK)
        return;
    snprintf(where, sizeof where, "line %u", line_of(p));
    stella_error_set(&p->error, code, where, "%s", why);
    XML_StopParser(p->expat, XML_FALSE);
}

/* A copy in the arena; ptr is NULL, and the document refused, when the budget is spent. */
static stella_sv keep(parser *p, stella_sv text) {
    const stella_sv kept = stella_arena_dup(p->arena, text);
    if (!kept.ptr)
        refuse(p, STELLA_E_NOMEM, "the document does not fit into the memory it is allowed");
    return kept;
}

static stella_sv keep_name(parser *p, stella_sv name) {
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < name.len; i++)
        hash = (hash ^ (unsigned char)name.ptr[i]) * 16777619u;
    stella_sv *recent = &p->names[(hash ^ hash >> 16) % NAMES];
    if (!recent->ptr || !stella_sv_eq(*recent, name))
        *recent = keep(p, name);
    return *recent;
}

/* Splits "prefix:local"; without a colon the prefix is empty. */
static stella_sv local_of(stella_sv name, stella_sv *prefix) {
    const size_t colon = stella_sv_find(name, ':');
    *prefix = stella_sv_first(name, colon < name.len ? colon : 0);
    return colon < name.len ? stella_sv_skip(name, colon + 1) : name;
}

static stella_sv uri_of(const parser *p, stella_sv prefix) {
    for (uint32_t i = p->binding_count; i-- > 0;)
        if (stella_sv_eq(p->bindings[i].prefix, prefix))
            return p->bindings[i].uri;
    return stella_sv_eq(prefix, STELLA_SV("xml")) ? STELLA_SV("http://www.w3.org/XML/1998/namespace") : STELLA_SV("");
}

/* Whether the attribute declares a namespace: "xmlns" or "xmlns:prefix". */
static int is_binding(stella_sv name, stella_sv *prefix) {
    stella_sv before;
    const stella_sv local = local_of(name, &before);
    const int is_default = before.len == 0 && stella_sv_eq(local, STELLA_SV("xmlns"));
    *prefix = is_default ? STELLA_SV("") : local;
    return is_default || stella_sv_eq(before, STELLA_SV("xmlns"));
}

/* Takes the declarations among an element's attributes, and counts the others. */
static uint32_t bind(parser *p, const char **pairs) {
    uint32_t others = 0;
    stella_sv prefix;
    for (; pairs[0]; pairs += 2) {
        if (!is_binding(stella_sv_cstr(pairs[0]), &prefix))
            others++;
        else if (p->binding_count == XML_BINDINGS_MAX)
            refuse(p, STELLA_E_LIMIT, "more namespaces are declared than are followed");
        else
            p->bindings[p->binding_count++] =
                (binding){.prefix = keep_name(p, prefix), .uri = keep_name(p, stella_sv_cstr(pairs[1]))};
    }
    return others;
}

static void set_attributes(parser *p, xml_node *node, const char **pairs, uint32_t count) {
    xml_attr *attributes = stella_arena_alloc(p->arena, count, sizeof *attributes);
    uint32_t used = 0;
    stella_sv prefix;
    if (!attributes || count > XML_ATTRIBUTES_MAX) {
        refuse(p, attributes ? STELLA_E_LIMIT : STELLA_E_NOMEM, "an element has more attributes than are read");
        return;
    }
    for (; pairs[0] && p->error.code == STELLA_OK; pairs += 2) {
        const stella_sv name = stella_sv_cstr(pairs[0]);
        if (is_binding(name, &prefix))
            continue;
        const stella_sv local = local_of(name, &prefix);
        attributes[used++] = (xml_attr){.name = keep_name(p, local),
                                        .namespace_ = prefix.len ? uri_of(p, prefix) : STELLA_SV(""),
                                        .value = keep(p, stella_sv_cstr(pairs[1]))};
    }
    node->attributes = attributes;
    node->attribute_count = used;
}

static void append(parser *p, xml_node *node) {
    frame *parent = p->depth ? &p->frames[p->depth - 1] : NULL;
    if (!parent)
        p->root = node;
    else if (parent->last)
        parent->last->next = node;
    else
        parent->node->children = node;
    if (parent)
        parent->last = node;
}

static void on_start(void *self, const char *name, const char **pairs) {
    parser *p = self;
    stella_sv prefix;
    if (p->error.code != STELLA_OK)
        return;
    if (p->depth == XML_DEPTH_MAX || p->nodes == XML_NODES_MAX) {
        refuse(p, STELLA_E_LIMIT, p->depth == XML_DEPTH_MAX ? "elements nest too deep" : "too many elements");
        return;
    }
    xml_node *node = stella_arena_alloc(p->arena, 1, sizeof *node);
    if (!node) {
        refuse(p, STELLA_E_NOMEM, "the document does not fit into the memory it is allowed");
        return;
    }
    frame *f = &p->frames[p->depth];
    *f = (frame){.node = node, .text = f->text, .bindings = p->binding_count, .is_blank = 1};
    f->text.len = 0;
    const uint32_t count = bind(p, pairs);
    const stella_sv local = local_of(stella_sv_cstr(name), &prefix);
    *node = (xml_node){.name = keep_name(p, local), .namespace_ = uri_of(p, prefix), .line = line_of(p)};
    set_attributes(p, node, pairs, count);
    append(p, node);
    p->depth++;
    p->nodes++;
}

static void on_end(void *self, const char *name) {
    parser *p = self;
    (void)name;
    if (p->error.code != STELLA_OK)
        return;
    frame *f = &p->frames[--p->depth];
    p->binding_count = f->bindings;
    if (!f->is_blank)
        f->node->text = keep(p, stella_buf_sv(&f->text));
}

static void add_text(parser *p, stella_sv text) {
    frame *f = p->depth ? &p->frames[p->depth - 1] : NULL;
    if (!f || p->error.code != STELLA_OK)
        return;
    f->is_blank = f->is_blank && stella_sv_trim(text).len == 0;
    if (stella_buf_add(&f->text, text) != STELLA_OK)
        refuse(p, STELLA_E_NOMEM, "no memory for a text");
}

static void on_text(void *self, const char *text, int len) {
    add_text(self, stella_sv_of(text, (size_t)len));
}

static void on_entity(void *self, const char *name, int is_parameter, const char *value, int value_len,
                      const char *base, const char *system, const char *public_id, const char *notation) {
    (void)name, (void)is_parameter, (void)value, (void)value_len, (void)base, (void)system, (void)public_id;
    (void)notation;
    refuse(self, STELLA_E_FORMAT, "the document declares entities, which are not read");
}

/* A reference to an entity that something outside the document may have declared. */
static void on_unknown(void *self, const char *name, int is_parameter) {
    (void)name;
    if (!is_parameter)
        add_text(self, STELLA_SV("\xef\xbf\xbd"));
}

static stella_status why(parser *p, stella_error *err) {
    const enum XML_Error code = XML_GetErrorCode(p->expat);
    if (p->error.code == STELLA_OK)
        refuse(p, code == XML_ERROR_NO_MEMORY ? STELLA_E_NOMEM : STELLA_E_FORMAT, XML_ErrorString(code));
    if (err)
        *err = p->error;
    return p->error.code;
}

static stella_status feed(parser *p, stella_sv text, stella_error *err) {
    do {
        const stella_sv piece = stella_sv_first(text, CHUNK_BYTES);
        text = stella_sv_skip(text, piece.len);
        if (XML_Parse(p->expat, piece.ptr, (int)piece.len, text.len == 0) != XML_STATUS_OK)
            return why(p, err);
    } while (text.len);
    return STELLA_OK;
}

static stella_status parse(parser *p, stella_sv text, int is_lenient, const xml_node **root, stella_error *err) {
    for (uint32_t i = 0; i < XML_DEPTH_MAX; i++)
        p->frames[i].text = stella_buf_of(text.len * 3 + 16); /* Latin letters take two bytes, U+FFFD three */
    p->expat = XML_ParserCreate(NULL);
    if (!p->expat)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read XML");
    XML_SetUserData(p->expat, p);
    XML_SetElementHandler(p->expat, on_start, on_end);
    XML_SetCharacterDataHandler(p->expat, on_text);
    XML_SetEntityDeclHandler(p->expat, on_entity);
    XML_SetSkippedEntityHandler(p->expat, on_unknown);
    if (is_lenient)
        XML_UseForeignDTD(p->expat, XML_TRUE); /* which is never read, and might declare everything */
    const stella_status status = feed(p, text, err);
    if (status == STELLA_OK)
        *root = p->root;
    return status;
}

static stella_status parse_in(stella_sv text, stella_arena *arena, int is_lenient, const xml_node **root,
                              stella_error *err) {
    parser *p = stella_arena_alloc(arena, 1, sizeof *p);
    if (!p)
        return stella_error_set(err, STELLA_E_NOMEM, NULL, "no memory to read XML");
    p->arena = arena;
    const stella_status status = parse(p, text, is_lenient, root, err);
    parser_fini(p);
    return status;
}

stella_status xml_parse(stella_sv text, stella_arena *arena, const xml_node **root, stella_error *err) {
    return parse_in(text, arena, 0, root, err);
}

stella_status xml_parse_lenient(stella_sv text, stella_arena *arena, const xml_node **root, stella_error *err) {
    return parse_in(text, arena, 1, root, err);
}
