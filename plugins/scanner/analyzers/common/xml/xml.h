/* xml.h - an XML 1.0 document (with Namespaces in XML 1.0) as a tree in an arena, read by expat.
 *
 * Nothing outside the document is ever read, and a document that declares entities is refused: none of the files that
 * packages carry needs them, and they are how a small document becomes a large one. UTF-8, UTF-16, ISO-8859-1 and
 * US-ASCII are read; texts in the tree are UTF-8. Prefixes that nothing binds are tolerated, as the tools of the
 * ecosystems do. [any thread] */
#ifndef ANALYZER_COMMON_XML_XML_H
#define ANALYZER_COMMON_XML_XML_H

#include <stella/arena.h>
#include <stella/error.h>

#define XML_DEPTH_MAX      128u       /* open elements */
#define XML_NODES_MAX      (4u << 20) /* elements of a document */
#define XML_ATTRIBUTES_MAX 256u       /* of an element */
#define XML_BINDINGS_MAX   64u        /* declarations of namespaces in force at one place */

typedef struct xml_attr {
    stella_sv name;       /* without prefix */
    stella_sv namespace_; /* of a prefixed one; else empty */
    stella_sv value;
} xml_attr;

/* An element. Declarations of namespaces are not among its attributes. */
typedef struct xml_node {
    stella_sv name;             /* without prefix */
    stella_sv namespace_;       /* the URI; empty: none, or a prefix that nothing binds */
    stella_sv text;             /* its own text without its children's, in one piece; empty when that is blanks only */
    const xml_attr *attributes; /* in document order */
    const struct xml_node *children; /* the first one */
    const struct xml_node *next;     /* the next one of the same parent */
    uint32_t attribute_count;
    uint32_t line; /* where it begins, 1-based */
} xml_node;

/* Reads a document. The tree borrows nothing of the text.
 * root  set on success: the document's element
 * Returns STELLA_E_FORMAT (not well-formed, or it declares entities), STELLA_E_LIMIT or STELLA_E_NOMEM (the arena's
 * budget is the limit of the tree). err's path is "line N". */
stella_status xml_parse(stella_sv text, stella_arena *arena, const xml_node **root, stella_error *err);

/* The same, but a character that is named and never declared ("&oslash;" in the POMs of old) reads as U+FFFD; xml_parse
 * takes it for one that the document type's outside part declares, and refuses a document without such a part. */
stella_status xml_parse_lenient(stella_sv text, stella_arena *arena, const xml_node **root, stella_error *err);

/* All accessors take NULL for "absent". The name is compared without namespace. */

/* The first child of that name, or NULL. */
const xml_node *xml_child(const xml_node *node, const char *name);

/* The next sibling of the same name as the node, or NULL. */
const xml_node *xml_again(const xml_node *node);

/* The node's text without blanks at both ends. */
stella_sv xml_text(const xml_node *node);

/* The text of the first child of that name. */
stella_sv xml_child_text(const xml_node *node, const char *name);

/* The value of the attribute without prefix, ptr NULL when there is none. */
stella_sv xml_value(const xml_node *node, const char *name);

#endif
