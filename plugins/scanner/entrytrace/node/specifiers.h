/* specifiers.h - which modules a JavaScript file names in require("x"), import ... from "x", export ... from "x" and import("x") (ECMA-262, Modules;
 * Node.js, "Modules: CommonJS modules"). Names that are worked out while the program runs are not seen. */
#ifndef ENTRYTRACE_NODE_SPECIFIERS_H
#define ENTRYTRACE_NODE_SPECIFIERS_H

#include <stella/sv.h>

typedef struct specifier {
    stella_sv name;
    uint32_t is_import; /* of a module rather than require() */
} specifier;

/* Reads a text; comments, strings, templates and regular expressions are stepped over. In time of the text's length.
 * Returns how many names were put into out, at most room; the rest is left out. [any thread] */
uint32_t specifiers_read(stella_sv text, specifier *out, uint32_t room);

#endif
