/* jsonc.h - JSON with comments and trailing commas, as bun writes it. */
#ifndef NODE_JSONC_H
#define NODE_JSONC_H

#include <stella/arena.h>

/* The text as plain JSON: comments, and commas before a closing bracket, become blanks, so that lines stay what they
 * are. What is wrong stays wrong. Lives in the arena; ptr NULL when it is spent. */
stella_sv jsonc_plain(stella_sv text, stella_arena *arena);

#endif
